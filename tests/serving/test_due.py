"""Which flows are due, over restarts, jumps of the clock and pauses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engine.flows.flow import Schedule
from engine.runs.ledger import Ledger
from engine.runs.serving.due import Scheduled, Timekeeper, next_moment, overdue

NOW = datetime(2026, 11, 27, 11, tzinfo=UTC)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
OFTEN = Scheduled("orders", (Schedule(5),), AMSTERDAM)
NIGHTLY = Scheduled("stock", (Schedule(cron="30 2 * * *"),), AMSTERDAM)


def after(**time: float) -> datetime:
    return NOW + timedelta(**time)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "ledger.sqlite") as opened:
        yield opened


def flows(keeper: Timekeeper, now: datetime, *scheduled: Scheduled, paused: set[str] | None = None) -> list[str]:
    return [due.name.flow for due in keeper.due(scheduled or (OFTEN,), paused or set(), now)]


def ended(ledger: Ledger, now: datetime) -> None:
    ledger.planned_ended("orders", "default", now, None)


def test_a_flow_is_due_at_once_at_first_and_then_when_its_time_has_come(ledger: Ledger) -> None:
    keeper = Timekeeper(ledger)

    assert flows(keeper, NOW, OFTEN, NIGHTLY) == ["orders"]
    assert flows(keeper, after(minutes=4), OFTEN, NIGHTLY) == []
    assert next_moment(ledger) == after(minutes=5)
    assert flows(keeper, after(minutes=5), OFTEN, NIGHTLY) == ["orders"]
    assert flows(keeper, datetime(2026, 11, 28, 1, 30, tzinfo=UTC), OFTEN, NIGHTLY) == ["orders", "stock"]


def test_what_was_missed_is_told_once_and_runs_once(ledger: Ledger) -> None:
    keeper = Timekeeper(ledger)
    flows(keeper, NOW)
    ended(ledger, after(seconds=1))
    assert [planned.flow for planned in overdue(ledger, after(hours=3))] == ["orders"]

    again = Timekeeper(ledger)
    [due] = again.due([OFTEN], set(), after(hours=3))
    assert due.missed == after(minutes=5)
    assert flows(again, after(hours=3)) == []
    assert overdue(ledger, after(hours=3)) == []
    [due] = again.due([OFTEN], set(), after(hours=3, minutes=6))
    assert due.missed is None


def test_a_clock_set_back_keeps_no_flow_waiting(ledger: Ledger) -> None:
    keeper = Timekeeper(ledger)
    flows(keeper, after(days=400))  # the clock was wrong

    assert flows(keeper, NOW) == ["orders"]
    assert flows(keeper, after(minutes=1)) == []
    assert flows(keeper, after(minutes=5)) == ["orders"]


def test_a_clock_set_forward_means_one_run(ledger: Ledger) -> None:
    keeper = Timekeeper(ledger)
    flows(keeper, NOW)

    assert flows(keeper, after(days=400)) == ["orders"]
    assert flows(keeper, after(days=400, seconds=1)) == []


def test_a_run_that_broke_off_with_its_process_is_due_at_once(ledger: Ledger) -> None:
    flows(Timekeeper(ledger), NOW)

    assert flows(Timekeeper(ledger), after(minutes=1)) == ["orders"]
    ended(ledger, after(minutes=2))
    assert flows(Timekeeper(ledger), after(minutes=3)) == []


def test_a_paused_flow_is_not_due_and_makes_up_for_nothing(ledger: Ledger) -> None:
    keeper = Timekeeper(ledger)
    flows(keeper, NOW)

    assert flows(keeper, after(minutes=5), paused={"orders"}) == []
    ledger.pause("orders", "Ann", "", after(minutes=5))
    assert overdue(ledger, after(hours=9)) == []
    assert flows(keeper, after(minutes=6)) == []
    assert flows(keeper, after(minutes=10)) == ["orders"]


def test_new_schedules_count_from_now(ledger: Ledger) -> None:
    keeper = Timekeeper(ledger)
    flows(keeper, NOW)
    hourly = Scheduled("orders", (Schedule(60),), AMSTERDAM)

    assert flows(keeper, after(minutes=6), hourly) == []
    assert next_moment(ledger) == after(minutes=66)
    assert keeper.due([], set(), after(minutes=7)) == []
    assert ledger.timetable() == []
