"""Judges records by the conditions of their flow, and completes those that may be delivered with their children."""

from __future__ import annotations

from collections.abc import Callable, Collection
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from engine.connectors.children import Completed
from engine.connectors.pages import Unmade
from engine.errors import DocumentError, Json, Problem, RecordProblem
from engine.formulas import MISSING, Evaluation, Program
from engine.runs.checks import condition_formulas, verdict
from engine.runs.moments import as_moment
from engine.runs.opening import OpenFlow
from engine.runs.reading import version_of_record

DUE, WAITING, SKIPPED = "due", "waiting", "skipped"


@dataclass(frozen=True, slots=True)
class Judged:
    """A record as read, with what the flow's conditions say of it."""

    key: str
    number: str
    time: datetime | None
    record: dict[str, Json]
    state: str
    reason: str
    problem: Problem | None = None  # a condition failed on it, or it could not be completed: it is parked

    @property
    def is_due(self) -> bool:
        return self.state == DUE and self.problem is None


class Judging:
    """The conditions of a flow's source. keeper: who is told of the exchanges of a record, or (None) of many."""

    def __init__(
        self,
        opened: OpenFlow,
        now: datetime,
        pool: Executor,
        keeper: Callable[[str | None], Callable[[Any], None]],
    ) -> None:
        self._opened = opened
        self._now = now
        self._pool = pool
        self._keeper = keeper
        self._source = opened.loaded.flow.source
        self._resource = opened.source.resource(self._source.resource)
        formulas = {
            "key": self._resource.key or "null",
            "number": self._resource.number or "null",
            "time": self._resource.time or "null",
        }
        self._program: Program = opened.formulas.program(formulas | condition_formulas(self._source))

    def judge(self, records: list[dict[str, Json]], *, whole: bool = False) -> list[Judged]:
        """Judge records as they were read; those that pass are completed. whole: they are taken as they are."""
        judged = self._judged(records)
        return judged if whole else self._complete(judged)

    def judge_fetched(self, records: list[dict[str, Json]], keys: list[str]) -> list[Judged]:
        """Complete records that were got by these keys, then judge them."""
        completed = self._completed("get", records, keys)
        judged = self._judged([one.record for one in completed])
        return [_with(j, one) if j.is_due else j for j, one in zip(judged, completed, strict=True)]

    def judge_stored(self, records: list[dict[str, Json]]) -> list[Judged]:
        """Judge records as the ledger has them; what they lack, for they were held back or parked then, is fetched."""
        return self._complete(self._judged(records), kept=True)

    def _judged(self, records: list[dict[str, Json]]) -> list[Judged]:
        jobs: list[tuple[Json, dict[str, Json]]] = [(record, {}) for record in records]
        results = self._opened.formulas.evaluate(self._program, self._opened.environment, jobs)
        return [self._given_up(self._judge(record, r)) for record, r in zip(records, results, strict=True)]

    def _complete(self, judged: list[Judged], *, kept: bool = False) -> list[Judged]:
        """The records, those that may be delivered with their children, which are fetched for all of them together."""
        due = [j for j in judged if j.is_due]
        completed = iter(self._completed("read", [j.record for j in due], [j.key for j in due], kept=kept))
        return [_with(j, next(completed)) if j.is_due else j for j in judged]

    def _completed(
        self, operation: str, records: list[dict[str, Json]], keys: list[str], *, kept: bool = False
    ) -> list[Completed]:
        """Records with their children. An exchange made for one of them is kept with it, others with the run."""

        def keeper(of: Collection[int]) -> Callable[[Any], None]:
            [only] = of if len(of) == 1 else [None]
            return self._keeper(None if only is None else keys[only])

        resource, each = self._source.resource, self._pool.map
        return self._opened.source.complete(resource, operation, records, keeper, each, kept=kept)

    def _judge(self, record: dict[str, Json], result: dict[str, Evaluation]) -> Judged:
        key, number = result["key"].value, result["number"].value
        moment: datetime | None = None
        state, reason, problem = DUE, "", None
        try:
            _sound(result, ("key", "number", "time"))
            moment = _moment_of(result["time"].value)
            state, reason = verdict(self._source, result)
        except (RecordProblem, DocumentError) as failed:
            state, reason, problem = DUE, failed.what, failed.problems[0]
        if isinstance(record, Unmade):  # whatever its conditions say: they are asked of what is made of it
            state, reason, problem = DUE, record.problem.what, record.problem
        if key is MISSING or key is None:
            key = "unnamed " + version_of_record(record, list(record))
            problem = problem or Problem(self._resource.title, "the record has no key", "Look at it in the source.")
        shown = "" if number is MISSING or number is None else str(number)
        return Judged(str(key), shown, moment, record, state, reason or (problem.what if problem else ""), problem)

    def _given_up(self, judged: Judged) -> Judged:
        age_limit = timedelta(days=self._source.wait_days)
        if judged.state != WAITING or judged.time is None or self._now - judged.time < age_limit:
            return judged
        reason = f"waited {self._source.wait_days} days: {judged.reason}"
        return Judged(judged.key, judged.number, judged.time, judged.record, SKIPPED, reason)


def _with(judged: Judged, completed: Completed) -> Judged:
    """A judged record with its children; where they could not be worked out, parked with the reason."""
    problem = completed.problem
    reason = problem.what if problem else judged.reason
    return replace(judged, record=completed.record, reason=reason, problem=problem)


def _sound(result: dict[str, Evaluation], names: tuple[str, ...]) -> None:
    for name in names:
        error = result[name].error
        if error is not None:
            raise RecordProblem(
                [Problem(f"the record's {name}", error.what, error.what_to_do, error.code, error.caret)]
            )


def _moment_of(value: Json) -> datetime | None:
    return as_moment(value) if isinstance(value, str) and value else None
