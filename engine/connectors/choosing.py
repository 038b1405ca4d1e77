"""Which fields a request asks for, where a system gives only those it is asked for: all that are described.

All of them on purpose, whatever a flow reads today: the stored record is what replays, examples, what a change would
do and later mappings are worked out from, and asking for fewer fields saves no request.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.connectors.connector import Child, Operation
from engine.errors import Json


def choice(operation: Operation, schema: Mapping[str, Json], beside: Iterable[Operation] = ()) -> dict[str, Json]:
    """$choose for a request, where it says it: the names of the top fields of the records it brings.

    beside: the other operations of the resource; what is fetched apart by one of them is no field of any.
    """
    if not any("$choose" in formula for formula in operation.formulas().values()):
        return {}
    children = {name: child for other in beside for name, child in other.children.items()}
    return {"choose": list(chosen_fields(schema, {**children, **operation.children}))}


def chosen_fields(schema: Mapping[str, Json], children: Mapping[str, Child]) -> Iterator[str]:
    """Without the fields that requests of their own bring, but for those that hold the ids these ask for, and
    without those that the connector makes itself (`x-asked`)."""
    for name, about in schema.get("properties", {}).items():
        child = children.get(name)
        holds_ids = child is not None and child.together is not None and child.together.ids.strip() == name
        if about.get("x-asked", True) and (child is None or holds_ids):
            yield name


def schema_below(schema: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    """The schema of one record in a field: of an item where it is a list; {} where it is not described."""
    about = schema.get("properties", {}).get(name, {})
    items = about.get("items")
    return items if isinstance(items, Mapping) else about
