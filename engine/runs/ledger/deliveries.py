"""What a delivery saw beside the record: the answers of its steps, and the settings of its run."""

from __future__ import annotations

import json
from datetime import datetime

from engine.errors import Json
from engine.runs.ledger import tables
from engine.runs.ledger.opened import OpenLedger
from engine.runs.ledger.rows import time_text
from engine.runs.ledger.sql import Prepared, bindparam, select, upsert

_D, _S = tables.deliveries.c, tables.settings.c
_KEEP = upsert(tables.deliveries, "flow", "binding", "key", "run_id", "seen", "at", keys=["flow", "binding", "key"])
_SEEN = Prepared(
    select(tables.deliveries).where(
        _D.flow == bindparam("flow"), _D.binding == bindparam("binding"), _D.key == bindparam("key")
    )
)
_SET = upsert(tables.settings, "run_id", "settings", keys=["run_id"])
_SETTINGS = Prepared(select(_S.settings).where(_S.run_id == bindparam("run_id")))


def settings_place(run_id: int) -> str:
    """What the settings of a run are bound to."""
    return f"run {run_id}"


def delivery_place(flow: str, binding: str, key: str) -> str:
    return json.dumps(["delivery", flow, binding, key])


class Deliveries(OpenLedger):
    """For telling a record's story with the values of that time."""

    def keep_delivery(self, flow: str, binding: str, key: str, run_id: int, seen: Json, at: datetime) -> None:
        """Keep what the last delivery of a record saw; rides with the next commit."""
        row = {
            "flow": flow,
            "binding": binding,
            "key": key,
            "run_id": run_id,
            "seen": self.seal.seal_json("flow:" + flow, delivery_place(flow, binding, key), seen),
            "at": time_text(at),
        }
        self.database.ride(lambda transaction: transaction.run(_KEEP, **row))

    def delivery(self, flow: str, binding: str, key: str) -> tuple[int, Json] | None:
        """(run, what was seen) of the last delivery of a record, or None."""
        self.database.flush()
        with self.database.read() as reading:
            row = reading.row(_SEEN, flow=flow, binding=binding, key=key)
        if row is None:
            return None
        return row.run_id, self.seal.open_json("flow:" + flow, delivery_place(flow, binding, key), row.seen)

    def keep_settings(self, run_id: int, settings: Json) -> None:
        """Keep what is the same for all records of a run."""
        sealed = self.seal.seal_json("settings", settings_place(run_id), settings)
        self.database.write(lambda transaction: transaction.run(_SET, run_id=run_id, settings=sealed))

    def settings(self, run_id: int) -> Json | None:
        with self.database.read() as reading:
            row = reading.row(_SETTINGS, run_id=run_id)
        return None if row is None else self.seal.open_json("settings", settings_place(run_id), row.settings)
