"""Times with zones: the calendar date of a moment somewhere, and the same moment written with another offset.

A time is a text like 2026-11-20T10:11:12+01:00. What may differ: a space for the T; Z, +01:00, +0100 or +01; no
seconds; any fraction. Everything else is refused: a date alone is no moment, 20/11/26 could mean many, a number could
count seconds or milliseconds.

A time without an offset is meant in the zone its connection declares, and an error where it declares none. What a
clock shows twice in autumn is the first time; what it never shows in spring is meant on the clock before the change,
so 02:30 becomes 03:30. (Temporal of JavaScript and java.time decide the same.)
"""

from __future__ import annotations

import difflib
import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.formulas.functions.zone_names import ZONE_NAMES
from engine.formulas.missing import MISSING
from engine.formulas.refusals import Refused, kind
from engine.formulas.surroundings import Surroundings

_TIME = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ](?P<clock>[0-9]{2}:[0-9]{2})(?P<seconds>:[0-9]{2})?"
    r"(?:(?<=:[0-9]{2}:[0-9]{2})[.,](?P<fraction>[0-9]+))?"
    r" ?(?:(?P<utc>[Zz])|(?P<sign>[-+])(?P<hours>[0-9]{2})(?::?(?P<minutes>[0-9]{2}))?)?"
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOST_OFFSET_HOURS = 15  # no clock ever was further from Greenwich
_LIKE = "Write it like 2026-11-20T10:11:12+01:00; $toMillis(text, picture) with $fromMillis reads other forms."


def local_date(around: Surroundings, time: Any, zone: Any = MISSING) -> Any:
    """The calendar date on which a moment falls in a zone. M2020–M2022: see `in_zone`."""
    if time is MISSING:
        return MISSING
    moment, _ = _read(around, time, "local_date")
    return _there(moment, _zone(zone, "local_date"), "local_date").date().isoformat()


def in_zone(around: Surroundings, time: Any, zone: Any = MISSING) -> Any:
    """The same moment as a clock in the zone shows it, with its offset; a fraction stays as it was written.

    M2020: no time, or one that does not exist. M2021: no offset, and the connection declares no zone. M2022: no zone.
    """
    if time is MISSING:
        return MISSING
    moment, fraction = _read(around, time, "in_zone")
    there = _there(moment, _zone(zone, "in_zone"), "in_zone")
    # Clocks before railways had offsets with seconds, which ISO 8601 cannot write: whole minutes say the same moment.
    offset = there.utcoffset() or timedelta(0)
    whole = timezone(timedelta(minutes=offset // timedelta(minutes=1)))
    text = _there(moment, whole, "in_zone").isoformat()
    return f"{text[:19]}{fraction}{text[19:]}"


def _there(moment: datetime, zone: tzinfo, function: str) -> datetime:
    try:
        return moment.astimezone(zone)
    except OverflowError:
        raise _not_a_time(function, "it lies outside the years 1 to 9999") from None


def _read(around: Surroundings, time: Any, function: str) -> tuple[datetime, str]:
    """The moment in UTC to the second, and its fraction as text: "" or a point with digits."""
    if not isinstance(time, str):
        advice = "Use $fromMillis(…) on milliseconds." if isinstance(time, int | float) else _LIKE
        raise Refused("M2020", f"${function} needs a time as text, but it got {kind(time)}", advice)
    found = _TIME.fullmatch(time.strip())
    if found is None:
        raise _unreadable(time.strip(), function)
    try:
        shown = datetime.fromisoformat(f"{found['date']}T{found['clock']}{found['seconds'] or ':00'}")
    except ValueError:
        raise _not_a_time(function, "there is no such day or hour") from None
    try:
        moment = shown.replace(tzinfo=_offset(found, function) or _declared(around, function)).astimezone(UTC)
    except OverflowError:
        raise _not_a_time(function, "it lies outside the years 1 to 9999") from None
    return moment, f".{found['fraction']}" if found["fraction"] else ""


def _offset(found: re.Match[str], function: str) -> timezone | None:
    if found["utc"]:
        return UTC
    if not found["sign"]:
        return None
    hours, minutes = int(found["hours"]), int(found["minutes"] or 0)
    if hours > _MOST_OFFSET_HOURS or minutes > 59:
        raise _not_a_time(function, "there is no such offset")
    distance = timedelta(hours=hours, minutes=minutes)
    return timezone(-distance if found["sign"] == "-" else distance)


def _declared(around: Surroundings, function: str) -> ZoneInfo:
    if around.zone:
        return _zone(around.zone, function)
    raise Refused(
        "M2021",
        f"${function} got a time without a zone, and the connection does not say in which zone its times are meant",
        'Add the offset in the formula, as in time & "+01:00", or declare the zone in the connector.',
    )


def _unreadable(text: str, function: str) -> Refused:
    if _DATE.fullmatch(text):
        return Refused(
            "M2020",
            f"${function} got a date without a time, which is no moment",
            "Use the date as it is, or say which hour is meant.",
        )
    return Refused("M2020", f"${function} cannot read {kind(text)} as a time", _LIKE)


def _not_a_time(function: str, why: str) -> Refused:
    return Refused("M2020", f"${function} cannot read the text as a time: {why}", "Check the source value.")


def _zone(name: Any, function: str) -> ZoneInfo:
    """The zone of that name. M2022 for a name that is none."""
    if not isinstance(name, str):
        raise Refused(
            "M2022",
            f"${function} needs the name of a time zone, but it got {kind(name)}",
            'Write one like "Europe/Stockholm".',
        )
    if name not in ZONE_NAMES:
        near = _nearest(name)
        raise Refused(
            "M2022",
            f"${function} does not know the time zone it was given",
            f"Did you mean “{near}”?" if near else 'Write one like "Europe/Stockholm".',
        )
    try:
        return _loaded(name)
    except ZoneInfoNotFoundError:
        raise Refused(
            "M2022", f"The time zones of this machine lack {name}", "Install the Python package tzdata, or update it."
        ) from None


@cache
def _loaded(name: str) -> ZoneInfo:
    # The one reading of a file below engine.formulas. It is no data of anybody's but the standard library's rules, the
    # same for every record; only names from our own list come here, each once in a process.
    return ZoneInfo(name)


def _nearest(name: str) -> str:
    """The zone somebody may have meant: by its name, or by the town alone."""
    plain = name[:40].strip().replace(" ", "_").lower()
    whole = {zone.lower(): zone for zone in ZONE_NAMES}
    towns = {zone.rpartition("/")[2].lower(): zone for zone in sorted(ZONE_NAMES)}
    for known in (whole, towns):
        near = difflib.get_close_matches(plain, known, n=1, cutoff=0.75)
        if near:
            return known[near[0]]
    return ""
