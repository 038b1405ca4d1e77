"""Variables of several `evaluate` calls about one record: sent to a worker once, and answers asked for ahead."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from engine.errors import Json
from engine.formulas.guarded.frames import encoded
from engine.formulas.terms import Evaluation, Program

Job: TypeAlias = tuple[Json, Mapping[str, Json]]
Jobs: TypeAlias = Sequence[Job]
Ask: TypeAlias = tuple[Program, Jobs]

_LARGEST_CHARS = 500_000  # a value longer than this goes along with each call; a worker's memory is bounded
_numbers = itertools.count(1)


class Held:
    """One value with the number a worker knows it by. It must not be changed once a call has been made."""

    __slots__ = ("_text", "number", "value")

    def __init__(self, value: Json) -> None:
        self.number = next(_numbers)
        self.value = value
        self._text: str | None = None

    @property
    def text(self) -> str:
        """The value as JSON, written at first use."""
        if self._text is None:
            self._text = encoded(self.value)
        return self._text

    @property
    def is_small(self) -> bool:
        return len(self.text) <= _LARGEST_CHARS


class Shared(Mapping[str, Json]):
    """Variables that several calls share, `$record` among them or not. For one thread at a time.

    A call's record that is one of these values, the very object, is not sent again either.
    """

    def __init__(self, variables: Mapping[str, Json], before: Shared | None = None) -> None:
        known = before.held if before is not None else {}
        self._variables = dict(variables)
        self.held: dict[int, Held] = {}  # by the value's identity, which lives as long as this does
        for value in self._variables.values():
            if isinstance(value, dict | list) and value:
                self.held[id(value)] = known.get(id(value)) or Held(value)
        self._ahead: dict[str, tuple[Jobs, list[dict[str, Evaluation]]]] = {}

    def __getitem__(self, name: str) -> Json:
        return self._variables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._variables)

    def __len__(self) -> int:
        return len(self._variables)

    def changed(self, **variables: Json) -> Shared:
        """These variables with others in their places; what is the same object stays known to the workers."""
        return Shared({**self._variables, **variables}, self)

    def held_as(self, value: Json) -> Held | None:
        held = self.held.get(id(value))
        return held if held is not None and held.value is value and held.is_small else None

    def remember(self, program: Program, jobs: Jobs, results: list[dict[str, Evaluation]]) -> None:
        """Keep what was asked ahead until it is asked for."""
        self._ahead[program.id] = (jobs, results)

    def take(self, program: Program, jobs: Jobs) -> list[dict[str, Evaluation]] | None:
        """What was asked ahead for exactly these jobs, once."""
        known = self._ahead.get(program.id)
        if known is None or len(known[0]) != len(jobs):
            return None
        for (record, variables), (other, others) in zip(jobs, known[0], strict=True):
            if (record is not other and encoded(record) != encoded(other)) or variables != others:
                return None
        return self._ahead.pop(program.id)[1]
