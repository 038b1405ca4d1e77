"""What the system holds: customers, articles with stock at several sites, orders, suppliers and letters.

Amounts are kept as the text they were sent as and counted as decimals. That a change of stock, article or order is
noted for the next batch is specter.md, Reads; which changes are noted is not documented where a choice is asked.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sandbox.specter.batches import Queues
from sandbox.specter.choices import Choices

Doc = dict[str, Any]
SITES = {"1": "Huvudlager", "2": "Butik", "3": "Fjärrlager"}
MAIN = "1"
SHOPS = ("1", "2")  # webshopId
OPEN, DELETED = "1", "5"  # specter.md, Enumerations: 5; 1 is not documented
# specter-getOrders.xml has 3 beside D; not documented: N, and what 3 means
HANDLED, WAITING, DELIVERED = "3", "N", "D"
CENT = Decimal("0.01")


class Books:
    """All records, by their numbers."""

    def __init__(self) -> None:
        self.customers: dict[str, Doc] = {}
        self.articles: dict[str, Doc] = {}
        self.orders: dict[str, Doc] = {}
        self.suppliers: dict[str, str] = {}
        self.letters: list[Doc] = []
        self.queues = Queues()
        self.counts = {"customer": 1000, "article": 990, "order": 200_000}

    def next_number(self, kind: str) -> str:
        """Give the next number of that kind."""
        self.counts[kind] += 1
        return str(self.counts[kind])

    def article_changed(self, number: str) -> None:
        """Note that an article's own fields changed."""
        for shop in SHOPS:
            self.queues.of("articles", shop).note(number)

    def stock_changed(self, number: str) -> None:
        """Note that an article's level changed."""
        for shop in SHOPS:
            self.queues.of("stock", shop).note(number)

    def order_changed(self, order: Doc) -> None:
        """Note that an order's state changed, for the shop it came from."""
        self.queues.of("orders", order["webshopId"]).note(order["orderNo"])

    def set_stock(self, number: str, site: str, level: Decimal) -> bool:
        """Set a level; say whether that changed it."""
        levels = self.articles[number]["levels"]
        if Decimal(levels.get(site, "0")) == level:
            return False
        levels[site] = plain(level)
        return True

    def move_stock(self, order: Doc, sign: int, choices: Choices, *, own: bool) -> None:
        """Take an order's goods from stock or put them back; `own`: by the client itself."""
        for row in order["rows"]:
            article = self.articles.get(row["articleNo"])
            if article is None or not article["managed"]:
                continue
            level = Decimal(article["levels"].get(order["stocksiteid"], "0"))
            moved = self.set_stock(row["articleNo"], order["stocksiteid"], level + sign * Decimal(row["noOfItems"]))
            if moved and (choices.own_changes_listed or not own):
                self.stock_changed(row["articleNo"])

    def state(self) -> Doc:
        """Give everything that must survive a restart."""
        kept = ("customers", "articles", "orders", "suppliers", "letters", "counts")
        return {name: getattr(self, name) for name in kept} | {"queues": self.queues.state()}

    def restore(self, state: Doc) -> None:
        """Go back to what `state` gave."""
        for name, value in state.items():
            if name == "queues":
                self.queues.restore(value)
            else:
                setattr(self, name, value)


def plain(number: Decimal) -> str:
    """Write a number without an exponent and without needless zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def sums(order: Doc) -> tuple[Decimal, Decimal]:
    """Give an order's sum without tax and its tax, each row to the cent, halves away from zero.

    specter.md, Quirks: "Prices always excl. VAT with vatPercent per row"; how sums are rounded is not documented.
    """
    without = tax = Decimal(0)
    for row in order["rows"]:
        off = 1 - Decimal(row.get("discount") or "0") / 100
        amount = (Decimal(row["priceExclVAT"]) * Decimal(row["noOfItems"]) * off).quantize(CENT, ROUND_HALF_UP)
        without += amount
        tax += (amount * Decimal(row["vatPercent"]) / 100).quantize(CENT, ROUND_HALF_UP)
    return without, tax
