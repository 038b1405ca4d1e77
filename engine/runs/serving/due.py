"""Which flows are due now: from what the ledger remembers, whatever the clock has done meanwhile.

A flow whose runs a person must see to (a sign-in that is not accepted, another account) is held back: the longer it
stays so, the more seldom it is tried, until somebody changes a connection, a binding or an account.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from engine.flows.flow import Schedule
from engine.flows.schedules import is_open, next_due, pause_after
from engine.runs.ledger import Ledger
from engine.runs.ledger.bindings import DEFAULT
from engine.runs.ledger.causes import StoredCause
from engine.runs.ledger.timetable import Planned
from engine.runs.serving.names import Name
from engine.runs.telling.causes import runs_stopped

LEAST_GRACE = timedelta(minutes=5)  # so late may a run begin before it is told missed
LONG_RUN = timedelta(hours=1)  # a run that takes longer is told
_CLOCK_SET_BACK = timedelta(seconds=60)
HELD_BACK = frozenset({"sign_in", "company", "connection"})  # kinds of errors that only a person can mend
FIRST_REST, LONGEST_REST = timedelta(minutes=5), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A flow, with one of its bindings, its schedules and their zone."""

    flow: str
    schedules: tuple[Schedule, ...]
    zone: ZoneInfo
    binding: str = DEFAULT

    @property
    def name(self) -> Name:
        return Name(self.flow, self.binding)

    @property
    def plan(self) -> str:
        """The same text as long as nothing of it changes."""
        return json.dumps([[asdict(schedule) for schedule in self.schedules], str(self.zone)])


@dataclass(frozen=True, slots=True)
class Due:
    """A flow that is to run now. missed: the due time it should have run at long before, told once."""

    name: Name
    due_at: datetime
    missed: datetime | None = None


class Timekeeper:
    """Says what is due and writes down what was begun. One process asks it; what it knows is in the ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._is_first_look = True

    def due(
        self,
        scheduled: Collection[Scheduled],
        paused: Collection[str],
        now: datetime,
        held: Mapping[Name, datetime] = MappingProxyType({}),
    ) -> list[Due]:
        """The flows that are due; each is written down as begun, so that it is given once.

        A flow in `paused` is not given, nor one in `held` before that moment; what comes due meanwhile is not made up
        for.
        """
        known = {name_of(planned): planned for planned in self._ledger.timetable()}
        found = []
        for each in scheduled:
            planned = self._planned(each, known.pop(each.name, None), now, held.get(each.name))
            if planned.due_at is not None and planned.due_at <= now:
                if each.flow not in paused:
                    found.append(Due(each.name, planned.due_at, _missed(each, planned, now)))
                    planned = replace(planned, last_started=now, missed_at=found[-1].missed)
                planned = replace(planned, due_at=next_due(each.schedules, now, each.zone))
                self._ledger.plan_flow(planned)
        for gone in known.values():
            self._ledger.unplan_flow(gone.flow, gone.binding)
        self._is_first_look = False
        return found

    def _planned(self, each: Scheduled, planned: Planned | None, now: datetime, held: datetime | None) -> Planned:
        """When the flow is due by what is known now; written down where that changed."""
        before = planned
        if planned is None:
            planned = Planned(each.flow, each.binding, each.plan, _first(each, now))
        elif planned.plan != each.plan:
            planned = replace(planned, plan=each.plan, due_at=next_due(each.schedules, now, each.zone))
        started = planned.last_started
        if started is not None and started > now + _CLOCK_SET_BACK:  # what was due by the wrong clock is due now
            planned = replace(planned, due_at=now, last_started=now)
        elif started is not None and self._is_first_look and not _has_ended(planned, started):
            planned = replace(planned, due_at=now)  # the run broke off with its process
        elif is_held_back(planned) and planned.last_ended is not None:
            following = next_due(each.schedules, planned.last_ended, each.zone)
            planned = replace(planned, due_at=None if following is None else max(following, held or now))
        if planned != before:
            self._ledger.plan_flow(planned)
        return planned


def name_of(of_a_flow: Planned | StoredCause) -> Name:
    """The flow with its binding."""
    return Name(of_a_flow.flow, of_a_flow.binding)


def is_held_back(planned: Planned) -> bool:
    """Did something stop its last run that only a person can mend?"""
    return planned.problem is not None and planned.problem.code in HELD_BACK


def held_back(ledger: Ledger, changed_at: Callable[[Name], datetime | None]) -> dict[Name, datetime]:
    """The flows that are held back, and until when. changed_at: when somebody last changed what may be the cause."""
    held = {}
    causes = None
    for planned in ledger.timetable():
        if not is_held_back(planned) or planned.last_ended is None:
            continue
        causes = ledger.causes() if causes is None else causes
        changed = changed_at(name_of(planned))
        if changed is None or changed <= planned.last_ended:
            times = max(1, runs_stopped(causes, planned.flow, planned.binding))
            held[name_of(planned)] = planned.last_ended + min(FIRST_REST * 2 ** min(times - 1, 8), LONGEST_REST)
    return held


def next_moment(ledger: Ledger) -> datetime | None:
    """When the next flow is due."""
    return min((planned.due_at for planned in ledger.timetable() if planned.due_at is not None), default=None)


def unended(ledger: Ledger, now: datetime) -> list[Planned]:
    """Flows whose run began long ago and has not ended: it is long, it hangs, or its process is gone."""
    return [
        planned
        for planned in ledger.timetable()
        if planned.last_started is not None
        and not _has_ended(planned, planned.last_started)
        and now - planned.last_started > LONG_RUN
    ]


def overdue(ledger: Ledger, now: datetime) -> list[Planned]:
    """Flows that should have run and have not: late by more than their grace, and not paused."""
    late = []
    for planned in ledger.timetable():
        schedules, zone = json.loads(planned.plan)
        each = Scheduled(planned.flow, tuple(Schedule(**about) for about in schedules), ZoneInfo(zone), planned.binding)
        if is_held_back(planned) or ledger.paused(planned.flow) is not None:
            continue
        if _missed(each, planned, now) is not None:
            late.append(planned)
    return late


def _has_ended(planned: Planned, started: datetime) -> bool:
    return planned.last_ended is not None and planned.last_ended >= started


def _first(each: Scheduled, now: datetime) -> datetime | None:
    """A flow that never ran by itself is due at once where it runs every so many minutes."""
    if any(schedule.every_minutes is not None and is_open(schedule, now, each.zone) for schedule in each.schedules):
        return now
    return next_due(each.schedules, now, each.zone)


def _missed(each: Scheduled, planned: Planned, now: datetime) -> datetime | None:
    """The due time, where it lies back further than a run may be late."""
    if planned.due_at is None:
        return None
    grace = max(LEAST_GRACE, pause_after(each.schedules, planned.due_at, each.zone))
    grace = min(grace, timedelta(hours=1))  # a run of every night is missed in the morning, not the night after
    return planned.due_at if planned.due_at + grace < now else None
