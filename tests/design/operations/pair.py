"""Two small systems and the flow of docs/flows.md between them, for tests that need no disk."""

from __future__ import annotations

import difflib
import json
from pathlib import Path
from typing import Any

from engine.connectors.connector import Connector, read_connector
from engine.design.operations import Schemas, apply
from engine.design.operations.kinds import KINDS
from engine.documents.strict_json import read_strict
from engine.errors import DocumentError, Problem

ROOT = Path(__file__).parents[3]
FLOW = (ROOT / "docs/flows.md").read_text(encoding="utf-8").split("```json flow\n")[1].split("```\n")[0]

_TEXT: dict[str, Any] = {"type": "string"}
_PERHAPS: dict[str, Any] = {"type": ["string", "null"]}
_MONEY: dict[str, Any] = {"type": "number", "x-kind": "money"}


def _object(**fields: Any) -> dict[str, Any]:
    return {"type": "object", "properties": fields}


def _list(**fields: Any) -> dict[str, Any]:
    return {"type": "array", "items": _object(**fields)}


WEBSHOP = _object(
    number=_TEXT,
    status=_TEXT,
    paid={"type": "boolean"},
    gift={"type": ["boolean", "null"]},
    currency={"type": "string", "x-kind": "currency"},
    payment_method=_TEXT,
    placed_at={"type": "string", "x-kind": "datetime", "format": "date-time", "x-zone": "UTC"},
    packed_at={"type": ["string", "null"], "x-kind": "datetime"},
    delivery={**_object(city=_TEXT), "properties": {"city": _TEXT, "post-code": _TEXT, "and": _TEXT, "$ref": _TEXT}},
    buyer=_object(name=_PERHAPS, email=_TEXT, phone=_PERHAPS),
    labels={"type": "array", "items": _TEXT},
    lines=_list(
        sku=_TEXT,
        name=_TEXT,
        nick=_PERHAPS,
        ean={"type": "integer", "x-kind": "code"},
        price=_MONEY,
        quantity={"type": "number", "x-kind": "quantity"},
        options=_list(name=_TEXT),
    ),
    payments=_list(amount=_MONEY, method=_TEXT),
)
CUSTOMERS = _object(
    Id={"type": "string", "x-write": "never"},
    Name={"type": "string", "maxLength": 50},
    Email=_TEXT,
    Phone=_PERHAPS,
    TermsId=_TEXT,
    Since={"type": "string", "x-kind": "date", "format": "date"},
    Address=_object(City=_TEXT, PostCode=_TEXT),
)
ORDERS = _object(
    Reference=_TEXT,
    CustomerId=_TEXT,
    Total=_MONEY,
    Text=_TEXT,
    Code={"type": "string", "x-kind": "code"},
    Day={"type": "string", "x-kind": "date", "format": "date"},
    PackedAt={"type": "string", "x-kind": "datetime", "format": "date-time"},
    Paid={"type": "boolean"},
    Labels={"type": "array", "items": _TEXT},
    Rows=_list(
        Article=_TEXT,
        Price=_MONEY,
        Quantity={"type": "number"},
        Text=_TEXT,
        LineNumber={"type": "integer"},
        Options=_list(Name=_TEXT),
    ),
    Fees=_list(Text=_TEXT, Amount=_MONEY),
)
TERMS = _object(Id=_TEXT, Name=_TEXT)


def _connector(name: str, **schemas: dict[str, Any]) -> Connector:
    resources = {
        resource: {"title": resource.title(), "kind": "order", "schema": f"{resource}.schema.json", "operations": {}}
        for resource in schemas
    }
    about = {
        "title": name.title(),
        "roles": ["webshop"],
        "version": "1",
        "questions": {"type": "object", "properties": {}},
        "http": {},
        "evidence": [],
        "resources": resources,
    }
    return read_connector(name, about, {f"{resource}.schema.json": held for resource, held in schemas.items()}, {})


CONNECTORS = {
    "webshop": _connector("webshop", orders=WEBSHOP),
    "books": _connector("books", customers=CUSTOMERS, orders=ORDERS, terms=TERMS),
}
SCHEMAS = Schemas(CONNECTORS.get)


def done(*operations: dict[str, Any], text: str = FLOW, schemas: Schemas = SCHEMAS) -> str:
    """The text after these operations."""
    for operation in operations:
        text = apply(text, operation, schemas)
    return text


def read(text: str) -> Any:
    return read_strict(text)


def fields(text: str, step: str) -> dict[str, Any]:
    [found] = [held for held in read(text)["steps"] if held["step"] == step]
    return dict(found.get("fields", {}))


def changed(**parts: Any) -> str:
    """The flow with other parts at its top, as a text."""
    return json.dumps({**read(FLOW), **parts}, indent=2)


def linked(source: str, target: str, step: str = "order", *, text: str = FLOW, **more: Any) -> Any:
    """The formula that a link gives."""
    after = done({"op": "link", "step": step, "target": target, "source": source, **more}, text=text)
    held = fields(after, step)[target]
    return held.get("formula", held.get("each"))


def refusal(*operations: dict[str, Any], text: str = FLOW, schemas: Schemas = SCHEMAS) -> Problem:
    """The problem with which the last of these is refused."""
    before = done(*operations[:-1], text=text, schemas=schemas)
    try:
        after = apply(before, operations[-1], schemas)
    except DocumentError as error:
        return error.problems[0]
    raise AssertionError(f"it was carried out: {after}")


def lines_of(before: str, after: str) -> list[str]:
    """The lines that differ, without their indentation."""
    found = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return [line[0] + line[1:].strip() for line in found if not line.startswith(("---", "+++", "@@"))]


def difference(operation: dict[str, Any], text: str = FLOW) -> list[str]:
    return lines_of(text, done(operation, text=text))


def any_parts(name: str) -> dict[str, Any]:
    """Parts that an operation of this name needs, sound ones."""
    everything: dict[str, Any] = {
        **dict.fromkeys(("target", "field", "to"), "Text"),
        **dict.fromkeys(("formula", "note", "title", "name", "key"), "a"),
        "step": "order",
        "source": "number",
        "write": "on_create",
        "question": "unit",
        "value": 1,
        "lookup": "terms",
        "rows": {},
        "do": "fail",
        "example": {"title": "t", "given": {}, "skipped": True},
        "index": 0,
    }
    return {key: everything[key] for key in KINDS[name].needs} | ({"policy": "create"} if name == "set_policy" else {})
