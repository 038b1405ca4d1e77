"""A pair of systems where rows are charges too, and a target that asks for everything."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.design.starter.test_any_pair import ORDER, SHOP_ORDER, number, obj, rows, sent, text

TYPES = {"p": "goods", "s": "shipping", "v": "discount", "t": "text"}
LEDGER = {
    "codes": (
        "tax_code",
        obj(
            id=text("tax_code.id", "id"),
            name=text("tax_code.name"),
            pct=number("tax_code.rate", "rate", **{"x-scale": 100}),
        ),
        ["read"],
        [{"id": "c1", "name": "High", "pct": 25}],
    ),
    "parts": (
        "article",
        obj(
            id=text("article.id", "id", **{"x-write": "never"}),
            no_=text("article.sku", "code"),
            name_=text("article.name"),
            code=text("article.tax_class", "id", **{"x-refers": "codes"}),
        ),
        ["read", "find:no", "create"],
        [],
    ),
    "people": (
        "customer",
        obj(
            id=text("customer.id", "id", **{"x-write": "never"}),
            name_=text("customer.name", "name"),
            mail=text("customer.email", "email"),
        ),
        ["read", "find:mail", "create"],
        [],
    ),
    "bills": (
        "invoice",
        obj(
            id=text("invoice.id", "id", **{"x-write": "never"}),
            no=text("invoice.number", "code", **{"x-write": "never"}),
            ref=text("invoice.order_number", "code"),
            their=text("order.external_number", "code"),
            who_=text("", "id", **{"x-refers": "people"}),
            rows_=rows(
                "order.lines",
                part_=text("order.lines[].article", "id", **{"x-refers": "parts"}),
                kind=text(
                    "order.lines[].type", "code", **{"x-codes": {"G": "goods", "F": "shipping", "R": "discount"}}
                ),
                price=number("order.lines[].price", "money", **{"x-basis": "net"}),
                n=number("order.lines[].quantity", "quantity"),
            ),
        ),
        ["read", "find:their", "create"],
        [],
    ),
}


@pytest.fixture
def typed(invent: Any) -> Any:
    shop = json.loads(json.dumps(SHOP_ORDER))
    shop["properties"]["items"]["items"]["properties"]["kind"] = text(
        "order.lines[].type", "code", **{"x-codes": TYPES}
    )
    for name in ("freight", "freight_rate"):
        del shop["properties"][name]
    given = {**ORDER, "cents": 30000}
    winkel = {
        "title": "Winkel",
        "roles": ["webshop"],
        "resources": {"orders": ("order", shop, ["read", "get"], [given])},
    }
    return invent({"winkel": winkel, "boeken": {"title": "Boeken", "roles": ["accounting"], "resources": LEDGER}})


def test_rows_that_are_charges_keep_their_sense_and_get_articles(typed: Any) -> None:
    items = [
        {"code": "MUG", "label": "Mug", "n": 2, "each": 10000, "rate": 0.25, "kind": "p"},
        {"label": "Post", "n": 1, "each": 5000, "rate": 0.25, "kind": "s"},
        {"label": "Happy birthday", "kind": "t"},
        {"label": "Off", "n": 1, "each": -1000, "rate": 0.25, "kind": "v"},
    ]
    given = {**ORDER, "cents": 30000, "tax_cents": 6000, "items": items}
    made = typed.make("winkel", "boeken", home_country="SE")
    steps = sent(typed, made.text, given, tax_code_rates={"High": 25})

    assert [article["no"] for article in steps["articles"]] == ["MUG", "SHIPPING-25", "DISCOUNT-25"]
    assert [(row["kind"], row["price"]) for row in steps["invoice"]["rows"]] == [("G", 100), ("F", 50), ("R", -10)]


def test_an_id_that_only_says_whose_it_is_gets_the_earlier_steps_answer(typed: Any) -> None:
    steps = {step["step"]: step for step in json.loads(typed.make("winkel", "boeken").text)["steps"]}

    assert list(steps) == ["customer", "articles", "invoice"]
    assert steps["invoice"]["fields"]["who"] == {"formula": "$steps.customer.id"}
    assert steps["invoice"]["fields"]["rows[].part"] == {"formula": "$lookup($steps.articles, number).id"}
    assert steps["customer"]["policy"] == "skip_if_exists"


def test_what_a_connector_is_not_sure_of_is_told(bench: Any) -> None:
    told = [note.where for note in bench.make("ccv-shop", "eaccounting").notes]

    assert "CCV Shop, resources.orders.read, changes" in told


def test_the_usual_rate_is_one_that_the_target_knows(typed: Any) -> None:
    """No sample order went to the home country: the highest of the target's rates is proposed."""
    [asked] = [question for question in typed.make("winkel", "boeken").questions if question["name"] == "usual_rate"]

    assert asked["default"] == 25
