"""A ledger that was put back from a backup has forgotten what was made since: it knows that, and from when to when."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from engine.runs.ledger import tables
from engine.runs.ledger.audit import note
from engine.runs.ledger.batches import doubt_batches
from engine.runs.ledger.opened import OpenLedger
from engine.runs.ledger.rows import time_text
from engine.runs.ledger.sql import Prepared, Transaction, bindparam, select, upsert

_NAME = "restored"
_M, _R, _O = tables.meta.c, tables.records.c, tables.outcomes.c
_SAVE = upsert(tables.meta, "name", "value", keys=["name"])
_READ = Prepared(select(_M.value).where(_M.name == _NAME))
_OF_KEY = Prepared(
    select(_R.id, _R.source_time, _R.first_seen).where(
        _R.flow == bindparam("flow"), _R.binding == bindparam("binding"), _R.key == bindparam("key")
    )
)
_PARKED_SINCE = Prepared(
    select(_O.id)
    .where(_O.record_id == bindparam("record_id"), _O.at >= bindparam("since"))
    .where(_O.reason.like(bindparam("reason")))
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class OlderCopy:
    """made_at: when the backup was made; at: when it was put back."""

    made_at: datetime
    at: datetime


class RestoredLedger(OpenLedger):
    """What a restored ledger knows of itself."""

    def mark_restored(self, made_at: datetime, at: datetime, who: str) -> None:
        """Say that this ledger is an older copy, and in the audit log who put it back."""
        about = {"made_at": made_at.isoformat(), "at": at.isoformat()}

        def write(transaction: Transaction) -> None:
            transaction.run(_SAVE, name=_NAME, value=json.dumps(about).encode())
            doubt_batches(transaction)
            note(transaction, "restored", who, at, details={"backup_of": time_text(made_at)})

        self.database.write(write)
        self.__dict__.pop("older_copy", None)

    @cached_property
    def older_copy(self) -> OlderCopy | None:
        """When it was put back last; None where it never was."""
        with self.database.read() as reading:
            row = reading.row(_READ)
        if row is None:
            return None
        held = json.loads(row.value)
        return OlderCopy(datetime.fromisoformat(held["made_at"]), datetime.fromisoformat(held["at"]))

    def may_be_forgotten(self, flow: str, binding: str, key: str, told: str) -> bool:
        """Was this record perhaps delivered after the backup was made, which the ledger would not know?

        Not where the record is younger than the restoring, nor where somebody was asked since: then the record has an
        outcome whose reason begins with `told`.
        """
        copy = self.older_copy
        if copy is None:
            return False
        moment = time_text(copy.at)
        with self.database.read() as reading:
            for row in reading.rows(_OF_KEY, flow=flow, binding=binding, key=key):
                asked = reading.row(_PARKED_SINCE, record_id=row.id, since=moment, reason=told + "%")
                if asked is None and (row.source_time or row.first_seen) < moment:
                    return True
        return False
