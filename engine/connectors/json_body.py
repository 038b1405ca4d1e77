"""JSON bodies: written exactly, read strictly."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal

from engine.connectors.bodies import USUAL_READING, USUAL_WRITING, Reading, Undecodable, Writing, decoded, unwritable
from engine.documents.strict_json import StrictJsonError, read_strict
from engine.errors import Json


def encode_json(document: Json, _writing: Writing = USUAL_WRITING) -> bytes:
    """Compact UTF-8; a Decimal is written digit by digit, never through a double."""
    try:
        try:
            return _PLAIN.encode(document).encode()
        except _HoldsDecimals:
            return "".join(_written(document)).encode()
    except UnicodeEncodeError:
        raise unwritable("a text holds half a character") from None
    except (ValueError, TypeError, RecursionError):
        raise unwritable("a value is no JSON: an infinite number, a date, or something nested in itself") from None


def decode_json(body: bytes, reading: Reading = USUAL_READING) -> Json:
    """Strictly, as `engine.documents.strict_json` says."""
    try:
        return read_strict(_as_utf8(body, reading.declared), most_bytes=len(body) * 2)
    except StrictJsonError as fault:
        raise Undecodable(fault.problems[0].what) from fault


def _as_utf8(body: bytes, declared: str) -> bytes:
    """The body in UTF-8: as it is when it is so already (many systems declare Latin-1 and send UTF-8)."""
    if declared in ("", "utf-8", "utf8"):
        return body
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        try:
            return decoded(body, declared).encode()
        except Undecodable:
            return body  # the reader says what is wrong with it
    return body


class _HoldsDecimals(Exception):
    """The quick writer met a Decimal."""


def _meets(value: object) -> Json:
    if isinstance(value, Decimal):
        raise _HoldsDecimals
    raise TypeError(type(value).__name__)


_PLAIN = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_meets)


def _written(value: Json) -> Iterator[str]:
    """JSON text in pieces, for documents that hold decimals."""
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError("not finite")
        yield format(value, "f")
    elif isinstance(value, dict):
        yield "{"
        for number, (name, member) in enumerate(value.items()):
            yield f"{',' if number else ''}{_PLAIN.encode(str(name))}:"
            yield from _written(member)
        yield "}"
    elif isinstance(value, list | tuple):
        yield "["
        for number, member in enumerate(value):
            if number:
                yield ","
            yield from _written(member)
        yield "]"
    else:
        yield _PLAIN.encode(value)
