"""The two trees of a step: what can be mapped from, and what can be mapped to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace

from engine.design.view.schema_nodes import (
    MOST_DEPTH,
    MOST_NODES,
    Node,
    gone_node,
    merged_items,
    source_nodes,
    target_nodes,
    type_of_value,
)
from engine.design.view.work import Work
from engine.documents.quick_json import write_line
from engine.errors import Json
from engine.flows.flow import Step
from engine.flows.library import LoadedFlow
from engine.formulas import MISSING
from engine.formulas.lint import Shape
from engine.formulas.paths import written
from engine.formulas.words import Speech, Template, readable

ROOTS: dict[str, Template] = {
    "$answers": "Settings",
    "$lookups": "Lookups",
    "$steps": "Earlier steps",
    "$values": "Named values",
    "$facts": "About the accounts",
}
_SHAPES = {"string": "text", "number": "number", "boolean": "boolean", "object": "object"}


def source_tree(
    loaded: LoadedFlow, step: Step, sample: Json, work: Work, values: Mapping[str, Shape], say: Speech
) -> list[Node]:
    """The record's fields, then settings, lookups, earlier steps, named values and facts."""
    flow = loaded.flow
    schema = loaded.connectors[flow.source.connector].resources[flow.source.resource].schema
    nodes = list(source_nodes(schema, sample))
    for root, inside in (
        ("$answers", list(source_nodes(flow.questions, {}, "$answers", "$answers."))),
        ("$lookups", [_table(name, lookup.title) for name, lookup in flow.lookups.items()]),
        ("$steps", list(_earlier(loaded, step))),
        ("$values", list(_named(work, values))),
        ("$facts", list(_facts(loaded))),
    ):
        if inside:
            nodes += [Node(root, None, say(ROOTS[root]), root, "object"), *inside]
    return nodes[:MOST_NODES]


def target_tree(step: Step, schema: Mapping[str, Json]) -> list[Node]:
    """The fields that can be written, and a row for each mapping whose field is gone."""
    whole = frozenset(mapping.path for mapping in step.fields if not mapping.path.endswith("[]"))
    nodes = list(target_nodes(schema, whole))
    known = {node.id for node in nodes}
    gone = [mapping.path for mapping in step.fields if mapping.path not in known]
    return [*nodes[:MOST_NODES], *(gone_node(path, known) for path in gone)]


def both(source: str, left: list[Node], target: str, right: list[Node]) -> dict[str, Json]:
    """The two trees with their titles, and a short name for exactly these."""
    from_ = {"title": source, "nodes": [node.as_json() for node in left]}
    to = {"title": target, "nodes": [node.as_json() for node in right]}
    said = write_line(from_) + write_line(to)
    return {"revision": hashlib.blake2b(said, digest_size=8).hexdigest(), "source": from_, "target": to}


def _table(name: str, title: str) -> Node:
    return Node(f"$lookups.{written((name,))}", "$lookups", title, name, "table")


def _earlier(loaded: LoadedFlow, step: Step) -> Iterator[Node]:
    for earlier in loaded.flow.steps:
        if earlier is step or earlier.name == step.name:
            return
        here = f"$steps.{written((earlier.name,))}"
        resource = loaded.connectors[earlier.connector].resources[earlier.resource]
        label = f"{resource.title} ({readable(earlier.name)})"
        yield Node(here, "$steps", label, earlier.name, "object", help=earlier.title)
        yield from source_nodes(resource.schema, {}, here, here + ".")


def _facts(loaded: LoadedFlow) -> Iterator[Node]:
    flow = loaded.flow
    for side, name in (("source", flow.source.connector), ("target", flow.target())):
        connector = loaded.connectors[name]
        if connector.facts:
            yield Node(f"$facts.{side}", "$facts", connector.title, side, "object")
        for fact in connector.facts.values():
            yield Node(f"$facts.{side}.{written((fact.name,))}", f"$facts.{side}", fact.title, fact.name, "any")


def _named(work: Work, shapes: Mapping[str, Shape]) -> Iterator[Node]:
    for name, evaluation in work.values.items():
        here = f"$values.{written((name,))}"
        value = None if evaluation.value is MISSING else evaluation.value
        yield from _value(here, "$values", name, value, shapes.get(name), False, 0)


def _value(
    here: str, parent: str, name: str, value: Json, shape: Shape | None, repeated: bool, depth: int
) -> Iterator[Node]:
    is_many = isinstance(value, list) or (shape is not None and shape.many)
    node = Node(here, parent, readable(name), name, "list" if is_many else _type(value, shape), repeated=repeated)
    held = merged_items(value) if isinstance(value, list) else value
    names = dict.fromkeys(
        [*((shape.fields if shape is not None else None) or {}), *(held if isinstance(held, dict) else ())]
    )
    if names and not is_many:
        node = replace(node, type="object")
    yield node
    if depth >= MOST_DEPTH:
        return
    for inner in names:
        below = f"{here}{'[]' if is_many else ''}.{written((inner,))}"
        fields = (shape.fields if shape is not None else None) or {}
        inside = held.get(inner) if isinstance(held, dict) else None
        yield from _value(below, here, inner, inside, fields.get(inner), repeated or is_many, depth + 1)


def _type(value: Json, shape: Shape | None) -> str:
    if value is not None:
        return type_of_value(value)
    types = sorted(shape.types) if shape is not None and shape.types else []
    return _SHAPES.get(types[0], "any") if len(types) == 1 else "any"
