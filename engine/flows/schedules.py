"""When a flow is due: every so many minutes within working hours, or by cron, on the clock of its zone.

Clocks are set forward and back: a time that a day lacks means the first moment after the gap, one that comes twice
means the first of both. What is given and returned are moments in UTC, so that nothing is due twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from engine.flows.flow import Schedule

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CRON_PARTS = 5
_MIDNIGHT = "24:00"


def next_due(schedules: Sequence[Schedule], after: datetime, zone: ZoneInfo) -> datetime | None:
    """The first moment after `after` at which one of the schedules is due, in UTC; None where none ever is."""
    found = [moment for schedule in schedules if (moment := _next(schedule, after, zone)) is not None]
    return min(found, default=None)


def pause_after(schedules: Sequence[Schedule], moment: datetime, zone: ZoneInfo) -> timedelta:
    """How long it is from a due moment to the one that follows; nothing where none does."""
    following = next_due(schedules, moment, zone)
    return following - moment if following else timedelta(0)


def schedule_problems(schedules: Sequence[Schedule]) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """What is wrong with schedules that their schema cannot say: place, what, what to do."""
    for i, schedule in enumerate(schedules):
        if (schedule.every_minutes is None) == (schedule.cron is None):
            yield (i,), "a schedule says either every_minutes or cron", "Give one of them."
        elif schedule.cron is not None:
            yield from _cron_problems(i, schedule)
        elif schedule.hours and len(set(schedule.hours.split("-"))) == 1:
            yield (i, "hours"), "the hours end when they begin", "Leave them out, or give an end, as 07:00-19:00."


def _cron_problems(i: int, schedule: Schedule) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    cron = schedule.cron or ""
    if schedule.days or schedule.hours:
        yield (i,), "days and hours stand beside every_minutes, not beside cron", "Say them in the cron itself."
    advice = "Write minute, hour, day, month and day of the week, as 30 6 * * 1-5 for 06:30 on working days."
    if len(cron.split()) != _CRON_PARTS:
        yield (i, "cron"), f"“{cron}” has not the five parts of a cron", advice
        return
    try:
        CronSim(cron, datetime(2026, 1, 1))
    except CronSimError as error:
        part = str(error).removeprefix("Bad ")
        yield (i, "cron"), f"“{cron}” is no cron: its {part} cannot be read, or never comes", advice


def _next(schedule: Schedule, after: datetime, zone: ZoneInfo) -> datetime | None:
    if schedule.cron is not None:
        return _next_of_cron(schedule.cron, after, zone)
    moment = after.astimezone(UTC) + timedelta(minutes=schedule.every_minutes or 1)
    return moment if is_open(schedule, moment, zone) else _next_opening(schedule, moment, zone)


def _next_of_cron(cron: str, after: datetime, zone: ZoneInfo) -> datetime | None:
    for found in CronSim(cron, after.astimezone(zone)):
        moment = found.astimezone(UTC)
        if moment > after:  # in an hour that comes twice, the first one may lie behind us
            return moment
    return None


# --- working hours


def is_open(schedule: Schedule, moment: datetime, zone: ZoneInfo) -> bool:
    """Is the moment within the schedule's days and hours?"""
    there = moment.astimezone(zone)
    days, (begins, ends) = _days(schedule), _hours(schedule)
    now = there.time()
    today, yesterday = there.weekday() in days, (there.weekday() - 1) % 7 in days
    if ends is not None and ends < begins:  # past midnight: the early hours belong to the day before
        return (today and now >= begins) or (yesterday and now < ends)
    return today and now >= begins and (ends is None or now < ends)


def _next_opening(schedule: Schedule, moment: datetime, zone: ZoneInfo) -> datetime:
    days, (begins, _) = _days(schedule), _hours(schedule)
    first = moment.astimezone(zone).date()
    openings = (_there(first + timedelta(days=n), begins, zone) for n in range(9) if (first.weekday() + n) % 7 in days)
    opening = next(opening for opening in openings if opening >= moment)
    before = moment - timedelta(days=1)
    if before.astimezone(zone).utcoffset() == opening.astimezone(zone).utcoffset():
        return opening
    minute = timedelta(minutes=1)  # a clock that was set back may open the hours a second time
    looked_at = moment.replace(second=0, microsecond=0) + minute
    while looked_at < opening and not is_open(schedule, looked_at, zone):
        looked_at += minute
    return min(looked_at, opening)


def _there(day: date, at: time, zone: ZoneInfo) -> datetime:
    """A time of a day on a clock there; the first moment after the gap where the day lacks it."""
    shown = datetime.combine(day, at)
    while True:
        moment = shown.replace(tzinfo=zone).astimezone(UTC)
        if moment.astimezone(zone).replace(tzinfo=None) == shown:
            return moment
        shown += timedelta(minutes=1)


def _days(schedule: Schedule) -> set[int]:
    if not schedule.days:
        return set(range(7))
    found: set[int] = set()
    for part in schedule.days.split(","):
        first, _, last = part.partition("-")
        begin, end = DAYS.index(first), DAYS.index(last or first)
        found |= {day % 7 for day in range(begin, end + 1 + (7 if end < begin else 0))}  # fri-mon goes past sunday
    return found


def _hours(schedule: Schedule) -> tuple[time, time | None]:
    """From when until when; None for the end of the day."""
    if not schedule.hours:
        return time(), None
    begins, _, ends = schedule.hours.partition("-")
    return time.fromisoformat(begins), None if ends in (_MIDNIGHT, "00:00") else time.fromisoformat(ends)
