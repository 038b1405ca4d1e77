"""Where a problem is: which step of the flow, and which field of what it sends; out of its words where it was kept by
an older version.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

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
    """As it was told, else what `OpenStep.where` and the fields' problems put into its words."""
    if problem.step:
        return Place(problem.step, problem.field)
    step, field = _STEP.match(problem.where), _FIELD.search(problem.where)
    return Place(step[1] if step else "", field[1] if field and step else "")


def in_step(problem: Problem, step: str) -> Problem:
    """The same, found in this step, where it does not say another one itself."""
    if problem.step:
        return problem
    place = place_of(problem)
    return replace(problem, step=place.step or step, field=problem.field or place.field)
