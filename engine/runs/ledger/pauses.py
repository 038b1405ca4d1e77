"""What was paused: everything, or one flow; who did it and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.runs.ledger import tables
from engine.runs.ledger.opened import OpenLedger
from engine.runs.ledger.rows import time_text
from engine.runs.ledger.sql import Prepared, Transaction, bindparam, delete, select, upsert

EVERYTHING = ""  # as the name of a flow
_P = tables.pauses.c
_SAVE = upsert(tables.pauses, "flow", "binding", "who", "why", "at", keys=["flow", "binding"])
_LIST = Prepared(select(tables.pauses).order_by(_P.flow, _P.binding))
_DROP = Prepared(delete(tables.pauses).where(_P.flow == bindparam("f")))


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause. flow: EVERYTHING for all flows."""

    flow: str
    who: str
    why: str
    at: datetime


class Pauses(OpenLedger):
    """Pauses, kept until somebody resumes."""

    def pause(self, flow: str, who: str, why: str, at: datetime) -> None:
        """No run of this flow begins by itself from now on; it is on disk before this returns."""
        row = {"flow": flow, "binding": "", "who": who, "why": why, "at": time_text(at)}
        self.database.write(lambda transaction: transaction.run(_SAVE, **row))

    def resume(self, flow: str) -> bool:
        """Take a pause away; False where there was none."""

        def take(transaction: Transaction) -> bool:
            there = any(row.flow == flow for row in transaction.rows(_LIST))
            transaction.run(_DROP, f=flow)
            return there

        return self.database.write(take)

    def pauses(self) -> list[Pause]:
        """All of them, that of everything first."""
        with self.database.read() as reading:
            rows = reading.rows(_LIST)
        return [Pause(row.flow, row.who, row.why, datetime.fromisoformat(row.at)) for row in rows]

    def paused(self, flow: str) -> Pause | None:
        """The pause that holds this flow back, or None."""
        return next((pause for pause in self.pauses() if pause.flow in (EVERYTHING, flow)), None)
