"""The kinds of records that the rows of a lookup may name: those of the target that its other records refer to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.design.starter.fields import Record
from engine.design.starter.proposals import condition, name_field
from engine.errors import Json
from engine.flows.library import LoadedFlow


@dataclass(frozen=True, slots=True)
class Referable:
    """A kind of records. refers: as a lookup of the flow says it."""

    title: str
    refers: Mapping[str, Json]


def referable(loaded: LoadedFlow) -> list[Referable]:
    """Those of the flow's target, by title."""
    connector = loaded.connectors.get(loaded.flow.target() or "")
    if connector is None:
        return []
    wanted = {name for resource in connector.resources.values() for name in _referred(resource.schema)}
    found = []
    for resource in connector.resources.values():
        if resource.name in wanted and resource.key_field and resource.operation("read") is not None:
            record = Record.of(resource)
            where = condition(record)
            refers = {"connector": connector.name, "resource": resource.name, "by": name_field(record)}
            refers |= {"gives": resource.key_field, **({"where": where} if where else {})}
            found.append(Referable(resource.title, refers))
    return sorted(found, key=lambda each: each.title)


def _referred(schema: Json) -> Iterator[str]:
    """Every kind of record that a schema says a field refers to."""
    if isinstance(schema, Mapping):
        if isinstance(schema.get("x-refers"), str):
            yield schema["x-refers"]
        for held in schema.values():
            yield from _referred(held)
    elif isinstance(schema, list):
        for held in schema:
            yield from _referred(held)
