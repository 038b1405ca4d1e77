"""The ledger: what was read, meant, sent, answered and decided, so that nothing is done twice or lost."""

from engine.runs.ledger.rows import (
    Exchange,
    Intent,
    PageResult,
    PulledRecord,
    StoredConnection,
    StoredExchange,
    StoredOutcome,
    StoredRecord,
    StoredRun,
    StoredVersion,
    Window,
)
from engine.runs.ledger.sealing import Key
from engine.runs.ledger.store import Ledger

__all__ = [
    "Exchange",
    "Intent",
    "Key",
    "Ledger",
    "PageResult",
    "PulledRecord",
    "StoredConnection",
    "StoredExchange",
    "StoredOutcome",
    "StoredRecord",
    "StoredRun",
    "StoredVersion",
    "Window",
]
