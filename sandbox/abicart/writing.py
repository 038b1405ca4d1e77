"""set, create, validate and delete."""

from __future__ import annotations

import copy
from datetime import datetime
from typing import Any

from sandbox.abicart.carts import cart_changed
from sandbox.abicart.choices import Choices
from sandbox.abicart.classes import Class
from sandbox.abicart.errors import ABNORMAL, DENIED, INVALID, Refused, bad_params
from sandbox.abicart.kinds import MOMENT, WHOLE, Doc, Kind, check
from sandbox.abicart.money import ZERO
from sandbox.abicart.records import TIMED, Records

# not documented: what can be written on an order that is finished; what else an order holds is its customer's
OF_FINISHED = {"externalOrderNumber", "note", "tags", "paymentStatus", "deliveryStatus", "discarded", "affiliate"}
_NEEDED_NOT_NULL = {"Article": ("articleNumber", "stock", "vatRate"), "Customer": ("address", "info")}


class Writing:
    """Writes records as one call asks for it."""

    def __init__(self, records: Records, choices: Choices, now: datetime) -> None:
        self._records = records
        self._choices = choices
        self._now = now

    def check(self, kind: Class, uid: int | None, data: Any) -> None:
        """Refuse data that does not fit: 9001, 9002, or 1006 for what is not the client's to change."""
        if not isinstance(data, dict):
            raise bad_params("The data is an object.")
        before = self._records.one(kind.name, uid) if uid is not None else None
        for name, value in data.items():
            if name not in kind.fields:
                raise Refused(INVALID, f"/{name}: there is no such field.")
            if name not in kind.written:
                raise Refused(INVALID, f"/{name}: the field is read-only.")
            if value is None and name in (*kind.needed, *_NEEDED_NOT_NULL.get(kind.name, ())):
                raise Refused(INVALID, f"/{name}: null is not allowed.")
            check(kind.fields[name], value, f"/{name}", self._records.exists)
            if before is not None and kind.name == "Order" and before["ordered"] and name not in OF_FINISHED:
                raise Refused(DENIED, f"/{name}: the order is finished.")
        for name in kind.needed if before is None else ():
            if data.get(name) in (None, {}, ""):
                raise Refused(INVALID, f"/{name}: the field is needed.")
        self._check_article(kind, uid, data)
        self._check_currencies(kind, data)

    def _check_article(self, kind: Class, uid: int | None, data: Doc) -> None:
        # not documented: whether numbers are unique; a connection to books may need it (abicart.md, Quirks 5)
        number = data.get("articleNumber") if kind.name == "Article" and self._choices.unique_numbers else None
        for other in self._records.all("Article") if number else ():
            if other["articleNumber"] == number and other["uid"] != uid:
                raise Refused(INVALID, f"/articleNumber: {number!r} is there already.")

    def _check_currencies(self, kind: Class, data: Doc) -> None:
        active = self._records.shop()["activeCurrencies"]
        used = [data["currency"]] if data.get("currency") else []
        if kind.name == "Article":
            maps = [data.get("price"), *(data.get("choiceOptionPrices") or {}).values()]
            maps += [row.get(part) for row in data.get("pricing") or [] if row for part in ("regular", "specialOffer")]
            used += [name for one in maps if isinstance(one, dict) for name in one]
        for name in used:
            if name not in active:  # abicart.md, Webshop: `activeCurrencies`
                raise Refused(ABNORMAL, f"{name!r} is no currency of this shop.")

    def set(self, kind: Class, uid: Any, data: Any) -> Doc:
        """Write a record, or make one where uid is null: abicart.md, Methods: "`create` (= `set(null, …)`)"."""
        self.check(kind, uid, data)
        if uid is None:
            return self._made(kind, data)
        record = self._records.one(kind.name, uid)
        before = copy.deepcopy(record)
        for name, value in data.items():
            record[name] = self._joined(kind.fields[name], record.get(name), value)
        self._follow(kind, record, data)
        touched = {name for name in record if record[name] != before.get(name)}
        quiet = touched <= {"externalOrderNumber"} and not self._choices.external_number_moves_changed
        if touched:  # not documented: whether a write that changes nothing moves `changed`; here it does not
            self._records.changed(kind.name, record, None if quiet else self._now)
        return record

    def _joined(self, kind: Kind, old: Any, new: Any) -> Any:
        """Put part of an object over what was there; not documented: or in its place, with set_merges false."""
        if self._choices.set_merges and kind.name in ("object", "words", "map") and isinstance(old, dict):
            return {**old, **new} if isinstance(new, dict) else new
        return new

    def _follow(self, kind: Class, record: Doc, data: Doc) -> None:
        """Keep price and pricing of an article in step (not documented)."""
        if kind.name != "Article":
            return
        if "pricing" in data and record["pricing"]:
            first = min(record["pricing"], key=lambda row: row["qtyFloor"])
            record["price"] = first["regular"]
        elif "price" in data:
            others = [row for row in record.get("pricing") or [] if row["qtyFloor"] != 1]
            record["pricing"] = [{"qtyFloor": 1, "regular": record["price"], "specialOffer": None}, *others]

    def _made(self, kind: Class, data: Doc) -> Doc:
        record: Doc = {name: copy.deepcopy(data.get(name, _usual(field))) for name, field in kind.fields.items()}
        at = self._now.strftime(MOMENT)
        record |= {name: at for name in ("created", "changed") if name in kind.fields and kind.name in TIMED}
        if kind.name == "Order":
            record |= empty_cart(self._records, record)
        elif kind.name == "Article":
            record |= self._usual_article(data)
        self._follow(kind, record, data)
        return self._records.add(kind.name, record)

    def _usual_article(self, data: Doc) -> Doc:
        # not documented: what an article is when nobody says
        usual: Doc = {"isBuyable": True, "type": "article", "vatIsIncluded": self._choices.prices_with_vat}
        usual |= {"stock": {"useStock": False, self._choices.stock_key: 0}, "articleNumber": ""}
        usual["stock"] |= data.get("stock") or {}
        return {name: value for name, value in usual.items() if name == "stock" or name not in data}

    def delete(self, kind: Class, uid: int) -> None:
        """Delete a record; abicart.md, OrderItem: "`OrderItem.delete` → null, or error 1006"."""
        record = self._records.one(kind.name, uid)
        # not documented: when it is 1006; here when the order is finished
        if kind.name == "Order":
            if record["ordered"]:
                raise Refused(DENIED, "A finished order is not deleted.")
            for item in list(record["items"]):
                self._records.remove("OrderItem", item)
        elif kind.name == "OrderItem":
            self._take_out(record)
        self._records.remove(kind.name, uid)
        if kind.name == "Article":
            forget_article(self._records, uid, self._choices)

    def _take_out(self, item: Doc) -> None:
        order = next(one for one in self._records.all("Order") if item["uid"] in one["items"])
        if order["ordered"]:
            raise Refused(DENIED, "The order is finished.")
        order["items"] = [uid for uid in order["items"] if uid != item["uid"]]
        cart_changed(self._records, order, self._now)


def _usual(kind: Kind) -> Any:
    if kind.name == "list":
        return []
    if kind.name in ("words", "map"):
        return {}
    if kind.name == "truth":
        return False
    if kind.name == "object":
        return {name: _usual(part) for name, part in kind.parts.items()}
    return "" if kind.name == "text" and not kind.values else None


def empty_cart(records: Records, data: Doc) -> Doc:
    """The parts of a cart that the shop fills in: abicart.md, Order: "A cart is an unfinished order"."""
    shop = records.shop()
    currency = data.get("currency") or shop["baseCurrency"]
    nothing = {"incVat": ZERO, "exVat": ZERO, "vat": ZERO, "vatRate": ZERO, "currency": currency}
    return {
        # not documented: what an unfinished order has instead of a number and a moment; here null
        "orderNumber": None,
        "ordered": None,
        "currency": currency,
        "exchangeRate": 1,
        "items": [],
        "costs": {name: dict(nothing) for name in ("cart", "payment", "shipment", "total")},
        "hasVat": True,
        "language": data.get("language") or shop["defaultLanguage"],
        "paymentStatus": data.get("paymentStatus") or "unpaid",
        "deliveryStatus": data.get("deliveryStatus") or "unsent",
    }


def forget_article(records: Records, uid: int, choices: Choices) -> None:
    """What becomes of the rows and prices of a deleted article (not documented)."""
    for item in records.all("OrderItem"):
        if item["article"] == uid and choices.deleted_article == "null":
            item["article"] = None
            records.changed("OrderItem", item, None)
    for price in records.all("PriceListItem"):
        if price["article"] == uid:
            records.remove("PriceListItem", price["uid"])


def uid_of(value: Any) -> int:
    """Read a uid among the parameters."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise bad_params(f"{value!r} is no uid.")
    check(WHOLE, value, "uid", lambda kind, uid: True)
    return value
