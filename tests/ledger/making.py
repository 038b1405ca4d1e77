"""An intent and a connection as several tests make them, and changes past the ledger."""

from datetime import datetime
from typing import Any

from engine.runs.ledger import Intent, Ledger


def open_intent(ledger: Ledger, at: datetime, **more: Any) -> Intent:
    values: dict[str, Any] = {
        "connection": "books",
        "resource": "customers",
        "match_value": "zoe@shop.example",
        "flow": "f",
        "binding": "default",
        "key": "1",
        "step": "customer",
        "idempotency_key": "first",
    }
    return ledger.open_intent(**{**values, **more}, at=at)


def save(ledger: Ledger, at: datetime, **more: Any) -> None:
    values: dict[str, Any] = {
        "name": "shop",
        "connector": "a-shop",
        "answers": {"url": "https://s.example", "password": "sesame"},
        "secrets": {"password"},
        "host": "s.example",
        "allow_private": False,
    }
    ledger.save_connection(**{**values, **more}, at=at)


def tamper(ledger: Ledger, sql: str) -> None:
    ledger.database.write(lambda transaction: transaction.connection.exec_driver_sql(sql))


def miscounted(ledger: Ledger) -> list[tuple[object, ...]]:
    """The hours, flows and outcomes of which `hours` says another number than the lines of history give."""
    ledger.flush()
    lines = (
        "SELECT substr(o.at, 1, 13) AS hour, r.flow, r.binding,"
        " CASE WHEN o.next_attempt_at IS NULL THEN o.outcome ELSE 'due' END AS outcome, count(*) AS times"
        " FROM outcomes o JOIN records r ON r.id = o.record_id GROUP BY 1, 2, 3, 4"
    )
    kept = "SELECT hour, flow, binding, outcome, times FROM hours"
    apart = f"SELECT * FROM ({lines} EXCEPT {kept}) UNION ALL SELECT * FROM ({kept} EXCEPT {lines})"
    with ledger.database.read() as reading:
        return [tuple(row) for row in reading.connection.exec_driver_sql(apart)]
