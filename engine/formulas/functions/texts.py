"""Functions on texts: how values are written as text, cut to a length, and given a fingerprint."""

from __future__ import annotations

import hashlib
import json
import math
import re
import unicodedata
from typing import Any

from engine.formulas.javascript import fifteen_digits, written
from engine.formulas.missing import MISSING
from engine.formulas.refusals import Refused, kind

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?")
_JOINER = "\u200d"


def number_text(value: float) -> str:
    """A number as JSONata writes it: 15 digits at most, 1.0 as 1, exponents for the extremes only."""
    if isinstance(value, int) and abs(value) < 10**15:
        return str(value)
    if not math.isfinite(value):
        raise Refused("D1001", "The number is infinite or undefined and cannot be written", "Check the source values.")
    return written(fifteen_digits(value))


def text_of(value: Any, pretty: bool = False) -> str:
    """A plain value as text: texts as they are, everything else as JSON."""
    return value if isinstance(value, str) else _json(value, "\n" if pretty else "")


def _json(value: Any, line: str) -> str:
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    inner = line and line + "  "
    if isinstance(value, dict):
        colon = ": " if line else ":"
        items = [f"{json.dumps(name, ensure_ascii=False)}{colon}{_json(item, inner)}" for name, item in value.items()]
        opening, closing = "{", "}"
    else:
        items, opening, closing = [_json(item, inner) for item in value], "[", "]"
    return f"{opening}{inner}{(',' + inner).join(items)}{line}{closing}" if items else opening + closing


def string(value: Any, pretty: Any = MISSING) -> Any:
    """The value as text; a text stays as it is, nothing stays nothing, a function is an empty text."""
    if value is MISSING:
        return MISSING
    return "" if kind(value) == "a function" else text_of(value, pretty is True)


def text(value: Any = MISSING) -> str:
    """The value as text, null and missing as an empty one. M2010: a list, an object or a function."""
    if value is MISSING or value is None:
        return ""
    if isinstance(value, str | int | float):
        return text_of(value)
    raise Refused(
        "M2010",
        f"$text writes texts, numbers, true and false, but it got {kind(value)}",
        "Point at a field inside it, or use $string(…) to write all of it.",
    )


def number(value: Any) -> Any:
    """The number a text holds. D3030 for a text that holds anything else, spaces and commas included."""
    if value is MISSING or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str):
        if _NUMBER.fullmatch(value):
            return float(value) if any(sign in value for sign in ".eE") else int(value)
        for prefix, base in (("0x", 16), ("0b", 2), ("0o", 8)):
            if value[:2].lower() == prefix and value[2:].isalnum():
                try:
                    return int(value[2:], base)
                except ValueError:
                    break
    raise Refused(
        "D3030",
        f'$number needs a text that holds only a number (like "12.50"), but it got {kind(value)}',
        "Take away spaces, units and thousands separators first, and write a point before the decimals.",
    )


def lowercase(value: Any) -> Any:
    """The text in small letters."""
    return value.lower() if isinstance(value, str) else _not_a_text("lowercase", value)


def whole(text: str) -> str:
    """The text with both halves of a character, written as two \\u escapes, put together."""
    if not any("\ud800" <= character <= "\udbff" for character in text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def truncate(value: Any, units: Any) -> Any:
    """The text cut to at most `units` UTF-16 units at a whole character."""
    if value is MISSING:
        return MISSING
    if not isinstance(value, str):
        return _not_a_text("truncate", value)
    if isinstance(units, bool) or not isinstance(units, int | float) or units < 0 or units % 1 != 0:
        raise Refused("M2010", f"$truncate needs a whole number as its length, but it got {kind(units)}")
    if value.isascii():
        return value[: int(units)]
    if len(value) * 2 <= units:
        return value
    kept = used = flags = 0
    for at, character in enumerate(value):
        if not _continues(value, at, flags):
            kept = at
        used += 2 if ord(character) > 0xFFFF else 1
        if used > units:
            return value[:kept]
        flags = flags + 1 if _is_flag_letter(character) else 0
    return value


def _continues(text: str, at: int, flags: int) -> bool:
    """Whether the character at `at` belongs to the one before it: an accent, a joined emoji, half a flag …

    flags: how many letters of flags stand right before it.
    """
    if at == 0:
        return False
    character, before = text[at], text[at - 1]
    if unicodedata.category(character) in ("Mn", "Me", "Mc"):
        return True
    if _JOINER in (character, before) or 0x1F3FB <= ord(character) <= 0x1F3FF:
        return True
    if 0xDC00 <= ord(character) <= 0xDFFF and 0xD800 <= ord(before) <= 0xDBFF:
        return True
    return flags % 2 == 1 and _is_flag_letter(character)


def _is_flag_letter(character: str) -> bool:
    return 0x1F1E6 <= ord(character) <= 0x1F1FF


def digest(value: Any) -> Any:
    """The SHA-256 of the value's JSON with sorted names, as 64 hexadecimal digits."""
    if value is MISSING:
        return MISSING
    if kind(value) == "a function":
        raise Refused("M2010", "$digest needs data, but it got a function")
    written = json.dumps(_whole_numbers(value), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(written.encode("ascii")).hexdigest()


def _whole_numbers(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_whole_numbers(item) for item in value]
    if isinstance(value, dict):
        return {name: _whole_numbers(item) for name, item in value.items()}
    return value


def _not_a_text(function: str, value: Any) -> Any:
    if value is MISSING:
        return MISSING
    raise Refused(
        "T0410",
        f"${function} needs a text, but it got {kind(value)}",
        "Use $string(…) to make a text of it, or give a default with ?? .",
    )
