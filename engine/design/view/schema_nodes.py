"""The nodes of a tree, from a schema and from what a sample has beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from engine.errors import Json
from engine.formulas.paths import written
from engine.formulas.words import readable

MOST_DEPTH = 8
MOST_NODES = 4_000
MOST_NAME = 200
MOST_HELP = 400
_MOST_ITEMS_LOOKED_AT = 20
_FORMATS = {"date": "date", "date-time": "datetime"}
_TYPES = {"string": "text", "array": "list"}


@dataclass(frozen=True, slots=True)
class Node:
    """One row of a tree."""

    id: str
    parent: str | None
    label: str
    name: str
    type: str
    required: bool = False
    help: str = ""
    personal: bool = False
    gone: bool = False
    repeated: bool = False
    meaning: str = ""  # not shown; for finding a field a new home

    def as_json(self) -> dict[str, Json]:
        held: dict[str, Json] = {
            "id": self.id,
            "parent": self.parent,
            "label": self.label,
            "name": self.name,
            "type": self.type,
        }
        marks = {"required": self.required, "personal": self.personal, "gone": self.gone, "repeated": self.repeated}
        return (
            held | {name: True for name, is_so in marks.items() if is_so} | ({"help": self.help} if self.help else {})
        )


def type_of_schema(about: Mapping[str, Json]) -> str:
    """The type of a field as people are told it."""
    types = about.get("type")
    wanted = types if isinstance(types, list) else [types] if types else []
    kind = next((str(name) for name in wanted if name != "null"), "")
    if kind == "string" or not kind:
        dated = _FORMATS.get(str(about.get("format", "")), "") or _kind(about)
        if dated:
            return dated
    if not kind:
        return "list" if "items" in about else "object" if "properties" in about else "any"
    return _TYPES.get(kind, kind)


def _kind(about: Mapping[str, Json]) -> str:
    kind = about.get("x-kind")
    return str(kind) if kind in ("date", "datetime") else ""


def type_of_value(value: Json) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"  # 2 in one record may be 2.5 in the next
    kinds: dict[type, str] = {str: "text", list: "list", dict: "object"}
    return kinds.get(type(value), "any")


# --- the source's


def source_nodes(
    schema: Mapping[str, Json], sample: Json, parent: str | None = None, prefix: str = "", *, repeated: bool = False
) -> Iterator[Node]:
    """The fields of a record and those that only the sample has. Lists: `rows`, and in their items `rows[].price`."""
    yield from _source(schema, sample, parent, prefix, repeated, 0)


def _source(
    schema: Mapping[str, Json], sample: Json, parent: str | None, prefix: str, repeated: bool, depth: int
) -> Iterator[Node]:
    known = schema.get("properties")
    properties: Mapping[str, Json] = known if isinstance(known, Mapping) else {}
    held = sample if isinstance(sample, Mapping) else {}
    if depth > MOST_DEPTH:
        return
    for name in dict.fromkeys([*properties, *held]):
        about = properties.get(name)
        about = about if isinstance(about, Mapping) else {}
        value = held.get(name)
        type_ = type_of_schema(about) if about else type_of_value(value)
        if type_ == "any" and value is not None:
            type_ = type_of_value(value)
        here = prefix + written((name,))
        yield _node(here, parent, name, type_, about, repeated=repeated)
        if type_ == "object":
            yield from _source(about, value, here, here + ".", repeated, depth + 1)
        elif type_ == "list":
            items = about.get("items")
            inner = items if isinstance(items, Mapping) else {}
            yield from _source(inner, merged_items(value), here, here + "[].", True, depth + 1)


def merged_items(value: Json) -> Json:
    """One object with a value for every field that the first items of a list have."""
    items = (
        [item for item in value[:_MOST_ITEMS_LOOKED_AT] if isinstance(item, Mapping)] if isinstance(value, list) else []
    )
    merged: dict[str, Json] = {}
    for item in items:
        for name, held in item.items():
            if merged.get(name) in (None, [], {}, ""):
                merged[name] = held
    return merged


def _node(
    id_: str,
    parent: str | None,
    name: str,
    type_: str,
    about: Mapping[str, Json],
    *,
    repeated: bool,
    required: bool = False,
) -> Node:
    title = about.get("title")
    label = str(title) if title else readable(name[:MOST_NAME])
    return Node(
        id_,
        parent,
        _short(label, MOST_NAME),
        _short(name, MOST_NAME),
        type_,
        required=required,
        help=_short(str(about.get("description", "")), MOST_HELP),
        personal=bool(about.get("x-personal")),
        repeated=repeated,
        meaning=str(about.get("x-meaning", "")),
    )


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


# --- the target's


def target_nodes(schema: Mapping[str, Json], whole_lists: frozenset[str] = frozenset()) -> Iterator[Node]:
    """The fields that can be written. whole_lists: paths of lists that are mapped in one formula, without `[]`."""
    yield from _target(schema, None, "", False, 0, whole_lists)


def _target(
    schema: Mapping[str, Json], parent: str | None, prefix: str, repeated: bool, depth: int, whole_lists: frozenset[str]
) -> Iterator[Node]:
    properties = schema.get("properties")
    required = schema.get("required", ())
    if depth > MOST_DEPTH or not isinstance(properties, Mapping):
        return
    for name, about in properties.items():
        if not isinstance(about, Mapping) or about.get("x-write") == "never":
            continue
        type_ = type_of_schema(about)
        here = prefix + name
        if type_ == "list" and here not in whole_lists:
            here += "[]"
        node = _node(here, parent, name, type_, about, repeated=repeated, required=name in required)
        yield node
        if type_ == "object":
            yield from _target(about, here, here + ".", repeated, depth + 1, whole_lists)
        elif type_ == "list" and not repeated and isinstance(about.get("items"), Mapping):
            inner = here if here.endswith("[]") else here + "[]"
            yield from _target(about["items"], here, inner + ".", True, depth + 1, whole_lists)


def gone_node(target: str, known: set[str]) -> Node:
    """The row of a mapping whose field the target does not have any more."""
    head, mark, tail = target.partition("[].")
    parent = head + "[]" if mark and head + "[]" in known else None
    name = tail if parent else target
    return replace(
        _node(target, parent, name, "list" if target.endswith("[]") else "any", {}, repeated=parent is not None),
        gone=True,
    )
