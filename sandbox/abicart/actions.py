"""What a person does in the shop: order, pay, send, discard, change goods, and turn the stand-in's choices."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from sandbox.abicart.carts import finish, take_from_stock
from sandbox.abicart.classes import classes
from sandbox.abicart.errors import Refused
from sandbox.abicart.goods import Goods, by_number
from sandbox.abicart.kinds import Doc, moment_of
from sandbox.abicart.people import COUNTRIES, People, email_in
from sandbox.abicart.placing import CARD, FIRST_DELIVERY, Basket, Line, place
from sandbox.abicart.world import add_customer
from sandbox.abicart.writing import Writing, forget_article

if TYPE_CHECKING:
    from sandbox.abicart.shop import Abicart

_ORDER_WISHES = (
    "account company country currency delivery email fields language lines name payment rounded shipping"
).split()


def do(shop: Abicart, action: str, arguments: dict[str, Any]) -> object:
    """Do it; ValueError with a sentence when it cannot be done."""
    if action not in ACTIONS:
        raise ValueError(f"The shop cannot {action!r}; it can {', '.join(sorted(ACTIONS))}.")
    try:
        return ACTIONS[action](shop, arguments)
    except Refused as refused:
        raise ValueError(f"{refused.message}: {refused.data}") from None
    except InvalidOperation:
        raise ValueError("Quantities and amounts are numbers.") from None


def exact(value: Any) -> Any:
    """Take floats, which the control's JSON has, for the decimals that were written."""
    if isinstance(value, float):
        return Decimal(str(value))
    if isinstance(value, dict):
        return {name: exact(part) for name, part in value.items()}
    return [exact(part) for part in value] if isinstance(value, list) else value


def _basket(shop: Abicart, wishes: dict[str, Any]) -> Basket:
    unknown = sorted(set(wishes) - set(_ORDER_WISHES))
    if unknown:
        raise ValueError(f"An order takes no {unknown[0]!r}; it takes {', '.join(_ORDER_WISHES)}.")
    country = str(wishes.get("country", "SE"))
    if country not in COUNTRIES:
        raise ValueError(f"The shop sells to {', '.join(COUNTRIES)}.")
    people = People(random.Random(shop.people_made), shop.people_made)
    person = replace(people.invent(country, company=bool(wishes.get("company"))), elsewhere=False)
    shop.people_made = people.made
    if isinstance(wishes.get("company"), str):
        person = replace(person, company=wishes["company"])
    if "name" in wishes:
        first, _, last = str(wishes["name"]).partition(" ")
        person = replace(person, first=first, last=last)
    person = replace(person, email=str(wishes.get("email", person.email)))
    active = shop.records.shop()["activeCurrencies"]
    currency = str(wishes.get("currency", active[0]))
    if currency not in active:
        raise ValueError(f"The shop sells in {' and '.join(active)}.")
    if wishes.get("account"):
        add_customer(shop.records, shop.choices, person, shop.clock.now(), [2 if person.company else 1])
    return Basket(
        person,
        [_line(shop, line) for line in wishes.get("lines", [{"articleNumber": "AB-1001"}])],
        "placed by hand",
        currency,
        wishes.get("language"),
        _of(shop, "DeliveryMethod", wishes.get("delivery", FIRST_DELIVERY)),
        _of(shop, "Payment", wishes.get("payment", CARD)),
        Decimal(str(wishes["shipping"])) if "shipping" in wishes else None,
        bool(wishes.get("rounded", False)),
        over=_fields(shop, exact(wishes.get("fields", {}))),
    )


def _of(shop: Abicart, kind: str, uid: Any) -> int:
    if not isinstance(uid, int) or not shop.records.exists(kind, uid):
        raise ValueError(f"There is no {kind} {uid}.")
    return uid


def _fields(shop: Abicart, fields: dict[str, Any]) -> Doc:
    known = classes(shop.choices)["Order"].fields
    unknown = sorted(set(fields) - (set(known) - {"uid", "items", "costs", "orderNumber"}))
    if unknown:
        raise ValueError(f"An order has no field {unknown[0]!r} that could be set.")
    return fields


def _line(shop: Abicart, wish: dict[str, Any]) -> Line:
    unknown = sorted(set(wish) - {"articleNumber", "article", "quantity", "choices", "price", "name", "vatRate"})
    if unknown:
        raise ValueError(f"A line has no {unknown[0]!r}.")
    if "article" in wish:
        article = shop.records.one("Article", wish["article"])
    else:
        article = by_number(shop.records, str(wish.get("articleNumber", "AB-1001")))
    more: Doc = {"unit": Decimal(str(wish["price"]))} if "price" in wish else {}
    more |= {"name": str(wish["name"])} if "name" in wish else {}
    more |= {"rate": Decimal(str(wish["vatRate"]))} if "vatRate" in wish else {}
    return Line(article, exact(wish.get("quantity", 1)), exact(wish.get("choices", {})), more)


def _new_order(shop: Abicart, wishes: dict[str, Any]) -> object:
    now = shop.clock.now()
    order = place(shop.records, shop.choices, _basket(shop, wishes), now)
    take_from_stock(shop.records, shop.choices, order, now)
    return _summary(shop, order)


def _new_order_in_front(shop: Abicart, wishes: dict[str, Any]) -> object:
    """Place an order that sorts before all others by uid and moment, so that the pages shift."""
    orders = shop.records.all("Order")
    first = min((order["ordered"] for order in orders if order["ordered"]), default=None)
    when = (moment_of(first) or shop.clock.now()) - timedelta(minutes=1)
    uid = min((order["uid"] for order in orders), default=2) - 1
    order = place(shop.records, shop.choices, replace(_basket(shop, wishes), uid=uid), when)
    return _summary(shop, order)


def _new_cart(shop: Abicart, wishes: dict[str, Any]) -> object:
    basket = replace(_basket(shop, wishes), ordered=False)
    return _summary(shop, place(shop.records, shop.choices, basket, shop.clock.now()))


def _finish_cart(shop: Abicart, wishes: dict[str, Any]) -> object:
    order, now = shop.records.one("Order", wishes["uid"]), shop.clock.now()
    if order["ordered"]:
        raise ValueError("The order is finished already.")
    finish(shop.records, shop.choices, order, now)
    take_from_stock(shop.records, shop.choices, order, now)
    return _summary(shop, order)


def _change_order(shop: Abicart, wishes: dict[str, Any], fields: Doc | None = None) -> object:
    order = _order(shop, wishes)
    wanted = _fields(shop, exact(wishes["fields"])) if fields is None else fields
    order.update(wanted)
    shop.records.changed("Order", order, shop.clock.now())
    return _summary(shop, order)


def _setting(**fields: Any) -> Callable[[Abicart, dict[str, Any]], object]:
    return lambda shop, wishes: _change_order(shop, wishes, fields)


def _order(shop: Abicart, wishes: dict[str, Any]) -> Doc:
    for order in shop.records.all("Order"):
        if ("uid" in wishes and order["uid"] == wishes["uid"]) or (
            "orderNumber" in wishes and order["orderNumber"] == str(wishes["orderNumber"])
        ):
            return order
    raise ValueError(f"There is no order {wishes.get('orderNumber', wishes.get('uid'))}.")


def _new_article(shop: Abicart, wishes: dict[str, Any]) -> object:
    """Add an article: `articleNumber`, `name` (a text, or texts by language), `price` in kronor, other fields."""
    name = wishes.get("name", wishes["articleNumber"])
    fields = exact({n: v for n, v in wishes.items() if n not in ("articleNumber", "name", "price")})
    unknown = sorted(set(fields) - set(classes(shop.choices)["Article"].fields))
    if unknown:
        raise ValueError(f"An article has no field {unknown[0]!r}.")
    now = shop.clock.now()
    goods = Goods(shop.records, shop.choices, random.Random(0), now)
    text = {"sv": name} if isinstance(name, str) else name
    made = goods.article(str(wishes["articleNumber"]), text, str(wishes.get("price", 100)), **fields)
    shop.records.changed("Article", made, now)
    return {"uid": made["uid"], "articleNumber": made["articleNumber"]}


def _article(shop: Abicart, wishes: dict[str, Any]) -> Doc:
    if "uid" in wishes:
        return shop.records.one("Article", wishes["uid"])
    return by_number(shop.records, str(wishes["articleNumber"]))


def _change_article(shop: Abicart, wishes: dict[str, Any]) -> object:
    article = _article(shop, wishes)
    writing = Writing(shop.records, shop.choices, shop.clock.now())
    writing.set(classes(shop.choices)["Article"], article["uid"], exact(wishes["fields"]))
    return {"uid": article["uid"], "changed": article["changed"]}


def _set_stock(shop: Abicart, wishes: dict[str, Any]) -> object:
    article = _article(shop, wishes)
    article["stock"] = {
        "useStock": bool(wishes.get("useStock", article["stock"]["useStock"])),
        shop.choices.stock_key: exact(wishes.get("level", article["stock"][shop.choices.stock_key])),
    }
    shop.records.changed("Article", article, shop.clock.now())
    return {"uid": article["uid"], "stock": {name: _plain(value) for name, value in article["stock"].items()}}


def _delete_article(shop: Abicart, wishes: dict[str, Any]) -> object:
    uid: int = _article(shop, wishes)["uid"]
    shop.records.remove("Article", uid)
    forget_article(shop.records, uid, shop.choices)
    return uid


def _new_customer(shop: Abicart, wishes: dict[str, Any]) -> object:
    person = _basket(shop, {**wishes, "lines": []}).person
    assert person is not None
    uid = add_customer(shop.records, shop.choices, person, shop.clock.now(), [2 if person.company else 1])
    return {"uid": uid, "email": person.email}


def _change_customer(shop: Abicart, wishes: dict[str, Any]) -> object:
    writing = Writing(shop.records, shop.choices, shop.clock.now())
    done = writing.set(classes(shop.choices)["Customer"], wishes["uid"], exact(wishes["fields"]))
    return {"uid": done["uid"], "changed": done["changed"]}


def _set_setting(shop: Abicart, wishes: dict[str, Any]) -> object:
    own = shop.records.shop()
    if wishes["name"] not in own or wishes["name"] == "uid":
        raise ValueError(f"There is no setting {wishes['name']!r}; there are {', '.join(list(own)[1:])}.")
    own[wishes["name"]] = wishes["value"]
    shop.records.changed("Webshop", own, None)
    return {wishes["name"]: wishes["value"]}


def _expire_tokens(shop: Abicart, wishes: dict[str, Any]) -> object:
    if wishes.get("after"):
        shop.planned.end_tokens(int(wishes["after"]))
        return f"Every token ends after {int(wishes['after'])} calls."
    return shop.tokens.expire()


def _new_key(shop: Abicart, wishes: dict[str, Any]) -> object:
    shop.tokens.key_generation += 1
    return {"auth": shop.tokens.key}


def _forget_plans(shop: Abicart, wishes: dict[str, Any]) -> object:
    shop.planned.clear()
    return "No error is planned."


def _reset(shop: Abicart, wishes: dict[str, Any]) -> object:
    shop.start_anew(shop.started)
    return "The shop is as on the first day; keys and tokens are as they were."


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def _summary(shop: Abicart, order: Doc) -> Doc:
    keys = ("uid", "orderNumber", "ordered", "paymentStatus", "deliveryStatus", "discarded")
    total = {name: _plain(order["costs"]["total"][name]) for name in ("incVat", "vat", "currency")}
    email = email_in(order["customer"], shop.choices) if order["customer"] else ""
    return {key: order[key] for key in keys} | {"items": list(order["items"]), "total": total, "email": email}


ACTIONS: dict[str, Callable[[Abicart, dict[str, Any]], object]] = {
    "new_order": _new_order,
    "new_order_in_front": _new_order_in_front,
    "new_cart": _new_cart,
    "finish_cart": _finish_cart,
    "change_order": _change_order,
    "pay_order": _setting(paymentStatus="paid"),
    "send_order": _setting(deliveryStatus="sent"),
    "discard_order": _setting(discarded=True),
    "new_article": _new_article,
    "change_article": _change_article,
    "set_stock": _set_stock,
    "delete_article": _delete_article,
    "new_customer": _new_customer,
    "change_customer": _change_customer,
    "set_setting": _set_setting,
    "expire_tokens": _expire_tokens,
    "new_key": _new_key,
    "answer_with": lambda shop, wishes: shop.planned.answer_with(wishes),
    "forget_plans": _forget_plans,
    "choose": lambda shop, wishes: shop.choose(wishes),
    "reset": _reset,
}
