"""Reads JSON so that nothing is lost on the way in: no NaN, no doubled keys, no rounded numbers."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from decimal import Decimal
from typing import NoReturn

from engine.documents.positions import find_doubled_key, find_literal, line_and_column
from engine.errors import DocumentError, Json, Problem

MOST_BYTES = 64 * 1024 * 1024
DEEPEST_NESTING = 200
_LINE_END = b"\n"
_EXACT_DIGITS = 15  # a double holds every integer of so many digits; JSONata destroys some longer ones


class StrictJsonError(DocumentError):
    """The text is not JSON that can be trusted; `problems[0].what` says why, in half a sentence."""

    def __init__(self, what: str, where: str = "") -> None:
        super().__init__([Problem(where, what, "Mend the document.")])


def read_strict(text: bytes | str, *, where: str = "", most_bytes: int = MOST_BYTES) -> Json:
    """A JSON text (UTF-8, with or without a byte order mark) as plain values.

    Integers of more than 15 digits, and decimals that a double cannot hold as written, become text. Refused
    with a StrictJsonError that names line and column: NaN, infinity, a key that stands twice in one object,
    half characters, nesting deeper than 200, more than `most_bytes`.
    """
    plain = _decoded(text, where, most_bytes)
    try:
        document = _DECODER.decode(plain)
    except json.JSONDecodeError as fault:
        raise StrictJsonError(_what_is_wrong(fault, plain), _place(where, plain, fault.pos)) from None
    except RecursionError:
        raise _too_deep(where) from None
    except _Found as found:
        raise StrictJsonError(found.what, _place(where, plain, found.locate(plain))) from None
    # a text with so few brackets cannot be deep: counting them is cheaper than looking
    if plain.count("[") + plain.count("{") > DEEPEST_NESTING and _is_too_deep(document):
        raise _too_deep(where)
    if "\\ud" in plain or "\\uD" in plain:  # an escaped surrogate: is its other half there?
        _refuse_half_characters(document, where)
    return document


class _Found(Exception):
    """A hook met something we refuse; it knows what, and how to find where."""

    def __init__(self, what: str, locate: Callable[[str], int | None]) -> None:
        self.what = what
        self.locate = locate


def _decoded(text: bytes | str, where: str, most_bytes: int) -> str:
    if len(text) > most_bytes:
        raise StrictJsonError(f"it is larger than {most_bytes // 1024} KiB", where)
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError as fault:
            line = f"line {fault.object.count(_LINE_END, 0, fault.start) + 1}"
            raise StrictJsonError("it is not written in UTF-8", f"{where}, {line}" if where else line) from None
    elif not text.isascii():
        _refuse_half_characters(text, where)
    text = text.removeprefix("\ufeff")
    if not text or text.isspace():
        raise StrictJsonError("it is empty", where)
    return text


def _what_is_wrong(fault: json.JSONDecodeError, text: str) -> str:
    saying = _SAYINGS.get(fault.msg, fault.msg[:1].lower() + fault.msg[1:])
    if fault.pos >= len(text.rstrip()):
        return "it is not valid JSON (it ends too early)"
    return f"it is not valid JSON ({saying})"


_SAYINGS = {
    "Expecting value": "a value is missing or misspelled here",
    "Expecting ',' delimiter": "a comma is missing here",
    "Expecting ':' delimiter": "a colon is missing here",
    "Expecting property name enclosed in double quotes": "a key in double quotes is missing here",
    "Illegal trailing comma before end of object": "the comma before the closing bracket is one too many",
    "Illegal trailing comma before end of array": "the comma before the closing bracket is one too many",
    "Unterminated string starting at": "the closing quote of this text is missing",
    "Invalid control character at": "a line break or control character stands inside a text",
    "Extra data": "something follows after its end",
}


def _place(where: str, text: str, offset: int | None) -> str:
    if offset is None:
        return where
    line, column = line_and_column(text, offset)
    return f"{where}:{line}:{column}" if where else f"line {line}, column {column}"


def _too_deep(where: str) -> StrictJsonError:
    return StrictJsonError(f"it is nested deeper than {DEEPEST_NESTING} levels", where)


def _is_too_deep(document: Json) -> bool:
    level: list[Json] = [document]
    for _ in range(DEEPEST_NESTING):
        level = [
            child
            for container in level
            for child in (container.values() if type(container) is dict else container)
            if type(child) is dict or type(child) is list
        ]
        if not level:
            return False
    return True


def _pairs(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) != len(pairs):
        seen: set[str] = set()
        doubled = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise _Found(f"the key {doubled!r} stands twice in one object", find_doubled_key)
    return members


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= _EXACT_DIGITS or len(digits.lstrip("-")) <= _EXACT_DIGITS else digits


def _decimal(digits: str) -> float | str:
    if len(digits) <= _EXACT_DIGITS and "e" not in digits and "E" not in digits:
        return float(digits)  # so few digits are always held as written
    number = float(digits)
    if math.isinf(number):
        raise _Found(f"the number {digits[:40]} is too large", lambda text: find_literal(text, digits))
    return number if Decimal(repr(number)) == Decimal(digits) else digits


def _constant(name: str) -> NoReturn:
    raise _Found(f"it holds {name}, which is no number", lambda text: find_literal(text, name))


def _refuse_half_characters(document: Json, where: str) -> None:
    """A lone surrogate could never be written out again."""
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise StrictJsonError("a text in it holds half a character (a lone surrogate)", where) from None


_DECODER = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_int=_integer, parse_float=_decimal, parse_constant=_constant
)
