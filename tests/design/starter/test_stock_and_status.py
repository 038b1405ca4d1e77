"""Flows of stock and status to systems that have variants among their articles, or keep our number with the order."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.design.starter import offers
from engine.documents.workspace import Workspace
from tests.design.starter.test_any_pair import number, obj, text


def test_stock_and_status_reach_a_target_that_has_variants_among_its_articles_and_keeps_our_number(invent: Any) -> None:
    level = obj(sku_=text("stock.article", "code"), left_=number("stock.available", "quantity"))
    handled = obj(
        no_=text("order.number", "code"),
        state=text("order.status", "code", **{"x-codes": {"5": "cancelled"}}),
        sent=text("order.delivery.status", "code", **{"x-codes": {"D": "delivered"}}),
    )
    shelf = obj(
        id={"type": ["integer", "string"], "x-meaning": "stock.id", "x-kind": "id", "x-write": "never"},
        sku=text("stock.article", "code", **{"x-write": "never"}),
        level=number("stock.quantity", "quantity"),
        part={"type": "boolean", "x-meaning": "stock.is_variant", "x-kind": "flag", "x-write": "never"},
    )
    placed = obj(
        id={"type": ["integer", "string"], "x-meaning": "order.id", "x-kind": "id", "x-write": "never"},
        no=text("order.number", "code", **{"x-write": "never"}),
        theirs=text("order.external_number", "code"),
        state=text("order.status", "code", **{"x-codes": {"open": "new", "gone": "sent", "void": "cancelled"}}),
    )
    bench = invent(
        {
            "kontor": {
                "title": "Kontor",
                "roles": ["erp"],
                "resources": {"levels": ("stock", level, ["read"], []), "orders": ("order", handled, ["read"], [])},
            },
            "winkel": {
                "title": "Winkel",
                "roles": ["webshop"],
                "resources": {
                    "shelf": ("stock", shelf, ["read", "find:sku", "update"], []),
                    "orders": ("order", placed, ["read", "find:no,theirs", "update"], []),
                },
            },
        }
    )
    stock, status = (json.loads(bench.make("kontor", "winkel", each).text) for each in ("levels", "orders"))

    assert [step["step"] for step in stock["steps"]] == ["product"]
    assert "$not" not in stock["lookups"]["products"]["refers"]["where"]
    assert bench.check(json.dumps(stock)) == bench.check(json.dumps(status)) == []
    assert status["steps"][0]["match"]["field"] == "theirs"
    assert {name: each["rows"] for name, each in status["lookups"].items()} == {
        "statuses": {"5": "void"},
        "delivery_statuses": {"D": "gone"},
    }


@pytest.mark.parametrize(
    ("source", "target", "says"),
    [
        ("ccv-shop", "abicart", "orders are placed in CCV Shop, and it takes none from elsewhere"),
        # its changes must tell customer, currency and day as well
        ("specter", "eaccounting", "declares no way to change the status of an order"),
        ("specter", "ccv-shop", "orders there cannot be searched by the number they have here"),
    ],
)
def test_a_status_is_not_offered_where_it_cannot_be_carried(source: str, target: str, says: str) -> None:
    workspace = Workspace(Path(__file__).resolve().parents[3])
    [offer] = [
        each for each in offers(workspace) if (each.source, each.target, each.kind) == (source, target, "status")
    ]

    assert says in " ".join(problem.what for problem in offer.why_not)
