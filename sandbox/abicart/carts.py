"""Carts: how an article gets into one, and how one becomes an order.

abicart.md, OrderItem: "Items are added through `Order.addArticle`, not created directly. **Quantity sits inside
`choices.quantity`.**" The parameters of addArticle are not documented; here `(order, article, choices)`, and it
gives the item's uid.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sandbox.abicart.choices import Choices
from sandbox.abicart.errors import DENIED, INVALID, Refused, bad_params, not_found
from sandbox.abicart.kinds import MOMENT, Doc
from sandbox.abicart.money import ZERO, cents, cost, dec, settle
from sandbox.abicart.records import Records


def add_article(records: Records, choices: Choices, order: Doc, article_uid: int, wish: Any, now: datetime) -> Doc:
    """Put an article into a cart."""
    if order["ordered"]:
        raise Refused(DENIED, "The order is finished.")
    if not records.exists("Article", article_uid):
        raise not_found("Article", article_uid)
    article = records.one("Article", article_uid)
    if not article["isBuyable"] or article["draft"] or article["presentationOnly"]:
        raise Refused(INVALID, "The article cannot be bought.")  # not documented: the code
    item = make_item(records, choices, order, article, _read_choices(records, article, wish))
    order["items"] = [*order["items"], item["uid"]]
    cart_changed(records, order, now)
    return item


def _read_choices(records: Records, article: Doc, wish: Any) -> Doc:
    # abicart.md, OrderItem: "`choices` (map choiceUid→optionUid, plus "quantity")"
    if wish is None:
        wish = {}
    if not isinstance(wish, dict):
        raise bad_params("The choices are an object.")
    read: Doc = {"quantity": 1} | wish
    quantity = read["quantity"]
    if isinstance(quantity, bool) or not isinstance(quantity, int | Decimal) or quantity <= 0:
        raise Refused(INVALID, "/choices/quantity: a number above zero is needed.")
    own = {str(uid): records.one("ArticleChoice", uid) for uid in article["choices"]}
    for name, value in read.items():
        if name == "quantity":
            continue
        if name not in own:
            raise Refused(INVALID, f"/choices/{name}: the article has no such choice.")
        if own[name]["type"] == "enum" and value not in own[name]["options"]:
            raise Refused(INVALID, f"/choices/{name}: there is no such option.")
    for name, choice in own.items():
        if choice["mandatory"] and name not in read:
            raise Refused(INVALID, f"/choices/{name}: the choice is mandatory.")
    return read


def unit_price(choices: Choices, article: Doc, wish: Doc, currency: str, rate_of_currency: Decimal) -> Decimal:
    """What one piece costs in that currency: its price, or that of a chosen option (not documented: instead)."""
    for name, value in wish.items():
        priced = (article["choiceOptionPrices"] or {}).get(str(value)) if name != "quantity" else None
        if priced and currency in priced:
            return dec(priced[currency])
    price = article["price"]
    if isinstance(price, dict):
        return dec(price.get(currency) or ZERO)
    return cents(dec(price or ZERO) / rate_of_currency)


def make_item(records: Records, choices: Choices, order: Doc, article: Doc, wish: Doc, **more: Any) -> Doc:
    """Make the row of an order: `unit` sets its price, `rate` its tax, `name` and `discount` what it says."""
    currency, language = order["currency"], order["language"]
    rate = dec(more.get("rate", article["vatRate"] or ZERO)) if order["hasVat"] else ZERO
    unit = more.get("unit")
    with_vat = choices.prices_with_vat
    if unit is None:
        unit = unit_price(choices, article, wish, currency, dec(order["exchangeRate"]))
        if not order["hasVat"] and with_vat:  # a buyer without tax pays the price without it
            unit = cents(unit / (1 + dec(article["vatRate"] or ZERO)))
    names = article["name"] or {}
    variant = _variant(records, article, wish)
    item = {
        "order": order["uid"] if choices.item_order == "uid" else order["orderNumber"],
        "article": article["uid"],
        "articleNumber": (variant["overrides"] or {}).get("articleNumber") if variant else article["articleNumber"],
        # not documented: the language of articleName; here the order's, else the shop's
        "articleName": more.get("name") or names.get(language) or names.get(records.shop()["defaultLanguage"]) or "",
        "choices": wish,
        "costs": {
            "total": cost(dec(unit) * dec(wish["quantity"]), rate, currency, with_vat=with_vat),
            "unit": cost(dec(unit), rate, currency, with_vat=with_vat),
        },
        "discountInfo": more.get("discount"),
        "download": None,
        "revenueShare": None,
    }
    return records.add("OrderItem", item)


def _variant(records: Records, article: Doc, wish: Doc) -> Doc | None:
    """Find the variant that was chosen: the article's own, whose attributes are these options (not documented)."""
    chosen = {name: value for name, value in wish.items() if name != "quantity"}
    if not chosen:
        return None
    own = (one for one in records.all("Article") if one["articleTemplate"] == article["uid"])
    return next((one for one in own if one["attributes"].items() <= chosen.items()), None)


def cart_changed(records: Records, order: Doc, now: datetime) -> None:
    """Work out the sums of a cart anew."""
    settle(order, records.items_of(order))
    records.changed("Order", order, now)


def finish(records: Records, choices: Choices, order: Doc, when: datetime, *, whole: bool = False) -> None:
    """Make an order of a cart: it gets its number and its moment."""
    order["orderNumber"] = str(records.order_number)
    records.order_number += 1
    order["ordered"] = when.strftime(MOMENT)
    for item in records.items_of(order):
        if choices.item_order == "orderNumber":
            item["order"] = order["orderNumber"]
            records.changed("OrderItem", item, None)
    settle(order, records.items_of(order), whole=whole)
    records.changed("Order", order, when)


def take_from_stock(records: Records, choices: Choices, order: Doc, when: datetime) -> None:
    """Lower the stock of what was sold; not documented: that this moves the article's `changed`, here it does."""
    for item in records.items_of(order):
        sold = records.exists("Article", item["article"] or 0) and records.one("Article", item["article"])
        article = _variant(records, sold, item["choices"]) or sold if sold else None
        if article and article["stock"]["useStock"]:
            stock = article["stock"]
            stock[choices.stock_key] = dec(stock[choices.stock_key]) - dec(item["choices"]["quantity"])
            records.changed("Article", article, when)
