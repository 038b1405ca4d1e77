"""Amounts and days as people say them, and as they are shown."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

_CURRENCY = r"(?:[A-Za-z]{3}|kr\.?|€|\$|£)?"
_AMOUNT = re.compile(
    rf"{_CURRENCY}\s*(-?\d{{1,3}}(?:[  .,']\d{{3}})+|-?\d+)(?:[.,](\d{{1,2}}))?\s*{_CURRENCY}(?:[:,]?-)?"
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_GROUPING = re.compile(r"[  .,']")
_FIRST_DAY, _LAST_DAY = date(1, 1, 2), date(9999, 12, 30)  # whose midnights are moments in every zone
_CENT, _WHOLE = Decimal("0.0001"), Decimal("0.9999")


def amounts_meant(text: str) -> tuple[Decimal, Decimal] | None:
    """The least and the most that an amount may be, as it was said: without decimals it is any with these kronor."""
    said = _AMOUNT.fullmatch(text.strip())
    if said is None:
        return None
    whole = Decimal(_GROUPING.sub("", said[1]))
    if said[2] is None:
        return (whole, whole + _WHOLE) if whole >= 0 else (whole - _WHOLE, whole)
    cents = Decimal(said[2]).scaleb(-len(said[2]))
    exact = whole - cents if said[1].startswith("-") else whole + cents
    return exact, exact


def day_meant(text: str, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    """From midnight to midnight of the day a text names."""
    if not _DAY.fullmatch(text.strip()):
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return start_of(day, zone), end_of(day, zone)


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """Its midnight."""
    day = min(max(day, _FIRST_DAY), _LAST_DAY)
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The midnight after it."""
    return start_of(min(day, _LAST_DAY) + timedelta(days=1), zone)


def plain_amount(amount: Decimal) -> str:
    """With two decimals at least, and no more than it has."""
    shown = amount.quantize(_CENT).normalize()
    exponent = shown.as_tuple().exponent
    return format(shown if isinstance(exponent, int) and exponent < -2 else shown.quantize(Decimal("0.01")), "f")
