"""What a person looked at and ticked off before a flow's first run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.runs.ledger import tables
from engine.runs.ledger.audit import note
from engine.runs.ledger.opened import OpenLedger
from engine.runs.ledger.rows import time_text
from engine.runs.ledger.sql import Prepared, Transaction, bindparam, delete, select, upsert

_T = tables.ticks.c
_SAVE = upsert(tables.ticks, "flow", "binding", "name", "who", "at", keys=["flow", "binding", "name"])
_OF = Prepared(select(tables.ticks).where(_T.flow == bindparam("f"), _T.binding == bindparam("b")))
_DROP = Prepared(
    delete(tables.ticks).where(_T.flow == bindparam("f"), _T.binding == bindparam("b"), _T.name == bindparam("n"))
)


@dataclass(frozen=True, slots=True)
class Tick:
    """Who looked, and when."""

    who: str
    at: datetime


class Ticks(OpenLedger):
    """Ticks by the name of the precondition."""

    def ticks(self, flow: str, binding: str) -> dict[str, Tick]:
        """Those of a binding."""
        with self.database.read() as reading:
            rows = reading.rows(_OF, f=flow, b=binding)
        return {row.name: Tick(row.who, datetime.fromisoformat(row.at)) for row in rows}

    def tick(self, flow: str, binding: str, name: str, who: str, at: datetime) -> None:
        """Somebody looked and found it well; the audit log keeps it."""

        def save(transaction: Transaction) -> None:
            transaction.run(_SAVE, flow=flow, binding=binding, name=name, who=who, at=time_text(at))
            note(transaction, "ticked", who, at, flow=flow, binding=binding, subject=name)

        self.database.write(save)

    def untick(self, flow: str, binding: str, name: str, who: str, at: datetime) -> None:
        """It must be looked at again."""

        def drop(transaction: Transaction) -> None:
            transaction.run(_DROP, f=flow, b=binding, n=name)
            note(transaction, "unticked", who, at, flow=flow, binding=binding, subject=name)

        self.database.write(drop)
