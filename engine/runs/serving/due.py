"""Which flows are due now: from what the ledger remembers, whatever the clock has done meanwhile."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from engine.flows.flow import Schedule
from engine.flows.schedules import is_open, next_due, pause_after
from engine.runs.ledger import Ledger
from engine.runs.ledger.timetable import Planned

LEAST_GRACE = timedelta(minutes=5)  # so late may a run begin before it is told missed
LONG_RUN = timedelta(hours=1)  # a run that takes longer is told
_CLOCK_SET_BACK = timedelta(seconds=60)
BINDING = "default"


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A flow with its schedules and their zone."""

    flow: str
    schedules: tuple[Schedule, ...]
    zone: ZoneInfo

    @property
    def plan(self) -> str:
        """The same text as long as nothing of it changes."""
        return json.dumps([[asdict(schedule) for schedule in self.schedules], str(self.zone)])


@dataclass(frozen=True, slots=True)
class Due:
    """A flow that is to run now. missed: the due time it should have run at long before, told once."""

    flow: str
    due_at: datetime
    missed: datetime | None = None


class Timekeeper:
    """Says what is due and writes down what was begun. One process asks it; what it knows is in the ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._is_first_look = True

    def due(self, scheduled: Collection[Scheduled], paused: Collection[str], now: datetime) -> list[Due]:
        """The flows that are due; each is written down as begun, so that it is given once.

        A flow in `paused` is not given, and what comes due meanwhile is not made up for.
        """
        known = {planned.flow: planned for planned in self._ledger.timetable()}
        found = []
        for each in scheduled:
            planned = self._planned(each, known.pop(each.flow, None), now)
            if planned.due_at is not None and planned.due_at <= now:
                if each.flow not in paused:
                    found.append(Due(each.flow, planned.due_at, _missed(each, planned, now)))
                    planned = replace(planned, last_started=now, missed_at=found[-1].missed)
                planned = replace(planned, due_at=next_due(each.schedules, now, each.zone))
                self._ledger.plan_flow(planned)
        for gone in known.values():
            self._ledger.unplan_flow(gone.flow, gone.binding)
        self._is_first_look = False
        return found

    def _planned(self, each: Scheduled, planned: Planned | None, now: datetime) -> Planned:
        """When the flow is due by what is known now; written down where that changed."""
        before = planned
        if planned is None:
            planned = Planned(each.flow, BINDING, each.plan, _first(each, now))
        elif planned.plan != each.plan:
            planned = replace(planned, plan=each.plan, due_at=next_due(each.schedules, now, each.zone))
        started = planned.last_started
        if started is not None and started > now + _CLOCK_SET_BACK:  # what was due by the wrong clock is due now
            planned = replace(planned, due_at=now, last_started=now)
        elif started is not None and self._is_first_look and not _has_ended(planned, started):
            planned = replace(planned, due_at=now)  # the run broke off with its process
        if planned != before:
            self._ledger.plan_flow(planned)
        return planned


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
        each = Scheduled(planned.flow, tuple(Schedule(**about) for about in schedules), ZoneInfo(zone))
        if _missed(each, planned, now) is not None and ledger.paused(planned.flow) is None:
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
