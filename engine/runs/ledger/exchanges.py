"""Exchanges as sent and as answered, sealed per flow and forgotten after the retention time."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from typing import Any

from engine.runs.ledger import tables
from engine.runs.ledger.opened import OpenLedger
from engine.runs.ledger.pages import record_place
from engine.runs.ledger.rows import Exchange, StoredExchange, time_text
from engine.runs.ledger.sql import Prepared, Row, bindparam, insert_into, select

_E = tables.exchanges.c
_PARTS = attrgetter(*(field.name for field in fields(Exchange)))  # new fields come last: they are kept in order
_KEEP = insert_into(tables.exchanges, "flow", "binding", "key", "run_id", "step", "status", "exchange", "at")
_MINE = (_E.flow == bindparam("flow"), _E.binding == bindparam("binding"))
_OF_KEY = Prepared(select(tables.exchanges).where(*_MINE, _E.key == bindparam("key")).order_by(_E.id))
_OF_NO_KEY = Prepared(
    select(tables.exchanges).where(*_MINE, _E.key.is_(None)).order_by(_E.id.desc()).limit(bindparam("limit"))
)


def exchange_place(flow: str, binding: str, key: str | None) -> str:
    return record_place(flow, binding, "" if key is None else "key " + key)


class Exchanges(OpenLedger):
    """What support reads when it is asked what happened."""

    def keep_exchange(
        self,
        run_id: int | None,
        flow: str,
        binding: str,
        key: str | None,
        step: str,
        exchange: Exchange,
        at: datetime,
    ) -> None:
        """Keep an exchange (secrets already redacted); key None: it belongs to no record.

        It is written with one of the next commits that end something (see `Database`).
        """
        row = {
            "flow": flow,
            "binding": binding,
            "key": key,
            "run_id": run_id,
            "step": step,
            "status": exchange.status,
            "exchange": self.seal.seal_json("flow:" + flow, exchange_place(flow, binding, key), _PARTS(exchange)),
            "at": time_text(at),
        }
        self.database.keep_for_later(_KEEP, row)

    def exchanges(self, flow: str, binding: str, key: str | None, limit: int = 200) -> list[StoredExchange]:
        """The exchanges of a record in order; with key None the latest that belong to no record."""
        self.database.flush()
        with self.database.read() as reading:
            if key is None:
                rows = list(reversed(reading.rows(_OF_NO_KEY, flow=flow, binding=binding, limit=limit)))
            else:
                rows = list(reading.rows(_OF_KEY, flow=flow, binding=binding, key=key))
        return [self._exchange(row) for row in rows]

    def _exchange(self, row: Row[Any]) -> StoredExchange:
        place = exchange_place(row.flow, row.binding, row.key)
        parts = self.seal.open_json("flow:" + row.flow, place, row.exchange)
        return StoredExchange(row.id, row.run_id, row.key, row.step, datetime.fromisoformat(row.at), Exchange(*parts))
