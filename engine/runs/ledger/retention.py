"""For how many days what came to an end is kept, as somebody has said for this workspace."""

from __future__ import annotations

from datetime import datetime

from engine.runs.ledger import tables
from engine.runs.ledger.audit import note
from engine.runs.ledger.opened import OpenLedger
from engine.runs.ledger.sql import Prepared, Transaction, bindparam, select, upsert

_NAME = "retention_days"
_M = tables.meta.c
_READ = Prepared(select(_M.value).where(_M.name == bindparam("name")))
_SAVE = upsert(tables.meta, "name", "value", keys=["name"])


class RetentionTime(OpenLedger):
    """The retention time; what goes by it is `Purging`."""

    def retention_days(self) -> int | None:
        """As it was set; None where nobody has."""
        with self.database.read() as reading:
            row = reading.row(_READ, name=_NAME)
        return None if row is None else int(bytes(row.value))

    def set_retention_days(self, days: int, who: str, at: datetime) -> None:
        """Keep so many days from now on; 0 keeps none. It stands in the audit log too."""

        def work(transaction: Transaction) -> None:
            transaction.run(_SAVE, name=_NAME, value=str(days).encode())
            note(transaction, "retention set", who, at, details={"days": days})

        self.database.write(work)
