"""Brings a ledger that an older program made to the form of today: one step after the other, all of them or none.

A step's tables are written out as they were meant then: what `tables` says may have changed since.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Callable

from engine.runs.ledger.sql import Prepared, Transaction, bindparam, select, update
from engine.runs.ledger.tables import SCHEMA_VERSION, meta

_READ = Prepared(select(meta.c.value).where(meta.c.name == "schema_version"))
_WRITE = Prepared(update(meta).where(meta.c.name == "schema_version").values(value=bindparam("value")))


def migrate(transaction: Transaction) -> None:
    """Take every step that is still to be taken; none where another process has just taken them."""
    row = transaction.row(_READ)
    form = 0 if row is None else int(row.value)
    for target in range(form + 1, SCHEMA_VERSION + 1):
        STEPS[target](transaction)
        transaction.run(_WRITE, value=str(target).encode())


def _number_versions(transaction: Transaction) -> None:
    """Form 2: the versions of each flow have numbers, in the order in which they first ran."""
    run = transaction.connection.exec_driver_sql
    run(
        "CREATE TABLE numbered_versions (id INTEGER NOT NULL PRIMARY KEY, flow TEXT NOT NULL, number INTEGER NOT NULL,"
        " hash TEXT NOT NULL, file_sha256 TEXT NOT NULL, name TEXT NOT NULL, who TEXT NOT NULL, note TEXT NOT NULL,"
        " as_number INTEGER, at TEXT NOT NULL, published_at TEXT, UNIQUE (flow, number))"
    )
    run("CREATE INDEX numbered_versions_by_hash ON numbered_versions (flow, hash)")
    last: Counter[str] = Counter()
    for hash_, flow, packed, at in run("SELECT hash, flow, documents, at FROM versions ORDER BY at, hash").all():
        last[flow] += 1
        text = json.loads(zlib.decompress(packed)).get(f"saved_mappings/{flow}.json", "")
        sha256 = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() if text else ""
        run(
            "INSERT INTO numbered_versions (flow, number, hash, file_sha256, name, who, note, at)"
            " VALUES (?, ?, ?, ?, '', '', '', ?)",
            (flow, last[flow], hash_, sha256, at),
        )


def _serve(transaction: Transaction) -> None:
    """Flows run by themselves: when they are due, what is paused, and what webhooks bring."""
    run = transaction.connection.exec_driver_sql
    run(
        "CREATE TABLE schedules (flow TEXT NOT NULL, binding TEXT NOT NULL, plan TEXT NOT NULL, due_at TEXT,"
        " last_started TEXT, last_ended TEXT, missed_at TEXT, problem TEXT, PRIMARY KEY (flow, binding))"
    )
    run(
        "CREATE TABLE pauses (flow TEXT NOT NULL, binding TEXT NOT NULL, who TEXT NOT NULL, why TEXT NOT NULL,"
        " at TEXT NOT NULL, PRIMARY KEY (flow, binding))"
    )
    run(
        "CREATE TABLE webhooks (id INTEGER NOT NULL PRIMARY KEY, connection TEXT NOT NULL, event TEXT NOT NULL,"
        " token BLOB NOT NULL, remote_id TEXT NOT NULL, secret BLOB, address TEXT NOT NULL, at TEXT NOT NULL,"
        " UNIQUE (connection, event), UNIQUE (token))"
    )
    run(
        "CREATE TABLE inbox (id INTEGER NOT NULL PRIMARY KEY, connection TEXT NOT NULL, event TEXT NOT NULL,"
        " fingerprint BLOB NOT NULL UNIQUE, key BLOB NOT NULL, state TEXT NOT NULL, received_at TEXT NOT NULL,"
        " done_at TEXT, reason TEXT NOT NULL)"
    )
    run("CREATE INDEX inbox_by_state ON inbox (state, id)")


def _audit(transaction: Transaction) -> None:
    """Form 4: who published, restored or erased what."""
    transaction.connection.exec_driver_sql(
        "CREATE TABLE audit (id INTEGER NOT NULL PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL,"
        " flow TEXT NOT NULL, binding TEXT NOT NULL, subject TEXT NOT NULL, details TEXT NOT NULL)"
    )


STEPS: dict[int, Callable[[Transaction], None]] = {2: _number_versions, 3: _serve, 4: _audit}
