"""JSON whose numbers keep every digit: read as int or Decimal, written as they were.

Nothing here is a rule of the shop; that its money is exact to the last digit is inferred from what money is.
"""

from __future__ import annotations

import json
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any


def read(text: str | bytes) -> Any:
    """Read one document; ValueError when it is none (NaN and Infinity are none)."""
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("nested too deep") from None


def _refuse(word: str) -> Any:
    raise ValueError(f"{word} is no JSON")


def write(value: Any) -> str:
    """Write a document without blanks; half a surrogate pair, which no UTF-8 can hold, is written as \\ud800."""
    pieces: list[str] = []
    _write(value, pieces.append)
    return "".join(pieces).encode("utf-8", "backslashreplace").decode("utf-8")


def _write(value: Any, put: Any) -> None:
    if isinstance(value, str):
        put(encode_basestring(value))
    elif value is None or isinstance(value, bool):
        put({None: "null", True: "true", False: "false"}[value])
    elif isinstance(value, int):
        put(str(value))
    elif isinstance(value, Decimal):
        put(number(value))
    elif isinstance(value, dict):
        mark = "{"
        for name, part in value.items():
            put(mark + encode_basestring(name) + ":")
            _write(part, put)
            mark = ","
        put("}" if value else "{}")
    elif isinstance(value, list):
        mark = "["
        for part in value:
            put(mark)
            _write(part, put)
            mark = ","
        put("]" if value else "[]")
    else:
        raise TypeError(f"{type(value).__name__} is not written")


def number(value: Decimal) -> str:
    """Write a number without zeros at its end: 250, 39.2, 0.25, as the samples have them."""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text
