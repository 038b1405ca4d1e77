"""What two sides of a filter's comparison are, whether they fit, and the closure that compares them."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.eaccounting.errors import invalid
from sandbox.eaccounting.models import Model, Record

_CLASSES = {
    "text": "text",
    "guid": "guid",
    "int": "number",
    "number": "number",
    "bool": "bool",
    "date": "moment",
    "moment": "moment",
}
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}
_MIRRORED = {"eq": "eq", "ne": "ne", "gt": "lt", "ge": "le", "lt": "gt", "le": "ge"}
# A literal between two milliseconds, compared as the earlier of them.
_BETWEEN = {"gt": "gt", "ge": "gt", "lt": "le", "le": "le"}


@dataclass(frozen=True, slots=True)
class Operand:
    """One side: the class of its values and how to get its value from a record."""

    kind: str
    get: Callable[[Record], Any]
    field: str | None = None
    literal: bool = False
    value: Any = None


def field_operand(model: Model, name: str) -> Operand:
    """Give the operand of a field, or refuse one that the model lacks or that cannot be compared."""
    field = model.fields.get(name)
    if field is None:
        # not documented: the answer to an unknown field; 400 with 2000 is inferred.
        raise invalid(f"$filter: Could not find a property named '{name}' on type '{model.name}'.")
    kind = _CLASSES.get(field.kind)
    if kind is None:
        raise invalid(f"$filter: The property '{name}' cannot be filtered.")
    get: Callable[[Record], Any] = operator.itemgetter(name)
    if field.kind == "date":
        return Operand(kind, lambda record: _as_moment(record[name]), name)
    return Operand(kind, get, name)


def compare(sign: str, left: Operand, right: Operand) -> tuple[Callable[[Record], bool], tuple[str, Any] | None]:
    """Give the closure and, for a field's equality with a value, the index entry that holds its matches."""
    if left.literal and not right.literal:
        left, right, sign = right, left, _MIRRORED[sign]
    if "null" in (left.kind, right.kind):
        return _compare_null(sign, left, right), None
    if left.kind != right.kind:
        # not documented: operands of two types; OData refuses them.
        raise invalid(f"$filter: Operands of the types {left.kind} and {right.kind} do not fit '{sign}'.")
    if left.kind == "bool" and sign not in ("eq", "ne"):
        raise invalid(f"$filter: '{sign}' does not fit true and false.")
    entry = None
    if sign == "eq" and right.literal and left.field and left.kind in ("text", "guid", "number"):
        entry = (left.field, right.value)
    return _compare_values(sign, left, right), entry


def _as_moment(value: str | None) -> str | None:
    return None if value is None else value + "T00:00:00.000Z"


def _compare_null(sign: str, left: Operand, right: Operand) -> Callable[[Record], bool]:
    get = left.get if right.kind == "null" else right.get
    if sign == "eq":
        return lambda record: get(record) is None
    if sign == "ne":
        return lambda record: get(record) is not None
    return lambda record: False


def _compare_values(sign: str, left: Operand, right: Operand) -> Callable[[Record], bool]:
    if right.literal and not left.literal:
        value = right.value
        if right.kind == "moment":
            value, exact = value
            if not exact and sign in ("eq", "ne"):
                return (lambda record: False) if sign == "eq" else (lambda record: True)
            sign = sign if exact else _BETWEEN[sign]
        return _compare_fixed(sign, left, value)
    # A moment's literal is a pair; both sides are brought to text here.
    get_left, get_right, holds = left.get, right.get, _COMPARE[sign]
    unequal = sign == "ne"

    def test(record: Record) -> bool:
        one, other = _folded(get_left(record)), _folded(get_right(record))
        if one is None or other is None:
            return (one is not other) if unequal else (sign == "eq" and one is other)
        return holds(one, other)

    return test


def _compare_fixed(sign: str, left: Operand, value: Any) -> Callable[[Record], bool]:
    get, holds = left.get, _COMPARE[sign]
    # OData: null equals nothing but null, so `ne` is true of it and the others are false.
    of_null = sign == "ne"
    if left.kind == "text":
        folded = value.lower()

        def test_text(record: Record) -> bool:
            found = get(record)
            return of_null if found is None else holds(found.lower(), folded)

        return test_text

    def test(record: Record) -> bool:
        found = get(record)
        return of_null if found is None else holds(found, value)

    return test


def _folded(value: Any) -> Any:
    if isinstance(value, tuple):
        value = value[0]
    return value.lower() if isinstance(value, str) else value
