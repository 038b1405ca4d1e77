"""A source that tells tax by classes, a target that wants rates: a lookup with what the source's orders tell."""

from __future__ import annotations

import json
from typing import Any

from tests.design.starter.test_any_pair import ARTICLE, ORDER, SHOP_ORDER, number, obj, sent, text


def test_a_tax_class_becomes_the_rate_that_orders_at_home_bear(invent: Any) -> None:
    classed = {
        **ARTICLE["properties"],
        "tax": text("article.tax_class", "code", **{"x-codes": {"h": "standard", "l": "reduced"}}),
    }
    del classed["vat"]
    line = {"each": 10000, "n": 1, "code": "MUG"}
    orders = [
        ORDER | {"land": land, "items": [line | {"rate": rate} for rate in rates]}
        for land, rates in (("NL", [0.21, 0.09]), ("NL", [0.21]), ("SE", [0.25, 0.25, 0.25]), ("DE", [0]))
    ]
    schema = {
        **SHOP_ORDER,
        "properties": {**SHOP_ORDER["properties"], "land": text("order.billing.country", "country", maxLength=2)},
    }
    bench = invent(
        {
            "winkel": {
                "title": "Winkel",
                "roles": ["webshop"],
                "resources": {
                    "goods": ("article", {**ARTICLE, "properties": classed}, ["read"], []),
                    "orders": ("order", schema, ["read"], orders),
                },
            },
            "kontor": {
                "title": "Kontor",
                "roles": ["erp"],
                "resources": {
                    "parts": (
                        "article",
                        obj(
                            number_=text("article.sku", "code"),
                            net=number("article.price", "money", **{"x-basis": "net"}),
                            vat=number("article.tax_rate", "rate", **{"x-scale": 1}),
                        ),
                        ["create", "update"],
                        [],
                    )
                },
            },
        }
    )
    made = bench.make("winkel", "kontor", "goods")
    given = {"id": "1", "code": "MUG-1", "title": "Mug", "price": 109, "tax": "l", "live": True}

    assert json.loads(made.text)["lookups"]["class_rates"]["rows"] == {"h": 21, "l": 9}
    assert sent(bench, made.text, given) == {"article": {"number": "MUG-1", "net": 100, "vat": 0.09}}
