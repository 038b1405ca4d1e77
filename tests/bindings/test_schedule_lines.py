"""A schedule in a form: what a line shows is what it means, and the next times are those of the flow's zone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from types import SimpleNamespace
from typing import Any

import pytest

from engine.design.running.schedule_lines import DAYS, Line, Unit, coming, line_of, schedule_of
from engine.flows.flow import Schedule

WORKDAYS = ("mon", "tue", "wed", "thu", "fri")


@pytest.mark.parametrize(
    "schedule",
    [
        Schedule(every_minutes=5),
        Schedule(every_minutes=90, days="mon-fri", hours="07:00-19:00"),
        Schedule(every_minutes=120, days="mon,wed,sat-sun"),
        Schedule(every_minutes=5, hours="22:00-06:00"),
        Schedule(cron="30 2 * * *"),
        Schedule(cron="15 6 * * 1,3,5"),
        Schedule(cron="30 2 1 * *"),
        Schedule(cron="*/10 7-19 * * MON-FRI"),
    ],
)
def test_a_schedule_goes_into_a_line_and_comes_back_as_it_was(schedule: Schedule) -> None:
    assert schedule_of(line_of(schedule)) == schedule


def test_days_past_sunday_are_the_same_days() -> None:
    line = line_of(Schedule(every_minutes=5, days="fri-mon"))

    assert line.days == ("mon", "fri", "sat", "sun")
    assert schedule_of(line).days == "mon,fri-sun"


def test_a_week_of_cron_that_ends_on_sunday_and_one_that_begins_there_are_one_week() -> None:
    assert line_of(Schedule(cron="0 6 * * 6-7")).days == line_of(Schedule(cron="0 6 * * 0,6")).days == ("sat", "sun")


def test_every_day_by_name_is_every_day() -> None:
    assert schedule_of(replace(Line(), days=DAYS)).days == ""
    assert schedule_of(Line(Unit.AT, days=DAYS)).cron == "30 2 * * *"


def test_a_time_that_no_clock_shows_stays_a_cron() -> None:
    assert line_of(Schedule(cron="75 2 * * *")).unit is Unit.CRON


def test_an_open_end_is_midnight() -> None:
    assert schedule_of(replace(Line(), begins=time(7))).hours == "07:00-00:00"


def test_the_next_three_times_are_told_on_the_clock_of_the_zone() -> None:
    friday: Any = SimpleNamespace(clock=SimpleNamespace(now=lambda: datetime(2026, 11, 27, 17, 52, tzinfo=UTC)))
    line = Line(Unit.MINUTES, 5, WORKDAYS, time(7), time(19))

    assert coming(friday, [schedule_of(line)], "Europe/Stockholm") == [
        "today 18:57",
        "2026-11-30 07:00",
        "2026-11-30 07:05",
    ]
    assert coming(friday, [], "Europe/Stockholm") == []
