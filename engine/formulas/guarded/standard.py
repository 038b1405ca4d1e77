"""The language's functions on numbers, lists and objects, as the reference implementation has them; None is nothing."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from engine.formulas.guarded import standard_matches, standard_texts
from engine.formulas.guarded.kinds import alike, boolean, kind, negation
from engine.formulas.javascript import rounded, trimmed, written
from engine.formulas.jsonata_library import Functions, JException, Utils
from engine.formulas.refusals import Refused

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?")
_RADIX = re.compile(r"0[xX][0-9A-Fa-f]+|0[oO][0-7]+|0[bB][01]+")
_SCALES = re.compile("[%‰e]")
_BELOW_ZERO = -1e-300
_PLACES = re.compile("[0-9#]")
_HOLDS_RADIX = re.compile(r"^0[xX][0-9A-Fa-f]+|0[oO][0-7]+|0[bB][01]+\Z")


def number(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value if value is None else int(value)
    if not isinstance(value, str):
        return value
    if _NUMBER.fullmatch(value) and math.isfinite(float(value)):
        return float(value)
    digits = trimmed(value)
    if _HOLDS_RADIX.search(value) and _RADIX.fullmatch(digits):
        return float(int(digits, 0))
    raise Refused(
        "D3030",
        '$number needs a text that holds only a number (like "12.50"), but it got '
        + ("an empty text" if value == "" else "a text"),
        "Take away spaces, units and thousands separators first, and write a point before the decimals.",
    )


def absolute(value: Any) -> Any:
    return None if value is None else abs(value)


def floor(value: Any) -> Any:
    return None if value is None else math.floor(value)


def ceil(value: Any) -> Any:
    return None if value is None else math.ceil(value)


def round_half_even(value: float | None, precision: float | None = None) -> float | None:
    if value is None:
        return None
    shifted = _shifted(value, precision) if precision else value
    result = rounded(shifted)
    if abs(result - shifted) == 0.5 and math.fmod(result, 2):
        result -= 1
    return _shifted(result, -precision) if precision else result


def _shifted(value: float, places: float) -> float:
    """The number with its decimal point moved, by its digits: a product could be a little off."""
    if not math.isfinite(value) or places != math.floor(places):
        return math.nan
    digits, _, exponent = written(value).partition("e")
    return float(f"{digits}e{int(exponent or 0) + int(places)}")


def format_number(value: float | None, picture: str, options: dict[str, str] | None = None) -> str | None:
    """The library's, but rounded as $round does: half a step to the even side, by the number's digits."""
    if value is not None and not options and not _SCALES.search(picture):
        sides = picture.split(";")
        places = len(_PLACES.findall((sides[-1] if value < 0 else sides[0]).partition(".")[2]))
        value = round_half_even(value, places) or (_BELOW_ZERO if value < 0 else 0)  # minus stands before -0 too
    return str(Functions.format_number(value, picture, options)) if value is not None else None


def sqrt(value: float | None) -> float | None:
    if value is None:
        return None
    if value < 0:
        raise JException("D3060", -1, value)
    return math.sqrt(value)


def power(value: float | None, exponent: float | None) -> float | None:
    if value is None:
        return None
    try:
        if exponent is not None:
            return math.pow(value, exponent)
    except (OverflowError, ValueError):
        pass
    raise JException("D3061", -1, value)


def total(values: Iterable[float] | None) -> float | None:
    if values is None:
        return None
    result = 0.0
    for value in values:
        result += value  # not sum(), which makes up for what doubles lose from Python 3.12 on
    return result


def average(values: Sequence[float] | None) -> float | None:
    return total(values) / len(values) if values else None  # type: ignore[operator]


def most(values: Sequence[float] | None) -> float | None:
    return max(values) if values else None


def least(values: Sequence[float] | None) -> float | None:
    return min(values) if values else None


def count(values: Sequence[Any] | None) -> int:
    return 0 if values is None else len(values)


def zipped(*lists: Sequence[Any] | None) -> list[list[Any]]:
    return [] if any(each is None for each in lists) else [list(each) for each in zip(*lists, strict=False)]


def reverse(values: list[Any] | None) -> list[Any] | None:
    return values if values is None or len(values) <= 1 else values[::-1]


def distinct(values: Any) -> Any:
    if not isinstance(values, list) or len(values) <= 1:
        return values
    is_sequence = isinstance(values, Utils.JList) and values.sequence
    kept = Utils.create_sequence() if is_sequence else []
    simple: set[tuple[bool, Any]] = set()
    for value in values:
        if isinstance(value, bool | int | float | str):
            known = (isinstance(value, bool), value)
            if known in simple:
                continue
            simple.add(known)
        elif any(alike(value, other) for other in kept):
            continue
        kept.append(value)
    return kept


def merge(objects: Iterable[dict[str, Any]] | None) -> dict[str, Any] | None:
    return None if objects is None else {name: value for each in objects for name, value in each.items()}


STANDARD: dict[str, Callable[..., Any]] = {
    "string": standard_texts.string,
    "substring": standard_texts.substring,
    "substringBefore": standard_texts.substring_before,
    "substringAfter": standard_texts.substring_after,
    "uppercase": standard_texts.uppercase,
    "lowercase": standard_texts.lowercase,
    "length": standard_texts.length,
    "trim": standard_texts.trim,
    "pad": standard_texts.pad,
    "match": standard_matches.match,
    "contains": standard_texts.contains,
    "split": standard_texts.split,
    "join": standard_texts.join,
    "base64encode": standard_texts.base64_of,
    "base64decode": standard_texts.text_of_base64,
    "decodeUrl": standard_texts.decoded_address,
    "decodeUrlComponent": standard_texts.decoded,
    "formatNumber": format_number,
    "number": number,
    "abs": absolute,
    "floor": floor,
    "ceil": ceil,
    "round": round_half_even,
    "sqrt": sqrt,
    "power": power,
    "sum": total,
    "average": average,
    "max": most,
    "min": least,
    "boolean": boolean,
    "not": negation,
    "count": count,
    "zip": zipped,
    "reverse": reverse,
    "distinct": distinct,
    "merge": merge,
    "type": kind,
}
