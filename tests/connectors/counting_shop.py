"""A shop behind a real server that counts what it is asked: orders name their items, items their articles, by id."""

from __future__ import annotations

import json
import random
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

from engine.connectors.client import Client
from engine.connectors.clock import FakeClock
from engine.connectors.connector import Connector, read_connector
from engine.connectors.credentials import MemoryVault
from engine.connectors.exchange import SystemError_
from engine.connectors.http_description import HttpDescription
from engine.connectors.lanes import MemoryLanes
from engine.connectors.system import System
from engine.formulas import Environment, Formulas

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
CHOSEN = '{"ids": $ids, "fields": $choose}'


def fields(**about: Any) -> dict[str, Any]:
    return {"type": "object", "properties": about}


ARTICLE = fields(id={"type": "integer"}, name={"type": "string"})
ITEM = fields(id={"type": "integer"}, count={"type": "integer"}, article={"type": "integer"}, details=ARTICLE)
ORDER = fields(
    id={"type": "integer"},
    changed={"type": "string"},
    items={"type": "array", "items": ITEM},
    customer={"type": ["integer", "null"]},
    buyer=fields(id={"type": "integer"}),
    notes={"type": "array", "items": fields(text={"type": "string"})},
    made={"type": "string", "x-asked": False},
)

DETAILS = {
    "method": "POST",
    "path": "/articles",
    "body": CHOSEN,
    "records": "found",
    "single": True,
    "together": {"ids": "article", "by": "id", "at_most": 500},
}
ITEMS = {
    "method": "POST",
    "path": "/items",
    "body": CHOSEN,
    "records": "found",
    "together": {"ids": "items", "by": "id", "at_most": 500},
    "children": {"details": DETAILS},
}


def read_operation(**about: Any) -> dict[str, Any]:
    """The read of orders: paged in the body, with their items and these items' articles."""
    return {
        "method": "POST",
        "path": "/orders",
        "body": '{"fields": $choose, "since": $since, "start": $paging.start, "size": $paging.size}',
        "paging": {"kind": "offset", "in": "body", "page_size": 500},
        "records": "found",
        "children": {"items": ITEMS},
    } | about


@dataclass
class Shop:
    """Its records by kind and id; asked: (path, body) of each request; order: how orders are sorted when listed."""

    records: dict[str, dict[int, dict[str, Any]]]
    asked: list[tuple[str, Any]] = field(default_factory=list)
    order: Callable[[dict[str, Any]], Any] = lambda order: order["id"]
    on_request: Callable[[int], None] = lambda number: None  # told of each request before it is answered
    most: int = 500
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def answer(self, path: str, body: Any) -> tuple[int, Any]:
        with self._lock:
            self.asked.append((path, body))
            self.on_request(len(self.asked))
            kind, _, key = path.strip("/").partition("/")
            held = self.records.get(kind, {})
            if key:
                return (200, held[int(key)]) if int(key) in held else (404, {})
            if "ids" in body:
                found = [held[one] for one in reversed(body["ids"]) if one in held]
            else:
                found = sorted(held.values(), key=self.order)
                found = [one for one in found if not body.get("since") or one["changed"] >= body["since"]]
            found = found[body.get("start") or 0 :]
            size = min(body.get("size") or self.most, self.most)
            wanted = body.get("fields")
            return 200, {"found": [{n: v for n, v in one.items() if not wanted or n in wanted} for one in found[:size]]}

    def __call__(self, handler: BaseHTTPRequestHandler) -> None:
        handler.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # or each reply waits 40 ms
        length = int(handler.headers.get("Content-Length") or 0)
        body = json.loads(handler.rfile.read(length)) if length else {}
        status, document = self.answer(handler.path, body)
        content = json.dumps(document).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)


def full_shop(orders: int = 100, items_each: int = 3, articles: int = 60) -> Shop:
    """Order 1 has the items 11, 12, 13 …; the articles are dealt out in turn."""
    held: dict[str, dict[int, dict[str, Any]]] = {"orders": {}, "items": {}, "articles": {}, "customers": {}}
    for order in range(1, orders + 1):
        ids = [order * 10 + n for n in range(1, items_each + 1)]
        held["orders"][order] = {"id": order, "changed": f"2026-11-01T00:{order % 60:02}:00Z", "items": ids}
        for n, one in enumerate(ids):
            article = 1_000 + ((order - 1) * items_each + n) % articles
            held["items"][one] = {"id": one, "count": 1 + n, "article": article, "unasked": "?"}
            held["articles"][article] = {"id": article, "name": f"article {article}"}
    return Shop(held)


def connector_of(read: dict[str, Any], **more: Any) -> Connector:
    orders = {
        "title": "Orders",
        "kind": "order",
        "schema": "orders.schema.json",
        "key": "$string(id)",
        "number": "$string(id)",
        "time": "changed",
        "operations": {"read": read, **more},
    }
    document = {
        "title": "The Shop",
        "roles": ["webshop"],
        "version": "1.0.0",
        "questions": {"properties": {}},
        "http": {"base": "{address}", "sign_in": {"kind": "none"}},
        "evidence": [],
        "resources": {"orders": orders},
    }
    return read_connector("shop", document, {"orders.schema.json": ORDER}, {})


def system_of(
    connector: Connector, address: tuple[str, int], formulas: Formulas, transport: httpx.BaseTransport | None = None
) -> System:
    client = Client(
        HttpDescription.read(connector.http),
        connection="shop-1",
        title="The Shop",
        answers={"address": f"http://{address[0]}:{address[1]}"},
        vault=MemoryVault(),
        lanes=MemoryLanes(),
        clock=FakeClock(),
        random=random.Random(1),
        read_error=lambda document: SystemError_(),
        on_exchange=lambda exchange: None,
        allow_private=True,
        transport=transport,
    )
    return System(connector, client, formulas, Environment(NOW))


def at_hand(connector: Connector, shop: Shop, formulas: Formulas) -> System:
    """A system whose shop answers without a network between, for properties that are tried over and over."""

    def answer(request: httpx.Request) -> httpx.Response:
        status, document = shop.answer(request.url.path, json.loads(request.content or b"{}"))
        return httpx.Response(status, json=document)

    return system_of(connector, ("127.0.0.1", 1), formulas, httpx.MockTransport(answer))


@contextmanager
def served(shop: Shop) -> Iterator[tuple[str, int]]:
    """The shop's host and port, for as long as it is open."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            shop(self)

        do_POST = do_GET

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield "127.0.0.1", server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
