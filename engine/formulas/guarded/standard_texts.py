"""The language's functions on texts, as the reference implementation has them; None is nothing."""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Sequence
from typing import Any

from engine.formulas.guarded import standard_matches
from engine.formulas.guarded.kinds import is_function
from engine.formulas.guarded.standard_matches import limited
from engine.formulas.javascript import fifteen_digits, has_half, joined, sliced, units, whole, written
from engine.formulas.jsonata_library import Functions, JException, Utils

_SPACES = re.compile(r"[ \t\n\r]+")
_UNITS_OF_A_LIMIT = 2**32  # JavaScript's split counts in 32 bits
_KEPT_ESCAPES = re.compile("%(3B|2F|3F|3A|40|26|3D|2B|24|2C|23)", re.IGNORECASE)
_NO_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/]")


def string(value: Any, pretty: Any = None) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if is_function(value):
        return ""
    if isinstance(value, Utils.JList) and value.outer_wrapper:
        value = value[0]
    return _json(value, "\n" if pretty is True else "")


def _json(value: Any, line: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        if not math.isfinite(value):
            raise JException("D3001", -1)
        return written(fifteen_digits(value))
    if isinstance(value, str):
        return _quoted(value)
    if is_function(value):
        return '""'
    inner = line and line + "  "
    if isinstance(value, dict):
        colon = ": " if line else ":"
        parts = [f"{_quoted(name)}{colon}{_json(item, inner)}" for name, item in value.items() if item is not None]
        opening, closing = "{", "}"
    elif isinstance(value, list):
        parts, opening, closing = [_json(item, inner) for item in value], "[", "]"
    else:
        return "null"
    return f"{opening}{inner}{(',' + inner).join(parts)}{line}{closing}" if parts else opening + closing


def _quoted(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    if not has_half(quoted):
        return quoted
    return "".join(f"\\u{ord(each):04x}" if "\ud800" <= each <= "\udfff" else each for each in quoted)


def substring(text: str | None, start: float | None, length: float | None = None) -> str | None:
    if text is None:
        return None
    if start is None:
        return text if length is None else ""
    if len(text) + start < 0:
        start = 0
    if length is None:
        return text[sliced(len(text), start)]
    if length <= 0:
        return ""
    return text[sliced(len(text), start, start + length if start >= 0 else len(text) + start + length)]


def _in_units(text: str, *parts: str) -> tuple[str, ...]:
    """The texts as they are, or all in units where a part may be half a character of the text."""
    return tuple(map(units, (text, *parts))) if any(map(has_half, parts)) else (text, *parts)


def substring_before(text: str | None, part: str | None) -> str | None:
    if text is None:
        return None
    text, part = _in_units(text, "undefined" if part is None else part)
    return whole(text.partition(part)[0]) if part else ""


def substring_after(text: str | None, part: str | None) -> str | None:
    if text is None or part is None:
        return text
    text, part = _in_units(text, part)
    at = text.find(part)
    return whole(text[at + len(part) :] if at >= 0 else text)


def uppercase(text: str | None) -> str | None:
    return None if text is None else text.upper()


def lowercase(text: str | None) -> str | None:
    return None if text is None else text.lower()


def length(text: str | None) -> int | None:
    return None if text is None else len(text)


def trim(text: str | None) -> str | None:
    return None if text is None else _SPACES.sub(" ", text).removeprefix(" ").removesuffix(" ")


def pad(text: str | None, width: float | None, filling: str | None = None) -> str | None:
    if text is None or width is None:
        return text
    filling = filling or " "
    missing = abs(math.trunc(width)) - len(text)
    if missing <= 0:
        return text
    times = missing if has_half(filling) else -(-missing // len(filling))
    padding = whole(filling * times)[:missing]
    return joined(text, padding) if width > 0 else joined(padding, text)


def contains(text: str | None, token: Any) -> bool | None:
    if text is None or token is None:
        return None
    if not isinstance(token, str):
        return standard_matches.contains(text, token)
    text, token = _in_units(text, token)
    return token in text


def split(text: str | None, separator: Any, limit: float | None = None) -> list[str] | None:
    if text is None:
        return None
    most = limited(limit, "D3020")
    if not isinstance(separator, str):
        return [] if most == 0 else standard_matches.split(text, separator, most)
    most = None if limit is None else math.trunc(limit) % _UNITS_OF_A_LIMIT
    text, separator = _in_units(text, separator) if separator else (units(text), "")
    pieces = text.split(separator) if separator else list(text)
    return [whole(piece) for piece in pieces[:most]]


def replace(text: str | None, pattern: Any, replacement: Any, limit: float | None = None) -> str | None:
    if text is None:
        return None
    if pattern == "":
        raise JException("D3010", -1)
    most = limited(limit, "D3011")
    if not isinstance(pattern, str):
        return whole(standard_matches.replace(text, pattern, replacement, most))
    new = "undefined" if replacement is None else replacement
    if not isinstance(new, str):
        raise JException("D3012", -1)
    text, pattern = _in_units(text, pattern)
    return whole(text.replace(pattern, new, -1 if most is None else most))


def join(texts: Sequence[str] | None, separator: str | None = None) -> str | None:
    return None if texts is None else whole((separator or "").join(texts))


def base64_of(text: str | None) -> str | None:
    return None if text is None else base64.b64encode(bytes(ord(unit) & 0xFF for unit in units(text))).decode()


def text_of_base64(text: str | None) -> str | None:
    if text is None:
        return None
    kept = _NOT_BASE64.sub("", text.partition("=")[0].replace("-", "+").replace("_", "/"))
    kept = kept[: len(kept) - (len(kept) % 4 == 1)]
    return base64.b64decode(kept + "=" * (-len(kept) % 4)).decode("latin-1")


def decoded_address(text: str | None) -> str | None:
    """A web address without its escapes, those of characters that mean something in one left as they are."""
    return None if text is None else decoded(_KEPT_ESCAPES.sub(r"%25\1", text))


def decoded(text: str | None) -> str | None:
    if text is None:
        return None
    if _NO_ESCAPE.search(text):
        raise JException("D3140", -1)
    return str(Functions.decode_url_component(text))
