"""Value tables as a flow holds them, also where the rest of it is broken; and the changes from one to another."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.design.operations.editing import read
from engine.documents.formula_text import formula_text
from engine.documents.workspace import did_you_mean
from engine.errors import DocumentError, Json, Problem
from engine.flows.flow import Reference
from engine.flows.library import LoadedFlow
from engine.formulas.functions.letters import ascii_of

Value = str | int | float | bool | None
Otherwise = Literal["fail", "leave_out", "value"]
_LONGEST_NAME = 40  # characters, before a number
_MOST_SINGLE = 20  # changes of single rows; more are one change of all rows


@dataclass(frozen=True, slots=True)
class Table:
    """A value table. rows: in the order of the document; value: what `otherwise` gives where it says value."""

    name: str
    title: str
    help: str = ""
    rows: Mapping[str, Value] = field(default_factory=dict)
    otherwise: Otherwise = "fail"
    value: Json = None
    refers: Reference | None = None

    @property
    def is_read(self) -> bool:
        """Are its rows read from the target, so that nobody writes them?"""
        return self.refers is not None and self.refers.every


def free_name(title: str, taken: Collection[str]) -> str:
    """A name for a new table that formulas can use, from its title; with a number where that one is taken."""
    letters = re.sub(r"[^a-z0-9]+", "_", ascii_of(title).lower()).strip("_")[:_LONGEST_NAME]
    name = letters if letters[:1].isalpha() else f"lookup_{letters}".rstrip("_")
    number, free = 2, name
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free


def tables_of(held: str | LoadedFlow) -> dict[str, Table]:
    """The value tables of a flow, by name, as far as they can be read; DocumentError where the text is no JSON."""
    if isinstance(held, LoadedFlow):
        held = held.sources[f"saved_mappings/{held.flow.name}.json"]
    document = read(held)
    found = document.get("lookups") if isinstance(document, Mapping) else None
    named = found.items() if isinstance(found, Mapping) else ()
    return {name: _table(name, about) for name, about in named if isinstance(about, Mapping)}


def table_of(held: str | LoadedFlow, name: str) -> Table:
    """One value table of a flow; DocumentError with a suggestion where there is none of this name."""
    tables = tables_of(held)
    if name not in tables:
        close = did_you_mean(name, tables)
        there = f"There are: {', '.join(tables)}." if tables else "The flow has none yet."
        advice = f"Did you mean “{close}”?" if close else there
        raise DocumentError([Problem("lookups", f"there is no lookup “{name[:60]}”", advice)])
    return tables[name]


def _table(name: str, about: Mapping[str, Any]) -> Table:
    otherwise = about.get("otherwise")
    otherwise = otherwise if isinstance(otherwise, Mapping) else {}
    does = otherwise.get("do")
    rows = about.get("rows")
    return Table(
        name,
        str(about.get("title") or name),
        str(about.get("help") or ""),
        {k: v for k, v in rows.items() if not isinstance(v, dict | list)} if isinstance(rows, Mapping) else {},
        does if does in ("leave_out", "value") else "fail",
        otherwise.get("value"),
        _reference(about.get("refers")),
    )


def _reference(about: Json) -> Reference | None:
    if not isinstance(about, Mapping):
        return None
    texts: dict[str, Any] = {part: about.get(part) for part in ("connector", "resource", "by", "gives")}
    if not all(isinstance(text, str | list) and text for text in texts.values()):
        return None
    where = about.get("where")
    return Reference(
        str(texts["connector"]),
        str(texts["resource"]),
        formula_text(texts["by"]),
        formula_text(texts["gives"]),
        formula_text(where) if where else None,
        about.get("every") is True,
    )


def changes(lookup: str, before: Mapping[str, Value], after: Mapping[str, Value]) -> list[dict[str, Json]]:
    """The operations that turn the rows into others, order and kinds of values included; none where they are alike."""
    removed = [key for key in before if key not in after]
    written = [key for key in after if key not in before or not _same(before[key], after[key])]
    if not removed and not written and list(before) == list(after):
        return []
    kept = [key for key in before if key in after]
    in_order = [*kept, *(key for key in after if key not in before)] == list(after)
    if not in_order or len(removed) + len(written) > _MOST_SINGLE:
        return [{"op": "set_rows", "lookup": lookup, "rows": dict(after)}]
    return [*_removals(lookup, removed), *_writings(lookup, written, after)]


def _removals(lookup: str, keys: list[str]) -> Iterator[dict[str, Json]]:
    for key in keys:
        yield {"op": "remove_row", "lookup": lookup, "key": key}


def _writings(lookup: str, keys: list[str], after: Mapping[str, Value]) -> Iterator[dict[str, Json]]:
    for key in keys:
        yield {"op": "set_row", "lookup": lookup, "key": key, "value": after[key]}


def _same(one: Value, other: Value) -> bool:
    """True is not 1, and 1 is not 1.0: what stands in the file would differ."""
    return type(one) is type(other) and one == other
