"""What came of a step and of a record, as values."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field
from pathlib import Path

from engine.errors import Json, Problem, RecordProblem

CREATED, UPDATED, UNCHANGED, SKIPPED, WAITING, PARKED = (
    "created",
    "updated",
    "unchanged",
    "skipped",
    "waiting",
    "parked",
)
ARRIVED = (CREATED, UPDATED, UNCHANGED)
UNKNOWN = "outcome unknown"  # how the reason begins that no run may overcome by itself
OUTCOMES = (*ARRIVED, SKIPPED, WAITING, PARKED)


@dataclass(frozen=True, slots=True)
class Planned:
    """A request that a dry run would send. placeholders: the «…» ids in it that do not exist yet; content: its body as
    an exchange of it would be kept. there_as: nothing is sent, for the record is there, under this number or key.
    """

    step: str
    system: str
    method: str
    target: str
    body: Json
    placeholders: tuple[str, ...]
    operation: str = ""
    content: bytes = b""
    there_as: str | None = None


@dataclass(slots=True)
class StepResult:
    """One step for one item. done: created, updated, unchanged, skipped; record: the target's, as far as known.

    reason: why it was skipped, in words.
    """

    step: str
    done: str
    record: dict[str, Json]
    key: str | None = None
    number: str | None = None
    reason: str = ""


@dataclass(slots=True)
class Delivered:
    """What came of one record."""

    outcome: str
    reason: str = ""
    problems: list[Problem] = field(default_factory=list)
    target_number: str | None = None
    results: list[StepResult] = field(default_factory=list)
    planned: list[Planned] = field(default_factory=list)
    left: list[Planned] = field(default_factory=list)  # what would have been sent, were it not there
    seen: dict[str, Json] = field(default_factory=dict)  # the steps' answers, as far as formulas read them


class OutcomeUnknown(RecordProblem):
    """A request may have been carried out, nobody can tell, and it must not be sent again by itself."""


class MadeWithError(RecordProblem):
    """The target made it and told of an error with it: a person must look, and it is never made a second time."""

    def __init__(self, problems: list[Problem], result: StepResult) -> None:
        super().__init__(problems)
        self.result = result


def fault_of_ours(fault: Exception) -> Delivered:
    """A record parked by a fault of the engine: what kind and where, without the values it had in hand."""
    place = traceback.extract_tb(fault.__traceback__)[-1]
    what = f"the engine itself failed on this record ({type(fault).__name__})"
    where = f"{Path(place.filename).name}, line {place.lineno}"
    problem = Problem(where, what, "Tell its makers this place; the record is tried again by a later version.", "fault")
    return Delivered(PARKED, what, [problem])
