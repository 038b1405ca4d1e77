"""Runs of flows, and the claim that lets one run of a flow work at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from engine.errors import FlowBusy, Problem
from engine.runs.ledger import tables
from engine.runs.ledger.opened import OpenLedger
from engine.runs.ledger.rows import (
    INTERRUPTED,
    RUNNING,
    StoredRun,
    Window,
    moment_or_none,
    problem_of,
    problem_text,
    time_text,
    time_text_or_none,
)
from engine.runs.ledger.sql import (
    Prepared,
    Row,
    Transaction,
    bindparam,
    func,
    insert_into,
    or_,
    select,
    update,
)

_R, _W, _O = tables.runs.c, tables.windows.c, tables.outcomes.c
_START = insert_into(tables.runs, "flow", "binding", "version", "mode", "state", "started_at", "counts", returning="id")
_END = Prepared(
    update(tables.runs)
    .where(_R.id == bindparam("run_id"))
    .values({name: bindparam(name) for name in ("state", "ended_at", "counts", "problem")})
)
_INTERRUPT = Prepared(
    update(tables.runs)
    .where(_R.flow == bindparam("f"), _R.binding == bindparam("b"), _R.state == RUNNING)
    .values(state=INTERRUPTED)
)
_LIST = Prepared(
    select(tables.runs)
    .where(or_(_R.flow == bindparam("flow"), bindparam("any_flow") == 1))
    .where(or_(_R.binding == bindparam("binding"), bindparam("any_binding") == 1))
    .order_by(_R.id.desc())
    .limit(bindparam("limit"))
)
_RUN = Prepared(select(tables.runs).where(_R.id == bindparam("run_id")))
_COUNTS = Prepared(
    select(_O.outcome, func.count().label("times")).where(_O.run_id == bindparam("run_id")).group_by(_O.outcome)
)
_WINDOW = insert_into(tables.windows, "flow", "binding", "run_id", "since", "until", "pages", "records", "at")
_WINDOWS = Prepared(
    select(tables.windows)
    .where(_W.flow == bindparam("flow"), _W.binding == bindparam("binding"))
    .order_by(_W.id.desc())
    .limit(bindparam("limit"))
)


class Runs(OpenLedger):
    """Runs and the windows that were read."""

    @contextmanager
    def claim_flow(self, flow: str, binding: str) -> Iterator[None]:
        """Be the only run of this flow and binding; FlowBusy at once when another thread or process is.

        The claim ends with the process, however it ends; runs it left open become "interrupted" here.
        """
        with self.locks.hold("flow:" + json.dumps([flow, binding]), wait=False) as held:
            if not held:
                raise FlowBusy(
                    "This flow is already being run",
                    where=f"{flow} ({binding})",
                    why="another run of it is under way",
                    what_to_do="Wait until it ends; `history` shows how far it is.",
                )
            self.database.write(lambda transaction: transaction.run(_INTERRUPT, f=flow, b=binding))
            yield

    def start_run(self, flow: str, binding: str, version: str, mode: str, at: datetime) -> int:
        """Write down that a run begins; its id."""

        def start(transaction: Transaction) -> int:
            row = transaction.run(
                _START,
                flow=flow,
                binding=binding,
                version=version,
                mode=mode,
                state=RUNNING,
                started_at=time_text(at),
                counts="{}",
            ).one()
            return int(row[0])

        return self.database.write(start)

    def end_run(
        self, run_id: int, at: datetime, counts: Mapping[str, int], state: str, problem: Problem | None = None
    ) -> None:
        """Write down how a run ended. counts: any numbers worth showing, by name."""
        values = {"state": state, "ended_at": time_text(at), "counts": json.dumps(dict(counts))}
        self.database.write(
            lambda transaction: transaction.run(_END, run_id=run_id, problem=problem_text(problem), **values)
        )

    def run(self, run_id: int) -> StoredRun | None:
        with self.database.read() as reading:
            row = reading.row(_RUN, run_id=run_id)
        return None if row is None else _run(row)

    def runs(self, flow: str | None = None, limit: int = 50, *, binding: str | None = None) -> list[StoredRun]:
        """The latest runs, the newest first; of a flow or of all, of one binding or of all."""
        asked = {"flow": flow or "", "any_flow": int(flow is None)}
        asked |= {"binding": binding or "", "any_binding": int(binding is None)}
        with self.database.read() as reading:
            rows = reading.rows(_LIST, limit=limit, **asked)
        return [_run(row) for row in rows]

    def counts(self, run_id: int) -> dict[str, int]:
        """How often each outcome was written in this run."""
        self.database.flush()
        with self.database.read() as reading:
            return {row.outcome: row.times for row in reading.rows(_COUNTS, run_id=run_id)}

    # --- windows

    def keep_window(
        self,
        flow: str,
        binding: str,
        run_id: int,
        since: datetime | None,
        until: datetime | None,
        pages: int,
        records: int,
        at: datetime,
    ) -> None:
        """Write down which time a read of the source covered; written with one of the next."""
        row = {
            "flow": flow,
            "binding": binding,
            "run_id": run_id,
            "since": time_text_or_none(since),
            "until": time_text_or_none(until),
            "pages": pages,
            "records": records,
            "at": time_text(at),
        }
        self.database.keep_for_later(_WINDOW, row)

    def windows(self, flow: str, binding: str, limit: int = 100) -> list[Window]:
        """The latest reads of the source, the newest first."""
        self.database.flush()
        with self.database.read() as reading:
            rows = reading.rows(_WINDOWS, flow=flow, binding=binding, limit=limit)
        return [
            Window(
                row.run_id,
                moment_or_none(row.since),
                moment_or_none(row.until),
                row.pages,
                row.records,
                datetime.fromisoformat(row.at),
            )
            for row in rows
        ]


def _run(row: Row[Any]) -> StoredRun:
    return StoredRun(
        row.id,
        row.flow,
        row.binding,
        row.version,
        row.mode,
        row.state,
        datetime.fromisoformat(row.started_at),
        moment_or_none(row.ended_at),
        json.loads(row.counts),
        problem_of(json.loads(row.problem)) if row.problem else None,
    )
