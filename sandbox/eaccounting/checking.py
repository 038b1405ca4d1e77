"""Holds a sent record against its model and gives the values the system takes from it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sandbox.eaccounting.errors import invalid
from sandbox.eaccounting.models import Field, Model, Record

GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(T\d\d:\d\d(:\d\d(\.\d{1,7})?)?(Z|[+-]\d\d:\d\d)?)?")
_INT32 = 2**31
_LARGEST = Decimal(10) ** 15  # not documented; beyond it a double loses cents


class Misfit(ValueError):
    """A value that its field cannot take; the text is the rule."""


def read_json(body: bytes) -> Record:
    """Read a sent JSON object; numbers with a fraction stay exact so that their decimals can be counted."""
    try:
        value = json.loads(body.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise invalid("The request body is not valid JSON.") from None
    if not isinstance(value, dict):
        raise invalid("The request body must be a JSON object.")
    return value


def check(model: Model, sent: Record, where: str, problems: list[str]) -> Record:
    """Give a value for each writable field; unknown and read-only ones are passed over.

    Args:
        where: what stands before a field's name in a message, such as `Rows[0].`.
        problems: is added to, one sentence for each field that does not fit.
    """
    # not documented: unknown properties; ignored in silence, as .NET's readers do. Names are case-sensitive.
    values: Record = {}
    for field in model.writable:
        value = sent.get(field.name)
        if value is None:
            if field.required:
                problems.append(f"{where}{field.name}: The field is required.")
            values[field.name] = field.initial()
            continue
        try:
            values[field.name] = _TAKE[field.kind](field, value)
        except Misfit as misfit:
            problems.append(f"{where}{field.name}: {misfit}")
            values[field.name] = field.initial()
    return values


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _take_text(field: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise Misfit("The value must be a string.")
    if field.required and not value.strip():
        # not documented: blank required texts; .NET's Required attribute refuses them.
        raise Misfit("The field is required.")
    if field.limit is not None and utf16_length(value) > field.limit:
        raise Misfit(f"The maximum length is {field.limit} characters.")
    if not value.isascii():
        utf16_length(value)
    return value


def utf16_length(text: str) -> int:
    """Count as .NET counts: a character outside the basic plane is two."""
    if text.isascii():
        return len(text)
    try:
        return len(text.encode("utf-16-le")) // 2
    except UnicodeEncodeError:
        raise Misfit("The value is not valid text.") from None


def _take_guid(_: Field, value: Any) -> str:
    if not isinstance(value, str) or not GUID.fullmatch(value):
        raise Misfit("The value must be a GUID.")
    return value.lower()


def _take_int(field: Field, value: Any) -> int:
    if isinstance(value, Decimal) and abs(value) < _INT32 and value == int(value):
        value = int(value)  # 3.0 is a whole number too
    if isinstance(value, bool) or not isinstance(value, int):
        raise Misfit("The value must be an integer.")
    if not -_INT32 <= value < _INT32:
        raise Misfit("The value must be a 32-bit integer.")
    if field.values is not None and value not in field.values:
        raise Misfit(f"The value must be one of {', '.join(map(str, sorted(field.values)))}.")
    return value


def _take_number(field: Field, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise Misfit("The value must be a number.")
    exact = Decimal(repr(value) if isinstance(value, float) else value)
    if abs(exact) >= _LARGEST:
        raise Misfit("The value is out of range.")
    # "Format: 2 decimals" in visma-eaccounting-schemas.json; not documented: that more of them are refused.
    if field.limit is not None and decimals_of(exact) > field.limit:
        raise Misfit(f"At most {field.limit} decimals are allowed.")
    return float(exact)


def decimals_of(value: Decimal) -> int:
    """Count the decimals a number needs: 2.50 has one."""
    exponent = value.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def _take_bool(_: Field, value: Any) -> bool:
    if not isinstance(value, bool):
        raise Misfit("The value must be true or false.")
    return value


def _take_date(_: Field, value: Any) -> str:
    # not documented: what becomes of a time in a date; it is cut off as written, without moving it to a zone.
    match = _DATE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise Misfit("The value must be a date, YYYY-MM-DD.")
    try:
        if match[2]:
            datetime.fromisoformat(value)
        return date.fromisoformat(match[1]).isoformat()
    except ValueError:
        raise Misfit("The value must be a date, YYYY-MM-DD.") from None


def _take_list(_: Field, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise Misfit("The value must be an array.")
    return [_plain(item) for item in value]


def _take_object(_: Field, value: Any) -> Record:
    if not isinstance(value, dict):
        raise Misfit("The value must be an object.")
    return {name: _plain(item) for name, item in value.items()}


def _plain(value: Any) -> Any:
    """Give a nested value with floats where exact numbers were read (rows are checked from the sent body)."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return value


_TAKE: dict[str, Callable[[Field, Any], Any]] = {
    "text": _take_text,
    "guid": _take_guid,
    "int": _take_int,
    "number": _take_number,
    "bool": _take_bool,
    "date": _take_date,
    "moment": _take_date,
    "list": _take_list,
    "object": _take_object,
}
