"""What values are to the language: of which kind, true or false, equal or the same."""

from __future__ import annotations

import math
from typing import Any

from engine.formulas.jsonata_library import Jsonata, Parser, Utils
from engine.formulas.regular_expressions import Expression

NULL = Utils.NULL_VALUE
_FUNCTION_LIKE = (Jsonata.JFunctionCallable, Parser.Symbol, Expression)


def is_function(value: Any) -> bool:
    return isinstance(value, _FUNCTION_LIKE)


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and not math.isnan(value)


def boolean(value: Any) -> bool | None:
    if value is None:
        return None
    if isinstance(value, list):
        return boolean(value[0]) if len(value) == 1 else any(map(boolean, value))
    if isinstance(value, str | dict):
        return len(value) > 0
    return bool(value) and value is not NULL and not is_function(value) and value == value


def negation(value: Any) -> bool | None:
    return None if value is None else not boolean(value)


def alike(left: Any, right: Any) -> bool:
    """Whether two values are equal in every depth; true is not 1."""
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(alike, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(alike(value, right[name]) for name, value in left.items())
    return same(left, right)


def same(left: Any, right: Any) -> bool:
    """Whether two values are one: equal texts or numbers, or the very same list or object."""
    if left is right:
        return not isinstance(left, float) or left == left
    if isinstance(left, list | dict | bool) or isinstance(right, bool):
        return False
    return bool(left == right)


def kind(value: Any) -> str | None:
    if value is None:
        return None
    if is_function(value):
        return "function"
    kinds: tuple[tuple[type | tuple[type, ...], str], ...] = (
        (bool, "boolean"),
        ((int, float), "number"),
        (str, "string"),
        (list, "array"),
        (dict, "object"),
    )
    return next((name for types, name in kinds if isinstance(value, types)), "null")
