"""Whose a record is: names and addresses that it is found by, for whoever has to know that the caller is the buyer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import Json
from engine.runs.record_fields import fields_of, value_at

_OF_PEOPLE = ("name", "email", "phone")
_MOST = 4


def whose(record: Mapping[str, Json] | None, schema: Mapping[str, Any]) -> tuple[str, ...]:
    """Each once, however often the record says it; none where its content was forgotten."""
    found = dict.fromkeys(
        value.strip()
        for path, about in fields_of(schema)
        if about.get("x-search") and about.get("x-kind") in _OF_PEOPLE
        if isinstance(value := value_at(record, path), str) and value.strip()
    )
    return tuple(found)[:_MOST]
