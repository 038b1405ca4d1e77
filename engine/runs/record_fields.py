"""The fields of a record that are not in a list: where its schema has them, and what a record has there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.errors import Json

Path = tuple[str, ...]


def fields_of(schema: Mapping[str, Any], prefix: Path = ()) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Every field with what the schema says of it, lists left out."""
    for name, about in schema.get("properties", {}).items():
        yield (*prefix, name), about
        yield from fields_of(about, (*prefix, name))


def value_at(record: Json, path: Path) -> Json:
    """What stands there; None where nothing does."""
    for name in path:
        record = record.get(name) if isinstance(record, dict) else None
    return record
