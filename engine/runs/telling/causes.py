"""What is wrong with a flow, written down where it happens: one row for each cause, however many records have it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from engine.errors import FlowBusy, Problem, StudioError
from engine.runs.ledger import Ledger
from engine.runs.ledger.alike import cause_of
from engine.runs.ledger.causes import OPEN, OVER, Causes, StoredCause
from engine.runs.report import RunReport
from engine.runs.telling.texts import (
    HINTED,
    LONG,
    MISSED,
    PARKED,
    STOPPED,
    kind_of_error,
    kind_of_problem,
    moment,
    says_of_error,
    says_of_problem,
    system_of_error,
)

MOST_CAUSES = 20  # of one flow that are told apart; where each record has a message of its own they are one more
_MOST_KNOWN = 1_000  # that are told apart in memory
_REST, _REST_SAYS = f"{PARKED}:other:rest", "each for another reason"


class Tally:
    """Counts records by the cause that parked them, in memory that does not grow with the records.

    steps: names of the flow's steps; hashed: a keyed hash, since a message may hold a name that is not in quotes.
    """

    def __init__(self, steps: Iterable[str], hashed: Callable[[str], bytes]) -> None:
        self._steps = frozenset(steps)
        self._hashed = hashed
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self.says: dict[str, str] = {_REST: _REST_SAYS}

    def empty(self) -> Tally:
        """Another one for the same flow."""
        return Tally(self._steps, self._hashed)

    def add(self, problem: Problem | None = None) -> None:
        """One more record that is parked by this; without a problem it is not."""
        if problem is None:
            return
        name = self._fingerprint(problem)
        with self._lock:
            if name not in self.says and len(self.says) >= _MOST_KNOWN:
                name = _REST
            self.says.setdefault(name, says_of_problem(problem, self._steps))
            self._counts[name] += 1

    def told_apart(self, known: Collection[str]) -> Counter[str]:
        """At most MOST_CAUSES of them; those that are known already first, then the most frequent; the rest as one."""
        with self._lock:
            ranked = sorted(self._counts, key=lambda name: (name not in known, -self._counts[name], name))
            kept = Counter({name: self._counts[name] for name in ranked[:MOST_CAUSES]})
            for name in ranked[MOST_CAUSES:]:
                kept[_REST] += self._counts[name]
            return kept

    def _fingerprint(self, problem: Problem) -> str:
        """The same for the same cause whichever record has it: without numbers, quotations and addresses."""
        return f"{PARKED}:{kind_of_problem(problem)}:{cause_of(problem, self._hashed)}"


@dataclass(frozen=True, slots=True)
class Went:
    """How a run went. whole: it read all that is new; ended: to its end, and nothing stopped it; stopped: else the kind
    of error, and the system that it is about; parked: what is parked, all of it or (is_all false) what was looked at.
    """

    whole: bool
    ended: bool
    stopped: str = ""
    parked: Tally | None = None
    is_all: bool = True
    system: str = ""

    def is_over(self, sort: str) -> bool:
        """Is what was wrong in this way over, where this run did not meet it again?"""
        if sort == PARKED:
            return self.parked is not None and self.is_all
        if sort == STOPPED:
            return self.whole and bool(self.ended or self.stopped)
        return sort == LONG or (sort == HINTED and bool(self.ended or self.stopped))


def tell_run(ledger: Ledger, report: RunReport, mode: str, ended: bool, here: Tally, at: datetime) -> None:
    """At the end of a run. mode: all, hinted or chosen, as in the ledger; here: what it parked itself."""
    is_all = report.all_parked <= len(report.parked)
    parked = here
    if is_all:
        parked = here.empty()
        for record in report.parked:
            parked.add(*record.problems[:1])
    is_watched = mode == "chosen"  # a person named the records, and sees what stops it
    stopped = "" if report.stopped is None or is_watched else kind_of_error(report.stopped)
    system = system_of_error(report.stopped) if report.stopped is not None else ""
    went = Went(mode == "all", ended and report.stopped is None and not is_watched, stopped, parked, is_all, system)
    _change(ledger, report.flow, report.binding, went, at)


def tell_not_begun(ledger: Ledger, flow: str, binding: str, error: StudioError, at: datetime, *, whole: bool) -> None:
    """A run could not begin. whole: it would have read all that is new."""
    if not isinstance(error, FlowBusy):
        _change(ledger, flow, binding, Went(whole, False, kind_of_error(error), system=system_of_error(error)), at)


def tell_fault(ledger: Ledger, flow: str, binding: str, at: datetime) -> None:
    """A fault of ours ended a run."""
    _change(ledger, flow, binding, Went(True, False, "fault"), at)


def tell_missed(ledger: Ledger, flow: str, binding: str, due_at: datetime, at: datetime) -> None:
    """The flow should have run then and did not."""
    says = f"It should have run at {moment(due_at)} and did not; it runs now, once."
    _put(ledger, flow, binding, f"{MISSED}::{due_at:%Y%m%dT%H%M%S}", says, at)


def tell_long(ledger: Ledger, flow: str, binding: str, began: datetime, at: datetime) -> None:
    """The run that began then has not ended."""
    _put(ledger, flow, binding, f"{LONG}::", f"Its run that began at {moment(began)} has not ended.", at)


def _put(ledger: Ledger, flow: str, binding: str, name: str, says: str, at: datetime) -> None:
    cause = StoredCause(flow, binding, name, OPEN, says, 1, at, at)
    ledger.change_causes(flow, binding, lambda known: known if name in known else {**known, name: cause})


def runs_stopped(known: Iterable[StoredCause], flow: str, binding: str) -> int:
    """How many whole runs in a row something stopped."""
    mine = [cause for cause in known if (cause.flow, cause.binding, cause.state) == (flow, binding, OPEN)]
    return max((cause.records for cause in mine if cause.sort == STOPPED), default=0)


def _change(ledger: Ledger, flow: str, binding: str, went: Went, at: datetime) -> None:
    ledger.change_causes(flow, binding, lambda known: after(known, flow, binding, went, at))


def after(known: Causes, flow: str, binding: str, went: Went, at: datetime) -> dict[str, StoredCause]:
    """The causes of a flow after a run of it. What is over and nobody was told of leaves no trace."""
    found = {}
    seen = _seen(known, flow, binding, went, at)
    for name, cause in known.items():
        if name in seen or not went.is_over(cause.sort):
            found[name] = cause
        elif cause.told_at is not None and not (went.stopped and cause.sort in (STOPPED, HINTED)):
            found[name] = replace(cause, state=OVER)
    return {**found, **seen}


def _seen(known: Causes, flow: str, binding: str, went: Went, at: datetime) -> dict[str, StoredCause]:
    """What is wrong by this run."""

    def cause(name: str, says: str, count: int, before: StoredCause | None) -> StoredCause:
        first, told = (at, None) if before is None else (before.first_at, before.told_at)
        return StoredCause(flow, binding, name, OPEN, says, count, first, at, told)

    seen = {}
    if went.parked is not None:
        for name, count in went.parked.told_apart(known).items():
            before = known.get(name)
            most = count if went.is_all or before is None else max(count, before.records)
            seen[name] = cause(name, went.parked.says[name], most, before)
    if went.stopped:
        whole, hinted = f"{STOPPED}:{went.stopped}:", f"{HINTED}:{went.stopped}:"
        name = whole if went.whole else hinted
        if name == hinted and _is_open(known.get(whole)):
            return seen  # that is told, or will be
        before = known.get(name) or known.get(hinted)
        runs = before.records + 1 if before is not None and _is_open(before) else 1
        seen[name] = cause(name, says_of_error(went.stopped, went.system), runs, before)
    return seen


def _is_open(cause: StoredCause | None) -> bool:
    return cause is not None and cause.state == OPEN
