"""Answers that need no worker: formulas that only name a value, and those that give the same for all records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any

from engine.errors import Json
from engine.formulas.direct import ASK
from engine.formulas.missing import MISSING
from engine.formulas.terms import Environment, Evaluation, Program

_MOST_REMEMBERED = 2_000


class AtHand:
    """What can be answered where it is asked; safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._steady: dict[tuple[int, str], Json] = {}

    def answers(
        self, program: Program, environment: Environment, record: Json, variables: Mapping[str, Json]
    ) -> dict[int, Any]:
        """By the number of the formula: a value or MISSING. variables: all the caller bound."""
        seen = {**environment.variables, "record": record, **variables}
        found: dict[int, Any] = {}
        for index, way in enumerate(program.ways):
            if way is not None:
                value = way(record, seen)
                if value is not ASK:
                    found[index] = value
                continue
            if self._is_steady(program, index, environment, variables):
                value = self._steady.get((environment.number, program.formulas[index]), ASK)
                if value is not ASK:
                    found[index] = value
        return found

    def learn(
        self,
        program: Program,
        environment: Environment,
        variables: Mapping[str, Json],
        evaluations: Sequence[Evaluation],
    ) -> None:
        """Remember what a worker gave for formulas that give the same for every record of the run."""
        for index, evaluation in enumerate(evaluations):
            if evaluation.error is None and self._is_steady(program, index, environment, variables):
                if isinstance(evaluation.value, list | dict):
                    continue  # a caller may change it
                with self._lock:
                    if len(self._steady) >= _MOST_REMEMBERED:
                        self._steady.clear()
                    self._steady[environment.number, program.formulas[index]] = evaluation.value

    @staticmethod
    def _is_steady(program: Program, index: int, environment: Environment, variables: Mapping[str, Json]) -> bool:
        names = program.steady[index]
        return names is not None and all(
            name in environment.variables and environment.variables[name] is not MISSING and name not in variables
            for name in names
        )
