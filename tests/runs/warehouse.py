"""A warehouse that hands out each change once, and a shop that can hardly be searched.

Both are one server in this process, spoken to over HTTP, so that an engine in another process may be killed. What the
warehouse does where nobody wrote down what such a system does is a choice of the test.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

NOTHING = object()  # a reply without a body
Doc = dict[str, Any]


class Refused(Exception):
    """What the system says no to: status, code, message."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


@dataclass
class Warehouse:
    """Changes that wait, and the batch that waits for its acknowledgement."""

    waiting: list[Doc] = field(default_factory=list)
    number: str | None = None
    held: list[Doc] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    taken: list[str] = field(default_factory=list)  # acknowledged, in order
    most: int = 3  # changes in a batch
    empty_waits: bool = True
    unknown: str = "refuse"  # an acknowledgement of a number that is not known: or accept
    holds: bool = True  # False: a yes, and the batch still waits
    endless: bool = False  # True: what was acknowledged comes again
    refuses: bool = False  # True: no acknowledgement is taken
    names_older: bool = True

    def change(self, count: int = 1) -> list[str]:
        """So many changes of articles; their numbers."""
        first = len(self.taken) + len(self.waiting) + len(self.held) + 1 if not self.endless else 1
        made = [{"change": n, "article": f"A{n}", "level": n * 10} for n in range(first, first + count)]
        self.waiting += made
        return [str(change["change"]) for change in made]

    def hand_out(self, number: str) -> list[Doc]:
        if self.number == number:
            return self.held
        if self.number is not None:
            said = f"Batch '{self.number}' is not acknowledged." if self.names_older else "A batch waits."
            raise Refused(409, "99", said)
        self.held, self.waiting = self.waiting[: self.most], self.waiting[self.most :]
        if self.held or self.empty_waits:
            self.number = number
            self.known.add(number)
        return self.held

    def acknowledge(self, number: str) -> None:
        if self.refuses or (number not in self.known and self.unknown == "refuse"):
            raise Refused(422, "30", f"There is no batch '{number}'.")
        if self.number == number and self.holds:
            self.taken += [str(change["change"]) for change in self.held]
            self.waiting += self.held if self.endless else []
            self.number, self.held = None, []


@dataclass
class Shop:
    """What was made in it. lose: so many replies to what was carried out never arrive; broken: nothing is taken."""

    movements: list[Doc] = field(default_factory=list)
    lose: int = 0
    broken: bool = False


class Systems:
    """Both of them behind one address. calls: path without its query, in order."""

    def __init__(self) -> None:
        self.warehouse, self.shop = Warehouse(), Shop()
        self.calls: list[str] = []
        self.lock = threading.Lock()
        self.routes: dict[tuple[str, str], Callable[[Doc, dict[str, str]], Any]] = {
            ("GET", "/changes"): lambda body, query: {"changes": self.warehouse.hand_out(query["batch"])},
            ("POST", "/acknowledge"): lambda body, query: self.warehouse.acknowledge(body["batch"]),
            ("POST", "/movements"): lambda body, query: self._move(body),
            ("GET", "/movements"): lambda body, query: [
                m for m in self.shop.movements if m["Reference"] == query["reference"]
            ],
        }

    def _move(self, body: Doc) -> Doc:
        if self.shop.broken:
            raise Refused(422, "20", "Nothing can be moved today.")
        self.shop.movements.append({"Id": f"M{len(self.shop.movements) + 1}", **body})
        return self.shop.movements[-1]

    def answer(self, method: str, target: str, body: bytes) -> tuple[int, Any]:
        parts = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        with self.lock:
            self.calls.append(f"{method} {parts.path}")
            try:
                said = self.routes[method, parts.path](json.loads(body or b"{}"), query)
            except Refused as refused:
                return refused.status, {"code": refused.code, "message": refused.message}
        return 200, {} if said is None else said


@contextmanager
def served(systems: Systems) -> Iterator[str]:
    """The systems on a port of their own; the address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            if len(body) < length:  # killed while it was sending
                self.close_connection = True
                return
            status, said = systems.answer(self.command, self.path, body)
            if systems.shop.lose and self.command == "POST" and not self.path.startswith("/acknowledge"):
                systems.shop.lose -= 1
                self.close_connection = True
                return
            text = b"" if said is NOTHING else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_PATCH = do_PUT = _any

        def log_message(self, *_: object) -> None:
            """Nothing: the calls are kept."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
