"""Sign-ins under way: begun and not yet kept in a connection; sealed, found by a secret name, soon forgotten."""

from __future__ import annotations

from datetime import datetime

from engine.errors import Json, LedgerError
from engine.runs.ledger import tables
from engine.runs.ledger.opened import OpenLedger
from engine.runs.ledger.rows import time_text
from engine.runs.ledger.sql import Prepared, Transaction, bindparam, delete, select, upsert

_M = tables.meta.c
_PREFIX = "sign-in:"
_SAVE = upsert(tables.meta, "name", "value", keys=["name"])
_READ = Prepared(select(_M.value).where(_M.name == bindparam("name")))
_LIST = Prepared(select(tables.meta).where(_M.name.like(_PREFIX + "%")))
_DROP = Prepared(delete(tables.meta).where(_M.name == bindparam("name")))


class SignIns(OpenLedger):
    """Sign-ins under way, each by a name that only who began it can know."""

    def keep_sign_in(self, name: str, held: Json, until: datetime, now: datetime) -> None:
        """Keep it until then; it is on disk before this returns. Those whose time is over are forgotten."""
        row = self._row_name(name)
        sealed = self.seal.seal_json("sign-ins", row, {"until": time_text(until), "held": held})

        def save(transaction: Transaction) -> None:
            for known in transaction.rows(_LIST):
                if self._opened(known.name, known.value, now) is None:
                    transaction.run(_DROP, name=known.name)
            transaction.run(_SAVE, name=row, value=sealed)

        self.database.write(save)

    def read_sign_in(self, name: str, now: datetime) -> Json:
        """What was kept under this name; None where there is nothing, or its time is over."""
        row = self._row_name(name)
        with self.database.read() as reading:
            found = reading.row(_READ, name=row)
        return None if found is None else self._opened(row, found.value, now)

    def take_sign_in(self, name: str, now: datetime) -> Json:
        """Like `read_sign_in`, and it is gone: of two who ask, one gets it."""
        row = self._row_name(name)

        def take(transaction: Transaction) -> bytes | None:
            found = transaction.row(_READ, name=row)
            transaction.run(_DROP, name=row)
            return None if found is None else bytes(found.value)

        sealed = self.database.write(take)
        return None if sealed is None else self._opened(row, sealed, now)

    def _row_name(self, name: str) -> str:
        return _PREFIX + self.seal.fingerprint(name).hex()

    def _opened(self, row: str, sealed: bytes, now: datetime) -> Json:
        try:
            kept = self.seal.open_json("sign-ins", row, sealed)
        except LedgerError:  # moved or changed: as good as gone
            return None
        return kept["held"] if time_text(now) < kept["until"] else None
