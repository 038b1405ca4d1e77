"""A schedule as the line of a form: every so often within days and hours, at a time of some days, or a cron."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from zoneinfo import ZoneInfo

from engine.design.desk import Desk
from engine.design.running.overview import moment_in_words
from engine.design.running.schedule_words import SIMPLE_CRON
from engine.flows.flow import Schedule
from engine.flows.schedules import DAYS as DAYS
from engine.flows.schedules import next_due
from engine.formulas.words import Translations

_MINUTES_OF_HOUR = 60


class Unit(StrEnum):
    """Of what a line says how often; the other two kinds say when."""

    MINUTES = "minutes"
    HOURS = "hours"
    AT = "at"
    CRON = "cron"


@dataclass(frozen=True, slots=True)
class Line:
    """What a form asks of one schedule. count: of minutes or hours; days: () for all; begins, ends: None for the whole
    day; at: of Unit.AT; cron: of Unit.CRON.
    """

    unit: Unit = Unit.MINUTES
    count: int = 5
    days: tuple[str, ...] = ()
    begins: time | None = None
    ends: time | None = None
    at: time = time(2, 30)
    cron: str = "30 2 * * mon-fri"


def line_of(schedule: Schedule) -> Line:
    """The line that shows a schedule."""
    if schedule.cron is not None:
        at = SIMPLE_CRON.fullmatch(schedule.cron)
        if at is None or int(at[1]) > 59 or int(at[2]) > 23:
            return Line(Unit.CRON, cron=schedule.cron)
        return Line(Unit.AT, days=_days_of_cron(at[3]), at=time(int(at[2]), int(at[1])))
    minutes = schedule.every_minutes or 1
    whole = minutes % _MINUTES_OF_HOUR == 0
    begins, _, ends = schedule.hours.partition("-")
    return Line(
        Unit.HOURS if whole else Unit.MINUTES,
        minutes // _MINUTES_OF_HOUR if whole else minutes,
        _days_of_text(schedule.days),
        time.fromisoformat(begins) if begins else None,
        time.fromisoformat(ends) if ends else None,
    )


def schedule_of(line: Line) -> Schedule:
    """The schedule that a line means; whether it can be one is for `check_schedules` to say."""
    if line.unit is Unit.CRON:
        return Schedule(cron=" ".join(line.cron.split()).upper())  # days and months have names, as MON
    if line.unit is Unit.AT:
        days = ",".join(str((DAYS.index(day) + 1) % 7) for day in _in_order(line.days)) or "*"
        return Schedule(cron=f"{line.at.minute} {line.at.hour} * * {days}")
    hours = ""
    if line.begins is not None or line.ends is not None:
        hours = f"{line.begins or time(0):%H:%M}-{line.ends or time(0):%H:%M}"
    minutes = line.count * (_MINUTES_OF_HOUR if line.unit is Unit.HOURS else 1)
    return Schedule(every_minutes=minutes, days=_text_of_days(line.days), hours=hours)


def coming(
    desk: Desk, schedules: Collection[Schedule], zone: str, translations: Translations | None = None, many: int = 3
) -> list[str]:
    """The next moments at which these schedules are due, in words, counted from now; none where none ever is."""
    found: list[str] = []
    now = after = desk.clock.now()
    place = ZoneInfo(zone)
    while len(found) < many and (due := next_due(tuple(schedules), after, place)) is not None:
        found.append(moment_in_words(due, now, place, translations))
        after = due
    return found


# --- days


def _in_order(days: Collection[str]) -> tuple[str, ...]:
    return tuple(day for day in DAYS if day in days) if len(set(days)) < len(DAYS) else ()


def _text_of_days(days: Collection[str]) -> str:
    """Days as a schedule has them, neighbours as a range: mon-fri; all of them are none."""
    held = _in_order(days)
    ranges: list[list[str]] = []
    for day in held:
        if ranges and DAYS.index(day) == DAYS.index(ranges[-1][-1]) + 1:
            ranges[-1].append(day)
        else:
            ranges.append([day])
    return ",".join(part[0] if len(part) == 1 else f"{part[0]}-{part[-1]}" for part in ranges)


def _days_of_text(text: str) -> tuple[str, ...]:
    """mon-fri as five days; fri-mon goes past Sunday."""
    found: set[str] = set()
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        begin, end = DAYS.index(first), DAYS.index(last or first)
        found |= {DAYS[n % 7] for n in range(begin, end + 1 + (7 if end < begin else 0))}
    return _in_order(found)


def _days_of_cron(text: str) -> tuple[str, ...]:
    """1-5 as five days; 0 and 7 are both Sunday."""
    found: set[str] = set()
    for part in text.split(",") if text != "*" else ():
        first, _, last = part.partition("-")
        found |= {DAYS[(n - 1) % 7] for n in range(int(first), int(last or first) + 1)}
    return _in_order(found)
