"""JSONata's own functions of lists and objects for compiled formulas, each exactly or not at all."""

from __future__ import annotations

from typing import Any

from engine.formulas.compiled.bounds import defer
from engine.formulas.compiled.runtime import MOST_COMPARED, NUMBERS, alike, as_list, exact, utf16, without_fields
from engine.formulas.missing import MISSING


def count(value: Any) -> int:
    return len(value) if type(value) is list else 0 if value is MISSING else 1


def append(first: Any, second: Any) -> Any:
    if first is MISSING or second is MISSING:
        return second if first is MISSING else first
    return as_list(first) + as_list(second)


def reverse(value: Any) -> Any:
    return MISSING if value is MISSING else as_list(value)[::-1]


def distinct(value: Any, *, is_array: bool = False) -> Any:
    """is_array: whether it was written with brackets; else a list of one would have to be told from one value."""
    if type(value) is not list or len(value) < 2:
        return value
    if all(type(each) is str for each in value) or all(type(each) is int for each in value):
        kept = list(dict.fromkeys(as_list(value)))
    elif len(value) <= 300:
        kept, room = [], [MOST_COMPARED]
        for each in value:
            if type(each) is list:
                raise TypeError
            if not any(alike(each, other, room) for other in kept):
                kept.append(each)
    else:
        return defer()
    return kept if len(kept) > 1 or is_array else defer()


def sort(value: Any) -> Any:
    if value is MISSING:
        return MISSING
    held = as_list(value)
    if all(type(each) in NUMBERS for each in held):
        return sorted(held)
    if all(type(each) is str for each in held):
        return sorted(held, key=utf16) if not all(map(str.isascii, held)) else sorted(held)
    return held if len(held) < 2 else defer()


def keys(value: Any) -> Any:
    if type(value) is not dict:
        return defer() if type(value) is list else without_fields(value)
    names = list(value)
    if any(name.isdigit() for name in names):
        return defer()
    return names if len(names) > 1 else names[0] if names else MISSING


def lookup(value: Any, name: Any) -> Any:
    if type(name) is not str:
        raise TypeError
    if type(value) is dict:
        return exact(value.get(name, MISSING))
    if type(value) is not list:
        return without_fields(value)
    found: list[Any] = []  # unlike a path step, a lone list is taken apart
    for item in as_list(value):
        held = item.get(name, MISSING) if type(item) is dict else without_fields(item)
        if type(held) is list:
            found.extend(held)
        elif held is not MISSING:
            found.append(held)
    return found if len(found) > 1 else found[0] if found else MISSING


def merge(value: Any) -> Any:
    if value is MISSING:
        return MISSING
    merged: dict[str, Any] = {}
    for each in as_list(value):
        if type(each) is not dict:
            raise TypeError
        merged.update(each)
    return merged


def type_of(value: Any) -> Any:
    names = {str: "string", bool: "boolean", int: "number", float: "number", list: "array", dict: "object"}
    return MISSING if value is MISSING else "null" if value is None else names[type(value)]
