"""What the page gets has exactly the agreed shape, whatever the draft."""

from __future__ import annotations

from typing import Any

import pytest

from engine.documents.schemas import explain
from engine.errors import Json
from tests.design.view.conftest import Look, document, with_field


def record(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    properties = {**required, **(optional or {})}
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def listed(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


TEXT, YES, COUNT = {"type": "string"}, {"const": True}, {"type": "integer", "minimum": 0}
MAYBE = {"type": ["string", "null"]}
TYPES = ("text", "number", "integer", "boolean", "date", "datetime", "object", "list", "any", "table")
NODE = record(
    {"id": TEXT, "parent": MAYBE, "label": TEXT, "name": TEXT, "type": {"enum": list(TYPES)}},
    {"required": YES, "help": TEXT, "personal": YES, "gone": YES, "repeated": YES},
)
SIDE = record({"title": TEXT, "nodes": listed(NODE)})
TREES = record({"revision": TEXT, "source": SIDE, "target": SIDE})
PROBLEM = record(
    {
        "step": TEXT,
        "target": TEXT,
        "severity": {"enum": ["error", "warning"]},
        "what": TEXT,
        "what_to_do": TEXT,
        "where": TEXT,
    },
    {"code": TEXT, "from": COUNT, "to": COUNT, "proposal": TEXT},
)
IN_FIELD = {**PROBLEM, "required": ["step", "target", "severity", "what", "what_to_do"]}
HOME = record({"target": TEXT, "label": TEXT, "why": TEXT})
FIELD = record(
    {
        "formula": TEXT,
        "chip": {"type": "string", "maxLength": 60},
        "value": {"type": ["string", "null"]},
        "status": {"enum": ["ok", "note", "warning", "error", "missing"]},
        "says": TEXT,
        "write": {"enum": ["always", "on_create", "on_update", "if_empty"]},
    },
    {"note": TEXT, "notes": listed(TEXT), "count": COUNT, "problems": listed(IN_FIELD), "homes": listed(HOME)},
)
LINE = record(
    {
        "source": TEXT,
        "target": TEXT,
        "kind": {"enum": ["field", "answer", "fact", "value", "step", "lookup"]},
        "direct": {"type": "boolean"},
    },
    {"converts": TEXT, "via": listed(TEXT)},
)
PICTURE = record(
    {
        "lines": listed(LINE),
        "fields": {"type": "object", "additionalProperties": FIELD},
        "values": {"type": "object", "additionalProperties": {"type": "string", "maxLength": 100}},
        "progress": record({"required": COUNT, "required_mapped": COUNT, "problems": COUNT}),
        "problems": listed(PROBLEM),
    },
    {"done": {"type": "boolean"}, "held_back": TEXT},
)
DIAGNOSTIC = record(
    {"from": COUNT, "to": COUNT, "severity": {"enum": ["error", "warning"]}, "message": TEXT},
    {"proposal": TEXT, "rule": TEXT},
)
DIAGNOSIS = record(
    {"value": {}, "shown": MAYBE, "diagnostics": listed(DIAGNOSTIC), "reads": listed(TEXT), "lacks": TEXT}
)
FUNCTION = record({"name": TEXT, "arguments": listed(TEXT), "signature": TEXT, "help": TEXT, "example": TEXT})
COMPLETIONS = record(
    {"scope": MAYBE, "functions": listed(FUNCTION), "variables": listed(record({"label": TEXT, "help": TEXT}))}
)
DRAFTS = {
    "sound": document(),
    "gone": with_field("Nowhere", "nmae & 1"),
    "broken": with_field("Number", "1 +"),
    "bare": with_field("OrderDate", None),
    "no flow": {"steps": 5},
}


def assert_shape(schema: dict[str, Any], held: Json) -> None:
    assert explain(schema, held) == []


@pytest.mark.parametrize("draft", DRAFTS)
@pytest.mark.parametrize("step", ["customer", "articles", "order", "nowhere"])
def test_every_part_has_the_agreed_shape(look: Look, draft: str, step: str) -> None:
    view = look(DRAFTS[draft])

    assert_shape(TREES, view.trees(step))
    assert_shape(PICTURE, view.picture(step))
    assert_shape(COMPLETIONS, view.completions(step, "Rows[].UnitPrice"))
    for formula in ("id", "1 +", "$nofunction(id)", "", "nmae"):
        assert_shape(DIAGNOSIS, view.diagnose(step, "Number", formula))


def test_rows_of_a_tree_stand_below_rows_that_are_there(look: Look) -> None:
    view = look(DRAFTS["gone"])
    for side in ("source", "target"):
        nodes = view.trees("order")[side]["nodes"]
        ids = [node["id"] for node in nodes]

        assert len(ids) == len(set(ids))
        assert {node["parent"] for node in nodes} <= {None, *ids}


def test_the_source_tree_has_further_sources_after_the_record(look: Look) -> None:
    nodes = look().trees("order")["source"]["nodes"]
    roots = [node["id"] for node in nodes if node["parent"] is None]

    assert roots[-5:] == ["$answers", "$lookups", "$steps", "$values", "$facts"]
    assert {"$steps.customer.Id", "$steps.articles.Number", "$values.rows[].price", "$facts.target.currency"} <= {
        node["id"] for node in nodes
    }
    assert [node["type"] for node in nodes if node["id"] == "$lookups.terms"] == ["table"]


def test_trees_keep_their_name_while_only_values_change(look: Look) -> None:
    view = look()

    assert look(with_field("Number", '"x" & id')).trees("order")["revision"] == view.trees("order")["revision"]
    other = look(record={"id": "W-2", "name": "Bo", "gift_wrap": "red", "lines": [{"sku": "A", "price": 1}]})
    assert other.trees("order")["revision"] == view.trees("order")["revision"]
    assert look(record={"new": 1}).trees("order")["revision"] != view.trees("order")["revision"]
