"""The expected files are whole, their orders are still those they were written from, and the comparison can fail."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.design.starter.expected_orders import EXPECTED, differences, load, part_differences, reckoned, unplaced
from tests.design.starter.source_orders import FIRST_DAY, SEED, SHOPS, fingerprint, source_of

Doc = dict[str, Any]
PAIRS = [(source, target) for source in ("ccv-shop", "abicart") for target in ("eaccounting", "specter")]
SPECS = Path(__file__).resolve().parents[3] / "connector_specs"
VOCABULARY = json.loads((SPECS / "vocabulary.json").read_text())

pair = pytest.mark.parametrize(("source", "target"), PAIRS, ids=["-to-".join(each) for each in PAIRS])


@pytest.fixture(scope="module")
def raw() -> dict[str, dict[str, Doc]]:
    return {system: source_of(system).orders() for system in SHOPS}


def test_there_is_a_file_for_each_pair_and_no_other() -> None:
    assert sorted(path.stem for path in EXPECTED.glob("*.json")) == sorted("-to-".join(each) for each in PAIRS)


@pair
def test_twenty_orders_are_expected_and_each_says_why_it_was_chosen(source: str, target: str) -> None:
    document = load(source, target)
    assert len(document["orders"]) == 20
    assert len({order["why"] for order in document["orders"].values()}) == 20
    sandbox = {"seed": SEED, "orders": SHOPS[source][1], "first_day": FIRST_DAY.isoformat()}
    assert document["source"] == {"system": source, "sandbox": sandbox}


@pair
def test_the_orders_are_those_the_file_was_written_from(source: str, target: str, raw: Any) -> None:
    now = {number: fingerprint(raw[source][number]) for number in load(source, target)["orders"]}
    assert now == {number: order["source"] for number, order in load(source, target)["orders"].items()}


@pair
def test_totals_are_those_of_the_shop(source: str, target: str, raw: Any) -> None:
    for number, order in load(source, target)["orders"].items():
        shop = raw[source][number]
        if source == "ccv-shop":
            total, tax = shop["total_price"], shop["total_tax"]
        else:
            total, tax = shop["costs"]["total"]["incVat"], shop["costs"]["total"]["vat"]
        assert (Decimal(order["total_gross"]), Decimal(order["total_tax"])) == (Decimal(str(total)), Decimal(str(tax)))
        assert Decimal(order["total_net"]) + Decimal(order["total_tax"]) == Decimal(order["total_gross"])


@pair
def test_rows_come_to_the_totals_but_for_cents(source: str, target: str) -> None:
    """In exact prices, so that what is left is what the shop itself rounded."""
    for number, order in load(source, target)["orders"].items():
        exact = sum(Decimal(row["quantity"]) * Decimal(row["gross"]) for row in order["rows"])
        assert abs(exact - Decimal(order["total_gross"])) <= Decimal("0.05"), number


@pair
def test_only_meanings_of_the_vocabulary_are_used(source: str, target: str) -> None:
    used = {
        name
        for order in load(source, target)["orders"].values()
        for part in ("customer", "order")
        for name in order[part]
    }
    assert used - set(VOCABULARY["meanings"]) == set()


@pytest.mark.parametrize("source", sorted(SHOPS))
def test_what_goes_to_a_target_of_one_byte_letters_fits_them(source: str) -> None:
    for order in load(source, "specter")["orders"].values():
        json.dumps(order, ensure_ascii=False).encode("iso-8859-1")


def schema_of(target: str, resource: str) -> Doc:
    schema: Doc = json.loads((SPECS / target / f"{resource}.schema.json").read_text())
    return schema


def typed_in(wish: Doc, schema: Doc) -> Doc:
    """A record that says exactly what is wished, in the target's own fields."""
    record: Doc = {}
    for name, about in schema["properties"].items():
        value = wish.get(about.get("x-meaning"))
        if value is not None and about.get("x-write") != "never":
            back = {meant: code for code, meant in about.get("x-codes", {}).items()}
            record[name] = back.get(value, value[:10] if about.get("format") == "date" else value)
    return record


def typed_rows(order: Doc, schema: Doc, conventions: Doc) -> Doc:
    [(name, lines)] = [each for each in schema["properties"].items() if each[1].get("x-meaning") == "order.lines"]
    rows = []
    for row in order["rows"]:
        number = row.get("sku") or f"{conventions['charge_numbers'][row['charge']]}-{row['rate']}"
        said = {"sku": number, "name": row.get("name", number), "quantity": row["quantity"]}
        said |= {"price": row[order["prices"]], "tax_rate": row["rate"]}
        told = {f"order.lines[].{part}": value for part, value in said.items()}
        rows.append(typed_in(told, lines["items"]) | {"number": number, "rate": row["rate"]})
    return {name: rows}


@pair
def test_each_expectation_can_be_met_in_the_targets_own_fields_and_each_field_counts(source: str, target: str) -> None:
    document = load(source, target)
    people, orders = schema_of(target, "customers"), schema_of(target, "orders")
    more: Doc = {"number_of": lambda row: row["number"], "rate_of": lambda row: row["rate"]}
    for order in document["orders"].values():
        person = typed_in(order["customer"], people)
        head = typed_in(order["order"], orders) | typed_rows(order, orders, document["conventions"])
        more["totals"] = {name: order[f"total_{name}"] for name in ("net", "tax", "gross")}
        assert part_differences(person, people, order["customer"]) == []
        assert differences(head, orders, order, document["conventions"], **more) == []
        for name in person:
            assert part_differences(person | {name: "another"}, people, order["customer"]) != [], name
        for name in set(head) - {"Rows", "rows"}:
            assert differences(head | {name: "another"}, orders, order, document["conventions"], **more) != [], name


PLACED = {
    "eaccounting": "order.external_number order.placed_at order.currency order.billing.line1 order.billing.postcode "
    "order.billing.city order.billing.country",
    "specter": "order.external_number order.currency order.payment.method",
}
PLACED_OF_CUSTOMER = (
    "customer.name customer.email customer.billing.line1 customer.billing.postcode customer.billing.city "
    "customer.billing.country"
)


@pair
def test_what_matters_most_has_a_place_in_the_target(source: str, target: str) -> None:
    """Else nothing would be compared."""
    people, orders = schema_of(target, "customers"), schema_of(target, "orders")
    for order in load(source, target)["orders"].values():
        assert set(PLACED[target].split()) <= set(order["order"]) - set(unplaced(orders, order["order"]))
        placed = set(order["customer"]) - set(unplaced(people, order["customer"]))
        assert set(PLACED_OF_CUSTOMER.split()) <= placed
        assert placed & {"customer.is_person", "customer.type"}


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
    from tests.design.starter.expected_orders import SentRow

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


def test_a_charge_may_have_a_number_without_its_rate() -> None:
    conventions = {**CONVENTIONS, "rate_follows_number": False}
    sent = copy.deepcopy(SENT)
    assert "'POST-25'] were sent" in " ".join(differences(sent, SCHEMA, WISH, conventions))
    sent["rows"][2]["code"] = "POST"
    assert differences(sent, SCHEMA, WISH, conventions) == []
