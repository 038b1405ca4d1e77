"""What a person does in the shop: order, pay, change, cancel, and change the keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from sandbox.ccv_shop import accounts, invoices, shapes, writing
from sandbox.ccv_shop.checkout import CANCELLED, NEW, WAIT_FOR_PAYMENT, Basket, Line, make_order
from sandbox.ccv_shop.goods import FIRST_PRODUCT_ID
from sandbox.ccv_shop.money import Doc, dec, settle_order
from sandbox.ccv_shop.people import Person
from sandbox.ccv_shop.refusals import Refused

if TYPE_CHECKING:
    from sandbox.ccv_shop.shop import CcvShop

_ORDER_WISHES = {
    "email",
    "country",
    "company",
    "name",
    "lines",
    "paid",
    "status",
    "paymethod_id",
    "fields",
    "pays_after_hours",
    "account",
    "register_number",
    "telephone",
    "street",
    "total_off",
}


def do(shop: CcvShop, action: str, arguments: dict[str, Any]) -> object:
    """Do it; ValueError with a sentence when it cannot be done."""
    if action not in ACTIONS:
        raise ValueError(f"The shop cannot {action!r}; it can {', '.join(sorted(ACTIONS))}.")
    try:
        return ACTIONS[action](shop, arguments)
    except Refused as refused:
        raise ValueError(refused.message) from None


def _new_order(shop: CcvShop, wishes: dict[str, Any]) -> object:
    return _placed(shop, wishes, shop.clock.now(), in_front=False)


def _new_order_in_front(shop: CcvShop, wishes: dict[str, Any]) -> object:
    """Place an order that sorts before all others, by id, number and date, so that the pages shift."""
    first = min((order["create_date"] for order in shop.holdings.orders.values()), default=None)
    start = datetime.fromisoformat(first) if first else shop.clock.now()
    return _placed(shop, wishes, start - timedelta(minutes=1), in_front=True)


def _placed(shop: CcvShop, wishes: dict[str, Any], when: datetime, *, in_front: bool) -> object:
    unknown = sorted(set(wishes) - _ORDER_WISHES)
    if unknown:
        raise ValueError(f"An order takes no {unknown[0]!r}; it takes {', '.join(sorted(_ORDER_WISHES))}.")
    person = _person(shop, wishes)
    hours = wishes.get("pays_after_hours")
    zero = person.country == "GB" or (person.is_company and person.country != "NL")
    paid = bool(wishes.get("paid", hours is None))
    basket = Basket(
        person,
        when,
        [_line(shop, line) for line in wishes.get("lines", [{"productnumber": "ART-1001", "count": 1}])],
        case="placed by hand",
        method=int(wishes.get("paymethod_id", 1)),
        paid=paid,
        status=int(wishes.get("status", NEW if paid else WAIT_FOR_PAYMENT)),
        pays_after=timedelta(hours=float(hours)) if hours is not None else None,
        zero_rated=zero,
        has_account=bool(wishes.get("account")),
    )
    order = make_order(basket)
    fields = wishes.get("fields", {})
    unknown = sorted(set(fields) - (set(order) - {"rows", "case", "pays_at", "user_id", "customer"}))
    if unknown:
        raise ValueError(f"An order has no field {unknown[0]!r} that could be set.")
    order |= fields
    settle_order(order)
    if "total_off" in wishes:  # as a plugin of the shop may do that takes something off without a row for it
        order["total_price"] = float(dec(order["total_price"]) + dec(wishes["total_off"]))
    return _summary(shop.holdings.place(order, in_front=in_front))


def _person(shop: CcvShop, wishes: dict[str, Any]) -> Person:
    country = str(wishes.get("country", "NL"))
    if country not in ("NL", "BE", "DE", "FR", "SE", "GB"):
        raise ValueError("The shop sells to NL, BE, DE, FR, SE and GB.")
    person = shop.holdings.people.invent(country, company=bool(wishes.get("company")))
    if isinstance(wishes.get("company"), str):
        person = replace(person, company=wishes["company"])
    if "register_number" in wishes:
        person = replace(person, register_number=str(wishes["register_number"]))
    if "telephone" in wishes:
        person = replace(person, telephone=str(wishes["telephone"]))
    if "street" in wishes:
        person = replace(person, street=str(wishes["street"]))
    if "name" in wishes:
        first, _, last = str(wishes["name"]).partition(" ")
        person = replace(person, first_name=first, last_name=last)
    return replace(person, email=str(wishes.get("email", person.email)))


def _refund_order(shop: CcvShop, wishes: dict[str, Any]) -> object:
    return invoices.refund(shop.holdings, _found(shop, wishes), wishes.get("amount"), shop.clock.now())


def _new_user(shop: CcvShop, wishes: dict[str, Any]) -> object:
    return accounts.open_account(shop.holdings, _person(shop, wishes))


def _change_user(shop: CcvShop, wishes: dict[str, Any]) -> object:
    return accounts.change_account(shop.holdings, wishes)


def _line(shop: CcvShop, wish: dict[str, Any]) -> Line:
    number = wish.get("productnumber")
    products = {one["productnumber"]: one for one in shop.holdings.products.values()}
    found = products.get(number) if number is not None else None
    name = wish.get("name") or (None if found or number is None else f"Product {number}")
    try:
        return Line(
            found or (None if number is not None or name else shop.holdings.products[FIRST_PRODUCT_ID]),
            Decimal(str(wish.get("count", 1))),
            Decimal(str(wish.get("discount", 0))),
            Decimal(str(wish["price"])) if "price" in wish else None,
            name,
            None if found else number,
            rate=Decimal(str(wish["tax"])) if "tax" in wish else None,
        )
    except InvalidOperation:
        raise ValueError("The count, price, discount and tax of a line are numbers.") from None


def _pay_order(shop: CcvShop, wishes: dict[str, Any]) -> object:
    order = _found(shop, wishes)
    if order["paid"]:
        raise ValueError(f"The order {order['ordernumber']} is paid already.")
    shop.holdings.pay(order)
    return _summary(order)


def _change_order(shop: CcvShop, wishes: dict[str, Any]) -> object:
    order = _found(shop, wishes)
    fields = {name: value for name, value in wishes["fields"].items() if order.get(name, ...) != value}
    if fields:
        writing.patch_order(shop.holdings, order, fields)
    else:
        shapes.check(wishes["fields"], shapes.ORDER_PATCH)
    return _summary(order)


def _cancel_order(shop: CcvShop, wishes: dict[str, Any]) -> object:
    order = _found(shop, wishes)
    order["status"] = CANCELLED
    shop.holdings.changed["orders"].add(order["id"])
    return _summary(order)


def _forget_signing(shop: CcvShop, wishes: dict[str, Any]) -> object:
    shop.unsigned_replies = int(wishes.get("replies", 1))
    shop.signs_wrong = bool(wishes.get("wrong", False))
    return {"replies": shop.unsigned_replies, "wrong": shop.signs_wrong}


def _rotate_keys(shop: CcvShop, wishes: dict[str, Any]) -> object:
    shop.key_generation += 1
    public, secret = shop.keys
    return {"public_key": public, "secret": secret}


def _new_product(shop: CcvShop, wishes: dict[str, Any]) -> object:
    """Add a product; what a person would have to fill in and does not say is filled in."""
    usual = {"name": wishes.get("productnumber", "Product"), "price": 10.0, "discount": 0.0, "package_id": 1}
    fields = usual | ({} if "vatrate" in wishes else {"taxtariff": "normal"}) | wishes
    made = writing.post_product(shop.holdings, fields, shop.clock.now())
    return {"id": made["id"], "productnumber": made["productnumber"]}


def _change_product(shop: CcvShop, wishes: dict[str, Any]) -> object:
    product = _product(shop, wishes)
    writing.patch_product(shop.holdings, product, wishes["fields"], shop.clock.now())
    return {"id": product["id"], **wishes["fields"]}


def _delete_product(shop: CcvShop, wishes: dict[str, Any]) -> object:
    product = _product(shop, wishes)
    shop.holdings.delete_product(product["id"])
    return product["id"]


def _new_variant(shop: CcvShop, wishes: dict[str, Any]) -> object:
    fields = {name: value for name, value in wishes.items() if name != "productnumber"}
    return dict(shop.holdings.assortment.add_variant(_product(shop, wishes)["id"], fields))


def _product(shop: CcvShop, wishes: dict[str, Any]) -> Doc:
    number = wishes["productnumber"]
    for product in shop.holdings.products.values():
        if product["productnumber"] == number:
            return product
    raise ValueError(f"There is no product {number}.")


def _found(shop: CcvShop, wishes: dict[str, Any]) -> Doc:
    number = wishes["ordernumber"]
    for order in shop.holdings.orders.values():
        if order["ordernumber"] is not None and str(number) in (
            str(order["ordernumber"]),
            order["ordernumber_full"],
        ):
            return order
    raise ValueError(f"There is no order {number}.")


def _summary(order: Doc) -> Doc:
    keys = ("id", "ordernumber", "create_date", "status", "paid", "total_price", "total_tax")
    return {key: order[key] for key in keys} | {"email": (order["customer"] or {}).get("email")}


ACTIONS: dict[str, Callable[[CcvShop, dict[str, Any]], object]] = {
    "new_order": _new_order,
    "new_order_in_front": _new_order_in_front,
    "refund_order": _refund_order,
    "new_user": _new_user,
    "change_user": _change_user,
    "pay_order": _pay_order,
    "change_order": _change_order,
    "cancel_order": _cancel_order,
    "new_product": _new_product,
    "change_product": _change_product,
    "delete_product": _delete_product,
    "new_variant": _new_variant,
    "forget_signing": _forget_signing,
    "rotate_keys": _rotate_keys,
}
