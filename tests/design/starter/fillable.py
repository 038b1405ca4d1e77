"""How much of what a target can hold, and the source knows, a starter of orders fills.

A field of the target counts where it can be written and the source has its meaning: of the order itself, of its buyer
or of its rows, as it stands or made of others (`processes/derived.json`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.connectors.connector import Connector
from engine.design.starter.fields import Field, Record
from engine.design.starter.pair import Pair

# whose a meaning is in an order: where a meaning of a customer, an article or a document stands in the source
_OF_BUYER = {
    **{
        f"customer.{part}": f"order.buyer.{part}" for part in "number email vat_number registration_number type".split()
    },
    **{f"customer.{part}": f"order.billing.{part}" for part in "company given_name family_name phone mobile".split()},
    "customer.name": "order.billing.full_name",
    "customer.contact_name": "order.billing.full_name",
    "customer.is_person": "order.billing.full_name",
    "customer.shipping.name": "order.shipping_address.full_name",
    "customer.currency": "order.currency",
    "customer.language": "order.language",
    "customer.payment_term": "order.payment.method",
}
_OF_ROWS = {f"article.{part}": f"order.lines[].{part}" for part in "sku name unit price tax_rate gtin".split()}
_ELSEWHERE = {
    **_OF_BUYER,
    **_OF_ROWS,
    "article.tax_class": "order.lines[].tax_rate",
    "article.price_gross": "order.lines[].price",
    "order.external_number": "order.number",
    "order.payment.term": "order.payment.method",
    "order.lines[].article": "order.lines[].sku",
    "order.lines[].tax_code": "order.lines[].tax_rate",
    "invoice.date": "order.placed_at",
    "quote.date": "order.placed_at",
    "invoice.currency": "order.currency",
    "payment.amount": "order.total",
    "payment.currency": "order.currency",
    "payment.date": "order.placed_at",
    "payment.reference": "order.number",
}
# said by another field of the same record already
_SAID_BY = {
    "order.lines[].sku": "order.lines[].article",
    "order.lines[].amount": "order.lines[].price",
    "order.lines[].discount_percent": "order.lines[].price",  # the price after the discount
    "article.price_gross": "article.price",
    "article.price": "article.price_gross",
    "customer.given_name": "customer.name",
    "customer.family_name": "customer.name",
}


def fillable(
    connectors: Mapping[str, Connector], source: str, target: str, resource: str, flow: Any
) -> tuple[list[str], list[str]]:
    """The fields that are filled, and those that could be and are not, as `step, field (meaning)`."""
    readings = Pair(connectors[source], connectors[target], resource).readings
    filled, unfilled = [], []
    for step in flow["steps"]:
        if step["connector"] != target:
            continue
        for field in _fields(Record.of(connectors[target].resources[step["resource"]]), step["fields"]):
            named = f"{step['step']}, {field.path} ({field.meaning})"
            if field.path in step["fields"]:
                filled.append(named)
            elif readings.of(_in_order(field.meaning)) is not None:
                unfilled.append(named)
    return filled, unfilled


def _fields(record: Record, mapped: Mapping[str, Any]) -> Iterator[Field]:
    """Those that can be written and mean something, but for what another one says already."""
    said = {field.meaning for field in record.fields if field.path in mapped}
    for field in record.fields:
        if field.is_written and field.meaning and not field.is_group and _SAID_BY.get(field.meaning) not in said:
            yield field


def _in_order(meaning: str) -> str:
    for prefix, of in (("customer.billing.", "order.billing."), ("customer.shipping.", "order.shipping_address.")):
        if meaning.startswith(prefix) and meaning not in _ELSEWHERE:
            return of + meaning.removeprefix(prefix)
    return _ELSEWHERE.get(meaning, meaning)
