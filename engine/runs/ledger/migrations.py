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


def _bind(transaction: Transaction) -> None:
    """Form 5: a flow may work for several accounts, and each knows which account it works with."""
    run = transaction.connection.exec_driver_sql
    run(
        "CREATE TABLE bindings (flow TEXT NOT NULL, name TEXT NOT NULL, title TEXT NOT NULL, connections TEXT NOT NULL,"
        " answers TEXT NOT NULL, lookups TEXT NOT NULL, schedules TEXT, state TEXT NOT NULL, saved_at TEXT NOT NULL,"
        " PRIMARY KEY (flow, name))"
    )
    run(
        "CREATE TABLE accounts (flow TEXT NOT NULL, binding TEXT NOT NULL, system TEXT NOT NULL, facts TEXT NOT NULL,"
        " who TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (flow, binding, system))"
    )
    run(
        "CREATE TABLE ticks (flow TEXT NOT NULL, binding TEXT NOT NULL, name TEXT NOT NULL, who TEXT NOT NULL,"
        " at TEXT NOT NULL, PRIMARY KEY (flow, binding, name))"
    )
    run("DROP INDEX intents_by_key")
    run("ALTER TABLE intents RENAME TO intents_before")
    run(
        "CREATE TABLE intents (id INTEGER NOT NULL PRIMARY KEY, connection TEXT NOT NULL, resource TEXT NOT NULL,"
        ' "match" BLOB NOT NULL, flow TEXT NOT NULL, binding TEXT NOT NULL, "key" TEXT NOT NULL, step TEXT NOT NULL,'
        " idempotency_key TEXT NOT NULL, state TEXT NOT NULL, target_id TEXT, target_number TEXT, answer BLOB,"
        ' opened_at TEXT NOT NULL, changed_at TEXT NOT NULL, UNIQUE (connection, resource, "match"))'
    )
    columns = (
        'id, connection, resource, "match", flow, "key", step, idempotency_key, state, target_id, target_number,'
        " answer, opened_at, changed_at"
    )
    run(f"INSERT INTO intents ({columns}, binding) SELECT {columns}, 'default' FROM intents_before")
    run("DROP TABLE intents_before")
    run('CREATE INDEX intents_by_key ON intents (flow, binding, "key")')


def _causes(transaction: Transaction) -> None:
    """Form 6: what was told, and what was sent again on purpose."""
    run = transaction.connection.exec_driver_sql
    run(
        "CREATE TABLE causes (flow TEXT NOT NULL, binding TEXT NOT NULL, fingerprint TEXT NOT NULL, state TEXT NOT"
        " NULL, says TEXT NOT NULL, records INTEGER NOT NULL, first_at TEXT NOT NULL, last_at TEXT NOT NULL,"
        " told_at TEXT, PRIMARY KEY (flow, binding, fingerprint))"
    )
    run(
        'CREATE TABLE replays (id INTEGER NOT NULL PRIMARY KEY, flow TEXT NOT NULL, binding TEXT NOT NULL, "key" TEXT'
        " NOT NULL, version TEXT NOT NULL, record_version TEXT NOT NULL, who TEXT NOT NULL, state TEXT NOT NULL,"
        ' run_id INTEGER, at TEXT NOT NULL, UNIQUE (flow, binding, "key", version, record_version))'
    )


def _find(transaction: Transaction) -> None:
    """Form 7: records are found by their amount, their date, and why they are parked; older ones have no amount."""
    run = transaction.connection.exec_driver_sql
    for column in ("amount INTEGER", "currency TEXT", "cause TEXT"):
        run(f"ALTER TABLE records ADD COLUMN {column}")
    run("CREATE INDEX records_by_source_time ON records (source_time)")
    run("CREATE INDEX records_by_amount ON records (amount)")


def _batches(transaction: Transaction) -> None:
    """Form 8: what a system hands out once, and must be told that we have it."""
    transaction.connection.exec_driver_sql(
        "CREATE TABLE batches (connection TEXT NOT NULL, resource TEXT NOT NULL, flow TEXT NOT NULL, binding TEXT NOT"
        " NULL, number TEXT NOT NULL, state TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (connection, resource))"
    )


def _people(transaction: Transaction) -> None:
    """Form 9: people with roles, mended values, runs asked to stop, what each hour brought; the audit log searched."""
    run = transaction.connection.exec_driver_sql
    run("ALTER TABLE runs ADD COLUMN stopped_by TEXT")
    run("CREATE INDEX runs_by_state ON runs (state, id)")
    run("ALTER TABLE payloads ADD COLUMN mended BLOB")
    run(
        "CREATE TABLE hours (hour TEXT NOT NULL, flow TEXT NOT NULL, binding TEXT NOT NULL, outcome TEXT NOT NULL,"
        " times INTEGER NOT NULL, PRIMARY KEY (hour, flow, binding, outcome))"
    )
    run(
        "INSERT INTO hours (hour, flow, binding, outcome, times)"
        " SELECT substr(outcomes.at, 1, 13), records.flow, records.binding,"
        " CASE WHEN outcomes.next_attempt_at IS NULL THEN outcomes.outcome ELSE 'due' END, count(*)"
        " FROM outcomes JOIN records ON records.id = outcomes.record_id GROUP BY 1, 2, 3, 4"
    )
    run(
        "CREATE INDEX records_parked ON records (flow, binding, state, cause, currency, changed_at, amount)"
        " WHERE state = 'parked'"
    )
    run("CREATE TABLE people (name TEXT NOT NULL PRIMARY KEY, role TEXT NOT NULL, by TEXT NOT NULL, at TEXT NOT NULL)")
    run("CREATE INDEX audit_by_time ON audit (at)")
    for name in ("flow", "who", "what"):
        run(f"CREATE INDEX audit_by_{name} ON audit ({name}, at)")


STEPS: dict[int, Callable[[Transaction], None]] = {
    2: _number_versions,
    3: _serve,
    4: _audit,
    5: _bind,
    6: _causes,
    7: _find,
    8: _batches,
    9: _people,
}
