"""Sample records that people made or pasted: sealed like payloads, and part of no history."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from engine.errors import Json, LedgerError
from engine.runs.ledger import tables
from engine.runs.ledger.opened import OpenLedger
from engine.runs.ledger.rows import time_text
from engine.runs.ledger.sql import Prepared, bindparam, delete, select, upsert

_M = tables.meta.c
_PREFIX = "sample:"
_SAVE = upsert(tables.meta, "name", "value", keys=["name"])
_READ = Prepared(select(_M.value).where(_M.name == bindparam("name")))
_LIST = Prepared(
    select(tables.meta).where(_M.name >= bindparam("first"), _M.name < bindparam("past")).order_by(_M.name)
)
_DROP = Prepared(delete(tables.meta).where(_M.name == bindparam("name")))
_PAST_ALL = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class StoredSample:
    """A sample record of a flow, under a name of its own."""

    name: str
    title: str
    record: dict[str, Json]
    at: datetime


class Samples(OpenLedger):
    """Samples by flow and name."""

    def keep_sample(self, flow: str, name: str, title: str, record: dict[str, Json], at: datetime) -> None:
        """Keep a sample, in place of one of the same name."""
        row = _row_name(flow, name)
        held = {"title": title, "record": record, "at": time_text(at)}
        sealed = self.seal.seal_json("flow:" + flow, row, held)
        self.database.write(lambda transaction: transaction.run(_SAVE, name=row, value=sealed))

    def samples(self, flow: str) -> list[StoredSample]:
        """Every sample of a flow, the last one kept first."""
        first = _row_name(flow, "")
        with self.database.read() as reading:
            rows = reading.rows(_LIST, first=first, past=first + _PAST_ALL)
        found = [self._open_sample(flow, row.name.removeprefix(first), row.value) for row in rows]
        return sorted((each for each in found if each is not None), key=lambda each: each.at, reverse=True)

    def sample(self, flow: str, name: str) -> StoredSample | None:
        """One sample, or None where there is none."""
        with self.database.read() as reading:
            row = reading.row(_READ, name=_row_name(flow, name))
        return None if row is None else self._open_sample(flow, name, row.value)

    def forget_sample(self, flow: str, name: str) -> None:
        """Delete a sample; nothing happens where there is none."""
        self.database.write(lambda transaction: transaction.run(_DROP, name=_row_name(flow, name)))

    def _open_sample(self, flow: str, name: str, sealed: bytes) -> StoredSample | None:
        try:
            held = self.seal.open_json("flow:" + flow, _row_name(flow, name), sealed)
        except LedgerError:  # moved or changed: as good as gone
            return None
        return StoredSample(name, held["title"], held["record"], datetime.fromisoformat(held["at"]))


def _row_name(flow: str, name: str) -> str:
    return f"{_PREFIX}{json.dumps(flow)}:{name}"
