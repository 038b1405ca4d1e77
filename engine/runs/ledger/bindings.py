"""Bindings: for whom a flow works, with which connections, answers, rows of lookups and schedules."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from engine.errors import Json
from engine.runs.ledger import tables
from engine.runs.ledger.audit import note
from engine.runs.ledger.opened import OpenLedger
from engine.runs.ledger.rows import time_text
from engine.runs.ledger.sql import Prepared, Row, Transaction, bindparam, delete, func, or_, select, update, upsert

DEFAULT = "default"  # every flow has it, with or without a row
_B, _R = tables.bindings.c, tables.records.c
_SAVE = upsert(tables.bindings, *tables.bindings.columns.keys(), keys=["flow", "name"])
_READ = Prepared(select(tables.bindings).where(_B.flow == bindparam("f"), _B.name == bindparam("n")))
_LIST = Prepared(
    select(tables.bindings)
    .where(or_(_B.flow == bindparam("f"), bindparam("any_flow") == 1))
    .order_by(_B.flow, _B.name != DEFAULT, _B.name)
)
_DROP = Prepared(delete(tables.bindings).where(_B.flow == bindparam("f"), _B.name == bindparam("n")))
_STATES = Prepared(
    select(_R.state, func.count().label("times"))
    .select_from(tables.records)
    .where(_R.flow == bindparam("f"), _R.binding == bindparam("b"))
    .group_by(_R.state)
)
EARLIER = "earlier"  # the mode of runs from before a binding began afresh: they read another account
_MINE: dict[str, Any] = {"f": bindparam("f"), "b": bindparam("b")}
_FORGOTTEN = tuple(
    Prepared(delete(table).where(table.c.flow == _MINE["f"], table.c.binding == _MINE["b"]))
    for table in (tables.accounts, tables.cursors, tables.ticks)
)
_RUN = tables.runs.c
_AGE = Prepared(update(tables.runs).where(_RUN.flow == _MINE["f"], _RUN.binding == _MINE["b"]).values(mode=EARLIER))
_BEGUN = Prepared(
    select(_RUN.id).where(_RUN.flow == _MINE["f"], _RUN.binding == _MINE["b"], _RUN.mode != EARLIER).limit(1)
)
_LEAST_STEP = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class StoredBinding:
    """What differs from the flow's file. connections: system → name of a connection; schedules: None for the flow's."""

    flow: str
    name: str
    title: str = ""
    connections: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, Json] = field(default_factory=dict)
    lookups: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    schedules: tuple[Mapping[str, Json], ...] | None = None
    is_on: bool = True
    saved_at: datetime | None = None


Change = Callable[[StoredBinding], StoredBinding]


class Bindings(OpenLedger):
    """The bindings that were made; of the default one a row only where it differs from the flow's file."""

    def binding(self, flow: str, name: str) -> StoredBinding | None:
        """One binding as it was saved, or None."""
        with self.database.read() as reading:
            row = reading.row(_READ, f=flow, n=name)
        return None if row is None else _binding(row)

    def bindings(self, flow: str | None = None) -> list[StoredBinding]:
        """Those of a flow or of all flows, the default one first."""
        with self.database.read() as reading:
            rows = reading.rows(_LIST, f=flow or "", any_flow=int(flow is None))
        return [_binding(row) for row in rows]

    def change_binding(
        self,
        flow: str,
        name: str,
        change: Change,
        at: datetime,
        *,
        who: str = "",
        details: dict[str, Json] | None = None,
    ) -> StoredBinding:
        """Change a binding, or make it, in one transaction with its line in the audit log (who: "" for none).

        change: gets it as it is by now (saved_at None: it is new); what it raises leaves everything as it was.
        """

        def work(transaction: Transaction) -> StoredBinding:
            row = transaction.row(_READ, f=flow, n=name)
            before = StoredBinding(flow, name) if row is None else _binding(row)
            moment = at if before.saved_at is None else max(at, before.saved_at + _LEAST_STEP)
            saved = replace(change(before), saved_at=moment)
            transaction.run(_SAVE, **_row(saved))
            if who:
                note(transaction, "bound", who, moment, flow=flow, binding=name, details=details)
            return saved

        return self.database.write(work)

    def remove_binding(self, flow: str, name: str) -> None:
        """Forget what a binding says; its records, runs and intents stay as they are."""
        self.database.write(lambda transaction: transaction.run(_DROP, f=flow, n=name))

    def begin_afresh(self, flow: str, name: str) -> None:
        """Nothing was booked, and other accounts follow: what was met, read and ticked off counts no more.

        Its first run is to come again: the earlier ones stay in the history only.
        """

        def forget(transaction: Transaction) -> None:
            for statement in (*_FORGOTTEN, _AGE):
                transaction.run(statement, f=flow, b=name)

        self.database.write(forget)

    def has_begun(self, flow: str, name: str) -> bool:
        """Was there any run since it last began afresh?"""
        with self.database.read() as reading:
            return reading.row(_BEGUN, f=flow, b=name) is not None

    def states_of_binding(self, flow: str, name: str) -> dict[str, int]:
        """How many records of a binding are in each state."""
        with self.database.read() as reading:
            return {row.state: int(row.times) for row in reading.rows(_STATES, f=flow, b=name)}

    def records_of_binding(self, flow: str, name: str) -> int:
        """How many records a binding has."""
        return sum(self.states_of_binding(flow, name).values())


def _row(binding: StoredBinding) -> dict[str, Any]:
    assert binding.saved_at is not None
    schedules = binding.schedules
    return {
        "flow": binding.flow,
        "name": binding.name,
        "title": binding.title,
        "connections": _text(dict(binding.connections)),
        "answers": _text(dict(binding.answers)),
        "lookups": _text({name: dict(rows) for name, rows in binding.lookups.items()}),
        "schedules": None if schedules is None else _text([dict(schedule) for schedule in schedules]),
        "state": "on" if binding.is_on else "off",
        "saved_at": time_text(binding.saved_at),
    }


def _text(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)


def _binding(row: Row[Any]) -> StoredBinding:
    return StoredBinding(
        row.flow,
        row.name,
        row.title,
        json.loads(row.connections),
        json.loads(row.answers),
        json.loads(row.lookups),
        None if row.schedules is None else tuple(json.loads(row.schedules)),
        row.state == "on",
        datetime.fromisoformat(row.saved_at),
    )
