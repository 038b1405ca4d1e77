"""Reads the query of a request: paging, order, filters; what it does not know it ignores."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from sandbox.ccv_shop.money import Doc
from sandbox.ccv_shop.refusals import UNFIT, Refused

MOST = 100  # ccv-shop.md, Paging: "Max size: not found"; not documented: more is cut down to this
USUAL = 50  # not documented
Test = Callable[[Doc], bool]
# ccv-shop.md, Paging: orderby `id|ordernumber|create_date|deliver_date` (with direction)
ORDERED_BY = ("id", "ordernumber", "create_date", "deliver_date")


class Question:
    """The query of one request; of a parameter given twice the last one counts."""

    def __init__(self, query: Iterable[tuple[str, str]]) -> None:
        self.sent = list(query)
        self._values = {name.removesuffix("[]"): value for name, value in self.sent}

    def text(self, name: str) -> str | None:
        """Give a parameter; an empty one counts as absent (not documented)."""
        return self._values.get(name) or None

    def number(self, name: str) -> float | None:
        """Give a parameter that is a number."""
        text = self.text(name)
        if text is None:
            return None
        if not re.fullmatch(r"-?\d{1,15}(\.\d{1,9})?", text):
            raise Refused(UNFIT, f"The parameter {name} is not a number.")  # not documented: the code
        return float(text)

    def truth(self, name: str) -> bool | None:
        """Give a parameter that is true or false."""
        text = self.text(name)
        if text is None:
            return None
        if text.lower() not in ("true", "false", "1", "0"):  # not documented: how a truth is written
            raise Refused(UNFIT, f"The parameter {name} is not true or false.")
        return text.lower() in ("true", "1")

    def moment(self, name: str) -> str | None:
        """Give a parameter that is a moment, written like the shop's own dates."""
        text = self.text(name)
        if text is None:
            return None
        try:  # not documented: the format; any ISO 8601 date or moment, UTC when there is no zone
            moment = datetime.fromisoformat(text.replace(" ", "+") if text.count(":") > 2 else text)
        except ValueError:
            raise Refused(UNFIT, f"The parameter {name} is not a date.") from None
        aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        return aware.strftime("%Y-%m-%dT%H:%M:%SZ")

    def expand(self) -> frozenset[str]:
        """Give the names of the children to open: `expand=orderrows,user`, also given more than once."""
        # not documented: the syntax of expand
        lists = (value.split(",") for name, value in self.sent if name.removesuffix("[]") == "expand")
        return frozenset(part.strip() for parts in lists for part in parts if part.strip())

    def sorted(self, documents: list[Doc]) -> list[Doc]:
        """Put documents in the order asked for: by id without a wish (not documented)."""
        wish = self.text("orderby")
        if wish is None:
            return sorted(documents, key=lambda one: one["id"])
        # not documented: how the direction is written; here "id desc", "id:desc" or "-id"
        found = re.fullmatch(r"(-?)(\w+?)(?:[ :,+](asc|desc))?", wish.strip(), re.IGNORECASE)
        if not found or found[2] not in ORDERED_BY:
            raise Refused(UNFIT, f"The parameter orderby is one of {', '.join(ORDERED_BY)} and asc or desc.")
        down = bool(found[1]) or (found[3] or "").lower() == "desc"
        name = found[2]
        return sorted(
            documents,
            key=lambda one: (one.get(name) is not None, one.get(name) or 0, one["id"]),
            reverse=down,
        )

    def page(self, documents: Sequence[Doc], href: str, show: Callable[[Doc], Doc]) -> Doc:
        """Write one page of a collection."""
        start = max(0, int(self.number("start") or 0))
        wanted = self.number("size")
        size = min(max(1, int(USUAL if wanted is None else wanted)), MOST)

        def link(there: int) -> str:
            others = [(name, value) for name, value in self.sent if name not in ("start", "size")]
            return f"{href}?{urlencode([*others, ('start', there), ('size', size)])}"

        # ccv-schemas.json, Collection/Orders: start, size, href, first, previous, next, items
        return {
            "start": start,
            "size": size,
            "href": link(start),
            "first": link(0),
            "previous": link(max(0, start - size)) if start else None,
            "next": link(start + size) if start + size < len(documents) else None,
            "items": [show(document) for document in documents[start : start + size]],
        }


def order_tests(question: Question) -> list[Test]:
    """Give the filters of GET orders."""
    # ccv-shop.md, Paging: `is_completed` (default true)
    completed = question.truth("is_completed")
    tests: list[Test] = [_equal("is_completed", True if completed is None else completed)]
    for name in ("ordernumber", "status", "paymethod_id"):
        number = question.number(name)
        if number is not None:
            tests.append(_equal(name, number))
    paid = question.truth("is_paid")
    if paid is not None:
        tests.append(_equal("paid", paid))
    if transaction := question.text("transaction_id"):
        tests.append(_equal("transaction_id", transaction))
    tests += created_tests(question)
    for name, read in (("deliver_date", _delivered), ("take_out_date", _taken_out)):
        day = question.moment(name)
        if day is not None:
            tests.append(_on(day[:10], read))
    return tests


def created_tests(question: Question) -> list[Test]:
    """Give the filters by the moment of making, the same for orders and invoices."""
    tests: list[Test] = []
    earliest, latest = question.moment("min_create_date"), question.moment("max_create_date")
    if earliest is not None:  # not documented: whether the bounds themselves belong; here they do
        tests.append(lambda one: bool(one["create_date"] >= earliest))
    if latest is not None:
        tests.append(lambda one: bool(one["create_date"] <= latest))
    return tests


def _equal(name: str, value: Any) -> Test:
    return lambda document: bool(document[name] == value)


def _on(day: str, read: Callable[[Doc], str | None]) -> Test:
    return lambda order: (read(order) or "")[:10] == day


def _delivered(order: Doc) -> str | None:
    moment: str | None = order["deliver_date"]
    return moment


def _taken_out(order: Doc) -> str | None:
    moment: str | None = order["take_out_window"]["start"]
    return moment


def product_tests(question: Question) -> list[Test]:
    """Give the filters of GET products."""
    tests: list[Test] = []
    for name in ("productnumber", "eannumber", "mpnnumber"):
        text = question.text(name)
        if text is not None:  # not documented: whether case counts; here it does
            tests.append(_equal(name, text))
    part = question.text("productname")
    if part is not None:
        if len(part) < 3:  # ccv-shop.md, Paging: `productname` (LIKE, min. 3 characters)
            raise Refused(UNFIT, "The parameter productname needs three characters.")
        tests.append(lambda product: part.lower() in product["name"].lower())
    active = question.truth("active")
    if active is not None:
        tests.append(_equal("is_active", active))
    for name, read in _AMOUNTS.items():
        lowest, highest = question.number(f"min{name}"), question.number(f"max{name}")
        if lowest is not None:
            tests.append(lambda product, read=read, lowest=lowest: read(product) >= lowest)  # type: ignore[misc]
        if highest is not None:
            tests.append(lambda product, read=read, highest=highest: read(product) <= highest)  # type: ignore[misc]
    stock = question.number("stock")
    if stock is not None:
        tests.append(_equal("stock", stock))
    return tests


_AMOUNTS: dict[str, Callable[[Doc], float]] = {
    "price": lambda product: float(product["price"]),
    "discount": lambda product: float(product["discount"]),
    "sellprice": lambda product: round(float(product["price"]) - float(product["discount"]), 2),
    "stock": lambda product: float(product["stock"] or 0),
}
