"""The sample records keep their schemas, are invented, name each other rightly and add up to the cent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from engine.documents.schemas import explain

EXPECTED = {
    "abicart/article_stock": 2,
    "abicart/articles": 4,
    "abicart/customers": 2,
    "abicart/deliverymethods": 2,
    "abicart/orders": 2,
    "abicart/paymentmethods": 2,
    "abicart/webshops": 1,
    "ccv-shop/categories": 1,
    "ccv-shop/invoices": 1,
    "ccv-shop/orders": 4,
    "ccv-shop/packages": 1,
    "ccv-shop/paymethods": 8,
    "ccv-shop/product_categories": 1,
    "ccv-shop/product_stock": 2,
    "ccv-shop/products": 2,
    "ccv-shop/stock_numbers": 2,
    "ccv-shop/variant_stock": 1,
    "eaccounting/article_stock": 2,
    "ccv-shop/users": 2,
    "eaccounting/articleaccountcodings": 4,
    "eaccounting/articles": 2,
    "eaccounting/companysettings": 1,
    "eaccounting/customerinvoicedrafts": 2,
    "eaccounting/customers": 2,
    "eaccounting/deliverymethods": 2,
    "eaccounting/orders": 2,
    "eaccounting/termsofpayments": 6,
    "eaccounting/units": 2,
    "specter/account": 1,
    "specter/article_changes": 1,
    "specter/articles": 2,
    "specter/customers": 2,
    "specter/order_changes": 2,
    "specter/orders": 2,
    "specter/stock_changes": 2,
}
CENT = Decimal("0.01")


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def exact(number: float) -> Decimal:
    return Decimal(repr(number))


def tax_of(amount: Decimal, percent: Decimal, with_tax: bool) -> Decimal:
    return cents(amount * percent / (100 + percent if with_tax else 100))


def by_rate(rows: list[tuple[Decimal, Decimal]]) -> dict[Decimal, Decimal]:
    """The sum of the amounts of each rate; rows: (rate in percent, amount)."""
    sums: dict[Decimal, Decimal] = {}
    for rate, amount in rows:
        sums[rate] = sums.get(rate, Decimal(0)) + amount
    return sums


def texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from texts_in(one)
    elif isinstance(value, str):
        yield value


def unlisted(schema: dict[str, Any], value: Any, path: str = "") -> list[str]:
    """The fields of a record that its schema does not name."""
    if isinstance(value, list):
        return [name for one in value for name in unlisted(schema.get("items", {}), one, f"{path}[]")]
    if not isinstance(value, dict) or "properties" not in schema:
        return []
    found = []
    for name, part in value.items():
        field = schema["properties"].get(name)
        found += [f"{path}.{name}"] if field is None else unlisted(field, part, f"{path}.{name}")
    return found


def references(schema: dict[str, Any], value: Any) -> Iterator[tuple[str, Any]]:
    """Each (resource, id) by which a record names another one."""
    if isinstance(value, list):
        for one in value:
            yield from references(schema.get("items", {}), one)
    elif isinstance(value, dict):
        for name, field in schema.get("properties", {}).items():
            if value.get(name) is not None:
                if "x-refers" in field:
                    yield field["x-refers"], value[name]
                yield from references(field, value[name])


def test_the_samples_are_those_expected(specs: Any) -> None:
    assert {name: len(records) for name, records in specs.samples.items()} == EXPECTED


@pytest.mark.parametrize("name", EXPECTED)
def test_samples_keep_the_schema_of_their_resource(specs: Any, name: str) -> None:
    schema = specs.schema_of(name)

    assert [reason for record in specs.samples[name] for reason in explain(schema, record)] == []


@pytest.mark.parametrize("name", EXPECTED)
def test_samples_have_no_field_that_their_schema_does_not_name(specs: Any, name: str) -> None:
    assert unlisted({"items": specs.schema_of(name)}, specs.samples[name]) == []


@pytest.mark.parametrize("name", EXPECTED)
def test_samples_are_written_as_the_other_documents_are(specs: Any, name: str) -> None:
    system, resource = name.split("/")
    text = (specs.root / system / "samples" / f"{resource}.json").read_text(encoding="utf-8")

    assert json.dumps(specs.samples[name], ensure_ascii=False, indent=2) + "\n" == text


def test_every_record_that_a_sample_names_is_a_sample(specs: Any) -> None:
    missing = []
    for name, records in specs.samples.items():
        system = name.split("/")[0]
        for resource, key in references({"items": specs.schema_of(name)}, records):
            field = specs.connectors[system]["resources"][resource]["key_field"]
            if key not in [record[field] for record in specs.samples[f"{system}/{resource}"]]:
                missing.append((name, resource, key))

    assert missing == []


def test_addresses_of_people_and_servers_are_invented(specs: Any) -> None:
    texts = list(texts_in(specs.samples))
    hosts = [host for text in texts for host in re.findall(r"(?:@|://)([^/\s]+)", text)]

    assert len(hosts) > 5
    assert [host for host in hosts if not host.endswith(".example")] == []


def test_rows_of_shop_orders_come_to_what_they_say(specs: Any) -> None:
    for order in specs.samples["ccv-shop/orders"]:
        for row in order["orderrows"]:
            selling = exact(row["price"]) - exact(row["discount"])

            assert exact(row["selling_price"]) == selling
            assert exact(row["total_price"]) == cents(selling * exact(row["count"]))


def test_shop_orders_add_up_to_the_cent(specs: Any) -> None:
    for order in specs.samples["ccv-shop/orders"]:
        with_tax = order["order_row_taxes_included"]
        sums = by_rate([(exact(row["tax"]), exact(row["total_price"])) for row in order["orderrows"]])
        rows_total = sum(sums.values())
        sums[max(sums)] += exact(order["paymethod_costs"]) + exact(order["extra_costs"])
        sums[max(sums)] -= exact(order["total_discounts"]) + exact(order["credit_point_discount"])
        shipping, percent = exact(order["total_shipping"]), exact(order["shipping_tax_percentage"])
        tax = sum(tax_of(amount, rate, with_tax) for rate, amount in sums.items())
        added = Decimal(0) if with_tax else tax

        assert exact(order["total_orderrow_price"]) == rows_total
        assert exact(order["total_tax"]) == tax + tax_of(shipping, percent, True)
        assert exact(order["total_price"]) == sum(sums.values()) + added + shipping


def test_shop_orders_bear_the_same_tax_when_shipping_is_a_row_among_the_others(specs: Any) -> None:
    # books reckon tax on the sum of each rate, so that a cent may go astray between the two ways
    for order in specs.samples["ccv-shop/orders"]:
        with_tax = order["order_row_taxes_included"]
        percent = exact(order["shipping_tax_percentage"])
        shipping = exact(order["total_shipping"])
        sums = by_rate([(exact(row["tax"]), exact(row["total_price"])) for row in order["orderrows"]])
        sums[max(sums)] += exact(order["paymethod_costs"]) + exact(order["extra_costs"])
        sums[max(sums)] -= exact(order["total_discounts"])
        net_shipping = cents(shipping * 100 / (100 + percent))
        sums[percent] = sums.get(percent, Decimal(0)) + (shipping if with_tax else net_shipping)

        assert exact(order["total_tax"]) == sum(tax_of(a, rate, with_tax) for rate, a in sums.items())


def test_documents_of_the_books_add_up_to_the_cent(specs: Any) -> None:
    rates = {one["Id"]: exact(one["VatRatePercent"]) for one in specs.samples["eaccounting/articleaccountcodings"]}
    codings = {one["Id"]: one["CodingId"] for one in specs.samples["eaccounting/articles"]}
    for resource, total, tax in (
        ("orders", "Amount", "VatAmount"),
        ("customerinvoicedrafts", "TotalAmount", "TotalVatAmount"),
    ):
        for document in specs.samples[f"eaccounting/{resource}"]:
            rows = []
            for row in document["Rows"]:
                if not row["IsTextRow"]:
                    full = exact(row["Quantity"]) * exact(row["UnitPrice"])
                    amount = cents(full * (100 - exact(row["DiscountPercentage"])) / 100)
                    rows.append((rates[row.get("VatRateId", codings[row["ArticleId"]])], amount))
                    assert exact(row.get("Amount", float(amount))) == amount
            with_tax = document["IncludesVat"]
            taxes = sum(tax_of(amount, rate, with_tax) for rate, amount in by_rate(rows).items())
            amounts = sum(amount for _, amount in rows)

            assert exact(document[tax]) == taxes
            assert exact(document[total]) == amounts + (0 if with_tax else taxes)


def test_prices_of_articles_with_and_without_tax_agree(specs: Any) -> None:
    rates = {one["Id"]: exact(one["VatRatePercent"]) for one in specs.samples["eaccounting/articleaccountcodings"]}
    for article in specs.samples["eaccounting/articles"]:
        with_tax = cents(exact(article["NetPrice"]) * (100 + rates[article["CodingId"]]) / 100)

        assert exact(article["GrossPrice"]) == with_tax


def test_private_persons_see_prices_with_tax_and_companies_without(specs: Any) -> None:
    persons = {one["Id"]: one["IsPrivatePerson"] for one in specs.samples["eaccounting/customers"]}
    documents = specs.samples["eaccounting/orders"] + specs.samples["eaccounting/customerinvoicedrafts"]

    assert [one["IncludesVat"] for one in documents] == [persons[one["CustomerId"]] for one in documents]


def test_an_intra_community_order_bears_no_tax(specs: Any) -> None:
    found = [order for order in specs.samples["ccv-shop/orders"] if order["is_intra_community_order"]]

    assert [order["total_tax"] for order in found] == [0]
    assert {row["tax"] for order in found for row in order["orderrows"]} == {0}
    assert all(order["customer"]["btw"] for order in found)
