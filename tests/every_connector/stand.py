"""A connector of connector_specs/ in front of its sandbox, over real HTTP, with a clock nobody waits for."""

from __future__ import annotations

import importlib
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from engine.connectors.connector import Connector
from engine.connectors.system import System
from engine.documents.workspace import Workspace
from engine.errors import StudioError
from engine.flows.library import load_connector
from engine.formulas import Formulas
from engine.runs.clients import open_system, stored_connection
from engine.runs.ledger import Ledger
from sandbox.clock import Clock
from sandbox.server import Serving
from tests.every_connector.about import About, Kept, Record
from tests.runs.conftest import SharedClock

REPOSITORY = Path(__file__).parents[2]
SMALL_PAGE = 3
MOST_BATCHES = 20


def names() -> list[str]:
    """Every folder of connector_specs/."""
    return sorted(path.name for path in (REPOSITORY / "connector_specs").iterdir() if path.is_dir())


def table_of(name: str) -> Path:
    return Path(__file__).parent / "systems" / f"{name.replace('-', '_')}.py"


@cache
def about(name: str) -> About:
    module = importlib.import_module(f"tests.every_connector.systems.{table_of(name).stem}")
    table: About = module.ABOUT
    return table


@cache
def document(name: str) -> Record:
    """A connector.json as it is written; empty where it cannot be read, which test_described then says."""
    try:
        read: Record = json.loads((REPOSITORY / "connector_specs" / name / "connector.json").read_bytes())
    except (OSError, ValueError):
        return {}
    return read


@cache
def loaded(name: str) -> Connector:
    return load_connector(Workspace(REPOSITORY), name)


@dataclass
class Stand:
    """One sandbox and a connection to it; `open` gives the system to read and write."""

    name: str
    about: About
    connector: Connector
    stand_in: Any
    serving: Serving
    clock: SharedClock
    ledger: Ledger
    formulas: Formulas
    stack: ExitStack
    exchanges: list[Any] = field(default_factory=list)

    def connect(self, **changes: Any) -> None:
        """Save the connection as `connect` does, with some answers changed."""
        given = self.stand_in.credentials(self.serving.addresses[self.name])
        answers = {**given, **self.about.answers, **changes}
        questions = self.connector.every_question()
        tokens = {name: answers.pop(name) for name in self.connector.token_questions() if name in answers}
        answers = {name: value for name, value in answers.items() if name in questions}
        secrets, now = self.connector.secret_questions(), self.clock.now()
        self.ledger.save_connection(self.name, self.name, answers, secrets, "127.0.0.1", True, now)
        if tokens:
            self.ledger.write_tokens(self.name, tokens, now)

    def open(self, *, page: int | None = None, **http: Any) -> System:
        """The system. page: how many records a page has at most; http: parts of the connector's `http` that differ."""
        connector = replace(self.connector, http={**self.connector.http, **http})
        if page:
            connector = _with_pages_of(connector, page)
        stored = stored_connection(self.ledger, connector, self.name)
        opened = open_system(
            connector,
            stored,
            ledger=self.ledger,
            formulas=self.formulas,
            clock=self.clock,
            now=self.clock.now(),
            on_exchange=self.exchanges.append,
        )
        self.stack.callback(opened.close)
        return opened

    def kept(self, resource: str) -> Kept:
        """What the system's table says of a resource."""
        known = self.about.resources
        assert resource in known, f"{table_of(self.name).relative_to(REPOSITORY)} says nothing of {resource}"
        return known[resource]

    def told(self, resource: str, part: str) -> Any:
        """A part of what the table says of a resource, which the connector's operations make necessary."""
        value = getattr(self.kept(resource), part)
        place = table_of(self.name).relative_to(REPOSITORY)
        assert value is not None, f"{place} does not say {part!r} of {resource}, which its connector makes necessary"
        return value

    def keys(self, resource: str) -> list[str]:
        """The keys of the records that the stand-in holds itself."""
        return sorted(str(key) for key in self.told(resource, "keys")(self))

    def looks_by(self) -> str:
        """The operation of a look at the resource that the table says is looked at."""
        return "read" if "read" in self.connector.resources[self.about.reads].operations else "get"

    def arm(self, *faults: Record) -> None:
        self.serving.arm(self.name, list(faults))

    def requests(self) -> list[tuple[str, str, int, str, str]]:
        """The requests that came: method, target, status, moment, fault."""
        return list(self.serving.doors[0].requests)

    def struck(self) -> int:
        """How many requests the armed faults have befallen."""
        return sum(each["done"] for each in self.serving.doors[0].faults.shown())

    def settle(self) -> None:
        """Wait until the stand-in is done with what it was late with: it carries out what nobody waits for any more."""
        until = time.monotonic() + 5
        while sum(bool(fault) for *_, fault in self.requests()) < self.struck():
            assert time.monotonic() < until, "the sandbox did not come to an end"
            time.sleep(0.005)

    def secrets(self) -> set[str]:
        """Every secret that the connection has."""
        stored, names = self.ledger.connection(self.name), self.connector.secret_questions()
        assert stored is not None
        tokens = (self.ledger.read_tokens(self.name) or {}).values()
        answered = [value for name, value in stored.answers.items() if name in names]
        return {text for text in (*answered, *tokens) if isinstance(text, str) and len(text) > 2}


def read_pages(system: System, resource: str, variables: Mapping[str, Any] | None = None) -> Iterator[list[str]]:
    """The keys of each page of a read, without what a page repeats of the one before because the connector asks so.

    What is handed out in batches is acknowledged, one after the other until one is empty.
    """
    operation = system.resource(resource).operations["read"]
    if operation.batch is not None:
        yield from _read_batches(system, resource)
        return
    overlap = (operation.paging or {}).get("overlap", 0)
    before: list[str] = []
    for page in system.read(resource, variables or {}):
        keys = _keys(system, resource, page.records)
        yield [key for key in keys if key not in before[len(before) - overlap :]]
        before = keys


def _read_batches(system: System, resource: str) -> Iterator[list[str]]:
    for n in range(1, MOST_BATCHES):
        keys = read_batch(system, resource, f"batch {n}")
        yield keys
        system.acknowledge(resource, f"batch {n}")
        if not keys:
            return
    raise AssertionError(f"more than {MOST_BATCHES} batches")


def read_batch(system: System, resource: str, number: str) -> list[str]:
    """The keys of one batch, which is left unacknowledged."""
    return [k for page in system.read(resource, {"batch": number}) for k in _keys(system, resource, page.records)]


def _keys(system: System, resource: str, records: Sequence[Record]) -> list[str]:
    return [str(system.key_of(resource, record)) for record in records]


def read_keys(system: System, resource: str, variables: Mapping[str, Any] | None = None) -> list[str]:
    """The keys of everything a read gives, in order."""
    return [key for page in read_pages(system, resource, variables) for key in page]


def look_at(system: System, resource: str) -> list[str]:
    """The keys of what a look gives, the same each time: a batch stays as it is as long as it is not acknowledged."""
    if "read" not in system.resource(resource).operations:
        return [json.dumps(system.get(resource), sort_keys=True, default=str)]
    if system.resource(resource).operations["read"].batch is not None:
        return read_batch(system, resource, "a look")
    return read_keys(system, resource)


def in_words(error: StudioError, stand: Stand) -> None:
    """A person can read what failed and what to do, and nothing secret, raw or remote is in it."""
    text = str(error)
    assert error.what and error.what_to_do, text
    assert len(text) < 700 and not any(mark in text for mark in ("Traceback", "<h", "{", "None", "0x")), text
    for secret in stand.secrets():
        assert secret not in text
        assert all(secret not in repr(exchange) for exchange in stand.exchanges)


def make_stand(stack: ExitStack, folder: Path, formulas: Formulas, name: str) -> Stand:
    """The stand-in of a system, served, and the connector's connection to it."""
    clock = Clock()
    table = about(name)
    stand_in = table.stand_in(clock)
    stand_in.limits_on = False
    serving = stack.enter_context(Serving([stand_in], clock=clock))
    ledger = stack.enter_context(Ledger.open(folder / "ledger.sqlite"))
    stand = Stand(name, table, loaded(name), stand_in, serving, SharedClock(clock), ledger, formulas, stack)
    stand.connect()
    return stand


def _with_pages_of(connector: Connector, size: int) -> Connector:
    """The connector asking for small pages, so that a few records are several pages."""
    resources = {}
    for name, resource in connector.resources.items():
        operations = dict(resource.operations)
        read = operations.get("read")
        if read is not None and read.paging and "page_size" in read.paging:
            overlap = {"overlap": 1} if read.paging.get("overlap") else {}
            operations["read"] = replace(read, paging={**read.paging, "page_size": size, **overlap})
        resources[name] = replace(resource, operations=operations)
    return replace(connector, resources=resources)
