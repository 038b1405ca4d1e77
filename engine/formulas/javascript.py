"""Numbers and texts as JavaScript has them: how a number is written, what a text's units and order are."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

_HALF = re.compile("[\ud800-\udfff]")
_FIFTEEN_DIGITS = Context(prec=15, rounding=ROUND_HALF_UP)
_SPACE = " \t\n\r\v\f\u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x200B)))
_HALF_OF_EXACT = 2.0**53


def written(number: float) -> str:
    """A number's shortest digits; exponents from 1e21 up and below 1e-6."""
    if number == 0:
        return "0"
    sign, digits, exponent = Decimal(repr(float(number))).normalize().as_tuple()
    figures = "".join(map(str, digits))
    point = len(figures) + int(exponent)  # where the decimal point stands, counted from the first digit
    minus = "-" if sign else ""
    if 0 < point <= 21:
        whole_part = figures[:point].ljust(point, "0")
        return minus + whole_part + (f".{figures[point:]}" if figures[point:] else "")
    if -6 < point <= 0:
        return f"{minus}0.{'0' * -point}{figures}"
    return f"{minus}{figures[0]}{'.' + figures[1:] if figures[1:] else ''}e{point - 1:+d}"


def fifteen_digits(number: float) -> float:
    """The number as JSONata writes it into texts: a fraction has 15 digits at most."""
    if number == math.floor(number):
        return number
    return float(_FIFTEEN_DIGITS.create_decimal(Decimal(number)))


def units(text: str) -> str:
    """The text with each character beyond the basic plane taken apart into its two halves."""
    if text.isascii() or max(text) <= "\uffff":
        return text
    raw = text.encode("utf-16-le", "surrogatepass")
    return "".join(chr(raw[at] | raw[at + 1] << 8) for at in range(0, len(raw), 2))


def has_half(text: str) -> bool:
    """Whether the text holds half a character."""
    return not text.isascii() and _HALF.search(text) is not None


def whole(text: str) -> str:
    """The text with two halves of a character that meet put together."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass") if has_half(text) else text


def order(text: str) -> Any:
    """What texts are compared by: their units."""
    return text if text.isascii() or max(text) < "\ud800" else units(text)


def less(left: Any, right: Any) -> bool:
    """Whether the left of two numbers, or of two texts, comes first."""
    if isinstance(left, str):
        return bool(order(left) < order(right))
    return bool(left < right)


def joined(*texts: str) -> str:
    """The texts one after the other; halves of a character that meet become one."""
    return whole("".join(texts))


def trimmed(text: str) -> str:
    return text.strip(_SPACE)


def rounded(number: float) -> float:
    """To the nearest whole number, a half up."""
    if abs(number) >= _HALF_OF_EXACT or math.isnan(number):
        return number
    below = math.floor(number)
    return float(below + 1 if number - below >= 0.5 else below)


def sliced(length: int, start: float | None, end: float | None = None) -> slice:
    """The part of a list or text of that length which `slice(start, end)` takes."""

    def place(at: float) -> int:
        at = 0 if math.isnan(at) else math.trunc(at) if math.isfinite(at) else at
        return int(max(length + at, 0) if at < 0 else min(at, length))

    return slice(place(start or 0), length if end is None else place(end))
