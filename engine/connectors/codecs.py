"""How bodies are written and read: one row for each codec."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import parse_qsl, urlencode

from engine.documents.strict_json import StrictJsonError, read_strict
from engine.errors import Json, Problem, RecordProblem


class Undecodable(Exception):
    """A body is not what its codec expects; `why` is half a sentence, without any of the body."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Codec:
    """encode: raises RecordProblem; decode: raises Undecodable. accept: what we ask the system to answer."""

    content_type: str
    accept: str
    encode: Callable[[Json], bytes]
    decode: Callable[[bytes], Json]


def encode_json(document: Json) -> bytes:
    """Compact UTF-8; a Decimal is written digit by digit, never through a double."""
    try:
        try:
            return _PLAIN.encode(document).encode()
        except _HoldsDecimals:
            return "".join(_written(document)).encode()
    except UnicodeEncodeError:
        raise _unwritable("a text holds half a character") from None
    except (ValueError, TypeError, RecursionError):
        raise _unwritable("a value is no JSON: an infinite number, a date, or something nested in itself") from None


def decode_json(body: bytes) -> Json:
    """Strictly, as `engine.documents.strict_json` says."""
    try:
        return read_strict(body, most_bytes=len(body))
    except StrictJsonError as fault:
        raise Undecodable(fault.problems[0].what) from fault


def encode_form(document: Json) -> bytes:
    """application/x-www-form-urlencoded in UTF-8: an object of plain values; a list repeats its key."""
    if not isinstance(document, dict):
        raise _unwritable("a form is made of named fields")
    fields: list[tuple[str, str]] = []
    for name, value in document.items():
        for item in value if isinstance(value, list) else [value]:
            fields.append((name, _form_text(item)))
    try:
        return urlencode(fields).encode("ascii")
    except UnicodeEncodeError:
        raise _unwritable("a text holds half a character") from None


def decode_form(body: bytes) -> Json:
    """An object of texts; a name that comes several times gives a list."""
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, strict_parsing=True, errors="strict")
    except (UnicodeDecodeError, ValueError):
        raise Undecodable("it is not a form") from None
    document: dict[str, Json] = {}
    for name, value in pairs:
        known = document.get(name)
        if known is None:
            document[name] = value
        else:
            document[name] = [*known, value] if isinstance(known, list) else [known, value]
    return document


CODECS: Mapping[str, Codec] = {
    "json": Codec("application/json", "application/json", encode_json, decode_json),
    "form": Codec("application/x-www-form-urlencoded", "*/*", encode_form, decode_form),
}


def encode(codec: str, document: Json) -> tuple[bytes, dict[str, str]]:
    """A body and the header that says how it is written. Raises RecordProblem."""
    row = CODECS[codec]
    return row.encode(document), {"Content-Type": row.content_type}


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


def _form_text(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return ""
    if isinstance(value, str | int | float | Decimal):
        return format(value, "f") if isinstance(value, Decimal) else str(value)
    raise _unwritable("a field of a form must be text or a number")


def _unwritable(why: str) -> RecordProblem:
    return RecordProblem([Problem("body of the request", f"it cannot be written: {why}", "Mend the formula.")])
