"""The same sync as a bare script: httpx.Client with keep-alive, hand-written Python, no memory, no checks of replies.

It reads pages with rows, finds or makes customers, articles and orders, and writes the number back, with as many
threads as the engine has. It keeps no ledger, tries nothing again, and knows nothing of limits.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from benchmarks.bare_mapping import (
    Skip,
    Tables,
    Worked,
    article_body,
    check,
    customer_body,
    first,
    order_body,
    work_out,
)

STATUSES = {1, 2, 3, 5, 6, 7, 9, 10, 11, 12, 13, 14}
TERMS = {
    "sandboxpay_ideal": "Betaaldienst",
    "sandboxpay_bancontact": "Betaaldienst",
    "sandboxpay_creditcard": "Pin",
    "paypal_paypal": "Digitale portemonnee",
    "klarna_pay_now": "Betaaldienst",
    "offline_banktransfer": "14 dagen",
    "offline_cash": "Contant",
    "offline_invoice": "30 dagen",
}
CODINGS = {21: "Goederen hoog 21%", 9: "Goederen laag 9%", 0: "Goederen nul 0%", 25: "Goederen Zweeds 25%"}
REFUSED = (400, 404, 409, 422)


class Shop:
    """The shop's side: signed requests."""

    def __init__(self, credentials: dict[str, str], threads: int) -> None:
        self._public, self._secret = credentials["public_key"], credentials["secret"].encode()
        limits = httpx.Limits(max_connections=threads, max_keepalive_connections=threads)
        self._client = httpx.Client(base_url=credentials["shop_address"], limits=limits, timeout=60)

    def send(self, method: str, target: str, fields: Any = None) -> Any:
        body = b"" if fields is None else json.dumps(fields).encode()
        date = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        text = b"|".join((self._public.encode(), method.encode(), target.encode(), body, date.encode()))
        headers = {
            "Accept": "application/vnd.verto.webshop+json",
            "Accept-Language": "en",
            "Content-Type": "application/json",
            "x-public": self._public,
            "x-date": date,
            "x-hash": hmac.new(self._secret, text, hashlib.sha512).hexdigest(),
        }
        reply = self._client.request(method, target, content=body or None, headers=headers)
        if reply.status_code in REFUSED:
            raise Skip
        reply.raise_for_status()
        return reply.json() if reply.content else None

    def pages(self, target: str) -> Iterator[list[dict[str, Any]]]:
        following: str | None = target
        while following:
            page = self.send("GET", following)
            yield page["items"]
            url = page.get("next")
            following = httpx.URL(url).raw_path.decode() if url else None


class Books:
    """The books' side: a token bought with the refresh token."""

    def __init__(self, credentials: dict[str, str], threads: int) -> None:
        limits = httpx.Limits(max_connections=threads, max_keepalive_connections=threads)
        self._client = httpx.Client(base_url=credentials["api_address"], limits=limits, timeout=60)
        form = {"grant_type": "refresh_token", "refresh_token": credentials["refresh_token"]}
        who = (credentials["client_id"], credentials["client_secret"])
        token = self._client.post("/connect/token", data=form, auth=who).raise_for_status().json()
        self._client.headers["Authorization"] = f"Bearer {token['access_token']}"

    def send(self, method: str, path: str, fields: Any = None, **query: str) -> Any:
        parameters = {f"${name}": value for name, value in query.items()} or None
        reply = self._client.request(method, f"/v2{path}", json=fields, params=parameters)
        if reply.status_code in REFUSED:
            raise Skip
        return reply.raise_for_status().json()

    def all(self, path: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for page in range(1, 100):
            reply = self.send("GET", path, page=str(page), pageSize="100")
            found.extend(reply["Data"])
            if page >= reply["Meta"]["TotalNumberOfPages"]:
                break
        return found

    def find(self, path: str, field: str, value: str) -> list[dict[str, Any]]:
        quoted = value.replace("'", "''")
        found: list[dict[str, Any]] = self.send("GET", path, filter=f"{field} eq '{quoted}'")["Data"]
        return found


class Sync:
    """The whole sync; what was met is remembered, and one thread at a time asks for one thing."""

    def __init__(self, shop: Shop, books: Books, tables: Tables) -> None:
        self._shop, self._books, self._tables = shop, books, tables
        self._met: dict[tuple[str, str], dict[str, Any]] = {}
        self._locks: defaultdict[tuple[str, str], threading.Lock] = defaultdict(threading.Lock)
        self.counts: Counter[str] = Counter()

    def one(self, order: dict[str, Any]) -> None:
        """Deliver one order."""
        try:
            worked = work_out(order, self._tables)
            customer = self._customer(order, worked)
            articles: dict[str, dict[str, Any]] = {}
            for line in worked.lines:
                if line["number"] is None:
                    raise Skip
                if line["number"] not in articles:
                    articles[line["number"]] = self._article(line, worked)
            check(order, worked, customer, articles, self._tables)
            number = order["ordernumber_full"]
            found = self._books.find("/orders", "BuyersOrderReference", number)
            made = found[0] if found else None
            if made is None:
                made = self._books.send("POST", "/orders", order_body(order, worked, customer, articles))
            self._shop.send("PATCH", f"/api/rest/v1/orders/{order['id']}/", {"reservationnumber": str(made["Number"])})
            self.counts["created"] += 1
        except Skip:
            self.counts["parked"] += 1

    def _customer(self, order: dict[str, Any], worked: Worked) -> dict[str, Any]:
        email = order["customer"]["email"].strip().lower()
        with self._locks["customer", email + str(worked.is_company)]:
            held = self._met.get(("customer", email + str(worked.is_company)))
            if held is None:
                found = self._books.find("/customers", "EmailAddress", email)
                held = next((c for c in found if c["IsPrivatePerson"] != worked.is_company), None)
            body = customer_body(order, worked, self._tables)
            if held is None:
                held = body | self._books.send("POST", "/customers", body)
            else:
                for name in ("EmailAddress", "IsPrivatePerson", "IsActive", "TermsOfPaymentId"):
                    body.pop(name)
                for name in ("CorporateIdentityNumber", "VatNumber"):
                    if held.get(name):
                        body.pop(name, None)
                if any(held.get(name) != value for name, value in body.items()):
                    held = held | self._books.send("PUT", f"/customers/{held['Id']}", held | body)
            self._met["customer", email + str(worked.is_company)] = held
            return held

    def _article(self, line: dict[str, Any], worked: Worked) -> dict[str, Any]:
        place = ("article", line["number"].lower())
        with self._locks[place]:
            if place not in self._met:
                found = self._books.find("/articles", "Number", line["number"])
                if not found:
                    body = article_body(line, worked, self._tables)
                    found = [body | self._books.send("POST", "/articles", body)]
                self._met[place] = found[0]
            return self._met[place]


def rows_of(shop: Shop, order: dict[str, Any]) -> dict[str, Any]:
    """The order with its rows, by a request of its own where the page has not all of them."""
    held = order.get("orderrows") or {}
    if held.get("items") is not None and not held.get("next"):
        return order | {"orderrows": held["items"]}
    pages = shop.pages(f"/api/rest/v1/orders/{order['id']}/orderrows/?size=100")
    return order | {"orderrows": [row for page in pages for row in page]}


def wanted(order: dict[str, Any]) -> bool:
    """What the flow's conditions say."""
    paid = order["paid"] or order["paymethod"] == "offline_invoice"
    return bool(order["is_completed"] and order["status"] in STATUSES and paid)


def read_tables(books: Books) -> Tables:
    settings = books.send("GET", "/companysettings")
    terms = {row["Name"]: row["Id"] for row in books.all("/termsofpayments") if row["AvailableForSales"]}
    codings = books.all("/articleaccountcodings")
    by_name = {row["Name"]: row["Id"] for row in codings if row["IsActive"]}
    units = {row["Name"]: row["Id"] for row in books.all("/units")}
    return Tables(
        {name: terms[title] for name, title in TERMS.items()},
        {rate: by_name[title] for rate, title in CODINGS.items() if title in by_name},
        {row["Id"]: row["VatRatePercent"] for row in codings},
        units["Stuk"],
        first(settings["CountryCode"]),
        first(settings["CurrencyCode"]),
    )


def run(shop: Shop, sync: Sync, threads: int) -> None:
    """Read pages and deliver their orders at the same time."""
    since = (datetime.now(UTC) - timedelta(days=31)).strftime("%Y-%m-%dT%H:%M:%SZ")
    target = f"/api/rest/v1/orders/?min_create_date={since}&orderby=create_date&expand=orderrows&size=100"
    task: Callable[[dict[str, Any]], None] = lambda order: sync.one(rows_of(shop, order))  # noqa: E731
    waiting: list[Future[None]] = []
    with ThreadPoolExecutor(threads) as pool:
        for page in shop.pages(target):
            sync.counts["read"] += len(page)
            waiting += [pool.submit(task, order) for order in page if wanted(order)]
    for future in waiting:
        future.result()


def main() -> None:
    """Arguments: the stage as JSON, threads."""
    given, threads = json.loads(sys.argv[1]), int(sys.argv[2])
    cpu_before = time.process_time()
    shop = Shop(given["credentials"]["ccv-shop"], threads)
    books = Books(given["credentials"]["eaccounting"], threads)
    sync = Sync(shop, books, read_tables(books))
    started = time.perf_counter()
    run(shop, sync, threads)
    said = {"seconds": time.perf_counter() - started, "cpu_seconds": time.process_time() - cpu_before}
    print(json.dumps({**said, "counts": sync.counts}))


if __name__ == "__main__":
    main()
