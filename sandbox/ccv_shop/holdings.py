"""What the shop holds: products, users, orders and their rows."""

from __future__ import annotations

import copy
import random
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sandbox.ccv_shop.assortment import Assortment
from sandbox.ccv_shop.awkward import Awkward
from sandbox.ccv_shop.checkout import Basket, Line, make_order
from sandbox.ccv_shop.goods import BANK_TRANSFER, COUNT, FIRST_PRODUCT_ID, ON_ACCOUNT, make_products
from sandbox.ccv_shop.money import Doc, settle_order
from sandbox.ccv_shop.people import People, Person

FIRST_ORDER_ID, FIRST_ORDER_NUMBER, PREFIX = 100_001, 10_001, "W"
FIRST_ROW_ID, FIRST_USER_ID = 500_001, 301
KINDS = ("orders", "products", "users")


class Holdings:
    """Everything in the shop; knows what has changed since it was made from the seed."""

    def __init__(self, seed: int, orders: int, started: datetime) -> None:
        self.started = started
        self.dice = random.Random(seed)
        self.people = People(self.dice)
        self.products = make_products(self.dice, started)
        self.assortment = Assortment()
        self.gone: set[int] = set()  # products that were deleted
        self.users: dict[int, Doc] = {}
        self.orders: dict[int, Doc] = {}
        self.invoices: dict[int, Doc] = {}  # kept whole, since the seed makes none
        self.order_of_row: dict[int, int] = {}
        self.changed: dict[str, set[int]] = {kind: set() for kind in KINDS}
        self.next_row_id = FIRST_ROW_ID
        self.awaited: set[int] = set()  # orders that will be paid at a moment to come
        self._ids, self._numbers = [FIRST_ORDER_ID, FIRST_ORDER_ID], [FIRST_ORDER_NUMBER, FIRST_ORDER_NUMBER]
        self._user_ids: dict[str, int] = {}
        for basket in sorted(self._baskets(orders), key=lambda basket: basket.created):
            self.place(make_order(basket))
        self.collect_payments(started)
        for kind in KINDS:
            self.changed[kind].clear()

    def _baskets(self, orders: int) -> list[Basket]:
        awkward = Awkward(self.dice, self.people, self.products, self.started)
        baskets = awkward.baskets()[:orders]
        regulars = [self._somebody() for _ in range(max(1, orders // 10))]
        while len(baskets) < orders:
            if orders - len(baskets) >= 2 and self.dice.random() < 0.05:
                baskets.extend(awkward.pair())
            else:
                baskets.append(self._ordinary(regulars))
        return baskets

    def _somebody(self) -> Person:
        country = self.dice.choices(("NL", "BE", "DE", "FR", "SE", "GB"), (50, 20, 12, 8, 5, 5))[0]
        company = self.dice.random() < 0.25
        return self.people.invent(country, company=company, vat=country != "GB")

    def _ordinary(self, regulars: list[Person]) -> Basket:
        dice = self.dice
        person = dice.choice(regulars) if dice.random() < 0.55 else self._somebody()
        age = timedelta(minutes=dice.randint(1, 30 * 1440 - 1))
        method = dice.choices((1, 2, 3, 4, BANK_TRANSFER, 6), (45, 12, 8, 10, 10, 15))[0]
        zero = person.country == "GB" or (person.is_company and person.country not in ("NL", "GB"))
        net = person.is_company and dice.random() < 0.6
        return Basket(
            person,
            self.started - age,
            [self._ordinary_line() for _ in range(dice.choices((1, 2, 3, 5, 8), (40, 25, 20, 10, 5))[0])],
            method=ON_ACCOUNT if net else method,
            pays_after=timedelta(days=1) if method == BANK_TRANSFER and not net else None,
            paid=not net,
            status=4 if method == BANK_TRANSFER and not net else _status(age, dice),
            zero_rated=zero,
            rows_with_tax=not net,
            shipping_with_tax=not (net and dice.random() < 0.5),
            shipping=Decimal(0) if dice.random() < 0.15 else None,
            has_account=person in regulars,
        )

    def _ordinary_line(self) -> Line:
        product = self.products[FIRST_PRODUCT_ID + self.dice.randrange(COUNT)]
        discount = Decimal("0.50") if product["price"] > 2 and self.dice.random() < 0.1 else Decimal(0)
        return Line(product, Decimal(self.dice.choices((1, 2, 3, 7, 12), (60, 20, 10, 6, 4))[0]), discount)

    def place(self, order: Doc, *, in_front: bool = False) -> Doc:
        """Take an order in: ids, number, user."""
        order["id"] = _next(self._ids, in_front)
        if order["is_completed"]:
            self.give_number(order, _next(self._numbers, in_front))
        self.number_rows(order)
        if order.pop("has_account", False) and order["customer"]:
            order["user_id"] = self.user_of(order["customer"])
        self.orders[order["id"]] = order
        self.changed["orders"].add(order["id"])
        if order["pays_at"]:
            self.awaited.add(order["id"])
        return order

    @staticmethod
    def give_number(order: Doc, number: int) -> None:
        """Give a completed order its number."""
        # ccv-schemas.json, Orders.ordernumber_full: with a dash if there is a prefix (the sample has none)
        order |= {
            "ordernumber_prefix": PREFIX,
            "ordernumber": number,
            "ordernumber_full": f"{PREFIX}-{number}",
        }
        if order["paid"]:
            order["transaction_id"] = f"tr_{order['id']:x}"

    def complete(self, order: Doc) -> None:
        """Complete an unfinished order: it gets its number."""
        order["is_completed"] = True
        self.give_number(order, _next(self._numbers, False))
        self.changed["orders"].add(order["id"])

    def number_rows(self, order: Doc) -> None:
        """Give every row of an order its id."""
        for row in order["rows"]:
            row["id"], row["order_id"] = self.next_row_id, order["id"]
            self.order_of_row[self.next_row_id] = order["id"]
            self.next_row_id += 1

    def user_of(self, customer: dict[str, Any]) -> int:
        """Give the id of a person's account; it is opened if there is none."""
        # ccv-schemas.json, Users.username is unique within the webshop; it is the e-mail here
        if customer["email"] in self._user_ids:
            return self._user_ids[customer["email"]]
        identity = FIRST_USER_ID + len(self.users)
        self._user_ids[customer["email"]] = identity
        self.users[identity] = {
            "id": identity,
            "username": customer["email"],
            "group_id": None,
            "status": True,
            "approval_status": "approved",  # not documented: which words approval_status may hold
            "product_in_category_discount": "highest",
            "userinfo": copy.deepcopy(customer),
        }
        self.changed["users"].add(identity)
        return identity

    def collect_payments(self, now: datetime) -> None:
        """Mark as paid whatever was paid by this moment."""
        moment = now.strftime("%Y-%m-%dT%H:%M:%SZ")
        for order in [self.orders[identity] for identity in self.awaited]:
            if order["pays_at"] is not None and order["pays_at"] > moment:
                continue
            self.awaited.discard(order["id"])
            order["pays_at"] = None
            if order["status"] != 8 and not order["paid"]:
                self.pay(order)
            self.changed["orders"].add(order["id"])

    def pay(self, order: Doc) -> None:
        """Mark an order as paid; one that waited for it goes on."""
        order["paid"], order["transaction_id"] = True, f"tr_{order['id']:x}"
        if order["status"] in (None, 4):
            order["status"] = 1 + order["id"] % 2  # 1 New or 2 In process
        self.changed["orders"].add(order["id"])

    def delete_product(self, product: int) -> None:
        """Delete a product, with its variants and its places in categories."""
        self.products.pop(product, None)  # after a restart the seed has not made it
        self.gone.add(product)
        self.changed["products"].discard(product)
        self.assortment.forget_product(product)

    def touch(self, order: Doc) -> None:
        """Work out an order's sums again after a change."""
        settle_order(order)
        self.changed["orders"].add(order["id"])

    def state(self) -> dict[str, Any]:
        """Give what differs from what the seed made."""
        kept: dict[str, Any] = {
            kind: [copy.deepcopy(getattr(self, kind)[identity]) for identity in sorted(self.changed[kind])]
            for kind in KINDS
        }
        kept["invoices"] = [copy.deepcopy(invoice) for invoice in self.invoices.values()]
        kept["people_made"] = self.people.made  # or a restart would invent the same person twice
        kept |= {"assortment": self.assortment.state(), "gone": sorted(self.gone)}
        return kept | {"next_row_id": self.next_row_id, "ids": [*self._ids], "numbers": [*self._numbers]}

    def restore(self, kept: dict[str, Any]) -> None:
        """Write over what the seed made."""
        for product in kept.get("gone", []):
            self.delete_product(product)
        for kind in KINDS:
            for document in kept[kind]:
                getattr(self, kind)[document["id"]] = document
                self.changed[kind].add(document["id"])
        self.assortment.restore(kept.get("assortment", {}))
        self.invoices = {invoice["id"]: invoice for invoice in kept.get("invoices", [])}
        self.next_row_id, self._ids, self._numbers = kept["next_row_id"], kept["ids"], kept["numbers"]
        self.people.made = kept["people_made"]
        self.awaited = {order["id"] for order in self.orders.values() if order["pays_at"]}
        self._user_ids = {user["username"]: user["id"] for user in self.users.values()}
        self.order_of_row = {row["id"]: order["id"] for order in self.orders.values() for row in order["rows"]}


def _status(age: timedelta, dice: random.Random) -> int:
    if age < timedelta(days=2):
        return dice.choice((1, 2))
    return dice.choices((2, 5, 6, 7, 8, 3, 9, 10, 11, 12, 13, 14), (10, 30, 15, 25, 4, 2, 2, 3, 3, 2, 2, 2))[0]


def _next(ends: list[int], in_front: bool) -> int:
    """Take the next number at either end; `ends` holds the lowest taken one and the next free one."""
    if in_front:
        ends[0] -= 1
        return ends[0]
    ends[1] += 1
    return ends[1] - 1
