"""Works out a connector's formulas for one connection; each set of formulas is compiled once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.errors import FormulaError, Json
from engine.formulas import Environment, Evaluation, Formulas, Program


class Evaluator:
    """Safe to use from several threads. variables: what formulas see beside the record."""

    def __init__(self, formulas: Formulas, environment: Environment) -> None:
        self._formulas = formulas
        self._environment = environment
        self._programs: dict[tuple[str, ...], Program] = {}

    def value(self, formula: str, record: Json, variables: Mapping[str, Json]) -> Json:
        """What a formula gives; MISSING where it gives nothing. Raises FormulaError."""
        return self.values({"value": formula}, record, variables)["value"]

    def values(self, formulas: Mapping[str, str], record: Json, variables: Mapping[str, Json]) -> dict[str, Json]:
        """What several formulas give over one record."""
        return self.of_each(formulas, [record], variables)[0]

    def of_each(
        self, formulas: Mapping[str, str], records: Sequence[Json], variables: Mapping[str, Json]
    ) -> list[dict[str, Json]]:
        """What several formulas give over each of the records, in one crossing."""
        return [_sound(found) for found in self._results(formulas, records, variables)]

    def tried(
        self, formulas: Mapping[str, str], records: Sequence[Json], variables: Mapping[str, Json]
    ) -> list[dict[str, Json] | FormulaError]:
        """The same, with the error in the place of each record that a formula fails on."""
        results = self._results(formulas, records, variables)
        errors = (next((e.error for e in found.values() if e.error is not None), None) for found in results)
        return [error or _sound(found) for error, found in zip(errors, results, strict=True)]

    def _results(
        self, formulas: Mapping[str, str], records: Sequence[Json], variables: Mapping[str, Json]
    ) -> Sequence[Mapping[str, Evaluation]]:
        if not formulas:
            return [{} for _ in records]
        jobs: list[tuple[Json, dict[str, Json]]] = [(record, dict(variables)) for record in records]
        return self._formulas.evaluate(self._program(formulas), self._environment, jobs)

    def _program(self, formulas: Mapping[str, str]) -> Program:
        shape = tuple(item for pair in formulas.items() for item in pair)
        program = self._programs.get(shape)
        if program is None:
            program = self._programs[shape] = self._formulas.program(formulas)
        return program


def _sound(results: Mapping[str, Evaluation]) -> dict[str, Json]:
    """The values; raises the first error."""
    for evaluation in results.values():
        if evaluation.error is not None:
            raise evaluation.error
    return {name: evaluation.value for name, evaluation in results.items()}
