"""Connections opened for work: the ledger's credentials and lanes behind each system's client."""

from __future__ import annotations

import random
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from engine.connectors.client import Client, OnExchange
from engine.connectors.clock import Clock
from engine.connectors.connector import Connector
from engine.connectors.credentials import Vault
from engine.connectors.exchange import SystemError_
from engine.connectors.http_description import HttpDescription
from engine.connectors.pace import OnWait
from engine.connectors.system import System
from engine.documents.formula_text import formula_text
from engine.errors import ConnectionMissing, Json
from engine.formulas import MISSING, Environment, Formulas
from engine.runs.ledger import Ledger, StoredConnection


class LedgerVault:
    """Sign-in tokens, sealed in the ledger."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock

    def read(self, connection: str) -> dict[str, Json] | None:
        return self._ledger.read_tokens(connection)

    def write(self, connection: str, tokens: Mapping[str, Json]) -> None:
        self._ledger.write_tokens(connection, dict(tokens), self._clock.now())

    def lock(self, connection: str) -> AbstractContextManager[Any]:
        return self._ledger.lock("sign-in:" + connection)


class LedgerLanes:
    """How long a credential must rest, kept in the ledger so that every worker respects it."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def held_until(self, lane: str) -> datetime | None:
        return self._ledger.lane_held_until(lane)

    def hold(self, lane: str, until: datetime) -> None:
        self._ledger.hold_lane(lane, until)


def stored_connection(ledger: Ledger, connector: Connector, name: str) -> StoredConnection:
    """The connection of this name, with every required answer; ConnectionMissing says which command sets it up."""
    stored = ledger.connection(name)
    named = "" if name == connector.name else f" --as {name}"
    command = f"python -m engine connect {connector.name}{named} --answers FILE"
    if stored is not None and stored.connector != connector.name:
        raise ConnectionMissing(
            f"The connection {name} is one of {stored.connector}, not of {connector.title}",
            where=name,
            what_to_do="Give the binding a connection of the right system; `bindings FLOW NAME` shows what it has.",
        )
    if stored is None:
        raise ConnectionMissing(
            f"{connector.title} is not connected",
            where=name,
            what_to_do=f"Connect it with `{command}`; its questions are {_questions(connector)}.",
        )
    tokens = ledger.read_tokens(name) if connector.token_questions() else None
    answers = {**connector.with_defaults(stored.answers), **(tokens or {})}
    missing = [q for q in connector.questions.get("required", ()) if answers.get(q) in (None, "")]
    if missing:
        titles = ", ".join(connector.every_question().get(q, {}).get("title", q) for q in missing)
        raise ConnectionMissing(
            f"The connection to {connector.title} lacks {titles}",
            where=name,
            what_to_do=f"Answer it with `{command}`.",
        )
    return stored


def _questions(connector: Connector) -> str:
    return ", ".join(
        f"{about.get('title', name)} ({name})"
        for name, about in connector.every_question().items()
        if "default" not in about
    )


def open_system(
    connector: Connector,
    stored: StoredConnection,
    *,
    ledger: Ledger,
    formulas: Formulas,
    clock: Clock,
    now: datetime,
    transport: Any = None,
    on_wait: OnWait | None = None,
    **more: Any,
) -> System:
    """A system ready to be read and written over a stored connection. more: as `open_client` takes."""
    variables = {"connection": connector.told(stored.answers)}
    environment = Environment(now=now, variables=variables, lookups={})
    client = open_client(
        connector, stored, ledger, formulas, clock, environment, transport=transport, on_wait=on_wait, **more
    )
    return System(connector, client, formulas, environment)


def open_client(
    connector: Connector,
    stored: StoredConnection,
    ledger: Ledger,
    formulas: Formulas,
    clock: Clock,
    environment: Environment,
    *,
    vault: Vault | None = None,
    on_exchange: OnExchange = lambda exchange: None,
    **more: Any,
) -> Client:
    """What sends a connection's requests. vault: where tokens live, else the ledger; more: as Client takes."""
    return Client(
        HttpDescription.read(connector.http),
        connection=stored.name,
        title=connector.title,
        answers=connector.with_defaults(stored.answers),
        secret_answers=connector.secret_questions(),
        vault=vault or LedgerVault(ledger, clock),
        lanes=LedgerLanes(ledger),
        clock=clock,
        random=random.Random(),
        allow_private=stored.allow_private,
        read_error=_error_reader(connector, formulas, environment),
        on_exchange=on_exchange,
        **more,
    )


def _error_reader(connector: Connector, formulas: Formulas, environment: Environment) -> Any:
    about = connector.http.get("errors", {})
    held = {part: formula_text(about[part]) for part in ("code", "message", "field") if part in about}
    program = formulas.program(held)

    def read_error(document: Json) -> SystemError_:
        found = formulas.evaluate(program, environment, [(document, {})])[0]
        words = {
            part: str(e.value)
            for part, e in found.items()
            if e.error is None and e.value is not MISSING and e.value is not None
        }
        failed = [e.error for e in found.values() if e.error is not None]
        if failed and not words:
            raise failed[0]
        return SystemError_(**words)

    return read_error
