"""Forms: named fields, percent-encoded in the system's own encoding."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from urllib.parse import quote_plus, unquote_plus

from engine.connectors.bodies import USUAL_WRITING, Writing, check_characters, unwritable
from engine.errors import Json

Pair = tuple[str, str]


def encode_form(document: Json, writing: Writing = USUAL_WRITING) -> bytes:
    """application/x-www-form-urlencoded: an object of plain values; a list repeats its key, or numbers its members."""
    if not isinstance(document, dict):
        raise unwritable("a form is made of named fields")
    pairs: list[Pair] = []
    numbered: set[str] = set()
    for name, value in document.items():
        if name in writing.numbered:
            made = list(_numbered(name, value))
            numbered.update(member for member, _ in made)
        else:
            made = list(_repeated(name, value))
        pairs += made
    if numbered:
        _refuse_doubled(pairs, numbered)
    return encode_pairs(pairs, writing.encoding)


def encode_pairs(pairs: list[Pair], encoding: str) -> bytes:
    """Names and values as a form's body, or a query with + for blanks."""
    return "&".join(
        f"{_quoted(name, encoding, name)}={_quoted(value, encoding, name)}" for name, value in pairs
    ).encode("ascii")


def with_pairs(body: bytes, pairs: list[Pair], encoding: str) -> bytes:
    """The form with these fields, in place of what it has under their names."""
    names = {quote_plus(name, encoding=encoding) for name, _ in pairs}
    kept = [
        piece
        for piece in body.split(b"&")
        if piece and piece.partition(b"=")[0].decode("ascii", "replace") not in names
    ]
    return b"&".join([*kept, encode_pairs(pairs, encoding)])


def read_form(body: bytes, encoding: str) -> dict[str, Json]:
    """A form's fields as texts, for people to read; a name that comes several times has a list."""
    fields: dict[str, Json] = {}
    for piece in filter(None, body.decode("utf-8", "replace").split("&")):
        name, _, value = (unquote_plus(part, encoding, "replace") for part in piece.partition("="))
        if name in fields:
            before = fields[name]
            fields[name] = [*(before if isinstance(before, list) else [before]), value]
        else:
            fields[name] = value
    return fields


def readable(body: bytes, encoding: str, *, is_form: bool = False) -> str:
    """A kept body as people can read it: a form as JSON. encoding: of what is percent-encoded."""
    if is_form:
        return json.dumps(read_form(body, encoding), ensure_ascii=False) if body else ""
    return body.decode("utf-8", "replace")


def plain_text(value: Json) -> str | None:
    """A plain value as it stands in a form or a query: no exponent, true and false; None for what is none."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value) if isinstance(value, str | int) else None


def _repeated(name: str, value: Json) -> Iterator[Pair]:
    for item in value if isinstance(value, list) else [value]:
        yield name, _text(item, name)


def _numbered(name: str, value: Json) -> Iterator[Pair]:
    """The members of the first object with _1, of the second with _2; one without members takes no number."""
    number = 0
    for row in value if isinstance(value, list) else [value]:
        if not isinstance(row, dict):
            raise unwritable("what is numbered is a list of objects", _where(name))
        number += bool(row)
        yield from ((f"{member}_{number}", _text(held, f"{member}_{number}")) for member, held in row.items())


def _refuse_doubled(pairs: list[Pair], numbered: set[str]) -> None:
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen and name in numbered:
            raise unwritable("it comes twice, once by its number", _where(name))
        seen.add(name)


def _text(value: Json, name: str) -> str:
    if value is None:
        return ""
    text = plain_text(value)
    if text is None:
        raise unwritable("a field of a form must be text or a number, not a list or a record in it", _where(name))
    return text


def _quoted(text: str, encoding: str, name: str) -> str:
    return quote_plus(check_characters(text, encoding, _where(name)), encoding=encoding)


def _where(name: str) -> str:
    return f"field {name} of the request"
