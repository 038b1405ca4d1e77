"""When flows are due, on clocks that are set forward and back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.documents.workspace import Workspace
from engine.errors import DocumentError, Problem
from engine.flows.check import check_flow_text, load_sound_flow_text
from engine.flows.flow import Schedule
from engine.flows.schedules import next_due, pause_after
from engine.formulas import Formulas

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
FLOW = "ccv-orders-to-eaccounting"
ROOT = Path(__file__).parents[2]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def due(schedule: Schedule, after: str) -> datetime:
    found = next_due([schedule], at(after), AMSTERDAM)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("cron", "after", "then"),
    [
        ("30 2 * * *", "2026-01-10T02:29:59+01:00", "2026-01-10T02:30:00+01:00"),
        ("30 2 * * *", "2026-01-10T02:30:00+01:00", "2026-01-11T02:30:00+01:00"),
        # on 29 March 2026 the clock goes from 02:00 to 03:00: 02:30 is the first moment after the gap
        ("30 2 * * *", "2026-03-28T12:00:00+01:00", "2026-03-29T03:00:00+02:00"),
        ("30 2 * * *", "2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00"),
        # on 25 October 2026 the hour from 02:00 comes twice: the first of both, and not again
        ("30 2 * * *", "2026-10-24T12:00:00+02:00", "2026-10-25T02:30:00+02:00"),
        ("30 2 * * *", "2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"),
        ("30 2 * * *", "2026-10-25T02:10:00+01:00", "2026-10-26T02:30:00+01:00"),
        ("*/15 * * * *", "2026-10-25T02:45:00+02:00", "2026-10-25T02:00:00+01:00"),  # each quarter of both hours
        ("*/15 * * * *", "2026-03-29T01:45:00+01:00", "2026-03-29T03:00:00+02:00"),
        ("0 7 * * 1-5", "2026-11-27T12:00:00+01:00", "2026-11-30T07:00:00+01:00"),  # from Friday to Monday
        ("0 0 29 2 *", "2026-01-01T00:00:00+01:00", "2028-02-29T00:00:00+01:00"),
    ],
)
def test_cron_keeps_to_the_clock_of_its_zone(cron: str, after: str, then: str) -> None:
    assert due(Schedule(cron=cron), after) == at(then)


@pytest.mark.parametrize(
    ("schedule", "after", "then"),
    [
        (Schedule(5), "2026-11-27T12:00:00+01:00", "2026-11-27T12:05:00+01:00"),
        (Schedule(60), "2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"),  # an hour is an hour
        (Schedule(5, hours="07:00-19:00"), "2026-11-27T18:57:00+01:00", "2026-11-28T07:00:00+01:00"),
        (Schedule(5, days="mon-fri", hours="07:00-19:00"), "2026-11-27T18:57:00+01:00", "2026-11-30T07:00:00+01:00"),
        (Schedule(5, days="sat,mon-tue"), "2026-11-26T12:00:00+01:00", "2026-11-28T00:00:00+01:00"),
        (Schedule(5, days="fri-mon"), "2026-11-30T23:58:00+01:00", "2026-12-04T00:00:00+01:00"),
        (Schedule(5, hours="22:00-06:00"), "2026-11-27T05:58:00+01:00", "2026-11-27T22:00:00+01:00"),
        (Schedule(5, "", "fri", "22:00-06:00"), "2026-11-28T05:50:00+01:00", "2026-11-28T05:55:00+01:00"),
        (Schedule(5, hours="07:00-24:00"), "2026-11-27T23:50:00+01:00", "2026-11-27T23:55:00+01:00"),
        (Schedule(5, hours="02:30-04:00"), "2026-03-28T12:00:00+01:00", "2026-03-29T03:00:00+02:00"),
        (Schedule(5, hours="02:30-04:00"), "2026-10-24T12:00:00+02:00", "2026-10-25T02:30:00+02:00"),
    ],
)
def test_every_so_many_minutes_keeps_to_working_hours(schedule: Schedule, after: str, then: str) -> None:
    schedule = Schedule(schedule.every_minutes, None, schedule.days, schedule.hours)

    assert due(schedule, after) == at(then)


SPRING, AUTUMN = ("2026-03-29", "2027-03-28"), ("2026-10-25", "2027-10-31")


@pytest.mark.parametrize(
    ("days", "schedule", "comes"),
    [
        (SPRING, Schedule(cron="30 2 * * *"), ["03:00+0200"]),
        (AUTUMN, Schedule(cron="30 2 * * *"), ["02:30+0200"]),
        (SPRING, Schedule(30, hours="01:00-04:00"), ["01:00+0100", "01:30+0100", "03:00+0200", "03:30+0200"]),
        (
            AUTUMN,
            Schedule(60, hours="01:00-04:00"),
            ["01:00+0200", "02:00+0200", "02:00+0100", "03:00+0100"],
        ),
        (SPRING, Schedule(30, hours="02:30-03:30"), ["03:00+0200"]),
        # the hours open, end with the clock that is set back, and open again
        (AUTUMN, Schedule(30, hours="02:30-03:30"), ["02:30+0200", "02:30+0100", "03:00+0100"]),
        (AUTUMN, Schedule(30, hours="01:30-02:15"), ["01:30+0200", "02:00+0200", "02:00+0100"]),
        (
            AUTUMN,
            Schedule(60, hours="22:00-02:30"),
            ["00:00+0200", "01:00+0200", "02:00+0200", "02:00+0100", "22:00+0100", "23:00+0100"],
        ),
    ],
)
def test_the_whole_of_a_day_on_which_clocks_are_set(
    days: tuple[str, str], schedule: Schedule, comes: list[str]
) -> None:
    for day in days:
        found = []
        moment = datetime.fromisoformat(day).replace(tzinfo=AMSTERDAM).astimezone(UTC) - timedelta(seconds=1)
        if schedule.every_minutes and "22:00" in schedule.hours:
            moment -= timedelta(minutes=schedule.every_minutes) - timedelta(seconds=1)
        while (then := next_due([schedule], moment, AMSTERDAM)) is not None:
            there = then.astimezone(AMSTERDAM)
            if there.date().isoformat() != day:
                break
            found.append(there.strftime("%H:%M%z"))
            moment = then
        assert found == comes, day


def test_the_earliest_of_several_schedules_counts() -> None:
    both = [Schedule(60), Schedule(cron="10 12 * * *")]

    assert next_due(both, at("2026-11-27T12:00:00+01:00"), AMSTERDAM) == at("2026-11-27T12:10:00+01:00")
    assert next_due([], at("2026-11-27T12:00:00+01:00"), AMSTERDAM) is None
    assert pause_after([Schedule(5)], at("2026-11-27T12:00:00+01:00"), AMSTERDAM) == timedelta(minutes=5)


@settings(max_examples=200, deadline=None)
@given(
    st.datetimes(datetime(2026, 3, 28), datetime(2026, 3, 30))
    | st.datetimes(datetime(2026, 10, 24), datetime(2026, 10, 26)),
    st.sampled_from(["30 2 * * *", "0 3 * * *", "*/7 * * * *", "15 2,3 * * *", "0 */2 * * *"]),
)
def test_what_is_due_lies_ahead_and_asking_again_goes_on(after: datetime, cron: str) -> None:
    moment, seen = after.replace(tzinfo=UTC), []
    for _ in range(5):
        found = next_due([Schedule(cron=cron)], moment, AMSTERDAM)
        assert found is not None and found > moment
        seen.append(found)
        moment = found

    assert len(set(seen)) == 5


# --- in a flow's file

Check = Callable[..., list[Problem]]


@pytest.fixture(scope="module")
def pool() -> Any:
    with Formulas(workers=1) as formulas:
        yield formulas


def changed(**keys: Any) -> str:
    import json

    path = ROOT / "saved_mappings" / f"{FLOW}.json"
    return json.dumps({**json.loads(path.read_text(encoding="utf-8")), **keys}, indent=2)


def test_a_flow_holds_its_schedules_and_its_zone(pool: Formulas) -> None:
    text = changed(
        schedules=[{"every_minutes": 5, "days": "mon-fri", "hours": "07:00-19:00"}, {"cron": "30 2 * * *"}],
        zone="$answers.time_zone",
    )
    flow = load_sound_flow_text(Workspace(ROOT), FLOW, text, pool).flow

    assert flow.schedules == (Schedule(5, None, "mon-fri", "07:00-19:00"), Schedule(cron="30 2 * * *"))
    assert flow.zone == "$answers.time_zone"
    assert check_flow_text(Workspace(ROOT), FLOW, text, pool) == check_flow_text(Workspace(ROOT), FLOW, changed(), pool)


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ({"schedules": [{"cron": "30 2 * *"}]}, "has not the five parts"),
        ({"schedules": [{"cron": "61 2 * * *"}]}, "its minute cannot be read"),
        ({"schedules": [{"cron": "0 0 30 2 *"}]}, "never comes"),
        ({"schedules": [{"cron": "0 0 * * *", "hours": "07:00-19:00"}]}, "not beside cron"),
        ({"schedules": [{"days": "mon"}]}, "either every_minutes or cron"),
        ({"schedules": [{"every_minutes": 5, "cron": "0 0 * * *"}]}, "either every_minutes or cron"),
        ({"schedules": [{"every_minutes": 5, "hours": "07:00-07:00"}]}, "end when they begin"),
        ({"schedules": [{"every_minutes": 0}]}, "every_minutes"),
        ({"schedules": [{"every_minutes": 5, "days": "mo-fr"}]}, "days"),
        ({"schedules": [{"every_minutes": 5, "hours": "7-19"}]}, "hours"),
        ({"zone": "$answers.time_zon"}, "time_zone"),
    ],
)
def test_a_schedule_nobody_can_keep_is_refused_with_its_place(pool: Formulas, keys: dict[str, Any], says: str) -> None:
    with pytest.raises(DocumentError) as refused:
        load_sound_flow_text(Workspace(ROOT), FLOW, changed(**keys), pool)

    assert says in str(refused.value)
    assert next(iter(keys)) in refused.value.problems[0].where
