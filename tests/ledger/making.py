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
