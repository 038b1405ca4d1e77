"""What every subject of the ledger stands on: the database, the seal and the locks of one open ledger."""

from __future__ import annotations

from engine.runs.ledger.database import Database
from engine.runs.ledger.locks import NamedLocks
from engine.runs.ledger.sealing import Seal


class OpenLedger:
    """The parts an open ledger is made of; its subjects (connections, records, …) stand on these."""

    def __init__(self, database: Database, seal: Seal, locks: NamedLocks) -> None:
        self.database = database
        self.seal = seal
        self.locks = locks

    def flush(self) -> None:
        """Write what is riding (see `Intents`); worth calling before a long wait."""
        self.database.flush()
