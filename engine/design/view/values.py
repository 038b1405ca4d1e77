"""The sample's value beside each row of the source tree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.design.view.around import Around
from engine.design.view.schema_nodes import Node, merged_items
from engine.design.view.shown import shown
from engine.design.view.work import Work
from engine.errors import Json
from engine.formulas import MISSING

_MOST_ITEMS = 3


def source_values(nodes: Iterable[Node], record: Json, work: Work, around: Around) -> dict[str, str]:
    """By the row's id what stands there; of a field in a list its value in the first items; nothing where none is."""
    answers = work.sight.variables["steps"]
    tables = {name: dict(table.rows) for name, table in around.environment.lookups.items()}
    values = {name: e.value for name, e in work.values.items() if e.error is None and e.value is not MISSING}
    roots: dict[str, Json] = {
        "$answers": around.environment.variables["answers"],
        "$facts": around.environment.variables["facts"],
        "$values": values,
        "$steps": {name: _one_of_many(work, name, held) for name, held in answers.items()},
    }
    found: dict[str, str] = {}
    held: dict[str, list[Json]] = {}
    for node in nodes:
        if node.parent is None:
            held[node.id] = [roots[node.id]] if node.id in roots else _below([record], node.name)
        elif node.parent == "$lookups":
            found[node.id] = f"{len(tables.get(node.name, {}))} ×"
            continue
        else:
            held[node.id] = _below(held.get(node.parent, []), node.name)
        text = _text(node, held[node.id])
        if text is not None:
            found[node.id] = text
    return found


def _one_of_many(work: Work, name: str, held: Json) -> Json:
    """Of a step that is done for several items all its answers."""
    made = work.steps.get(name)
    return list(held.values()) if made is not None and made.step.each is not None and isinstance(held, dict) else held


def _below(above: list[Json], name: str) -> list[Json]:
    """What stands under a name in each of these; of a list in its first items."""
    found: list[Json] = []
    for value in above:
        for item in value[:_MOST_ITEMS] if isinstance(value, list) else [value]:
            if isinstance(item, Mapping) and name in item:
                found.append(item[name])
    return found


def _text(node: Node, held: list[Json]) -> str | None:
    if not held or (node.id.startswith("$") and "." not in node.id):
        return None
    if node.type == "object" and isinstance(held[0], Mapping):
        return None  # its fields stand below it
    if isinstance(held[0], list):
        fields = merged_items(held[0])
        return f"{len(held[0])} ×" if fields else shown(held[0])
    return " · ".join(
        text for each in held[:_MOST_ITEMS] if (text := shown(each, 30 if len(held) > 1 else 80)) is not None
    )
