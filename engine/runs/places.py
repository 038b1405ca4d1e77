"""Where a problem is, out of its words: which step of the flow, and which field of what it sends."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.errors import Problem

_STEP = re.compile(r"step ([^ (]+) \(")
_FIELD = re.compile(r", field (\S+)$")
_INDEX = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Place:
    """step: its name, field: a path in its target; "" where the problem is about neither."""

    step: str
    field: str

    @property
    def target(self) -> str:
        """The field as a mapping names it: without the places of items in their lists."""
        return _INDEX.sub("[]", self.field)


def place_of(problem: Problem) -> Place:
    """What `OpenStep.where` and the fields' problems put there."""
    step, field = _STEP.match(problem.where), _FIELD.search(problem.where)
    return Place(step[1] if step else "", field[1] if field and step else "")
