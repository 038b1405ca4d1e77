"""The shop's arithmetic: decimals to the cent, halves away from zero; README.md says how sums are made.

abicart.md names the parts of a cost (`{incVat,exVat,vat,vatRate,currency}`); how they are worked out and rounded
is not documented.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sandbox.abicart.kinds import Doc

CENT = Decimal("0.01")
KRONA = Decimal(1)
ZERO = Decimal(0)


def dec(value: Any) -> Decimal:
    """Take a number for what is written."""
    return Decimal(str(value))


def cents(amount: Decimal) -> Decimal:
    """Round to the cent."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def cost(amount: Decimal, rate: Decimal, currency: str, *, with_vat: bool = True) -> Doc:
    """Write an amount that contains its tax, or does not, as a cost; `vat` is always the difference."""
    if with_vat:
        inc, ex = cents(amount), cents(amount / (1 + rate))
    else:
        inc, ex = cents(amount * (1 + rate)), cents(amount)
    return {"incVat": inc, "exVat": ex, "vat": inc - ex, "vatRate": rate, "currency": currency}


def summed(costs: list[Doc], currency: str, rate: Decimal = ZERO) -> Doc:
    """Add costs up; of several rates the sum's `vatRate` is the quotient, to four places (not documented)."""
    inc = sum((dec(one["incVat"]) for one in costs), ZERO)
    ex = sum((dec(one["exVat"]) for one in costs), ZERO)
    rates = {dec(one["vatRate"]) for one in costs if one["incVat"]}
    if len(rates) == 1:
        rate = rates.pop()
    elif rates and ex > 0 and inc >= ex:
        rate = min(((inc - ex) / ex).quantize(Decimal("0.0001")), Decimal("0.9999"))
    return {"incVat": inc, "exVat": ex, "vat": inc - ex, "vatRate": rate, "currency": currency}


def settle(order: Doc, items: list[Doc], *, whole: bool = False) -> None:
    """Work out `cart` and `total`; `whole` rounds the total to whole units, and nothing says by how much."""
    currency = order["currency"]
    costs = order["costs"]
    costs["cart"] = summed([item["costs"]["total"] for item in items], currency)
    total = summed([costs["cart"], costs["payment"], costs["shipment"]], currency, costs["cart"]["vatRate"])
    if whole:  # not documented: whether and where the shop rounds; vat stays what it was
        total["incVat"] = total["incVat"].quantize(KRONA, ROUND_HALF_UP).quantize(CENT)
        total["exVat"] = total["incVat"] - total["vat"]
    costs["total"] = total
