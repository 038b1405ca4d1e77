"""The lines of a mapping's picture: from each field, answer, fact, step and lookup to the fields it goes into."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from engine.errors import Json
from engine.formulas.origins import Origins
from engine.formulas.paths import written
from engine.formulas.sources import RECORD, Origin, Source
from engine.mappings.mapping import FieldMapping
from engine.mappings.paths import list_of

Kind = Literal["field", "answer", "fact", "value", "step", "lookup"]

_KINDS: dict[str, Kind] = {
    "$answers": "answer",
    "$facts": "fact",
    "$values": "value",
    "$steps": "step",
    "$lookups": "lookup",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line. source: `customer.email`, `lines[].sku`, `$answers.unit`, `$lookups.terms`; target: `Rows[].Price`.

    via: the named values it goes through, the one the formula names first; the line to that value stands beside it.
    """

    source: str
    kind: Kind
    target: str
    via: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Json]:
        return {"source": self.source, "kind": self.kind, "target": self.target, "via": list(self.via)}


def lines(
    fields: Sequence[FieldMapping],
    *,
    values: Mapping[str, str] | None = None,
    each: str | None = None,
    lists: Collection[str] = (),
) -> list[Line]:
    """The lines of one step's field mappings, each once.

    values: the flow's named values; each: the items the step is done for; lists: paths of the source's schema that
    hold lists. What formulas walk as a list counts as one too.
    """
    origins = Origins(values or {})
    seen = RECORD if each is None else origins.items(each)
    found: list[tuple[Origin, str]] = []
    items: dict[str, Source] = {}
    for mapping in fields:
        if mapping.is_list:
            items[mapping.path] = origins.items(mapping.formula, seen)
    for mapping in fields:
        inside = list_of(mapping.path)
        here = items.get(inside[0], seen) if inside else seen
        found += [(origin, mapping.path) for origin in origins.of(mapping.formula, here)]
    walked = {way for path in items for way in _ways(items[path])} | (_ways(seen) if each else set())
    scopes = origins.lists | {way for way in walked if way} | {tuple(path.split(".")) for path in lists}
    return _each_once(found, scopes)


def _ways(source: Source) -> set[tuple[str, ...]]:
    """The way of a list that is walked as it is; none where it is made of several."""
    ways = {origin.way for origin in source.get(()) if not _is_variable(origin)}
    return ways if len(ways) == 1 else set()


def _is_variable(origin: Origin) -> bool:
    return bool(origin.way) and origin.way[0].startswith("$")


def _each_once(found: list[tuple[Origin, str]], scopes: Collection[tuple[str, ...]]) -> list[Line]:
    """One line from each source to each target, by the shortest way; values on the way are told by `via`."""
    made: dict[tuple[str, str], Line] = {}
    for origin, target in found:
        kind = _KINDS.get(origin.way[0] if origin.way else "", "field")
        if kind == "value" and origin.via:
            continue
        line = Line(_written(origin.way, scopes), kind, target, origin.via)
        known = made.get((line.source, target))
        if known is None or len(line.via) < len(known.via):
            made[line.source, target] = line
    return list(made.values())


def _written(way: tuple[str, ...], scopes: Collection[tuple[str, ...]]) -> str:
    """The way as a path, each list but one that is the end marked as in a target path."""
    ends = range(1, len(way) + 1)
    marks = ["[]" if way[:end] in scopes and end < len(way) else "" for end in ends]
    return ".".join(written((name,)) + mark for name, mark in zip(way, marks, strict=True)) or "$"
