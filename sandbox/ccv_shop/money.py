"""The shop's arithmetic, in decimals and to the cent; README.md says what of it is documented."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

CENT = Decimal("0.01")
HUNDRED = Decimal(100)
NORMAL_RATE = Decimal(21)
Doc = dict[str, Any]


def dec(value: object) -> Decimal:
    """Take a JSON number for what is written, not for the nearest double."""
    return Decimal(str(value))


def cents(amount: Decimal) -> Decimal:
    """Round to the cent, halves away from zero."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def without_tax(amount: Decimal, rate: Decimal) -> Decimal:
    """Take the tax out of an amount that contains it."""
    return cents(amount * HUNDRED / (HUNDRED + rate))


def settle_row(row: Doc) -> None:
    """Work out the prices of a row from count, price and discount."""
    price, discount = dec(row["price"]), dec(row["discount"])
    selling = cents(price - discount)
    total = cents(selling * dec(row["count"]))
    # ccv-schemas.json, Orderrows.selling_price: price and discount; the attributes here never cost anything
    row["selling_price"] = row["price_with_attributes"] = float(selling)
    row["price_without_discount"] = row["price_without_discount_with_attributes"] = float(price)
    row["total_price"] = row["total_price_with_attributes"] = float(total)
    row["total_extra_option_price"] = 0.0


def _by_rate(order: Doc) -> dict[Decimal, Decimal]:
    """Give the sums to be taxed: rows by rate, discounts in proportion, costs with the highest rate."""
    sums: dict[Decimal, Decimal] = {}
    for row in order["rows"]:
        rate = dec(row["tax"])
        sums[rate] = sums.get(rate, Decimal(0)) + dec(row["total_price"])
    total = sum(sums.values(), Decimal(0))
    discount = dec(order["total_discounts"]) + dec(order["credit_point_discount"])
    left = discount
    rates = sorted(sums)
    for rate in rates[:-1]:
        share = cents(discount * sums[rate] / total) if total else Decimal(0)
        sums[rate] -= share
        left -= share
    highest = rates[-1] if rates else (Decimal(0) if order["is_intra_community_order"] else NORMAL_RATE)
    costs = dec(order["paymethod_costs"]) + dec(order["extra_costs"])
    sums[highest] = sums.get(highest, Decimal(0)) - left + costs
    return sums


def settle_order(order: Doc) -> None:
    """Work out an order's sums from its rows, discounts and costs."""
    rows = sum((dec(row["total_price"]) for row in order["rows"]), Decimal(0))
    sums = _by_rate(order)
    amount = sum(sums.values(), Decimal(0))
    shipping, percentage = dec(order["total_shipping"]), dec(order["shipping_tax_percentage"])
    tax = added = Decimal(0)
    if order["taxes_included"]:  # ccv-schemas.json, Orders.taxes_included: if false, taxes are hidden
        if order["order_row_taxes_included"]:
            tax = sum((cents(part * rate / (HUNDRED + rate)) for rate, part in sums.items()), Decimal(0))
        else:
            tax = added = sum((cents(part * rate / HUNDRED) for rate, part in sums.items()), Decimal(0))
        # ccv-schemas.json, Orders.shipping_taxes_included: shipping counts in the total tax, or does not
        if order["shipping_taxes_included"]:
            tax += cents(shipping * percentage / (HUNDRED + percentage))
    order["total_orderrow_price"] = float(rows)
    order["total_tax"] = float(tax)
    order["total_price"] = float(amount + added + shipping)
    # ccv-schemas.json, Orders.extra_price: fee of the payment method and discount of credits, deprecated
    order["extra_price"] = float(dec(order["paymethod_costs"]) - dec(order["credit_point_discount"]))
    order["total_weight"] = float(
        sum((dec(row["count"]) * dec(row["weight"] or 0) for row in order["rows"]), Decimal(0))
    )
