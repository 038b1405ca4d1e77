"""The tables on which a person sees what the system holds."""

from __future__ import annotations

from dataclasses import asdict

from sandbox.specter.books import SITES, Books, Doc, sums
from sandbox.specter.choices import Choices
from sandbox.system import Table

_ORDER = "number|made|external number|web shop|customer|rows|without tax|tax|total|currency|payment|status|delivery"


def tables(books: Books, choices: Choices) -> list[Table]:
    """Show orders with the newest first, their rows, articles, customers, batches, letters and the choices."""
    newest = list(reversed(books.orders.values()))
    rows = [[order["orderNo"], *_row(row)] for order in newest for row in order["rows"]]
    article = ["id", "number", "name", "price", "vatPercent", "managed", *SITES.values()]
    customer = ["number", "name", "e-mail", "orgNo", "city", "country"]
    letters = [[one["at"], one["kind"], one["to"], one["orderNo"]] for one in reversed(books.letters)]
    batches = [
        [name, queue.number or "", str(len(queue.held)), str(len(queue.changed))]
        for name, queue in books.queues.shown()
    ]
    return [
        Table("Orders", [*_ORDER.split("|"), "tracking"], [_order(books, one) for one in newest]),
        Table("Rows", ["order", "article", "name", "comment", "price", "items", "vatPercent", "discount"], rows),
        Table("Articles", article, [_article(one) for one in books.articles.values()]),
        Table("Customers", customer, [_customer(one) for one in books.customers.values()]),
        Table("Batches", ["queue", "waits to be acknowledged", "holds", "changed since"], batches),
        Table("Letters", ["at", "kind", "to", "order"], letters),
        Table("Choices", ["choice", "value"], [[name, str(value)] for name, value in asdict(choices).items()]),
    ]


def _order(books: Books, order: Doc) -> list[str]:
    without, tax = sums(order)
    customer = books.customers[order["customerId"]]
    return [
        *(order["orderNo"], order["made"], order.get("externalOrderNo", ""), order["webshopId"]),
        *(f"{customer['customerId']} {customer['name']}", str(len(order["rows"]))),
        *(f"{without:.2f}", f"{tax:.2f}", f"{without + tax:.2f}", order["currency"]),
        *(order.get("payTypeIdentifier", ""), order["statusId"], order["deliveryStatus"], " ".join(order["tracking"])),
    ]


def _row(row: Doc) -> list[str]:
    names = ("articleNo", "articleName", "articleComment", "priceExclVAT", "noOfItems", "vatPercent", "discount")
    return [row.get(name, "") for name in names]


def _article(one: Doc) -> list[str]:
    shown = [one["specterId"], one["articleNo"], one["name"], one["priceExclVAT"], one["vatPercent"]]
    return [*shown, "yes" if one["managed"] else "", *(one["levels"].get(site, "") for site in SITES)]


def _customer(one: Doc) -> list[str]:
    names = ("customerId", "name", "emailAddress", "orgNo", "city", "countryCode")
    return [one.get(name, "") for name in names]
