"""The expected files are whole, their orders are still those they were written from, and a target can hold them."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.design.starter.expected_orders import EXPECTED, differences, load, part_differences, unplaced
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
    document = load(source, target)
    orders = document["orders"] | document.get("refused", {})
    now = {number: fingerprint(raw[source][number]) for number in orders}
    assert now == {number: order["source"] for number, order in orders.items()}


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
        rate = f"-{row['rate']}" if conventions["rate_follows_number"] else ""
        number = row.get("sku") or f"{conventions['charge_numbers'][row['charge']]}{rate}"
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
