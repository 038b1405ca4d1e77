"""The shop itself: checks a request, carries it out and signs the reply."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from sandbox.ccv_shop import actions, overview, signing, writing
from sandbox.ccv_shop.holdings import Holdings
from sandbox.ccv_shop.invoices import invoice_tests
from sandbox.ccv_shop.limits import Limits
from sandbox.ccv_shop.money import Doc
from sandbox.ccv_shop.questions import Question, order_tests, product_tests
from sandbox.ccv_shop.refusals import MEDIA_TYPE, UNKNOWN_PATH, Refused
from sandbox.ccv_shop.routes import ROOT, Route, find
from sandbox.ccv_shop.shapes import read_body
from sandbox.ccv_shop.shown import SHOP_ID, Showing
from sandbox.ccv_shop.webhooks import Webhooks
from sandbox.clock import Clock
from sandbox.exchange import Reply, Request
from sandbox.system import System, Table

SILENT_POST = 3  # ccv-shop.md, Quirks 1: "POST sometimes returns no content"; here each third one


_NONE: Doc = {}


class CcvShop(System):
    """A web shop with invented customers, products and orders."""

    name = "ccv-shop"

    def __init__(self, clock: Clock, seed: int = 7, orders: int = 200) -> None:
        self.clock = clock
        self.limits_on = True
        self.lock = threading.RLock()
        self._seed, self._orders = seed, orders
        self.key_generation = 0
        self.unsigned_replies = 0  # how many replies to come are not signed, or signed wrong
        self.signs_wrong = False
        self._posts = 0
        self._limits = Limits()
        self.webhooks = Webhooks()
        self.holdings = Holdings(seed, orders, clock.now().replace(microsecond=0))

    @property
    def keys(self) -> tuple[str, str]:
        """The public key and the secret that hold now."""
        return signing.make_keys(self._seed, self.key_generation)

    def answer(self, request: Request) -> Reply:
        """Answer one request; what is refused is answered with the vendor's code."""
        now = self.clock.now()
        with self.lock:
            try:
                signing.check(request, self.keys, now)
            except Refused as refused:
                # not documented: whether a refused signature is answered signed; here it is not
                return refused.reply()
            try:
                reply = self._carried_out(request, now)
            except Refused as refused:
                reply = refused.reply()
            if self.unsigned_replies:
                self.unsigned_replies -= 1
                if self.signs_wrong:
                    signing.sign_reply(reply, request, (self.keys[0], "another secret"), now)
                return reply
            signing.sign_reply(reply, request, self.keys, now)
            return reply

    def _carried_out(self, request: Request, now: datetime) -> Reply:
        route = find(request.method, request.path)
        if self.limits_on:
            self._limits.count(request.method, route.resource, now)
        self.holdings.collect_payments(now)
        if request.method == "GET":
            return _json(200, self._read(route, request))
        if request.method == "DELETE":
            if route.action == "product":
                self.holdings.delete_product(_one(self.holdings.products, route.identity)["id"])
            else:
                self.webhooks.forget(_one(self.webhooks.held, route.identity)["id"])
            return Reply(204)
        fields = read_body(request.body)
        if route.action == "webhooks":
            return _json(201, self.webhooks.register(fields))
        if route.action == "order":
            before = self.webhooks.statuses(self.holdings)
            writing.patch_order(self.holdings, _one(self.holdings.orders, route.identity), fields)
            self.webhooks.tell(before, self.holdings, now)
            return Reply(204)  # ccv-shop.md, Quirks 1: "PATCH returns no body"
        if route.action == "product":
            writing.patch_product(self.holdings, _one(self.holdings.products, route.identity), fields, now)
            return Reply(204)
        own = self.holdings.assortment
        if route.action == "variant":
            own.patch_variant(_one(own.variants, route.identity), fields)
            return Reply(204)
        if route.action == "category":
            own.patch_category(_one(own.categories, route.identity), fields)
            return Reply(204)
        return self._added(route, fields, Showing(_root(request)), now)

    def _added(self, route: Route, fields: Doc, showing: Showing, now: datetime) -> Reply:
        own = self.holdings.assortment
        if route.action == "categories":
            shown = showing.category(own.post_category(fields))
        elif route.action == "places":
            shown = showing.place(own.post_place(self.holdings.products, fields))
        else:
            shown = showing.product(writing.post_product(self.holdings, fields, now))
        self._posts += 1
        if self._posts % SILENT_POST == 0:
            return Reply(204)
        return _json(201, shown)

    def _read(self, route: Route, request: Request) -> Doc:
        question = Question(request.query)
        showing = Showing(_root(request), question.expand(), lambda path: self._opened(path, request))
        kind, own = route.action, self.holdings
        if kind == "orders":
            tests = order_tests(question)
            found = [order for order in own.orders.values() if all(test(order) for test in tests)]
            return question.page(question.sorted(found), showing.root + "/orders/", showing.order)
        if kind == "order":
            return showing.order(_one(own.orders, route.identity))
        if kind == "rows of order":
            rows = _one(own.orders, route.identity)["rows"]
            return question.page(rows, f"{showing.root}/orders/{route.identity}/orderrows/", showing.row)
        if kind == "row":
            order = _one(own.orders, own.order_of_row.get(route.identity, 0))
            return showing.row(next((row for row in order["rows"] if row["id"] == route.identity), _NONE) or _gone())
        if kind in ("products", "product"):
            return self._read_products(route, question, showing)
        if kind in ("variants", "variant", "categories", "category", "places"):
            return self._read_assortment(route, request, question, showing)
        return self._read_others(route, request, question, showing)

    def _read_products(self, route: Route, question: Question, showing: Showing) -> Doc:
        quantity = question.number("quantity") or 1.0  # ccv-schemas.json, productshippingcosts.quantity
        if route.action == "product":
            return self._product(_one(self.holdings.products, route.identity), quantity, showing)
        tests = product_tests(question)
        found = [one for one in self.holdings.products.values() if all(test(one) for test in tests)]
        show: Callable[[Doc], Doc] = lambda one: self._product(one, quantity, showing)  # noqa: E731
        return question.page(sorted(found, key=lambda one: one["id"]), showing.root + "/products/", show)

    def _product(self, product: Doc, quantity: float, showing: Showing) -> Doc:
        own, shown = self.holdings.assortment, showing.product(product, quantity)
        if showing.expands("attributecombinations"):
            shown["attributecombinations"]["collection"] = [*map(showing.variant, own.variants_of(product["id"]))]
        if showing.expands("producttocategories"):
            shown["producttocategories"]["collection"] = [*map(showing.place, own.places_of(product["id"]))]
        return shown

    def _read_assortment(self, route: Route, request: Request, question: Question, showing: Showing) -> Doc:
        own, href = self.holdings.assortment, showing.root + request.path.removeprefix(ROOT)
        if route.action == "variant":
            return showing.variant(_one(own.variants, route.identity))
        if route.action == "category":
            return showing.category(_one(own.categories, route.identity))
        if route.action == "categories":
            return question.page([*own.categories.values()], href, showing.category)
        product = _one(self.holdings.products, route.identity)["id"]
        if route.action == "places":
            return question.page(own.places_of(product), href, showing.place)
        # ccv-schemas.json, Collection/Attributecombinations: href and items only
        return {"href": href, "items": [*map(showing.variant, own.variants_of(product))]}

    def _read_others(self, route: Route, request: Request, question: Question, showing: Showing) -> Doc:
        kind, own, href = route.action, self.holdings, showing.root + request.path.removeprefix(ROOT)
        if kind.startswith("nothing of "):  # every link that the shop gives leads somewhere: here to nothing
            _one(getattr(own, kind.split()[-1] + "s"), route.identity)
            return question.page([], href, dict)
        if kind in ("paymethods", "packages"):
            return showing.paymethods() if kind == "paymethods" else showing.packages()
        if kind in ("webhooks", "webhook"):
            held = self.webhooks.held
            return _one(held, route.identity) if kind == "webhook" else question.page(list(held.values()), href, dict)
        if kind == "invoice":
            return _one(own.invoices, route.identity)
        if kind == "invoices":
            tests = invoice_tests(question)
            found = [one for one in own.invoices.values() if all(test(one) for test in tests)]
            return question.page(found, showing.root + "/invoices/", dict)
        if kind == "users":
            wanted = question.text("approval_status")
            users = [one for one in own.users.values() if wanted in (None, one["approval_status"])]
            return question.page(users, showing.root + "/users/", showing.user)
        if kind == "user":
            return showing.user(_one(own.users, route.identity))
        shop = showing.webshop(sum(one["is_active"] for one in own.products.values()))
        if kind == "webshop":
            return shop if route.identity == SHOP_ID else _gone()
        return {"href": showing.root + "/webshops/", "items": [shop]}

    def _opened(self, path: str, request: Request) -> Doc:
        """Give the resource behind a child's link, for `expand`: its first page, opened no further."""
        inner = Request("GET", ROOT + path, path, [("size", "100")], request.headers, b"")
        return self._read(find("GET", ROOT + path), inner)

    def spoil(self, reply: Reply, request: Request) -> Reply:
        """Sign again what a fault has changed."""
        with self.lock:
            signing.sign_reply(reply, request, self.keys, self.clock.now())
        return reply

    def credentials(self, address: str) -> dict[str, object]:
        """Give what a user would type in."""
        public, secret = self.keys
        return {"shop_address": address, "public_key": public, "secret": secret}

    def do(self, action: str, arguments: dict[str, object]) -> object:
        """Do what a person would do in the shop."""
        with self.lock:
            self.holdings.collect_payments(self.clock.now())
            before = self.webhooks.statuses(self.holdings)
            done = actions.do(self, action, arguments)
            self.webhooks.tell(before, self.holdings, self.clock.now())
            return done

    def state(self) -> dict[str, object]:
        """Give what the seed alone does not give back."""
        with self.lock:
            return {
                "started": self.holdings.started.isoformat(),
                "key_generation": self.key_generation,
                "posts": self._posts,
                "unsigned_replies": self.unsigned_replies,
                "signs_wrong": self.signs_wrong,
                "holdings": self.holdings.state(),
                "webhooks": self.webhooks.state(),
            }

    def restore(self, state: dict[str, object]) -> None:
        """Make the shop of that start again and write over it what had changed."""
        kept = cast("dict[str, Any]", state)
        with self.lock:
            self.holdings = Holdings(self._seed, self._orders, datetime.fromisoformat(kept["started"]))
            self.holdings.restore(kept["holdings"])
            self.key_generation, self._posts = kept["key_generation"], kept["posts"]
            self.unsigned_replies, self.signs_wrong = kept["unsigned_replies"], kept["signs_wrong"]
            self.webhooks.restore(kept.get("webhooks", {}))

    def tables(self) -> list[Table]:
        """Show orders, products, users and payment methods."""
        with self.lock:
            self.holdings.collect_payments(self.clock.now())
            return overview.tables(self.holdings)


def _json(status: int, document: Doc) -> Reply:
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return Reply(status, text.encode(), {"Content-Type": MEDIA_TYPE})


def _root(request: Request) -> str:
    return f"http://{request.headers.get('host', '127.0.0.1')}{ROOT}"


def _one(documents: dict[int, Doc], identity: int) -> Doc:
    return documents.get(identity) or _gone()


def _gone() -> Doc:
    # not documented: a code of its own for an unknown id; 404.20 is the only 404 that is listed
    raise Refused(UNKNOWN_PATH, "There is no such resource.")
