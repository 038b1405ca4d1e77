"""What a starter makes for systems that cannot be searched, hold few characters, or have codes of their own."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from engine.errors import Json
from engine.flows.flow import Example
from engine.runs.examples import tried_examples
from tests.design.starter.test_any_pair import ORDER, SHOP_ORDER, number, obj, rows, text

LATIN = {"x-charset": "iso-8859-1"}
HANDED_IN = obj(
    no=text("order.number", "code", **{"x-write": "never"}),
    ref_=text("order.external_number", "code"),
    buyer_={"type": "string", "x-meaning": "order.buyer", "x-kind": "id", "x-refers": "people"},
    currency_=text("order.currency", "currency"),
    language=text("order.language", "language", **{"x-codes": {"SE": "sv"}}),
    pay=text("order.payment.method", "code", **{"x-codes": {"P": "prepayment", "I": "invoice", "SW": "swish"}}),
    way=text("order.delivery.method", "code"),
    remark=text("order.note", maxLength=20, **LATIN),
    rows_=rows(
        "order.lines",
        sku_=text("order.lines[].sku", "code", **LATIN),
        name_=text("order.lines[].name", **LATIN),
        n_=number("order.lines[].quantity", "quantity"),
        price_=number("order.lines[].price", "money", **{"x-basis": "net", "x-decimals": 4}),
        tax_=number("order.lines[].tax_rate", "rate", **{"x-scale": 100}),
    ),
)
PEOPLE = obj(
    id=text("customer.id", "id", **{"x-write": "never"}),
    name_=text("customer.name", "name", **LATIN),
    kind=text("customer.type", "code", **{"x-codes": {"C": "company", "P": "person"}}),
    mail=text("customer.email", "email", **LATIN),
    road=text("customer.shipping.line1", "address", **LATIN),
)
GOODS = obj(
    sku_=text("article.sku", "code"),
    name_=text("article.name"),
    rate=number("article.tax_rate", "rate", **{"x-scale": 100}),
)
SHOP = {
    **SHOP_ORDER,
    "properties": {
        **SHOP_ORDER["properties"],
        "moved": text("order.changed_at", "datetime"),
        "done": {"type": "boolean", "x-meaning": "order.confirmed", "x-kind": "flag"},
        "speech": text("order.language", "language"),
        "remark": text("order.note"),
        "post": text("order.delivery.method", "code"),
        "firm": text("order.billing.company", "name"),
        "to": text("order.shipping_address.line1", "address"),
    },
}
SOLD = ORDER | {"moved": "2026-03-02T00:00:00Z", "done": True, "speech": "sv-SE", "way": "swish_now", "freight": 1234}
SOLD |= {"cents": 26234, "tax_cents": 5247, "remark": "Łódź, please", "to": "Storgatan 12"}


def systems(**more: Any) -> dict[str, Any]:
    methods = obj(
        code=text("payment_method.code", "code"),
        kind=text("payment_method.type", "code", **{"x-codes": {"a": "on_account", "c": "card"}}),
    )
    return {
        "winkel": {
            "title": "Winkel",
            "roles": ["webshop"],
            "resources": {
                "orders": ("order", SHOP, ["read", "get"], [SOLD]),
                "ways": (
                    "payment_method",
                    methods,
                    ["read"],
                    [{"code": "bill", "kind": "a"}, {"code": "visa", "kind": "c"}],
                ),
            },
            "more": {"orders": {"time": "moved"}},
        },
        "kontor": {
            "title": "Kontor",
            "roles": ["erp"],
            "resources": {
                "orders": ("order", HANDED_IN, ["create"], []),
                "people": ("customer", PEOPLE, ["create", "update"], []),
                "goods": ("article", GOODS, ["create"], []),
            },
        },
        **more,
    }


@pytest.fixture
def bench(invent: Any) -> Any:
    return invent(systems())


def sent(bench: Any, made: str, given: dict[str, Json], **answers: Json) -> Any:
    loaded = bench.load(made)
    example = Example(
        "one", given, answers, {}, {}, "2026-03-20T12:00:00Z", {"customer": {"id": "7"}}, {"expected": {}}
    )
    [(_, outcome)] = tried_examples(replace(loaded, flow=replace(loaded.flow, examples=(example,))), bench.formulas)
    return outcome


def test_articles_that_cannot_be_looked_for_are_not_made_by_orders(bench: Any) -> None:
    made = bench.make("winkel", "kontor")

    assert [step["step"] for step in json.loads(made.text)["steps"]] == ["customer", "order"]
    assert any("so orders make none" in gap.what and "number and name" in gap.what_to_do for gap in made.gaps)
    assert [problem for problem in bench.check(made.text) if problem.severity == "error"] == []


def test_an_order_is_told_in_the_targets_own_codes_letters_and_decimals(bench: Any) -> None:
    made = bench.make("winkel", "kontor", other_letters="transliterate")
    outcome = sent(bench, made.text, SOLD)

    assert outcome.kind == "expected", outcome.problems
    assert outcome.steps["customer"] == {
        "name": "Anna Verzonnen",
        "kind": "P",
        "mail": "anna@post.example",
        "road": "Storgatan 12",
    }
    assert outcome.steps["order"] == {
        "ref": "A-7",
        "buyer": "7",
        "currency": "SEK",
        "language": "SE",
        "pay": "SW",
        "remark": "Lódz, please",
        "rows": [
            {"sku": "MUG", "name": "A very long mug", "n": 2, "price": 100, "tax": 25},
            {"sku": "SHIPPING", "name": "Shipping", "n": 1, "price": 9.872, "tax": 25},
        ],
    }


def test_letters_the_target_does_not_have_park_the_order_unless_it_is_said_otherwise(bench: Any) -> None:
    made = bench.make("winkel", "kontor")
    outcome = sent(bench, made.text, SOLD)

    assert outcome.kind == "parked"
    assert "remark" in outcome.problems[0].where
    assert "Ł" in outcome.problems[0].what


def test_a_language_without_a_code_is_left_out(bench: Any) -> None:
    outcome = sent(bench, bench.make("winkel", "kontor").text, SOLD | {"speech": "fi", "remark": ""})

    assert outcome.kind == "expected", outcome.problems
    assert "language" not in outcome.steps["order"]


def test_payments_get_rows_by_the_providers_name_and_by_their_kind(bench: Any) -> None:
    lookups = json.loads(bench.make("winkel", "kontor").text)["lookups"]

    assert lookups["payment_methods"]["rows"] == {"bill": "I", "visa": "P", "swish_now": "SW"}
    assert lookups["delivery_methods"]["otherwise"] == {"do": "leave_out"}


@pytest.mark.parametrize(
    ("change", "kind", "says"),
    [
        ({"done": False, "placed": None}, "skipped", "cart"),
        ({"placed": "2026-01-02T10:00:00Z"}, "skipped", "placed before"),
        ({"state": "void"}, "skipped", "cancelled"),
        ({"paid_at": None}, "waiting", "not paid"),
    ],
)
def test_of_a_shop_that_is_read_by_what_changed_carts_and_old_orders_are_left(
    bench: Any, change: dict[str, Json], kind: str, says: str
) -> None:
    outcome = sent(bench, bench.make("winkel", "kontor").text, SOLD | change)

    assert outcome.kind == kind
    assert says in outcome.reason


def test_an_order_without_tax_gets_rows_without_it(bench: Any) -> None:
    free = SOLD | {"tax_cents": 0, "cents": 21234, "remark": "", "land": "SE"}
    outcome = sent(bench, bench.make("winkel", "kontor").text, free)

    assert outcome.kind == "parked"  # shipping with tax does not become the shop's total by leaving it out
    free |= {"freight": 0, "cents": 20000}
    outcome = sent(bench, bench.make("winkel", "kontor").text, free)
    assert outcome.kind == "expected", outcome.problems
    assert [row["tax"] for row in outcome.steps["order"]["rows"]] == [0]


def test_a_target_that_refuses_doubles_itself_is_asked_again(invent: Any) -> None:
    bench = invent(systems())
    path = bench.workspace.root / "connector_specs" / "kontor" / "connector.json"
    document = json.loads(path.read_text())
    document["resources"]["orders"]["operations"]["create"]["guarded_by"] = "ref"
    path.write_text(json.dumps(document))
    from engine.flows.library import load_connector

    bench.connectors["kontor"] = load_connector(bench.workspace, "kontor")
    told = {gap.where: gap.what_to_do for gap in bench.make("winkel", "kontor").gaps}

    assert "may be sent once more" in told["step order"]
    assert "is parked, not sent again" in told["step customer"]
