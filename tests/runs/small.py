"""A small workspace, connected to nothing: a shop with orders, books with customers, articles and orders, one flow."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from engine.documents.workspace import Workspace

FLOW = "orders-to-books"
TEXT = {"type": "string", "title": "Text", "maxLength": 20}
NUMBER = {"type": "number", "title": "Number"}
GIVEN_BY_TARGET = {"type": "string", "title": "Id", "x-kind": "id", "x-write": "never"}
LINES = {"type": "array", "items": {"type": "object", "properties": {"sku": TEXT, "price": NUMBER}}}
CREATE = {"create": {"method": "POST", "path": "/x", "body": "$fields", "record": "$"}}
READ = {"read": {"method": "GET", "path": "/x", "query": {}, "paging": {"kind": "none"}, "records": "$"}}
ROWS = {"type": "array", "items": {"type": "object", "properties": {"ArticleId": TEXT, "Price": NUMBER}}}
SYSTEMS: dict[str, dict[str, Any]] = {
    "shop": {"orders": (READ, {"id": TEXT, "name": TEXT, "paid": {"type": "boolean"}, "pay": TEXT, "lines": LINES})},
    "books": {
        "customers": (READ | CREATE, {"Id": GIVEN_BY_TARGET, "Name": TEXT, "Terms": TEXT, "Day": TEXT}),
        "articles": (CREATE, {"Id": GIVEN_BY_TARGET, "Number": TEXT}),
        "orders": (CREATE, {"Number": TEXT, "CustomerId": TEXT, "Currency": TEXT, "Rows": ROWS}),
    },
}
DOCUMENT: dict[str, Any] = {
    "title": "Orders to the books",
    "source": {
        "connector": "shop",
        "resource": "orders",
        "where": [{"condition": "paid = true", "says": "it is not paid yet"}],
        "never": [{"condition": '$number(id) = 0 or name = "nobody"', "says": "it is a trial"}],
    },
    "questions": {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "greeting": {"type": "string", "title": "Greeting", "default": "Hello", "maxLength": 9},
            "makes_orders": {"type": "boolean", "title": "Orders are made", "default": True},
            "makes_customers": {"type": "boolean", "title": "Customers are made", "default": True},
        },
    },
    "lookups": {
        "terms": {"title": "Terms", "rows": {"card": "PAID", "invoice": "NET30"}, "otherwise": {"do": "fail"}},
        "named": {
            "title": "Names",
            "refers": {"connector": "books", "resource": "customers", "by": "Name", "gives": "Id", "every": True},
            "rows": {},
            "otherwise": {"do": "leave_out"},
        },
    },
    "values": {"total": "$sum_money(lines.price)"},
    "steps": [
        {
            "step": "customer",
            "title": "The buyer is made",
            "connector": "books",
            "resource": "customers",
            "match": {"field": "Name", "formula": "name"},
            "policy": "create",
            "when": "$answers.makes_customers",
            "fields": {
                "Name": {"formula": '$answers.greeting & " " & name'},
                "Terms": {"formula": '$table("terms", pay)'},
                "Day": {"formula": "$substring($now(), 0, 10)"},
            },
        },
        {
            "step": "articles",
            "title": "The articles are made",
            "connector": "books",
            "resource": "articles",
            "match": {"field": "Number", "formula": "sku"},
            "policy": "create",
            "when": "$answers.makes_orders",
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
            "when": "$answers.makes_orders",
            "before": [{"what": "the total", "source": "$values.total", "target": "$sum_money(lines.price)"}],
            "fields": {
                "Number": {"formula": "id"},
                "CustomerId": {"formula": '$first_filled($table("named", name), $steps.customer.Id)'},
                "Currency": {"formula": "$facts.target.currency"},
                "Rows[]": {"each": "lines"},
                "Rows[].ArticleId": {"formula": "$lookup($steps.articles, sku).Id"},
                "Rows[].Price": {"formula": "price"},
            },
        },
    ],
}
GIVEN: dict[str, Any] = {
    "id": "1",
    "name": "Anna",
    "paid": True,
    "pay": "card",
    "lines": [{"sku": "MUG", "price": 12.5}, {"sku": "PEN", "price": 2}],
}
CUSTOMER = {"Name": "Hello Anna", "Terms": "PAID", "Day": "2026-01-01"}
ROWS_SENT = [
    {"ArticleId": "«Id of the new article MUG»", "Price": 12.5},
    {"ArticleId": "«Id of the new article PEN»", "Price": 2},
]
ORDER = {"Number": "1", "CustomerId": "«Id of the new customer Anna»", "Currency": "EUR", "Rows": ROWS_SENT}
FACTS = {"target": {"currency": "EUR"}}


def example(**parts: Any) -> dict[str, Any]:
    """An example of the usual order, with parts of its own."""
    usual = {"title": "An order", "given": GIVEN, "facts": FACTS, "lookups": {"named": {}}}
    return copy.deepcopy({**usual, **parts})


def small_workspace(folder: Path, *examples: dict[str, Any], **changes: Any) -> Workspace:
    """The workspace with these examples in its flow; changes: other keys of the flow."""
    for name, resources in SYSTEMS.items():
        specification = folder / "connector_specs" / name
        specification.mkdir(parents=True)
        described = {}
        for resource, (operations, fields) in resources.items():
            schema = {"title": resource.title(), "type": "object", "properties": fields}
            (specification / f"{resource}.schema.json").write_text(json.dumps(schema), encoding="utf-8")
            described[resource] = {
                "title": resource.title(),
                "kind": resource.removesuffix("s"),
                "schema": f"{resource}.schema.json",
                "key": "$string(id)",
                "operations": operations,
            }
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
            "facts": {"currency": {"title": "Currency", "resource": next(iter(resources)), "value": '"EUR"'}},
            "resources": described,
        }
        (specification / "connector.json").write_text(json.dumps(connector), encoding="utf-8")
    flows = folder / "saved_mappings"
    flows.mkdir()
    document = {**DOCUMENT, "examples": list(examples), **changes}
    (flows / f"{FLOW}.json").write_text(json.dumps(document, indent=2, ensure_ascii=False), encoding="utf-8")
    return Workspace(folder)
