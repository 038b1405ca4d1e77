"""The comparison with expected orders: each thing that differs is told, and nothing else is."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import pytest

from tests.design.starter.expected_orders import SentRow, differences, part_differences, reckoned, unplaced

Doc = dict[str, Any]

CONVENTIONS = {
    "charge_numbers": {"shipping": "POST", "discount": "OFF", "rounding": "ROUND"},
    "rate_follows_number": True,
    "rounding_limit": "0.05",
    "tax_is_rounded": "by rate",
}


def field(meaning: str, kind: str = "text", **more: Any) -> Doc:
    return {"x-meaning": meaning, "x-kind": kind, **more}


SCHEMA: Doc = {
    "properties": {
        "their": field("order.external_number", "code"),
        "no": field("order.number", "code", **{"x-write": "never"}),
        "day": field("order.placed_at", "date", format="date"),
        "money": field("order.currency", "currency"),
        "to": {
            "properties": {"town": field("order.shipping_address.city"), "road": field("order.shipping_address.line1")}
        },
        "rows": {
            "x-meaning": "order.lines",
            "items": {
                "properties": {
                    "code": field("order.lines[].sku", "code"),
                    "words": field("order.lines[].name"),
                    "n": field("order.lines[].quantity", "quantity"),
                    "each": field("order.lines[].price", "money", **{"x-scale": 100, "x-basis": '"net"'}),
                    "off": field("order.lines[].discount_percent", "rate", **{"x-scale": 100}),
                    "tax": field("order.lines[].tax_rate", "rate", **{"x-scale": 1}),
                }
            },
        },
    }
}
WISH: Doc = {
    "prices": "net",
    "order": {
        "order.external_number": "A-7",
        "order.placed_at": "2026-02-06T00:13:00+01:00",
        "order.currency": "EUR",
        "order.shipping_address.city": "Utrecht",
        "order.shipping_address.line1": "Laan 4",
        "order.payment.method": "card",
    },
    "rows": [
        {"sku": "MUG", "name": "Mug", "quantity": "2", "rate": "25", "net": "90.00", "gross": "112.50"},
        {"sku": "TEA", "name": "Tea", "quantity": "1.5", "rate": "12", "net": "8.9286", "gross": "10.00"},
        {"charge": "shipping", "quantity": "1", "rate": "25", "net": "40.00", "gross": "50.00"},
    ],
    "total_net": "233.39",
    "total_tax": "56.61",
    "total_gross": "290.00",
}
SENT: Doc = {
    "their": "A-7",
    "day": "2026-02-06",
    "money": "EUR",
    "to": {"town": "Utrecht", "road": "Laan 4"},
    "rows": [
        {"code": "MUG", "words": "Mug", "n": 2, "each": 10000, "off": 10, "tax": 0.25},
        {"code": "TEA", "words": "Tea", "n": 1.5, "each": 893, "tax": 0.12},
        {"code": "POST-25", "words": "Post", "n": 1, "each": 4000, "tax": 0.25},
        {"code": "ROUND-0", "words": "Cents", "n": 1, "each": -1, "tax": 0},
    ],
}


def told(change: Any = None, **more: Any) -> str:
    sent = copy.deepcopy(SENT)
    if change:
        change(sent)
    return " ".join(differences(sent, SCHEMA, WISH, CONVENTIONS, **more))


def test_an_order_that_is_as_expected_leaves_nothing_to_say() -> None:
    assert told() == ""


def test_what_has_no_place_in_the_target_is_passed_over_and_can_be_asked() -> None:
    assert unplaced(SCHEMA, WISH["order"]) == ["order.payment.method"]
    assert unplaced(SCHEMA, {"order.number": "1"}) == ["order.number"]  # there, but never written


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda sent: sent.update(their="A-8"),
            "order.external_number: 'A-7' is expected, but 'A-8' was sent in their.",
        ),
        (lambda sent: sent.pop("their"), "nothing was sent in their"),
        (lambda sent: sent.update(their=""), "nothing was sent in their"),
        (lambda sent: sent.update(day="2026-02-05"), "order.placed_at"),
        (lambda sent: sent["to"].update(town="utrecht"), "sent in to.town"),
        (lambda sent: sent["rows"][0].update(n=3), "row MUG: the quantity 2 is expected, but 3 was sent."),
        (lambda sent: sent["rows"][0].update(each=10001), "the price of one unit 90.00"),
        (lambda sent: sent["rows"][0].pop("off"), "the price of one unit 90.00"),
        (lambda sent: sent["rows"][0].update(words="Cup"), "the name 'Mug'"),
        (lambda sent: sent["rows"][1].update(tax=0.25), "row TEA: 12 percent are expected"),
        (lambda sent: sent["rows"][2].update(each=4100), "row POST-25: the amount 40.00"),
        (lambda sent: sent["rows"].pop(1), "rows: ['MUG', 'TEA'] are expected, but ['MUG'] were sent."),
        (lambda sent: sent["rows"].insert(0, sent["rows"].pop(1)), "rows: ['MUG', 'TEA']"),
        (lambda sent: sent["rows"].append(dict(sent["rows"][0])), "rows: ['MUG', 'TEA']"),
        (lambda sent: sent["rows"].pop(2), "charges: ['POST-25'] are expected, but [] were sent."),
        (lambda sent: sent["rows"].append(dict(sent["rows"][2])), "charges:"),
        (lambda sent: sent["rows"].pop(), "gross: 290.00 is expected, but the target comes to 290.01."),
        (lambda sent: sent["rows"][3].update(tax=0.25, each=0), "net: 233.39 is expected"),
    ],
)
def test_each_thing_that_differs_is_told(change: Any, words: str) -> None:
    assert words in told(change)


def test_rounding_cannot_hide_money() -> None:
    def hidden(sent: Doc) -> None:
        sent["rows"][2]["each"] = 3000
        sent["rows"].append({"code": "ROUND-25", "words": "Cents", "n": 1, "each": 1000, "tax": 0.25})

    said = told(hidden)
    assert "row POST-25: the amount 40.00 is expected" in said
    assert "without the rows that round the order comes to 277.51" in said
    assert "gross:" not in said


def test_totals_that_the_target_tells_are_believed_before_ours() -> None:
    assert told(totals={"net": "233.39", "tax": 56.61, "gross": 290.0}) == ""
    assert "tax: 56.61 is expected" in told(totals={"net": "233.39", "tax": 56.6, "gross": 290.0})


def test_numbers_and_rates_that_rows_do_not_hold_are_asked() -> None:
    schema, rates = copy.deepcopy(SCHEMA), {"MUG": 25, "TEA": 12, "POST-25": 25, "ROUND-0": 0}
    columns = schema["properties"]["rows"]["items"]["properties"]
    del columns["tax"], columns["code"]
    with pytest.raises(TypeError, match="give rate_of"):
        differences(SENT, schema, WISH, CONVENTIONS, number_of=lambda row: row["code"])
    of = {"number_of": lambda row: row["code"], "rate_of": lambda row: rates[row["code"]]}
    assert differences(SENT, schema, WISH, CONVENTIONS, **of) == []
    rates["TEA"] = 25
    assert "row TEA: 12 percent are expected, but 25 were sent." in differences(SENT, schema, WISH, CONVENTIONS, **of)


def test_prices_in_the_other_basis_are_not_compared() -> None:
    with pytest.raises(ValueError, match="prices are net"):
        differences(SENT, SCHEMA, {**WISH, "prices": "gross"}, CONVENTIONS)


def test_tax_can_be_rounded_by_row() -> None:
    rows = [SentRow("A", "", Decimal(1), Decimal("0.10"), Decimal(25)) for _ in range(2)]
    assert reckoned(rows, "net", "by rate")["tax"] == Decimal("0.05")
    assert reckoned(rows, "net", "by row")["tax"] == Decimal("0.06")
    assert reckoned(rows, "gross", "by rate") == {
        "net": Decimal("0.16"),
        "tax": Decimal("0.04"),
        "gross": Decimal("0.20"),
    }


PERSON: Doc = {
    "properties": {
        "name": field("customer.name", "name"),
        "first": field("customer.given_name", "name"),
        "last": field("customer.family_name", "name"),
        "kind": field("customer.is_person", "flag", **{"x-codes": {"P": "true", "C": "false"}}),
        "mail": field("customer.email", "email"),
    }
}
WISHED_PERSON = {
    "customer.name": "Rene\u0301e Zon",
    "customer.given_name": "Rene\u0301e",
    "customer.family_name": "Zon",
    "customer.is_person": True,
    "customer.email": "r@post.example",
}


@pytest.mark.parametrize(
    "sent",
    [
        {"name": "Renée Zon", "kind": "P", "mail": "R@post.example"},
        {"first": "Renée", "last": "Zon", "kind": "P", "mail": "r@post.example"},
    ],
)
def test_a_name_may_be_said_whole_or_in_parts(sent: Doc) -> None:
    assert part_differences(sent, PERSON, WISHED_PERSON) == []


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"first": "Renée", "kind": "P", "mail": "r@post.example"}, "customer.family_name"),
        ({"name": "Renée", "kind": "P", "mail": "r@post.example"}, "customer.name"),
        ({"name": "Renée Zon", "first": "Rene", "kind": "P", "mail": "r@post.example"}, "customer.given_name"),
        ({"name": "Renée Zon", "kind": "C", "mail": "r@post.example"}, "customer.is_person: True is expected"),
        ({"name": "Renée Zon", "kind": "P"}, "customer.email"),
    ],
)
def test_what_differs_in_a_customer_is_told(sent: Doc, words: str) -> None:
    assert words in " ".join(part_differences(sent, PERSON, WISHED_PERSON))


def test_a_name_that_is_said_in_no_way_is_told() -> None:
    told = " ".join(part_differences({"first": "Renée"}, PERSON, WISHED_PERSON))
    assert "customer.name" in told
    assert "customer.family_name" in told
    assert part_differences({}, PERSON, {"customer.name": "Zon"}) != []


def test_codes_are_compared_by_what_they_mean_or_as_they_stand() -> None:
    schema: Doc = {
        "properties": {"kind": field("customer.type", "code", **{"x-codes": {"P": "person", "C": "company"}})}
    }
    assert part_differences({"kind": "C"}, schema, {"customer.type": "company"}) == []
    assert part_differences({"kind": "C"}, schema, {"customer.type": "C"}) == []
    assert part_differences({"kind": "P"}, schema, {"customer.type": "company"}) != []


def test_moments_are_the_same_in_any_zone() -> None:
    schema: Doc = {"properties": {"at": field("order.placed_at", "datetime")}}
    wish = {"order.placed_at": "2026-02-06T00:13:00+01:00"}
    assert part_differences({"at": "2026-02-05T23:13:00Z"}, schema, wish) == []
    assert part_differences({"at": "2026-02-06T00:13:00Z"}, schema, wish) != []


ADDRESS: Doc = {"properties": {"road": field("customer.billing.line1", "address")}}
WISHED_ADDRESS = {
    "customer.billing.line1": "Laan 4A",
    "customer.billing.street": "Laan",
    "customer.billing.house_number": "4",
    "customer.billing.house_number_addition": "A",
}


@pytest.mark.parametrize(("road", "is_right"), [("Laan 4A", True), ("Laan 4 A", True), ("Laan 4", False)])
def test_a_line_may_be_its_parts_with_blanks_between(road: str, is_right: bool) -> None:
    assert (part_differences({"road": road}, ADDRESS, WISHED_ADDRESS) == []) is is_right


def test_a_charge_may_have_a_number_without_its_rate() -> None:
    conventions = {**CONVENTIONS, "rate_follows_number": False}
    sent = copy.deepcopy(SENT)
    assert "'POST-25'] were sent" in " ".join(differences(sent, SCHEMA, WISH, conventions))
    sent["rows"][2]["code"] = "POST"
    assert differences(sent, SCHEMA, WISH, conventions) == []


def test_a_number_without_a_rate_may_stand_at_several() -> None:
    conventions = {**CONVENTIONS, "rate_follows_number": False}
    wish = {**WISH, "rows": [dict(row) for row in WISH["rows"]]}
    wish["rows"][2:] = [
        {"charge": "shipping", "quantity": "1", "rate": rate, "net": net, "gross": net}
        for rate, net in (("25", "30.00"), ("12", "10.00"))
    ]
    sent = copy.deepcopy(SENT)
    sent["rows"][2:] = [
        {"code": "POST", "words": "Post", "n": 1, "each": each, "tax": rate}
        for each, rate in ((1000, 0.12), (3000, 0.25))
    ]
    totals = {name: WISH[f"total_{name}"] for name in ("net", "tax", "gross")}
    rows = [told for told in differences(sent, SCHEMA, wish, conventions, totals=totals) if "without the" not in told]
    assert rows == []
    sent["rows"][2]["tax"] = 0.25
    assert "'POST at 12'" in " ".join(differences(sent, SCHEMA, wish, conventions, totals=totals))
