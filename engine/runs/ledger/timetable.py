"""When each flow is due, when it last ran by itself, and what came of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from engine.errors import Problem
from engine.runs.ledger import tables
from engine.runs.ledger.opened import OpenLedger
from engine.runs.ledger.rows import moment_or_none, problem_of, problem_text, time_text, time_text_or_none
from engine.runs.ledger.sql import Prepared, bindparam, delete, select, update, upsert

_S = tables.schedules.c
_SAVE = upsert(
    tables.schedules, "flow", "binding", "plan", "due_at", "last_started", "missed_at", keys=["flow", "binding"]
)
_LIST = Prepared(select(tables.schedules).order_by(_S.flow, _S.binding))
_DROP = Prepared(delete(tables.schedules).where(_S.flow == bindparam("f"), _S.binding == bindparam("b")))
_END = Prepared(
    update(tables.schedules)
    .where(_S.flow == bindparam("f"), _S.binding == bindparam("b"))
    .values(last_ended=bindparam("last_ended"), problem=bindparam("problem"))
)
_R = tables.runs.c
_WHOLE_RUN = Prepared(
    select(_R.id).where(_R.flow == bindparam("f"), _R.binding == bindparam("b"), _R.mode == "all").limit(1)
)
_SERVED = "served_at"
_LIVES = upsert(tables.meta, "name", "value", keys=["name"])
_LIVED = Prepared(select(tables.meta).where(tables.meta.c.name == bindparam("name")))


@dataclass(frozen=True, slots=True)
class Planned:
    """A flow that runs by itself. plan: its schedules and zone as text; missed_at: the due time that was told missed;
    problem: why its last run could not begin or was stopped.
    """

    flow: str
    binding: str
    plan: str
    due_at: datetime | None
    last_started: datetime | None = None
    last_ended: datetime | None = None
    missed_at: datetime | None = None
    problem: Problem | None = None


class Timetable(OpenLedger):
    """One row for each flow with schedules."""

    def timetable(self) -> list[Planned]:
        """Every flow that runs by itself."""
        with self.database.read() as reading:
            rows = reading.rows(_LIST)
        return [
            Planned(
                row.flow,
                row.binding,
                row.plan,
                moment_or_none(row.due_at),
                moment_or_none(row.last_started),
                moment_or_none(row.last_ended),
                moment_or_none(row.missed_at),
                problem_of(json.loads(row.problem)) if row.problem else None,
            )
            for row in rows
        ]

    def plan_flow(self, planned: Planned) -> None:
        """Write down when a flow is due; how its last run ended stays as it is."""
        values = {
            "flow": planned.flow,
            "binding": planned.binding,
            "plan": planned.plan,
            "due_at": time_text_or_none(planned.due_at),
            "last_started": time_text_or_none(planned.last_started),
            "missed_at": time_text_or_none(planned.missed_at),
        }
        self.database.write(lambda transaction: transaction.run(_SAVE, **values))

    def planned_ended(self, flow: str, binding: str, at: datetime, problem: Problem | None) -> None:
        """The run that the clock began is over. problem: why it could not begin or was stopped."""
        self.database.write(
            lambda transaction: transaction.run(
                _END, f=flow, b=binding, last_ended=time_text(at), problem=problem_text(problem)
            )
        )

    def was_run(self, flow: str, binding: str) -> bool:
        """Did somebody ever let the flow read all that is new?"""
        with self.database.read() as reading:
            return reading.row(_WHOLE_RUN, f=flow, b=binding) is not None

    def looked_at(self, at: datetime) -> None:
        """`serve` lives, and can write: once in a while, on disk before this returns."""
        self.database.write(lambda transaction: transaction.run(_LIVES, name=_SERVED, value=time_text(at).encode()))

    def served_at(self) -> datetime | None:
        """When `serve` last said that it lives; None where it never ran."""
        with self.database.read() as reading:
            row = reading.row(_LIVED, name=_SERVED)
        return None if row is None else datetime.fromisoformat(row.value.decode())

    def unplan_flow(self, flow: str, binding: str) -> None:
        """The flow runs by itself no more."""
        self.database.write(lambda transaction: transaction.run(_DROP, f=flow, b=binding))
