"""Values that a person put in for one record: they hold over what the source says, while it says what it said then."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.errors import Json
from engine.formulas import MISSING

Path = tuple[str | int, ...]  # of a value in a record: names of fields, and places in lists


@dataclass(frozen=True, slots=True)
class MendedField:
    """One value. was: the source's own when it was put in, MISSING where nothing stood there; beside: what tells the
    items of lists on the way, which may stand at another place by now.
    """

    path: Path
    value: Json = field(repr=False)
    was: Json = field(repr=False)
    who: str
    at: datetime
    beside: tuple[tuple[Path, Json], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Mended:
    """What was put in for a record. revision: rises with each change, 0 where there was none; overtaken: those whose
    place the source has changed since: it is right again.
    """

    revision: int = 0
    holds: tuple[MendedField, ...] = ()
    overtaken: tuple[MendedField, ...] = ()

    @property
    def fields(self) -> tuple[MendedField, ...]:
        return (*self.holds, *self.overtaken)

    @property
    def mark(self) -> str:
        """What tells the record as it is now from itself before it was mended, or before a value was taken back."""
        return f" mended {self.revision}" if self.revision else ""


NOT_MENDED = Mended()


def put_over(record: Json, revision: int, fields: Iterable[MendedField]) -> tuple[Json, Mended]:
    """The record with the values that hold in it; what was read stays as it is."""
    holds, overtaken = [], []
    whole = record
    for each in fields:
        if _still_holds(record, each):
            whole = _with(whole, each.path, each.value)
            holds.append(each)
        else:
            overtaken.append(each)
    return whole, Mended(revision, tuple(holds), tuple(overtaken))


def value_there(record: Json, path: Path) -> Json:
    """What stands at a place; MISSING where nothing does."""
    for part in path:
        if isinstance(part, int):
            if not (isinstance(record, list) and part < len(record)):
                return MISSING
            record = record[part]
        elif isinstance(record, dict) and part in record:
            record = record[part]
        else:
            return MISSING
    return record


def same(one: Json, other: Json) -> bool:
    """True is not 1, and 1 is not 1.0: what was read would differ."""
    if one is MISSING or other is MISSING:
        return one is other
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def path_text(path: Path) -> str:
    """A place as people and formulas write it, lists counted from 0: `orderrows[2].sku`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def as_kept(revision: int, fields: Iterable[MendedField]) -> Json:
    """What is sealed."""
    return {"revision": revision, "fields": [_field_json(each) for each in fields]}


def of_kept(kept: dict[str, Any]) -> tuple[int, tuple[MendedField, ...]]:
    """The revision and the fields of what was sealed."""
    return int(kept["revision"]), tuple(_field_of(each) for each in kept["fields"])


def _still_holds(record: Json, each: MendedField) -> bool:
    known = ((each.path, each.was), *each.beside)
    return all(same(value_there(record, path), was) for path, was in known)


def _with(record: Json, path: Path, value: Json) -> Json:
    """A copy with the value in it; objects that are not there are made."""
    if not path:
        return value
    first, rest = path[0], path[1:]
    if isinstance(first, int):
        items = list(record)
        items[first] = _with(items[first], rest, value)
        return items
    held = dict(record) if isinstance(record, dict) else {}
    held[first] = _with(held.get(first), rest, value)
    return held


def _field_json(each: MendedField) -> dict[str, Json]:
    told: dict[str, Json] = {"path": list(each.path), "value": each.value, "who": each.who, "at": each.at.isoformat()}
    if each.was is not MISSING:
        told["was"] = each.was
    return told | {"beside": [[list(path), was] for path, was in each.beside]}


def _field_of(kept: dict[str, Any]) -> MendedField:
    return MendedField(
        tuple(kept["path"]),
        kept["value"],
        kept.get("was", MISSING),
        kept["who"],
        datetime.fromisoformat(kept["at"]),
        tuple((tuple(path), was) for path, was in kept["beside"]),
    )
