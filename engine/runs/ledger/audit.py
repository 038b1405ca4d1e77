"""The audit log: who published, replayed, brought back, restored, purged or erased what; lines are only ever added.

It holds no personal data of records: whose data was erased is kept as a keyed hash.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, TypedDict, Unpack

from engine.errors import Json
from engine.runs.ledger import tables
from engine.runs.ledger.opened import OpenLedger
from engine.runs.ledger.rows import time_text
from engine.runs.ledger.sql import Prepared, Row, Transaction, bindparam, insert_into, or_, select

_A = tables.audit.c
_NOTE = insert_into(tables.audit, "at", "who", "what", "flow", "binding", "subject", "details")
_LATEST = Prepared(
    select(tables.audit)
    .where(or_(_A.flow == bindparam("flow"), bindparam("any_flow") == 1))
    .order_by(_A.id.desc())
    .limit(bindparam("limit"))
)


class About(TypedDict, total=False):
    """What a line concerns, where it concerns anything: as in `Noted`."""

    flow: str
    binding: str
    subject: str
    details: dict[str, Json] | None


@dataclass(frozen=True, slots=True)
class Noted:
    """A line of the audit log. subject: what it was done to, such as a version; flow: "" where it concerns none."""

    id: int
    at: datetime
    who: str
    what: str
    flow: str
    binding: str
    subject: str
    details: dict[str, Json]

    def as_json(self) -> dict[str, Json]:
        return {**asdict(self), "at": self.at.isoformat()}


class Audit(OpenLedger):
    """Who did what."""

    def note(self, what: str, who: str, at: datetime, **about: Unpack[About]) -> None:
        """Add a line; it is on disk when this returns."""
        self.database.write(lambda transaction: note(transaction, what, who, at, **about))

    def audit(self, *, flow: str | None = None, limit: int = 100) -> list[Noted]:
        """The latest lines, the newest first; of one flow or of all and of none."""
        self.database.flush()
        with self.database.read() as reading:
            rows = reading.rows(_LATEST, flow=flow or "", any_flow=int(flow is None), limit=limit)
        return [_noted(row) for row in rows]


def note(transaction: Transaction, what: str, who: str, at: datetime, **about: Unpack[About]) -> None:
    """The same inside the transaction of what was done, so that neither is there without the other."""
    details = json.dumps(about.pop("details", None) or {}, ensure_ascii=False)
    named = {"flow": "", "binding": "", "subject": "", **about}
    transaction.run(_NOTE, at=time_text(at), who=who, what=what, details=details, **named)


def _noted(row: Row[Any]) -> Noted:
    at = datetime.fromisoformat(row.at)
    return Noted(row.id, at, row.who, row.what, row.flow, row.binding, row.subject, json.loads(row.details))
