"""A schedule is written as people say it, and said as people write it."""

from __future__ import annotations

import pytest

from engine.design.running.schedule_words import as_document, in_words, read_schedules
from engine.errors import DocumentError
from engine.flows.flow import Schedule


@pytest.mark.parametrize(
    ("text", "schedule", "said"),
    [
        ("every 5 minutes", Schedule(5), "every 5 minutes"),
        ("every minute", Schedule(1), "every minute"),
        ("Every 2 hours", Schedule(120), "every 2 hours"),
        ("every hour mon-fri", Schedule(60, None, "mon-fri"), "every hour, Monday to Friday"),
        (
            "every 5 minutes mon-fri 07:00-19:00",
            Schedule(5, None, "mon-fri", "07:00-19:00"),
            "every 5 minutes, Monday to Friday, 07:00–19:00",
        ),
        (
            "every 5 minutes, Monday to Friday, 7–19",
            Schedule(5, None, "mon-fri", "07:00-19:00"),
            "every 5 minutes, Monday to Friday, 07:00–19:00",
        ),
        ("every 15 minutes mon,wed", Schedule(15, None, "mon,wed"), "every 15 minutes, Monday, Wednesday"),
        ("daily at 02:30", Schedule(cron="30 2 * * *"), "every day at 02:30"),
        ("mon-fri at 6:30", Schedule(cron="30 6 * * 1-5"), "Monday to Friday at 06:30"),
        ("fri-sun at 9:00", Schedule(cron="0 9 * * 5-7"), "Friday to Sunday at 09:00"),
        ("sun at 00:05", Schedule(cron="5 0 * * 0"), "Sunday at 00:05"),
        ("cron 30 2 1 * *", Schedule(cron="30 2 1 * *"), "at the times of cron 30 2 1 * *"),
        ("0 4 * * mon", Schedule(cron="0 4 * * MON"), "at the times of cron 0 4 * * MON"),
    ],
)
def test_what_is_written_is_what_is_said(text: str, schedule: Schedule, said: str) -> None:
    read = read_schedules([text], "schedule")
    assert read == (schedule,)
    assert in_words(read) == said
    assert Schedule(**as_document(schedule)) == schedule


def test_never_and_the_flow_s_own() -> None:
    assert read_schedules(["never"], "schedule") == ()
    assert read_schedules(["flow"], "schedule") is None
    assert in_words(()) == "never by itself"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("sometimes", "is no schedule"),
        ("every 0 minutes", "at least 1"),
        ("every 99999 minutes", "at most"),
        ("every 5 minutes funday", "is no schedule"),
        ("every 5 minutes 07:00-07:00", "end when they begin"),
        ("every 5 minutes 25:00-26:00", "hours"),
        ("daily at 25:00", "is no cron"),
        ("cron 99 2 * * *", "is no cron"),
        ("cron 30 2 31 2 *", "is no cron"),
        ("", "is no schedule"),
        ("never, never", "is no schedule"),
    ],
)
def test_what_is_no_schedule_is_refused_with_how_one_is_written(text: str, why: str) -> None:
    with pytest.raises(DocumentError, match=why):
        read_schedules([text], "schedule")
