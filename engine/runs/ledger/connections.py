"""Connections with their secrets, sign-in tokens and lanes; secrets open only for their own host."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from engine.errors import Json, LedgerError
from engine.runs.ledger import tables
from engine.runs.ledger.audit import note
from engine.runs.ledger.faults import no_such_connection
from engine.runs.ledger.opened import OpenLedger
from engine.runs.ledger.rows import StoredConnection, moment_or_none, time_text
from engine.runs.ledger.sql import Prepared, Row, Transaction, bindparam, delete, select, upsert

_C, _T, _L = tables.connections.c, tables.tokens.c, tables.lanes.c
_SAVE = upsert(tables.connections, *tables.connections.columns.keys(), keys=["name"])
_READ = Prepared(select(tables.connections).where(_C.name == bindparam("name")))
_LIST = Prepared(select(tables.connections).order_by(_C.name))
_REMOVE = Prepared(delete(tables.connections).where(_C.name == bindparam("name")))
_SAVE_TOKENS = upsert(tables.tokens, "connection", "tokens", "at", keys=["connection"])
_READ_TOKENS = Prepared(
    select(_T.tokens, _C.host)
    .join_from(tables.tokens, tables.connections, _T.connection == _C.name)
    .where(_C.name == bindparam("name"))
)
_TOKENS_AT = Prepared(select(_T.at).where(_T.connection == bindparam("name")))
_DROP_TOKENS = Prepared(delete(tables.tokens).where(_T.connection == bindparam("name")))
_HOLD = upsert(tables.lanes, "lane", "held_until", keys=["lane"])
_HELD = Prepared(select(_L.held_until).where(_L.lane == bindparam("lane")))


def _secret_place(name: str, host: str) -> str:
    return json.dumps(["secrets", name, host])


def _token_place(name: str, host: str) -> str:
    return json.dumps(["tokens", name, host])


class Connections(OpenLedger):
    """Connections, tokens and lanes."""

    def save_connection(
        self,
        name: str,
        connector: str,
        answers: dict[str, Json],
        secrets: set[str],
        host: str,
        allow_private: bool,
        at: datetime,
        who: str | None = None,
    ) -> None:
        """Keep a connection; `secrets` names the answers to seal. Tokens go unless it is the same account.

        who: for the audit log; without one nothing is noted.
        """
        hidden = {key: value for key, value in answers.items() if key in secrets}
        row = {
            "name": name,
            "connector": connector,
            "answers": json.dumps({k: v for k, v in answers.items() if k not in secrets}, ensure_ascii=False),
            "secrets": self.seal.seal_json("connections", _secret_place(name, host), hidden),
            "secret_names": json.dumps(sorted(hidden)),
            "host": host,
            "allow_private": int(allow_private),
            "saved_at": time_text(at),
        }

        def save(transaction: Transaction) -> None:
            before = transaction.row(_READ, name=name)
            transaction.run(_SAVE, **row)
            if before is not None and not self._same_account(before, connector, answers, host):
                transaction.run(_DROP_TOKENS, name=name)
            if who is not None:
                did = "connected" if before is None else "connection changed"
                note(transaction, did, who, at, subject=name, details={"host": host})

        self.database.write(save)

    def _same_account(self, row: Row[Any], connector: str, answers: dict[str, Json], host: str) -> bool:
        try:
            before = self._connection(row, with_secrets=True)
        except LedgerError:  # sealed with a key that is gone: being saved anew is the cure
            return False
        return (before.connector, before.host, before.answers) == (connector, host, answers)

    def connection(self, name: str) -> StoredConnection | None:
        """The connection with all its answers, the secret ones opened."""
        with self.database.read() as reading:
            row = reading.row(_READ, name=name)
        return None if row is None else self._connection(row, with_secrets=True)

    def connections(self) -> list[StoredConnection]:
        """All connections by name, without their secret answers."""
        with self.database.read() as reading:
            return [self._connection(row, with_secrets=False) for row in reading.rows(_LIST)]

    def remove_connection(self, name: str, who: str | None = None, at: datetime | None = None) -> None:
        """Forget a connection, its secrets and its tokens. who, at: for the audit log, as `save_connection`."""

        def remove(transaction: Transaction) -> None:
            transaction.run(_REMOVE, name=name)
            if who is not None and at is not None:
                note(transaction, "disconnected", who, at, subject=name)

        self.database.write(remove)

    def _connection(self, row: Row[Any], *, with_secrets: bool) -> StoredConnection:
        answers: dict[str, Json] = json.loads(row.answers)
        if with_secrets:
            answers |= self.seal.open_json("connections", _secret_place(row.name, row.host), row.secrets)
        return StoredConnection(
            row.name,
            row.connector,
            answers,
            frozenset(json.loads(row.secret_names)),
            row.host,
            bool(row.allow_private),
            datetime.fromisoformat(row.saved_at),
        )

    # --- tokens

    def read_tokens(self, connection: str) -> dict[str, Json] | None:
        """What the last sign-in gave, or None."""
        with self.database.read() as reading:
            row = reading.row(_READ_TOKENS, name=connection)
        if row is None:
            return None
        opened: dict[str, Json] = self.seal.open_json("tokens", _token_place(connection, row.host), row.tokens)
        return opened

    def write_tokens(self, connection: str, tokens: dict[str, Json], at: datetime) -> None:
        """Keep what a sign-in gave, on disk before this returns (a refresh token may work only once)."""

        def write(transaction: Transaction) -> None:
            row = transaction.row(_READ, name=connection)
            if row is None:
                raise no_such_connection(connection)
            sealed = self.seal.seal_json("tokens", _token_place(connection, row.host), tokens)
            transaction.run(_SAVE_TOKENS, connection=connection, tokens=sealed, at=time_text(at))

        self.database.write(write)

    def signed_in_at(self, connection: str) -> datetime | None:
        """When its tokens were renewed last; None where it has none."""
        with self.database.read() as reading:
            row = reading.row(_TOKENS_AT, name=connection)
        return None if row is None else moment_or_none(row.at)

    def lock(self, name: str) -> AbstractContextManager[bool]:
        """Wait for and hold the lock of this name, across threads and processes (one refreshes for all)."""
        return self.locks.hold("lock:" + name)

    # --- lanes

    def hold_lane(self, lane: str, until: datetime) -> None:
        """Nobody sends on this lane before `until`; a later moment already stored stays."""

        def hold(transaction: Transaction) -> None:
            row = transaction.row(_HELD, lane=lane)
            if row is None or row.held_until < time_text(until):
                transaction.run(_HOLD, lane=lane, held_until=time_text(until))

        self.database.write(hold)

    def lane_held_until(self, lane: str) -> datetime | None:
        """The moment before which nobody may send on this lane (it may be past), or None."""
        with self.database.read() as reading:
            row = reading.row(_HELD, lane=lane)
        return None if row is None else moment_or_none(row.held_until)
