"""How a customer's basket becomes an order, on the first day and by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sandbox.abicart.carts import finish, make_item
from sandbox.abicart.choices import Choices
from sandbox.abicart.goods import EUR_IN_SEK
from sandbox.abicart.kinds import MOMENT, Doc
from sandbox.abicart.money import ZERO, cents, cost, dec, settle
from sandbox.abicart.people import OUTSIDE, Person, customer_of
from sandbox.abicart.records import Records
from sandbox.abicart.writing import empty_cart

# not documented: the fields of delivery and payment methods; names are shown with named_methods
DELIVERIES = ({"sv": "Postombud", "en": "Parcel shop"}, {"sv": "Hemleverans", "en": "Home"}, {"sv": "Hämtas"})
PAYMENTS = ({"sv": "Faktura", "en": "Invoice"}, {"sv": "Kort", "en": "Card"}, {"sv": "Postförskott"})
FIRST_DELIVERY, PICKED_UP, FIRST_PAYMENT, INVOICE, CARD, ON_DELIVERY = 41, 43, 51, 51, 52, 53
FEES = {INVOICE: Decimal(29), CARD: ZERO, ON_DELIVERY: Decimal(60)}  # kronor, with tax
_NORMAL = Decimal("0.25")


@dataclass(frozen=True, slots=True)
class Line:
    """One row; what is not given comes from the article."""

    article: Doc
    quantity: Any = 1
    choices: Doc = field(default_factory=dict)
    more: Doc = field(default_factory=dict)  # unit, rate, name, discount


@dataclass(frozen=True, slots=True)
class Basket:
    """What somebody orders, and what the shop did with it."""

    person: Person | None
    lines: list[Line]
    case: str = ""  # why it is worth a look
    currency: str = "SEK"
    language: str | None = None
    delivery: int = FIRST_DELIVERY
    payment: int = CARD
    shipping: Decimal | None = None  # kronor
    whole: bool = False  # the total is rounded to whole units
    ordered: bool = True
    uid: int | None = None
    over: Doc = field(default_factory=dict)  # written over the finished order


def place(records: Records, choices: Choices, basket: Basket, when: datetime) -> Doc:
    """Make the order, or the cart when it is not ordered."""
    person = basket.person
    order: Doc = {
        "changed": when.strftime(MOMENT),
        "customer": customer_of(person, choices) if person else None,
        "currency": basket.currency,
        "language": basket.language or (person.language if person else None),
    }
    order |= empty_cart(records, order)
    order |= {"note": "", "tags": [], "externalOrderNumber": "", "discarded": False, "affiliate": ""}
    order["exchangeRate"] = _exchange_rate(basket.currency, choices)
    # not documented: when `hasVat` is false; here for buyers outside the Union and companies in other countries of it
    order["hasVat"] = not (person and (person.country in OUTSIDE or (person.company and person.country != "SE")))
    order["payments"] = [basket.payment] if basket.ordered else []
    order["delivery"] = {"method": basket.delivery}
    order = records.add("Order", order, basket.uid)
    for line in basket.lines:
        wish = {**line.choices, "quantity": line.quantity}
        order["items"].append(make_item(records, choices, order, line.article, wish, **line.more)["uid"])
    _charge(order, basket, choices)
    if basket.ordered:
        finish(records, choices, order, when, whole=basket.whole)
    else:
        settle(order, records.items_of(order))
    order |= basket.over
    records.changed("Order", order, None)
    if basket.case:
        records.notes[order["uid"]] = basket.case
    return order


def _exchange_rate(currency: str, choices: Choices) -> Any:
    """What one unit of the order's currency is in the shop's (not documented: in which direction it counts)."""
    if currency == choices.base_currency:
        return 1
    return EUR_IN_SEK if currency == "EUR" else (1 / EUR_IN_SEK).quantize(Decimal("0.000001"))


def _charge(order: Doc, basket: Basket, choices: Choices) -> None:
    """Add shipping and the fee of the payment; both bear the normal rate (not documented)."""
    currency, rate = order["currency"], _NORMAL if order["hasVat"] else ZERO
    usual = ZERO if basket.delivery == PICKED_UP or not basket.lines else Decimal(49)
    charged = {"shipment": usual if basket.shipping is None else basket.shipping, "payment": FEES[basket.payment]}
    for name, kronor in charged.items():
        inside = kronor if choices.prices_with_vat and order["hasVat"] else cents(kronor / (1 + _NORMAL))
        amount = cents(inside / EUR_IN_SEK) if currency == "EUR" else dec(inside)
        amount = ZERO if not basket.ordered else amount
        order["costs"][name] = cost(amount, rate, currency, with_vat=choices.prices_with_vat)
