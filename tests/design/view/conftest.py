"""A workspace of small systems, and views of drafts of its flow; nothing is connected unless a test says so."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.design.desk import Desk, desk
from engine.design.view import Live, View
from engine.errors import Json

FLOW = "orders-to-books"
TEXT = {"type": "string", "title": "Text", "maxLength": 20}
NUMBER = {"type": "number", "title": "Number"}
ID = {"type": "string", "title": "Id", "x-kind": "id", "x-write": "never"}
LINES = {
    "type": "array",
    "title": "Lines",
    "items": {"type": "object", "properties": {"sku": TEXT, "price": {**NUMBER, "title": "Price"}}},
}
CREATE = {
    "create": {"method": "POST", "path": "/things", "body": "$fields", "record": "$"},
    "find": {"method": "GET", "path": "/x", "query": {"q": "$match"}, "records": "$", "finds_by": ["Name", "Number"]},
}
READ = {"read": {"method": "GET", "path": "/x", "query": {}, "paging": {"kind": "none"}, "records": "$"}}
BUYER = {"type": "object", "title": "Buyer", "properties": {"email": {**TEXT, "x-personal": True, "title": "E-mail"}}}
ADDRESS = {
    "type": "object",
    "title": "Address",
    "properties": {"City": {**TEXT, "title": "City"}},
    "required": ["City"],
}
ROWS = {
    "type": "array",
    "title": "Rows",
    "items": {
        "type": "object",
        "properties": {
            "ArticleId": {**TEXT, "title": "Article", "maxLength": 200},
            "UnitPrice": {**NUMBER, "title": "Price for one", "x-decimals": 2},
            "Text": {**TEXT, "title": "Text", "maxLength": 5},
        },
        "required": ["ArticleId"],
    },
}
SOURCE = {
    "id": {**TEXT, "title": "Order number", "x-meaning": "order.number"},
    "name": {**TEXT, "title": "Name"},
    "paid": {"type": "boolean", "title": "Paid"},
    "placed": {"type": "string", "title": "Placed on", "x-meaning": "order.date"},
    "pay": {**TEXT, "title": "Payment method"},
    "buyer": BUYER,
    "lines": LINES,
}
ORDERS = {
    "Id": ID,
    "Number": {**TEXT, "title": "Number", "x-meaning": "order.number"},
    "OrderDate": {"type": "string", "format": "date", "title": "Order date", "x-meaning": "order.date"},
    "CustomerId": {**TEXT, "title": "Customer", "maxLength": 200},
    "Currency": {**TEXT, "title": "Currency"},
    "Address": ADDRESS,
    "Rows": ROWS,
}
SYSTEMS: dict[str, dict[str, Any]] = {
    "shop": {"orders": (READ, SOURCE, [])},
    "books": {
        "customers": (READ | CREATE, {"Id": ID, "Name": {**TEXT, "title": "Name"}, "Terms": TEXT}, ["Name"]),
        "articles": (CREATE, {"Id": ID, "Number": TEXT}, ["Number"]),
        "orders": (CREATE, ORDERS, ["Number", "OrderDate"]),
    },
}
DOCUMENT: dict[str, Any] = {
    "title": "Orders to the books",
    "source": {"connector": "shop", "resource": "orders"},
    "questions": {
        "type": "object",
        "properties": {"greeting": {"type": "string", "title": "Greeting", "default": "Hello"}},
    },
    "lookups": {
        "terms": {"title": "Terms", "rows": {"card": "PAID", "invoice": "NET30"}, "otherwise": {"do": "fail"}},
        "named": {
            "title": "Customers by name",
            "refers": {"connector": "books", "resource": "customers", "by": "Name", "gives": "Id"},
            "rows": {"a": "Anna"},
            "otherwise": {"do": "fail"},
        },
        "all": {
            "title": "All customers",
            "refers": {"connector": "books", "resource": "customers", "by": "Name", "gives": "Id", "every": True},
            "rows": {},
            "otherwise": {"do": "fail"},
        },
    },
    "values": {"rows": "lines", "total": "$sum_money($values.rows.price)"},
    "steps": [
        {
            "step": "customer",
            "title": "The buyer is made",
            "connector": "books",
            "resource": "customers",
            "match": {"field": "Name", "formula": "name"},
            "policy": "create",
            "fields": {
                "Name": {"formula": '$answers.greeting & " " & name', "note": "As they are greeted."},
                "Terms": {"formula": '$table("terms", pay)', "write": "on_create"},
            },
        },
        {
            "step": "articles",
            "title": "The articles are made",
            "connector": "books",
            "resource": "articles",
            "match": {"field": "Number", "formula": "sku"},
            "policy": "create",
            "each": "lines",
            "fields": {"Number": {"formula": "sku"}},
        },
        {
            "step": "order",
            "title": "The order is made",
            "connector": "books",
            "resource": "orders",
            "match": {"field": "Number", "formula": "id"},
            "policy": "create",
            "before": [{"what": "the total", "source": "$values.total", "target": "$sum_money(lines.price)"}],
            "fields": {
                "Number": {"formula": "id"},
                "OrderDate": {"formula": "placed"},
                "CustomerId": {"formula": "$steps.customer.Id"},
                "Currency": {"formula": "$facts.target.currency"},
                "Rows[]": {"each": "lines"},
                "Rows[].ArticleId": {"formula": "$lookup($steps.articles, sku).Id"},
                "Rows[].UnitPrice": {"formula": "price"},
            },
        },
    ],
}
RECORD: dict[str, Any] = {
    "id": "W-1",
    "name": "Anna",
    "paid": True,
    "placed": "2026-11-20T10:00:00Z",
    "pay": "card",
    "buyer": {"email": "anna@post.example"},
    "lines": [{"sku": "MUG", "price": 12.5}, {"sku": "PEN", "price": 2}],
    "gift_wrap": "blue",
}
FACTS = {"books": {"currency": "EUR"}, "shop": {"currency": "EUR"}}


def write_systems(folder: Path, systems: dict[str, dict[str, Any]] = SYSTEMS) -> None:
    for name, resources in systems.items():
        specification = folder / "connector_specs" / name
        specification.mkdir(parents=True, exist_ok=True)
        described = {}
        for resource, (operations, fields, required) in resources.items():
            schema = {"title": resource.title(), "type": "object", "properties": fields, "required": required}
            (specification / f"{resource}.schema.json").write_text(json.dumps(schema), encoding="utf-8")
            described[resource] = {
                "title": resource.title(),
                "kind": resource.removesuffix("s"),
                "schema": f"{resource}.schema.json",
                "key": "$string(id)",
                "operations": operations,
            }
        first = next(iter(resources))
        connector = {
            "title": name.title(),
            "roles": ["webshop"],
            "version": "1.0.0",
            "evidence": [{"part": "resources", "level": "documented", "by": "made up; no such system"}],
            "questions": {
                "type": "object",
                "properties": {"token": {"type": "string", "title": "Token", "x-secret": True}},
            },
            "http": {"base": f"https://{name}.example", "sign_in": {"kind": "bearer", "token": "{token}"}},
            "facts": {"currency": {"title": "Currency", "resource": first, "value": '"EUR"'}},
            "resources": described,
        }
        (specification / "connector.json").write_text(json.dumps(connector), encoding="utf-8")


def document(**changes: Any) -> dict[str, Any]:
    """The flow with other keys."""
    return copy.deepcopy({**DOCUMENT, **changes})


def with_field(target: str, formula: str | None, step: str = "order", **more: Any) -> dict[str, Any]:
    """The flow with another formula at a target field; None takes the mapping away."""
    made = document()
    fields = next(held for held in made["steps"] if held["step"] == step)["fields"]
    if formula is None:
        del fields[target]
    else:
        fields[target] = {"each" if target.endswith("[]") else "formula": formula, **more}
    return made


@pytest.fixture(scope="module")
def things(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("view")
    write_systems(folder)
    flows = folder / "saved_mappings"
    flows.mkdir()
    (flows / f"{FLOW}.json").write_text(json.dumps(DOCUMENT, indent=2), encoding="utf-8")
    with desk(str(folder)) as opened:
        yield opened


Look = Callable[..., View]


@pytest.fixture
def look(things: Desk) -> Look:
    """The view of a flow's document (or text) on the usual record, or another."""

    def view(flow: Json = None, record: Json = RECORD, **more: Any) -> View:
        held = DOCUMENT if flow is None else flow
        text = held if isinstance(held, str) else json.dumps(held, indent=2, ensure_ascii=False)
        return View.of(things, FLOW, text, record, **more)

    return view


@pytest.fixture
def connected() -> Live:
    """What connected systems would tell."""
    return Live(facts=FACTS, rows={"named": {"a": "customer-1"}, "all": {"Anna": "customer-1"}})
