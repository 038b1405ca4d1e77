"""The orders that the expected files are about, from shops whose seed and first day are fixed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sandbox.abicart import Abicart
from sandbox.ccv_shop import CcvShop
from sandbox.clock import Clock

Doc = dict[str, Any]
SHOPS: dict[str, tuple[type[CcvShop] | type[Abicart], int]] = {"ccv-shop": (CcvShop, 60), "abicart": (Abicart, 100)}
SEED = 7
FIRST_DAY = datetime(2026, 3, 2, 12, tzinfo=UTC)


class ClockOfThatDay(Clock):
    """Stands still on the first day until it is let go; then it is the real clock."""

    def __init__(self) -> None:
        super().__init__()
        self._standing = True

    def now(self) -> datetime:
        """Give the first day, or the real time once the world is made."""
        return FIRST_DAY if self._standing else super().now()

    def let_go(self) -> None:
        """From here on the clock goes."""
        self._standing = False


@dataclass(frozen=True)
class Source:
    """A shop with its clock."""

    shop: CcvShop | Abicart
    clock: Clock

    def orders(self) -> dict[str, Doc]:
        """The finished orders as the shop keeps them, by number, the rows inside."""
        if isinstance(self.shop, CcvShop):
            held = self.shop.holdings.orders.values()
            return {order["ordernumber_full"]: order for order in held if order["ordernumber_full"]}
        records = self.shop.records
        found = (order for order in records.all("Order") if order["orderNumber"])
        return {order["orderNumber"]: {**order, "rows": records.items_of(order)} for order in found}


def source_of(system: str) -> Source:
    """Make the shop of the first day; its orders are the same on whichever day this is called."""
    made, orders = SHOPS[system]
    clock = ClockOfThatDay()
    shop = made(clock, seed=SEED, orders=orders)
    clock.let_go()
    return Source(shop, clock)


_READ = (
    "create_date currency paid paymethod transaction_id customer rows total_shipping shipping_taxes_included "
    "shipping_tax_percentage taxes_included order_row_taxes_included paymethod_costs extra_costs "
    "extra_costs_description total_discounts credit_point_discount total_price total_tax "
    "ordered costs payments delivery note discarded hasVat"
).split()
_READ_OF_ROW = (
    "product_number product_name count price discount tax total_price "
    "articleNumber articleName choices costs discountInfo"
).split()


def fingerprint(order: Doc) -> str:
    """A short hash of what an expectation was written from; another one means: write it again."""
    read = {name: order[name] for name in _READ if name in order}
    read["rows"] = [{name: row[name] for name in _READ_OF_ROW if name in row} for row in order["rows"]]
    text = json.dumps(read, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
