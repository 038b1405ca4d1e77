"""A warehouse that hands out each change once, a shop that can hardly be searched, and the flows between them.

Both are one server in this process, spoken to over HTTP, so that an engine in another process may be killed. What the
warehouse does where nobody wrote down what such a system does is a choice of the test.
"""

from __future__ import annotations

import json
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from engine.documents.workspace import Workspace
from engine.flows.library import load_flow
from engine.formulas import Formulas
from engine.runs.ledger import Ledger
from engine.runs.ledger.batches import QueuePlace, StoredQueue
from engine.runs.opening import OpenFlow, open_flow
from engine.runs.pull import Pull
from engine.runs.run import Run, RunOptions, RunReport
from tests.at_hand import new_ledger
from tests.runs.killing import ShiftedClock

FLOW, BESIDE = "changes-to-shop", "changes-elsewhere"
QUEUE = QueuePlace("warehouse", "changes")
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


TEXT = {"type": "string", "title": "Text"}
NUMBER = {"type": "integer", "title": "Number"}
GIVEN = {"type": "string", "title": "Id", "x-kind": "id", "x-write": "never"}
CONNECTORS: dict[str, Doc] = {
    "warehouse": {
        "changes": {
            "kind": "stock",
            "key": "$string(change)",
            "fields": {"change": NUMBER, "article": TEXT, "level": NUMBER},
            "operations": {
                "read": {
                    "method": "GET",
                    "path": "/changes",
                    "query": {"batch": "$batch"},
                    "records": "changes",
                    "batch": {
                        "left_over": {
                            "code": "99",
                            "number": "$match($error.message, /'([^']+)'/)[0].groups[0]",
                        }
                    },
                },
                "acknowledge": {
                    "method": "POST",
                    "path": "/acknowledge",
                    "body": '{"batch": $batch}',
                    "answers": False,
                },
            },
        }
    },
    "shop": {
        "movements": {
            "kind": "stock",
            "key": "Id",
            "key_field": "Id",
            "fields": {"Id": GIVEN, "Reference": TEXT, "Level": NUMBER},
            "operations": {
                "create": {"method": "POST", "path": "/movements", "body": "$fields", "record": "$"},
                "find": {
                    "method": "GET",
                    "path": "/movements",
                    "query": {"reference": "$match"},
                    "records": "$",
                    "finds_by": ["Reference"],
                },
            },
        }
    },
}
MOVEMENTS: Doc = {
    "title": "Changes to the shop",
    "source": {"connector": "warehouse", "resource": "changes"},
    "steps": [
        {
            "step": "movement",
            "title": "The level changes",
            "connector": "shop",
            "resource": "movements",
            "match": {"field": "Reference", "formula": "$string(change)"},
            "policy": "skip_if_exists",
            "fields": {"Reference": {"formula": "$string(change)"}, "Level": {"formula": "level"}},
        }
    ],
}


def write_workspace(root: Path, connectors: dict[str, Doc], flows: dict[str, Doc]) -> Workspace:
    """These connectors and flows as files. A resource has kind, key, fields and operations."""
    for name, resources in connectors.items():
        folder = root / "connector_specs" / name
        folder.mkdir(parents=True, exist_ok=True)
        described = {}
        for resource, about in resources.items():
            schema = {"title": resource.title(), "type": "object", "properties": about["fields"]}
            (folder / f"{resource}.schema.json").write_text(json.dumps(schema), encoding="utf-8")
            rest = {part: value for part, value in about.items() if part != "fields"}
            described[resource] = {"title": resource.title(), "schema": f"{resource}.schema.json", **rest}
        connector = {
            "title": name.title(),
            "roles": ["erp"],
            "version": "1.0.0",
            "evidence": [{"part": "resources", "level": "documented", "by": "made up; no such system"}],
            "questions": {"type": "object", "properties": {"address": {"type": "string", "title": "Address"}}},
            "http": {
                "base": "{address}",
                "sign_in": {"kind": "none"},
                "errors": {"code": "code", "message": "message"},
                "retry": {"attempts": 1},
            },
            "resources": described,
        }
        (folder / "connector.json").write_text(json.dumps(connector), encoding="utf-8")
    (root / "saved_mappings").mkdir(exist_ok=True)
    for name, flow in flows.items():
        (root / "saved_mappings" / f"{name}.json").write_text(json.dumps(flow), encoding="utf-8")
    return Workspace(root)


@dataclass
class Bench:
    """The systems, a ledger and an engine. `run` runs a flow once."""

    systems: Systems
    workspace: Workspace
    ledger: Ledger
    formulas: Formulas
    address: str
    clock: Any = field(default_factory=lambda: ShiftedClock(0))

    @property
    def warehouse(self) -> Warehouse:
        return self.systems.warehouse

    @property
    def shop(self) -> Shop:
        return self.systems.shop

    @property
    def queue(self) -> StoredQueue:
        held = self.ledger.queue(QUEUE)
        assert held is not None
        return held

    @contextmanager
    def opened(self, flow: str = FLOW, binding: str = "default") -> Iterator[OpenFlow]:
        loaded, now = load_flow(self.workspace, flow), self.clock.now()
        opened = open_flow(
            loaded, ledger=self.ledger, formulas=self.formulas, clock=self.clock, now=now, binding=binding
        )
        try:
            yield opened
        finally:
            opened.close()

    def run(self, flow: str = FLOW, seam: Any = None, binding: str = "default", **options: Any) -> RunReport:
        with self.opened(flow, binding) as opened:
            more = {} if seam is None else {"seam": seam}
            wanted = RunOptions(**{"threads": 4, **options})
            return Run(opened, self.ledger, self.clock, wanted, rng=random.Random(1), **more).go()

    def count(self, call: str) -> int:
        return self.systems.calls.count(call)

    def moved(self) -> Counter[str]:
        """How often each change is in the shop."""
        return Counter(movement["Reference"] for movement in self.shop.movements)

    def connect(self) -> None:
        for name in self.workspace.connector_names():
            now = datetime.now(UTC)
            self.ledger.save_connection(name, name, {"address": self.address}, set(), "127.0.0.1", True, now)


@contextmanager
def bench(
    folder: Path,
    formulas: Formulas,
    connectors: dict[str, Doc] = CONNECTORS,
    flows: dict[str, Doc] | None = None,
    systems: Systems | None = None,
) -> Iterator[Bench]:
    flows = {FLOW: MOVEMENTS, BESIDE: {**MOVEMENTS, "title": "Changes elsewhere"}} if flows is None else flows
    systems = systems or Systems()
    with ExitStack() as stack:
        address = stack.enter_context(served(systems))
        workspace = write_workspace(folder / "workspace", connectors, flows)
        ledger = stack.enter_context(new_ledger(workspace.ledger_path))
        made = Bench(systems, workspace, ledger, formulas, address)
        made.connect()
        yield made


def look(b: Bench, flow: str = FLOW) -> list[str]:
    """The keys of what is handed out next, without taking it."""
    with b.opened(flow) as opened, ThreadPoolExecutor(2) as pool:
        pull = Pull(opened, b.ledger, b.clock.now(), pool)
        return [judged.key for page in pull.pages(None) for judged in page]
