"""Books that can be written to and not be searched, a shop in front of them, and the flows between.

Orders have a reference that the books refuse to have twice; customers have nothing of the kind; articles are made and
changed by number, many of them in one request.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

from engine.formulas import Formulas
from tests.runs.handing_out import GIVEN, TEXT, Bench, bench
from tests.runs.warehouse import Doc, Refused, Systems

ORDERS, GOODS = "orders-to-books", "goods-to-books"
PAGE = 70
AMOUNT = {"type": "number", "title": "Amount"}


class Books(Systems):
    """Both systems. lost: path → how many replies never arrive, though all was carried out; dropped: path → how many
    requests are never carried out, though they arrive.
    """

    def __init__(self) -> None:
        super().__init__()
        self.orders: dict[str, Doc] = {}  # the shop's, by id
        self.goods: dict[str, Doc] = {}
        self.customers: list[Doc] = []
        self.booked: list[Doc] = []
        self.articles: dict[str, Doc] = {}
        self.requests: list[list[str]] = []  # article numbers of each request
        self.lost: Counter[str] = Counter()
        self.dropped: Counter[str] = Counter()
        self.refused: str | None = None  # why each order is refused
        self.routes = {
            ("GET", "/shoporders"): lambda body, query: list(self.orders.values()),
            ("GET", "/goods"): lambda body, query: self._some_goods(int(query.get("start", 0))),
            ("POST", "/customers"): lambda body, query: self._number(self.customers, "K", body),
            ("POST", "/orders"): lambda body, query: self._book(body),
            ("POST", "/articles"): lambda body, query: self._articles(body["articles"]),
        }

    def order(self, number: str, email: str = "anna@post.example", name: str = "Anna") -> str:
        """The shop's customer orders something."""
        self.orders[number] = {"id": number, "email": email, "name": name, "total": 10, "booked": None}
        return number

    def good(self, number: str, name: str = "Mug") -> str:
        self.goods[number] = {"id": number, "name": name}
        return number

    def answer(self, method: str, target: str, body: bytes) -> tuple[int, Any]:
        path = target.partition("?")[0]
        place = "/" + path.split("/")[1]
        if path != place:
            return self._one_of_the_shop(method, place, path.rsplit("/", 1)[1], json.loads(body or b"{}"))
        if self.dropped[path] > 0:
            self.dropped[path] -= 1
            self.shop.lose += 1
            return 200, {}
        answered = super().answer(method, target, body)
        if self.lost[path] > 0:
            self.lost[path] -= 1
            self.shop.lose += 1
        return answered

    def _one_of_the_shop(self, method: str, place: str, key: str, body: Doc) -> tuple[int, Any]:
        held = {"/shoporders": self.orders, "/goods": self.goods}[place]
        if key not in held:
            return 404, {"code": "404", "message": "There is none."}
        with self.lock:
            self.calls.append(f"{method} {place}/{key}")
            held[key] = {**held[key], **body}
        return 200, held[key]

    def _some_goods(self, start: int) -> list[Doc]:
        """Fewer on a page than a request carries."""
        return list(self.goods.values())[start : start + PAGE]

    @staticmethod
    def _number(shelf: list[Doc], letter: str, body: Doc) -> Doc:
        shelf.append({"Number": f"{letter}{len(shelf) + 1}", **body})
        return {"Number": shelf[-1]["Number"]}

    def _book(self, body: Doc) -> Doc:
        if self.refused is not None:
            raise Refused(422, "20", self.refused)
        if any(order.get("Reference", "") == body.get("Reference") for order in self.booked):
            raise Refused(422, "17", "The external order number is there already.")
        return self._number(self.booked, "S", body)

    def _articles(self, articles: list[Doc]) -> Doc:
        bad = [article["Number"] for article in articles if article["Name"] == "bad"]
        if bad:
            raise Refused(422, "31", "A name is not allowed.")
        if len(articles) > 100:
            raise Refused(422, "32", "More than 100 articles.")
        self.requests.append([article["Number"] for article in articles])
        for article in articles:
            self.articles[article["Number"]] = {**self.articles.get(article["Number"], {}), **article}
        return {"done": len(articles)}


def _read(path: str, paging: Doc | None = None) -> Doc:
    return {
        "read": {"method": "GET", "path": path, "records": "$", "paging": paging or {"kind": "none"}},
        "get": {"method": "GET", "path": f"{path}/{{$key}}", "record": "$"},
        "update": {"method": "PATCH", "path": f"{path}/{{$key}}", "body": "$fields", "record": "$"},
    }


def _create(path: str, **more: Any) -> Doc:
    return {"create": {"method": "POST", "path": path, "body": "$fields", "record": "$", **more}}


CONNECTORS: dict[str, Doc] = {
    "shop": {
        "orders": {
            "kind": "order",
            "key": "id",
            "number": "id",
            "fields": {"id": TEXT, "email": TEXT, "name": TEXT, "total": AMOUNT, "booked": TEXT},
            "operations": _read("/shoporders"),
        },
        "goods": {
            "kind": "article",
            "key": "id",
            "fields": {"id": TEXT, "name": TEXT},
            "operations": _read("/goods", {"kind": "offset", "start": "start", "size": "size", "page_size": PAGE}),
        },
    },
    "books": {
        "customers": {
            "kind": "customer",
            "key": "Number",
            "key_field": "Number",
            "fields": {"Number": GIVEN, "Email": {**TEXT, "title": "E-mail"}, "Name": TEXT},
            "operations": _create("/customers"),
        },
        "orders": {
            "kind": "order",
            "key": "Number",
            "key_field": "Number",
            "number": "Number",
            "fields": {
                "Number": GIVEN,
                "Customer": TEXT,
                "Reference": {**TEXT, "title": "External order number"},
                "Total": AMOUNT,
            },
            "operations": _create("/orders", guarded_by="Reference"),
        },
        "articles": {
            "kind": "article",
            "key": "Number",
            "key_field": "Number",
            "fields": {"Number": TEXT, "Name": TEXT, "Note": TEXT},
            "operations": _create(
                "/articles",
                body='{"articles": $together}',
                record='{"Number": $fields.Number}',
                together={"at_most": 100},
            ),
        },
    },
}
FLOWS: dict[str, Doc] = {
    ORDERS: {
        "title": "Orders to the books",
        "source": {"connector": "shop", "resource": "orders"},
        "steps": [
            {
                "step": "customer",
                "title": "The buyer",
                "connector": "books",
                "resource": "customers",
                "match": {"field": "Email", "formula": "email"},
                "policy": "skip_if_exists",
                "fields": {"Email": {"formula": "email"}, "Name": {"formula": "name"}},
            },
            {
                "step": "order",
                "title": "The order",
                "connector": "books",
                "resource": "orders",
                "match": {"field": "Reference", "formula": "id"},
                "policy": "create",
                "fields": {
                    "Reference": {"formula": "id"},
                    "Customer": {"formula": "$steps.customer.Number"},
                    "Total": {"formula": "total"},
                },
            },
            {
                "step": "back",
                "title": "The number goes back",
                "connector": "shop",
                "resource": "orders",
                "key": "id",
                "policy": "update",
                "fields": {"booked": {"formula": "$steps.order.Number"}},
            },
        ],
    },
    GOODS: {
        "title": "Goods to the books",
        "source": {"connector": "shop", "resource": "goods"},
        "steps": [
            {
                "step": "article",
                "title": "The article",
                "connector": "books",
                "resource": "articles",
                "match": {"field": "Number", "formula": "id"},
                "policy": "create_or_update",
                "fields": {
                    "Number": {"formula": "id"},
                    "Name": {"formula": "name"},
                    "Note": {"formula": '"new"', "write": "on_create"},
                },
            }
        ],
    },
}


@contextmanager
def unsearchable(
    folder: Path,
    formulas: Formulas,
    connectors: Callable[[dict[str, Doc]], None] = lambda _: None,
    flows: Callable[[dict[str, Doc]], None] = lambda _: None,
) -> Iterator[tuple[Books, Bench]]:
    """The systems and the engine; the callables change what is described."""
    books, described, made = Books(), deepcopy(CONNECTORS), deepcopy(FLOWS)
    connectors(described)
    flows(made)
    with bench(folder, formulas, described, made, books) as engine:
        yield books, engine
