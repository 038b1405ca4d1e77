"""JSON lines at the speed of a machine: read as strictly as documents are, written as they are. Imports orjson alone.

orjson reads a line many times faster than the strict reader, but keeps the last of two equal keys and rounds long
numbers. So what it read is written once more: only where the same comes out, or as many colons, and no number
is long enough to be rounded, is the line what it seems. Any other goes to the strict reader, which refuses or keeps it.
"""

from __future__ import annotations

import json

import orjson

from engine.documents.strict_json import read_strict
from engine.errors import Json

_COLON = b":"  # one for each key, and those in texts, which come out again
_DIGITS = bytes(120 if chr(code) in "0123456789." else 32 for code in range(256))  # each digit and point as an x
_LONG = b"x" * 16  # 15 digits are held exactly, with their point


def read_line(line: bytes, where: str = "") -> Json:
    """One JSON text on a line as plain values; StrictJsonError where it is none that can be trusted."""
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError:
        return read_strict(line, where=where)
    if _LONG in line.translate(_DIGITS):
        return read_strict(line, where=where)
    again = orjson.dumps(value)
    if again != line and (
        again.count(_COLON) != line.count(_COLON)
        or b"\\u003" in line  # a colon written as an escape could make up for a key that is lost
    ):
        return read_strict(line, where=where)
    return value


def write_line(value: Json) -> bytes:
    """A plain value on a line of its own, with its end."""
    try:
        return orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:  # half a character, or a number beyond 64 bits
        return json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode() + b"\n"
