"""Schedules in words, and from words: every 5 minutes, Monday to Friday, 07:00–19:00; daily at 02:30; cron."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.documents.schemas import validate
from engine.errors import DocumentError, Json, Problem
from engine.flows.flow import Schedule as Schedule  # the studio names it, too
from engine.flows.schedules import DAYS, schedule_problems
from engine.formulas.words import Speech, Template, Translations

NEVER, OF_FLOW = "never", "flow"  # in place of a schedule: not by itself, and as the flow's file says
MOST = 20
SENTENCES: dict[str, Template] = {
    "never": "never by itself",
    "minutes": ("every minute", "every {count} minutes"),
    "hours": ("every hour", "every {count} hours"),
    "days": "{when}, {days}",
    "between": "{when}, {begins}–{ends}",
    "daily": "every day at {at}",
    "weekly": "{days} at {at}",
    "cron": "at the times of cron {cron}",
    "and": "{first}; {second}",
    "to": "{first} to {last}",
}
DAY_NAMES: dict[str, Template] = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}
_EVERY = re.compile(r"every(?: +(\d{1,5}))? +(minute|hour)s?(?:[ ,]+(.*))?", re.IGNORECASE)
_AT = re.compile(r"(daily|every day|[a-z, -]+?) +at +(\d{1,2}):(\d{2})", re.IGNORECASE)
_HOURS = re.compile(r"(\d{1,2})(?::(\d{2}))? *[-–] *(\d{1,2})(?::(\d{2}))?$")
SIMPLE_CRON = re.compile(r"(\d{1,2}) (\d{1,2}) \* \* (\*|[0-7](?:[-,][0-7])*)")  # minute, hour, days
_MINUTES_OF_HOUR, _PARTS_OF_CRON = 60, 5


def templates() -> list[Template]:
    """What is translated."""
    return [*SENTENCES.values(), *DAY_NAMES.values()]


def in_words(schedules: Sequence[Schedule], translations: Translations | None = None) -> str:
    """When it runs by itself, as people say it."""
    say = Speech(translations)
    said = [_one(schedule, say) for schedule in schedules]
    if not said:
        return say(SENTENCES["never"])
    whole = said[0]
    for each in said[1:]:
        whole = say(SENTENCES["and"], first=whole, second=each)
    return whole


def read_schedules(texts: Sequence[str], where: str) -> tuple[Schedule, ...] | None:
    """Schedules as people write them; None for the flow's own. DocumentError says what cannot be read.

    As: every 5 minutes mon-fri 07:00-19:00 · every 2 hours · daily at 02:30 · mon-fri at 06:30 · cron 30 2 1 * * ·
    never · flow.
    """
    words = [" ".join(text.split()).casefold() for text in texts]
    if words == [OF_FLOW]:
        return None
    if words == [NEVER]:
        return ()
    schedules = tuple(_read(text, where) for text in words)
    check_schedules(schedules, where)
    return schedules


def check_schedules(schedules: Sequence[Schedule], where: str) -> None:
    """DocumentError with everything that is wrong with them."""
    problems = validate({"schedules": [as_document(each) for each in schedules]}, "binding", where)
    problems = problems or [Problem(where, what, advice) for _, what, advice in schedule_problems(schedules)]
    if problems:
        raise DocumentError(problems)


def as_document(schedule: Schedule) -> dict[str, Json]:
    """A schedule as it stands in a file."""
    held: dict[str, Json] = {"every_minutes": schedule.every_minutes, "cron": schedule.cron}
    held |= {"days": schedule.days or None, "hours": schedule.hours or None}
    return {name: value for name, value in held.items() if value is not None}


# --- from words


def _read(text: str, where: str) -> Schedule:
    if text.startswith("cron ") or (len(text.split()) == _PARTS_OF_CRON and text[0] in "0123456789*"):
        return Schedule(cron=text.removeprefix("cron ").upper())  # days and months have names, as MON
    every = _EVERY.fullmatch(text)
    if every:
        count = int(every[1] or 1) * (_MINUTES_OF_HOUR if every[2].startswith("hour") else 1)
        days, hours = _days_and_hours(every[3] or "", where)
        return Schedule(every_minutes=count, days=days, hours=hours)
    at = _AT.fullmatch(text)
    if at:
        days = "" if at[1] in ("daily", "every day") else _day_range(at[1], where)
        return Schedule(cron=f"{int(at[3])} {int(at[2])} * * {_cron_days(days)}")
    raise DocumentError([_unreadable(text, where)])


def _unreadable(text: str, where: str) -> Problem:
    shown = text if len(text) <= 60 else text[:59] + "…"
    return Problem(
        where,
        f"“{shown}” is no schedule",
        "Write it as: every 5 minutes mon-fri 07:00-19:00 · every 2 hours · daily at 02:30 · mon-fri at 06:30 · "
        "cron 30 2 1 * * · never · flow (as its file says).",
    )


def _days_and_hours(text: str, where: str) -> tuple[str, str]:
    found = _HOURS.search(text)
    hours = ""
    if found:
        begins, ends = (f"{int(h):02}:{m or '00'}" for h, m in ((found[1], found[2]), (found[3], found[4])))
        hours, text = f"{begins}-{ends}", text[: found.start()]
    text = text.strip(" ,")
    return (_day_range(text, where) if text else ""), hours


def _day_range(text: str, where: str) -> str:
    """Days as a schedule has them: Monday to Friday is mon-fri."""
    parts = []
    for part in text.replace(" to ", "-").replace(" and ", ",").split(","):
        ends = [day.strip()[:3] for day in part.split("-")]
        if len(ends) > 2 or any(end not in DAYS for end in ends):
            raise DocumentError([_unreadable(text, where)])
        parts.append("-".join(ends))
    return ",".join(parts)


def _cron_days(days: str) -> str:
    """mon-fri as 1-5; a week that ends on Sunday ends on 7."""
    days = days.replace("-sun", "-7")
    for number, day in enumerate(DAYS, 1):
        days = days.replace(day, str(number % 7))
    return days or "*"


# --- in words


def _one(schedule: Schedule, say: Speech) -> str:
    if schedule.cron is not None:
        return _cron(schedule.cron, say)
    minutes = schedule.every_minutes or 1
    whole_hours = minutes % _MINUTES_OF_HOUR == 0
    count = minutes // _MINUTES_OF_HOUR if whole_hours else minutes
    said = say(SENTENCES["hours" if whole_hours else "minutes"], count)
    if schedule.days:
        said = say(SENTENCES["days"], when=said, days=_days(schedule.days, say))
    if schedule.hours:
        begins, _, ends = schedule.hours.partition("-")
        said = say(SENTENCES["between"], when=said, begins=begins, ends=ends)
    return said


def _cron(cron: str, say: Speech) -> str:
    simple = SIMPLE_CRON.fullmatch(cron)
    if simple is None:
        return say(SENTENCES["cron"], cron=cron)
    at = f"{int(simple[2]):02}:{int(simple[1]):02}"
    if simple[3] == "*":
        return say(SENTENCES["daily"], at=at)
    days = re.sub(r"\d", lambda found: DAYS[(int(found[0]) - 1) % 7], simple[3])
    return say(SENTENCES["weekly"], days=_days(days, say), at=at)


def _days(days: str, say: Speech) -> str:
    parts = []
    for part in days.split(","):
        first, _, last = part.partition("-")
        named = say(DAY_NAMES[first])
        parts.append(say(SENTENCES["to"], first=named, last=say(DAY_NAMES[last])) if last else named)
    return ", ".join(parts)
