"""JSONata's own everyday functions for compiled formulas, each exactly or not at all: what is odd is deferred.

A missing first argument gives missing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.formulas.compiled.bounds import LONGEST_LIST, LONGEST_TEXT, defer
from engine.formulas.compiled.runtime import EXACT, NUMBERS, as_list, exact, text, truth
from engine.formulas.functions import texts
from engine.formulas.javascript import has_half
from engine.formulas.missing import MISSING

_SPACES = re.compile("[ \t\n\r]+")
_WIDEST_PAD = 1_000
MOST_ROUNDED = 1e12
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _no_text(value: Any) -> Any:
    """What a function of a text gives for something else: nothing of nothing."""
    return MISSING if value is MISSING else defer()


def _short(value: str) -> str:
    return value if len(value) <= LONGEST_TEXT else defer()


def _is_count(value: Any) -> bool:
    return type(value) is int and value >= 0


# --- text


def string(value: Any) -> Any:
    return MISSING if value is MISSING else text(value)


def length(value: Any) -> Any:
    return len(value) if type(value) is str else _no_text(value)


def uppercase(value: Any) -> Any:
    return value.upper() if type(value) is str and len(value) <= LONGEST_TEXT else _no_text(value)


def lowercase(value: Any) -> Any:
    return value.lower() if type(value) is str and len(value) <= LONGEST_TEXT else _no_text(value)


def trim(value: Any) -> Any:
    if type(value) is not str:
        return _no_text(value)
    single = _SPACES.sub(" ", _short(value))
    return single[single[:1] == " " : len(single) - (len(single) > 1 and single[-1] == " ")]


def substring(value: Any, start: Any, *counts: Any) -> Any:
    count: Any = counts[0] if counts else MISSING
    if type(start) is not int or (count is not MISSING and type(count) is not int):
        raise TypeError
    if type(value) is not str:
        return _no_text(value)
    begin = max(0, len(value) + start) if start < 0 else start
    end = begin + count if type(count) is int else len(value)
    return value[begin:end] if end > begin else ""


def substring_before(value: Any, mark: Any) -> Any:
    if type(mark) is not str or has_half(mark):
        raise TypeError
    if type(value) is not str:
        return _no_text(value)
    place = value.find(mark)
    return value[:place] if place >= 0 else value


def substring_after(value: Any, mark: Any) -> Any:
    if type(mark) is not str or has_half(mark):
        raise TypeError
    if type(value) is not str:
        return _no_text(value)
    place = value.find(mark)
    return value[place + len(mark) :] if place >= 0 else value


def contains(value: Any, part: Any) -> Any:
    if type(part) is not str or has_half(part):
        raise TypeError
    return part in _short(value) if type(value) is str else _no_text(value)


def replace(value: Any, old: Any, new: Any, most: Any = MISSING) -> Any:
    if type(old) is not str or type(new) is not str or not old or (most is not MISSING and not _is_count(most)):
        raise TypeError
    if type(value) is not str:
        return _no_text(value)
    if has_half(old):
        return defer()
    if len(value) > LONGEST_TEXT or (len(new) > len(old) and value.count(old) * len(new) > LONGEST_TEXT):
        return defer()
    return value.replace(old, new) if most is MISSING else value.replace(old, new, most)


def split(value: Any, mark: Any, most: Any = MISSING) -> Any:
    if type(mark) is not str or not mark or has_half(mark) or (most is not MISSING and not _is_count(most)):
        raise TypeError
    if type(value) is not str:
        return _no_text(value)
    if _short(value).count(mark) >= LONGEST_LIST:
        return defer()
    pieces = value.split(mark)
    return pieces if most is MISSING else pieces[:most]


def join(value: Any, mark: Any = MISSING) -> Any:
    mark = "" if mark is MISSING else mark
    if type(mark) is not str:
        raise TypeError
    if type(value) is list:
        if len(mark) > 1_000 or len(value) > LONGEST_LIST:
            return defer()
        return _short(mark.join(value))
    return value if type(value) is str else _no_text(value)


def pad(value: Any, width: Any, filling: Any = " ") -> Any:
    if type(width) is not int or abs(width) > _WIDEST_PAD or type(filling) is not str:
        raise TypeError
    if type(value) is not str:
        return _no_text(value)
    filling = filling or " "
    lacking = abs(width) - len(value)
    if lacking <= 0:
        return value
    padding = (filling * lacking)[:lacking]
    return value + padding if width > 0 else padding + value


# --- numbers


def number(value: Any) -> Any:
    if type(value) in NUMBERS:
        return exact(value)
    found = texts.number(value)
    return found if found is MISSING or -EXACT < found < EXACT else defer()


def absolute(value: Any) -> Any:
    return abs(exact(value)) if type(value) in NUMBERS else _no_text(value)


def floor(value: Any) -> Any:
    if type(value) not in NUMBERS:
        return _no_text(value)
    return math.floor(value) if -EXACT < value < EXACT else defer()


def ceil(value: Any) -> Any:
    if type(value) not in NUMBERS:
        return _no_text(value)
    return math.ceil(value) if -EXACT < value < EXACT else defer()


def square_root(value: Any) -> Any:
    return math.sqrt(value) if type(value) in NUMBERS else _no_text(value)


def rounder(digits: Any) -> Callable[[Any], Any]:
    """Rounds half to even on the decimal digits: $round(2.675, 2) is 2.68, where doubles would give 2.67."""
    if type(digits) is not int or not 0 <= digits <= 12:
        return lambda value: defer()
    power: int = 10**digits

    def rounded(value: Any) -> Any:
        if type(value) is not float:
            return value if value is MISSING or (type(value) is int and -EXACT < value < EXACT) else defer()
        scaled = value * power
        if not -MOST_ROUNDED < scaled < MOST_ROUNDED:
            raise ValueError
        whole = round(scaled)
        if not -0.49 < scaled - whole < 0.49:  # near a tie the decimal point is moved in the digits themselves
            digits_of_it = repr(value)
            if "e" in digits_of_it:
                raise ValueError
            whole = round(float(f"{digits_of_it}e{digits}"))
        return whole / power if whole % power else whole // power

    return rounded


ROUNDERS = tuple(rounder(digits) for digits in range(13))


def round_(value: Any, digits: Any = 0) -> Any:
    return (ROUNDERS[digits] if type(digits) is int and 0 <= digits <= 12 else rounder(digits))(value)


def sum_(value: Any) -> Any:
    if type(value) is not list:
        return exact(value) if value is MISSING or type(value) in NUMBERS else defer()
    if len(value) > LONGEST_LIST:
        return defer()
    total: float = 0  # not sum(), which is more exact than JavaScript from Python 3.12 on
    for each in value:
        if type(each) not in NUMBERS:
            raise TypeError
        total += each
    return total if -EXACT < total < EXACT else defer()


def _numbers(value: Any) -> list[Any]:
    held = as_list(value)
    return held if all(type(each) in NUMBERS for each in held) else defer()


def largest(value: Any) -> Any:
    return MISSING if value is MISSING or value == [] else exact(max(_numbers(value)))


def smallest(value: Any) -> Any:
    return MISSING if value is MISSING or value == [] else exact(min(_numbers(value)))


def average(value: Any) -> Any:
    if value is MISSING or value == []:
        return MISSING
    total = sum_(value)
    return total / len(value) if type(value) is list else total


# --- truth


def not_(value: Any) -> Any:
    return MISSING if value is MISSING else not truth(value)


def boolean(value: Any) -> Any:
    return MISSING if value is MISSING else truth(value)


def exists(value: Any) -> bool:
    return value is not MISSING


# --- the run's clock


def from_millis(value: Any) -> Any:
    if type(value) not in NUMBERS:
        return _no_text(value)
    if not 0 <= value < 2.5e14:
        return defer()
    moment = _EPOCH + timedelta(milliseconds=int(value))
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"
