"""Functions for fields that may be null or blank: the first that is filled, and a text joined of those that are."""

from __future__ import annotations

from typing import Any

from engine.formulas.functions.texts import text_of
from engine.formulas.missing import MISSING
from engine.formulas.refusals import Refused, kind


def is_filled(value: Any) -> bool:
    """Neither missing nor null nor blank text nor an empty list."""
    if value is MISSING or value is None:
        return False
    return bool(value.strip()) if isinstance(value, str) else value != []


def first_filled(*values: Any) -> Any:
    """The first value that is filled, text without the spaces around it; missing where none is."""
    for value in values:
        if is_filled(value):
            return value.strip() if isinstance(value, str) else value
    return MISSING


def join_filled(values: Any, separator: Any = " ") -> Any:
    """The filled values as one text; missing where none is. M2016 for a list or record among them."""
    if separator is MISSING:
        separator = " "
    if not isinstance(separator, str):
        raise Refused("M2016", f"$join_filled needs a text to put between, but it got {kind(separator)}")
    held = values if isinstance(values, list) else [values]
    parts = []
    for value in held:
        if not is_filled(value):
            continue
        if not isinstance(value, str | int | float):
            raise Refused(
                "M2016",
                f"$join_filled joins texts and numbers, but it got {kind(value)}",
                "Point at a field inside it.",
            )
        parts.append(text_of(value).strip())
    return separator.join(parts) if parts else MISSING
