"""The values there are to choose from, where a schema lists them: an `enum`, or alternatives of one value each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import Json


def choices(schema: Mapping[str, Any]) -> tuple[tuple[Json, str], ...]:
    """Each value with the words people read, in the order of the schema; none where it lists no values."""
    if "enum" in schema:
        return tuple((value, _as_text(value)) for value in schema["enum"])
    branches = schema.get("oneOf") or schema.get("anyOf") or ()
    if not all(isinstance(branch, Mapping) and "const" in branch for branch in branches):
        return ()
    return tuple((branch["const"], str(branch.get("title") or _as_text(branch["const"]))) for branch in branches)


def title_of(schema: Mapping[str, Any], value: Json) -> str | None:
    """The words for one of the values; None for any other."""
    alike = (title for known, title in choices(schema) if known == value and type(known) is type(value))
    return next(alike, None)


def _as_text(value: Json) -> str:
    return value if isinstance(value, str) else str(value)
