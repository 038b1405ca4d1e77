"""A client on a bench: fake clock, fake system, everything recorded; and a real server on 127.0.0.1."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from engine.connectors.client import Client
from engine.connectors.clock import FakeClock
from engine.connectors.connector import Connector
from engine.connectors.credentials import MemoryVault
from engine.connectors.exchange import Exchange, Request, SystemError_
from engine.connectors.http_description import HttpDescription
from engine.connectors.lanes import MemoryLanes
from engine.connectors.system import System
from engine.formulas import Formulas
from tests.connectors.counting_shop import Shop, system_of
from tests.connectors.speaking import Speaks

ANSWERS = {"shop": "shop.test", "key": "public-key", "secret": "very-secret-value"}


@dataclass
class Bench:
    """One client of a fake system at https://shop.test/api; `answer` gets each request it sends."""

    answer: Callable[[httpx.Request], httpx.Response]
    http: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=lambda: dict(ANSWERS))
    options: dict[str, Any] = field(default_factory=dict)
    clock: FakeClock = field(default_factory=FakeClock)
    vault: MemoryVault = field(default_factory=MemoryVault)
    lanes: MemoryLanes = field(default_factory=MemoryLanes)
    exchanges: list[Exchange] = field(default_factory=list)
    waits: list[tuple[float, str]] = field(default_factory=list)
    sent: list[httpx.Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        def handle(request: httpx.Request) -> httpx.Response:
            self.sent.append(request)
            return self.answer(request)

        settings: dict[str, Any] = {
            "connection": "shop-1",
            "title": "The Shop",
            "answers": self.answers,
            "vault": self.vault,
            "lanes": self.lanes,
            "clock": self.clock,
            "transport": httpx.MockTransport(handle),
            "random": random.Random(1),
            "allow_private": False,
            "read_error": read_error,
            "on_exchange": self.exchanges.append,
            "on_wait": lambda seconds, reason: self.waits.append((seconds, reason)),
        }
        description = {"base": "{shop}/api", "sign_in": {"kind": "none"}, **self.http}
        self.client = Client(HttpDescription.read(description), **(settings | self.options))

    def get(self, path: str = "/orders", *, safe: bool = True) -> Any:
        return self.client.send(Request("GET", self.client.base + path), safe=safe)

    def post(self, body: bytes = b"{}", *, safe: bool = False) -> Any:
        return self.client.send(Request("POST", self.client.base + "/orders", body=body), safe=safe)


def read_error(document: Any) -> SystemError_:
    if not isinstance(document, dict):
        return SystemError_()
    text = {name: str(document.get(name, "")) for name in ("code", "message", "field")}
    return SystemError_(**text)


@pytest.fixture(scope="module")
def formulas() -> Iterator[Formulas]:
    with Formulas() as held:
        yield held


@pytest.fixture
def bench() -> Callable[..., Bench]:
    """bench(answer, http=…, answers=…, …): `answer` may be one response, a list in order, or a function."""

    def make(answer: Any = None, **options: Any) -> Bench:
        if isinstance(answer, list):
            rest = iter(answer)

            def in_order(_request: httpx.Request) -> httpx.Response:
                following = next(rest)
                if isinstance(following, Exception):
                    raise following
                return following

            return Bench(in_order, **options)
        if callable(answer):
            return Bench(answer, **options)
        return Bench(lambda _request: answer or httpx.Response(200, json={"ok": True}), **options)

    return make


@pytest.fixture
def serve() -> Iterator[Callable[..., tuple[str, int]]]:
    """serve(handle): a real server; `handle(request_handler)` writes the answer. Gives host and port."""
    servers: list[ThreadingHTTPServer] = []

    def start(handle: Callable[[BaseHTTPRequestHandler], None], wrap: Any = None) -> tuple[str, int]:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                handle(self)

            def do_POST(self) -> None:
                handle(self)

            def log_message(self, *_: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_: Any) -> None:
                """Clients break off on purpose here."""

        server = Server(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        if wrap is not None:
            server.socket = wrap(server.socket)
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        return "127.0.0.1", server.server_address[1]

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def open_system(
    serve: Callable[..., tuple[str, int]], formulas: Formulas
) -> Iterator[Callable[[Connector, Shop], System]]:
    """open_system(connector, shop): a system that reads this shop over a real server; closed in the end."""
    held: list[System] = []

    def open_it(connector: Connector, shop: Shop) -> System:
        held.append(system_of(connector, serve(shop), formulas))
        return held[-1]

    yield open_it
    for system in held:
        system.close()


@pytest.fixture
def speaks(serve, formulas) -> Iterator[Speaks]:
    made = Speaks(serve, formulas)
    yield made
    made.close()
