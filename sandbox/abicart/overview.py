"""The tables on which a person sees what the shop holds."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sandbox.abicart.choices import Choices
from sandbox.abicart.exact_json import number
from sandbox.abicart.kinds import Doc
from sandbox.abicart.money import cents, dec
from sandbox.abicart.people import email_in
from sandbox.abicart.records import Records
from sandbox.system import Table


def tables(own: Records, choices: Choices) -> list[Table]:
    """Show orders with the newest first, then articles, customers and the choices."""
    newest = sorted(own.all("Order"), key=lambda order: (order["ordered"] or "9", order["uid"]), reverse=True)
    columns = "uid|number|ordered|customer|e-mail|country|rows|total|tax|currency|paid|sent|discarded|external number"
    articles = [_article(one, choices) for one in own.all("Article")]
    customers = [
        [str(one["uid"]), _name(one), email_in(one, choices), one["language"], one["changed"]]
        for one in own.all("Customer")
    ]
    return [
        Table("Orders", [*columns.split("|"), "why it is here"], [_order(own, one, choices) for one in newest]),
        Table("Articles", ["uid", "number", "name", "price", "vatRate", "stock", "variant of", "changed"], articles),
        Table("Customers", ["uid", "name", "e-mail", "language", "changed"], customers),
        Table("Choices", ["choice", "value"], [[name, str(value)] for name, value in asdict(choices).items()]),
    ]


def _order(own: Records, order: Doc, choices: Choices) -> list[str]:
    customer, total = order["customer"], order["costs"]["total"]
    return [
        str(order["uid"]),
        order["orderNumber"] or "cart",
        order["ordered"] or "",
        _name(customer) if customer else "",
        email_in(customer, choices) if customer else "",
        customer["address"]["country"] if customer else "",
        str(len(order["items"])),
        f"{cents(dec(total['incVat']))}",
        f"{cents(dec(total['vat']))}",
        order["currency"],
        order["paymentStatus"],
        order["deliveryStatus"],
        "discarded" if order["discarded"] else "",
        order["externalOrderNumber"] or "",
        own.notes.get(order["uid"], ""),
    ]


def _article(one: Doc, choices: Choices) -> list[str]:
    stock = one["stock"]
    level = _text(stock[choices.stock_key]) if stock["useStock"] else ""
    price = one["price"]
    shown = _text(price.get(choices.base_currency)) if isinstance(price, dict) else _text(price)
    name = next(iter((one["name"] or {}).values()), "")
    parts = (one["uid"], one["articleNumber"], name, shown, _text(one["vatRate"]), level, one["articleTemplate"] or "")
    return [*map(str, parts), one["changed"]]


def _text(value: Any) -> str:
    return "" if value is None else number(dec(value))


def _name(customer: Doc) -> str:
    address = customer["address"] or {}
    return address.get("company") or f"{address.get('firstName') or ''} {address.get('lastName') or ''}".strip()
