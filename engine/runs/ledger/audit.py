"""The audit log: who did what to what; lines are only ever added.

It holds no personal data of records: whose data was erased is kept as a keyed hash. Of a million lines those that are
asked for are found by the index that leaves the fewest: a database that knows no counts would guess.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypedDict, Unpack

from engine.errors import Json
from engine.runs.ledger import tables
from engine.runs.ledger.opened import OpenLedger
from engine.runs.ledger.rows import time_text
from engine.runs.ledger.sql import Prepared, Row, Transaction, and_, bindparam, func, insert_into, or_, select

_A = tables.audit.c
_NOTE = insert_into(tables.audit, "at", "who", "what", "flow", "binding", "subject", "details")
_NAMED = {"flow": _A.flow, "who": _A.who, "what": _A.what}  # each with an index of its own, in the order of time
_MOST_COUNTED = 50_000
_MOST_NAMES = 300
_HOW_MANY = {
    name: Prepared(
        select(func.count().label("many")).select_from(
            select(_A.id).where(column == bindparam("held")).limit(_MOST_COUNTED).subquery()
        )
    )
    for name, column in _NAMED.items()
}
_NEXT = {
    name: Prepared(select(column.label("name")).where(column > bindparam("last")).order_by(column).limit(1))
    for name, column in _NAMED.items()
}
_AT = Prepared(select(_A.at).where(_A.id == bindparam("line")))


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

    def audit(
        self,
        *,
        flow: str | None = None,
        who: str | None = None,
        what: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        before: int | None = None,
        limit: int = 100,
    ) -> list[Noted]:
        """The latest lines, the newest first: those that are as asked for. flow: "" for what concerns none; until: left
        out itself; before: the id of a line, for those that come after it in this list.
        """
        named = {name: held for name, held in (("flow", flow), ("who", who), ("what", what)) if held is not None}
        times: dict[str, Any] = {
            name: time_text(at) for name, at in (("since", since), ("until", until)) if at is not None
        }
        self.database.flush()
        with self.database.read() as reading:
            if before is not None:
                row = reading.row(_AT, line=before)
                if row is None:
                    return []
                times |= {"at": row.at, "line": before}
            lead = _fewest(reading, named) if len(named) > 1 else next(iter(named), "")
            wanted = _latest(lead, frozenset(named), frozenset(times))
            rows = reading.rows(wanted, **named, **times, limit=limit)
        return [_noted(row) for row in rows]

    def audit_names(self, name: str) -> list[str]:
        """Every name that lines have under flow, who or what, in order; "" left out."""
        found: list[str] = []
        with self.database.read() as reading:
            while len(found) < _MOST_NAMES:
                row = reading.row(_NEXT[name], last=found[-1] if found else "")
                if row is None:
                    break
                found.append(row.name)
        return found


def _fewest(reading: Transaction, named: dict[str, str]) -> str:
    """Which of these names the fewest lines have."""
    return min(named, key=lambda name: reading.rows(_HOW_MANY[name], held=named[name])[0].many)


@cache
def _latest(lead: str, named: frozenset[str], times: frozenset[str]) -> Prepared:
    """lead: the name whose index is to find the lines, "" where their order in time does."""
    held: list[Any] = []
    for name in sorted(named):
        column = _NAMED[name] if name == lead else _NAMED[name] + ""
        held.append(column == bindparam(name))
    if "since" in times:
        held.append(_A.at >= bindparam("since"))
    if "until" in times:
        held.append(_A.at < bindparam("until"))
    if "line" in times:
        at: Any = bindparam("at")
        held.append(and_(_A.at <= at, or_(_A.at < at, _A.id < bindparam("line"))))
    in_order = select(tables.audit).where(*held).order_by(_A.at.desc(), _A.id.desc())
    return Prepared(in_order.limit(bindparam("limit")))


def note(transaction: Transaction, what: str, who: str, at: datetime, **about: Unpack[About]) -> None:
    """The same inside the transaction of what was done, so that neither is there without the other."""
    details = json.dumps(about.pop("details", None) or {}, ensure_ascii=False)
    named = {"flow": "", "binding": "", "subject": "", **about}
    transaction.run(_NOTE, at=time_text(at), who=who, what=what, details=details, **named)


def _noted(row: Row[Any]) -> Noted:
    at = datetime.fromisoformat(row.at)
    return Noted(row.id, at, row.who, row.what, row.flow, row.binding, row.subject, json.loads(row.details))
