"""Mending a value of one record: kept here only, over what was read, and never written to the source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from engine.connectors.connector import Resource
from engine.connectors.pages import UNMADE
from engine.design.desk import Desk
from engine.design.people.rights import Role, needs
from engine.design.support.leaves import MISSING, Leaf, Leaves, Path, path_of, path_text, value_typed
from engine.errors import DocumentError, Json, MendedMeanwhile, Problem
from engine.flows.library import load_flow
from engine.formulas.words import Translations
from engine.runs.ledger import StoredRecord
from engine.runs.ledger.mended_fields import MendedField, same, value_there

__all__ = ["MendedMeanwhile", "Shown", "alike", "leaves", "mend", "mended_values", "take_back"]

_MOST_MENDED = 100  # values of one record


@dataclass(frozen=True, slots=True)
class Shown:
    """A mended value as people are told of it. was, value: MISSING where nothing stood there; holds: False where the
    source has changed it since, so that the source's own counts again.
    """

    path: Path
    title: str
    was: Json = field(repr=False)
    value: Json = field(repr=False)
    who: str
    at: datetime
    holds: bool


def leaves(things: Desk, record: StoredRecord, translations: Translations | None = None) -> Leaves:
    """The single values of a record; DocumentError where its flow or its connector cannot be read, or nothing of it
    is kept.
    """
    if record.as_read is None:
        advice = "Fetch it anew: `run FLOW --only KEY` reads it from the source."
        raise DocumentError([Problem(_called(record), "its content was forgotten after the retention time", advice)])
    if any(problem.code == UNMADE for problem in record.problems):
        advice = "Mend the connector, or what the source sends."
        raise DocumentError([Problem(_called(record), "no record could be made of what the source sent", advice)])
    resource = _resource(things, record.flow)
    return Leaves(resource, record, _identity(things, resource), translations)


def mended_values(things: Desk, record: StoredRecord, translations: Translations | None = None) -> list[Shown]:
    """What was mended in a record, the oldest first; also where its flow cannot be read any more."""
    known: Leaves | None = None
    if record.mended.fields:
        with suppress(DocumentError):
            known = leaves(things, record, translations)
    return shown_values(record, known)


def shown_values(record: StoredRecord, known: Leaves | None) -> list[Shown]:
    """The same where its single values are at hand; None where they cannot be named."""
    told = [
        Shown(each.path, title(known, each.path), each.was, each.value, each.who, each.at, each in record.mended.holds)
        for each in record.mended.fields
    ]
    return sorted(told, key=lambda each: each.at)


def title(known: Leaves | None, path: Path | str) -> str:
    """What people call the value at a place; as it is written where nobody can say."""
    if known is not None:
        with suppress(DocumentError):
            return known.at(path_of(path) if isinstance(path, str) else path).title
    return path if isinstance(path, str) else path_text(path)


def alike(known: Leaves, leaf: Leaf) -> list[Leaf]:
    """The same field in other items of the record's lists, where the source has the same value."""
    names = _names(leaf.path)
    if names == leaf.path or leaf.read is MISSING:
        return []
    return [each for each in known.all() if _names(each.path) == names and each.path != leaf.path and _same(each, leaf)]


@needs(Role.MEND, "mend a value of a record")
def mend(
    things: Desk,
    seen: StoredRecord,
    path: Path,
    text: str | None,
    who: str,
    decimal: Literal[".", ","] = ".",
    *,
    also: Sequence[Path] = (),
) -> StoredRecord:
    """Put in a value for this one record; the record with it. Nothing is sent, and nothing becomes due by it.

    seen: the record as it was shown; MendedMeanwhile where somebody else, or the source, has changed it since. text:
    what was typed, None for nothing at all; decimal: the mark before decimals, as who typed it writes numbers; also:
    other places that get the same. DocumentError where such a value cannot stand there.
    """
    known, now = leaves(things, seen), things.clock.now()
    wanted = [known.at(each) for each in dict.fromkeys((path, *also))]
    fields = [_field(things, seen, leaf, text, decimal, who, now) for leaf in wanted]
    paths = [leaf.path for leaf in wanted]

    def change(before: StoredRecord) -> tuple[MendedField, ...]:
        for leaf in wanted:
            if not same(value_there(before.as_read, leaf.path), leaf.read):
                raise _read_anew(before, leaf)
        after = (*(each for each in before.mended.fields if each.path not in paths), *fields)
        if len(after) > _MOST_MENDED:
            advice = "Take some back, or change the record in the source."
            what = f"more than {_MOST_MENDED} values of it cannot be mended"
            raise DocumentError([Problem(_called(seen), what, advice)])
        return after

    return things.ledger.change_mended(seen.id, seen.mended.revision, change, paths, who, now)


@needs(Role.MEND, "take back a mended value")
def take_back(things: Desk, seen: StoredRecord, path: Path, who: str) -> StoredRecord:
    """Let the source's own value count again; the same errors."""
    if not any(each.path == path for each in seen.mended.fields):
        there = ", ".join(path_text(each.path) for each in seen.mended.fields) or "none"
        raise DocumentError([Problem(path_text(path), "no such value is mended", f"Mended are: {there}.")])

    def change(before: StoredRecord) -> tuple[MendedField, ...]:
        return tuple(each for each in before.mended.fields if each.path != path)

    return things.ledger.change_mended(seen.id, seen.mended.revision, change, [path], who, things.clock.now())


def _field(
    things: Desk,
    seen: StoredRecord,
    leaf: Leaf,
    text: str | None,
    decimal: Literal[".", ","],
    who: str,
    now: datetime,
) -> MendedField:
    """The value as it is kept; DocumentError where it may not be."""
    if leaf.why_not:
        advice = "Change it in the source; the next run reads it."
        raise DocumentError([Problem(leaf.title, f"it cannot be mended here: {_small(leaf.why_not)}", advice)])
    value = value_typed(leaf, text, decimal)
    if same(value, leaf.read):
        advice = "Take the mended value back instead." if leaf.mended else "Type another value; nothing was kept."
        raise DocumentError([Problem(leaf.title, "that is what the source has already", advice)])
    return MendedField(leaf.path, value, leaf.read, who, now, tuple(_beside(things, seen, leaf.path)))


def _names(path: Path) -> Path:
    return tuple(part for part in path if isinstance(part, str))


def _same(one: Leaf, other: Leaf) -> bool:
    return same(one.read, other.read) and same(one.value, other.value)


def _resource(things: Desk, flow: str) -> Resource:
    loaded = load_flow(things.workspace, flow)
    return loaded.connectors[loaded.flow.source.connector].resources[loaded.flow.source.resource]


def _identity(things: Desk, resource: Resource) -> frozenset[str]:
    """The fields that its key and its number are made of."""
    formulas = [formula for formula in (resource.key, resource.number) if formula]
    paths = [path for formula in formulas for path in things.formulas.reads(formula)]
    heads = {path.removeprefix("$$.").split(".")[0].strip("`") for path in paths}
    return frozenset(heads | ({resource.key_field} if resource.key_field else set()))


def _beside(things: Desk, record: StoredRecord, path: Path) -> Iterator[tuple[Path, Json]]:
    """What tells the items of lists on the way to a value: an id that no other item has, else all of the item."""
    schema: Any = _resource(things, record.flow).schema
    for place, part in enumerate(path):
        schema = schema.get("items" if isinstance(part, int) else "properties", {})
        if not isinstance(part, int):
            schema = schema.get(part, {})
            continue
        items, item = value_there(record.as_read, path[:place]), path[: place + 1]
        ids = [name for name, about in schema.get("properties", {}).items() if about.get("x-kind") == "id"]
        told = [(*item, name) for name in ids if _is_one_of_a_kind(items, part, name)]
        if told:
            yield told[0], value_there(record.as_read, told[0])
        elif item == path:
            yield path[:place], items
        else:
            yield item, items[part]


def _is_one_of_a_kind(items: list[Json], place: int, name: str) -> bool:
    held = [item.get(name) if isinstance(item, dict) else None for item in items]
    return held[place] is not None and held.count(held[place]) == 1


def _read_anew(now: StoredRecord, leaf: Leaf) -> MendedMeanwhile:
    return MendedMeanwhile(
        f"The source has changed “{leaf.title}” since it was shown here; nothing of yours was kept",
        where=_called(now),
        why="a run has read the record anew",
        what_to_do="Look at it as it is now, and make your change once more.",
        record=now,
    )


def _called(record: StoredRecord) -> str:
    return record.number or record.key


def _small(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:].rstrip(".")
