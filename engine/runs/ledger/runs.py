"""Runs of flows, and the claim that lets one run of a flow work at a time."""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.errors import FlowBusy, Problem
from engine.runs.ledger import tables
from engine.runs.ledger.audit import note
from engine.runs.ledger.opened import OpenLedger
from engine.runs.ledger.rows import (
    DUE,
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
    exists,
    func,
    insert_into,
    or_,
    select,
    update,
)

STARTED, ASKED_TO_STOP = "run started", "run stopped"  # in the audit log; their subject is the run's number
ANY, WITH_NEWS, WITH_TROUBLE = "any", "news", "trouble"  # which runs are listed
ENDED = "ended"
_CLAIM_AGAIN_SECONDS = 0.02  # somebody who only asks whether a flow is claimed holds the claim for a moment

_R, _W, _O, _A = tables.runs.c, tables.windows.c, tables.outcomes.c, tables.audit.c
_REC, _P = tables.records.c, tables.replays.c
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
_HAS_NEWS = exists(select(1).where(_O.run_id == _R.id))
_WANTED = (
    or_(_R.flow == bindparam("flow"), bindparam("any_flow") == 1),
    or_(_R.binding == bindparam("binding"), bindparam("any_binding") == 1),
)
_KINDS = {ANY: (), WITH_NEWS: (or_(_HAS_NEWS, _R.state != ENDED),), WITH_TROUBLE: (_R.state != ENDED,)}
_PAGES = {
    kind: Prepared(
        select(tables.runs)
        .where(*_WANTED, *these)
        .order_by(_R.id.desc())
        .limit(bindparam("limit"))
        .offset(bindparam("offset"))
    )
    for kind, these in _KINDS.items()
}
_HOW_MANY = {
    kind: Prepared(select(func.count().label("many")).select_from(tables.runs).where(*_WANTED, *these))
    for kind, these in _KINDS.items()
}
_UNENDED = Prepared(select(tables.runs).where(_R.state == RUNNING).order_by(_R.id.desc()))
_ASK = Prepared(
    update(tables.runs)
    .where(_R.id == bindparam("run_id"), _R.state == RUNNING, _R.stopped_by.is_(None))
    .values(stopped_by=bindparam("who"))
)
_ASKED = Prepared(select(_R.stopped_by).where(_R.id == bindparam("run_id")))
_THESE = _R.id.in_(bindparam("runs", expanding=True))
_STARTED = (  # a line is of the same moment as its run: so only those are read that were written meanwhile
    select(_A.subject, _A.who)
    .where(_A.what == STARTED, _A.subject.in_(bindparam("subjects", expanding=True)))
    .where(_A.at >= select(func.min(_R.started_at)).where(_THESE).scalar_subquery())
    .where(_A.at <= select(func.max(_R.started_at)).where(_THESE).scalar_subquery())
)
_SENT_AGAIN = select(_P.run_id, _P.who).where(_P.run_id.in_(bindparam("runs", expanding=True)))
_DUE = Prepared(
    select(func.count().label("many"))
    .select_from(tables.records)
    .where(_REC.flow == bindparam("flow"), _REC.binding == bindparam("binding"), _REC.state == DUE)
)
_RECORDS = Prepared(
    select(_REC.id, _REC.key, _REC.number, _REC.state, _O.outcome, _O.reason)
    .join(tables.records, _O.record_id == _REC.id)
    .where(_O.run_id == bindparam("run_id"), _O.outcome == bindparam("outcome"))
    .order_by(_O.id.desc())
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
_WINDOWS_OF_RUN = Prepared(select(tables.windows).where(_W.run_id == bindparam("run_id")).order_by(_W.id))


@dataclass(frozen=True, slots=True)
class OutcomeOfRun:
    """What a run wrote of a record. state: how the record stands by now."""

    record_id: int
    key: str
    number: str
    state: str
    outcome: str
    reason: str


class Runs(OpenLedger):
    """Runs and the windows that were read."""

    @contextmanager
    def claim_flow(self, flow: str, binding: str) -> Iterator[None]:
        """Be the only run of this flow and binding; FlowBusy at once when another thread or process is.

        The claim ends with the process, however it ends; runs it left open become "interrupted" here.
        """
        for wait in (_CLAIM_AGAIN_SECONDS, None):
            with self.locks.hold(_claim(flow, binding), wait=False) as held:
                if held:
                    self.database.write(lambda transaction: transaction.run(_INTERRUPT, f=flow, b=binding))
                    yield
                    return
            if wait is not None:
                time.sleep(wait)
        raise FlowBusy(
            "This flow is already being run",
            where=f"{flow} ({binding})",
            why="another run of it is under way",
            what_to_do="Wait until it ends; `history` shows how far it is.",
        )

    def is_claimed(self, flow: str, binding: str) -> bool:
        """Does a run of it work now, here or in another process? Asked by taking the claim for a moment."""
        with self.locks.hold(_claim(flow, binding), wait=False) as held:
            return not held

    def start_run(self, flow: str, binding: str, version: str, mode: str, at: datetime, who: str = "") -> int:
        """Write down that a run begins; its id. who: whoever started it, for the audit log; "" for no person."""

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
            if who:
                note(
                    transaction,
                    STARTED,
                    who,
                    at,
                    flow=flow,
                    binding=binding,
                    subject=str(row[0]),
                    details={"mode": mode},
                )
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
        return self.runs_listed(flow=flow, binding=binding, limit=limit)

    def runs_listed(
        self, kind: str = ANY, flow: str | None = None, binding: str | None = None, *, limit: int = 50, offset: int = 0
    ) -> list[StoredRun]:
        """Runs, the newest first. kind: any; those that came to something or did not end; only the latter."""
        with self.database.read() as reading:
            rows = reading.rows(_PAGES[kind], limit=limit, offset=offset, **_of(flow, binding))
        return [_run(row) for row in rows]

    def how_many_runs(self, kind: str = ANY, flow: str | None = None, binding: str | None = None) -> int:
        """How many there are of which `runs_listed` gives a part."""
        with self.database.read() as reading:
            row = reading.row(_HOW_MANY[kind], **_of(flow, binding))
        return 0 if row is None else int(row.many)

    def unended_runs(self) -> list[StoredRun]:
        """Those that have not ended: they are under way, or their process is gone (`is_claimed` tells)."""
        with self.database.read() as reading:
            return [_run(row) for row in reading.rows(_UNENDED)]

    def started_by(self, run_ids: Collection[int]) -> dict[int, str]:
        """Who started these runs, of those that a person started, or sent records again by them."""
        if not run_ids:
            return {}
        with self.database.read() as reading:
            again = reading.among(_SENT_AGAIN, runs=list(run_ids))
            rows = reading.among(_STARTED, runs=list(run_ids), subjects=[str(run_id) for run_id in run_ids])
        return {row.run_id: row.who for row in again} | {int(row.subject): row.who for row in rows}

    def ask_to_stop(self, run_id: int, who: str, at: datetime) -> bool:
        """Have a run stop, in whichever process it works; who asked is kept. False where it has ended already."""

        def ask(transaction: Transaction) -> bool:
            row = transaction.row(_RUN, run_id=run_id)
            if row is None or row.state != RUNNING:
                return False
            if row.stopped_by is None:
                transaction.run(_ASK, run_id=run_id, who=who)
                note(transaction, ASKED_TO_STOP, who, at, flow=row.flow, binding=row.binding, subject=str(run_id))
            return True

        return self.database.write(ask)

    def asked_to_stop(self, run_id: int) -> str:
        """Who asked this run to stop; "" where nobody did."""
        with self.database.read() as reading:
            row = reading.row(_ASKED, run_id=run_id)
        return "" if row is None else row.stopped_by or ""

    def due_now(self, flow: str, binding: str) -> int:
        """How many records are to be delivered."""
        with self.database.read() as reading:
            row = reading.row(_DUE, flow=flow, binding=binding)
        return 0 if row is None else int(row.many)

    def records_of_run(self, run_id: int, outcome: str, limit: int) -> list[OutcomeOfRun]:
        """The records to which a run wrote this outcome, the latest first."""
        self.database.flush()
        with self.database.read() as reading:
            rows = reading.rows(_RECORDS, run_id=run_id, outcome=outcome, limit=limit)
        return [OutcomeOfRun(row.id, row.key, row.number, row.state, row.outcome, row.reason) for row in rows]

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
            return [_window(row) for row in reading.rows(_WINDOWS, flow=flow, binding=binding, limit=limit)]

    def windows_of_run(self, run_id: int) -> list[Window]:
        """What this run read."""
        self.database.flush()
        with self.database.read() as reading:
            return [_window(row) for row in reading.rows(_WINDOWS_OF_RUN, run_id=run_id)]


def _claim(flow: str, binding: str) -> str:
    return "flow:" + json.dumps([flow, binding])


def _of(flow: str | None, binding: str | None) -> dict[str, Any]:
    asked: dict[str, Any] = {"flow": flow or "", "any_flow": int(flow is None)}
    return asked | {"binding": binding or "", "any_binding": int(binding is None)}


def _window(row: Row[Any]) -> Window:
    since, until = moment_or_none(row.since), moment_or_none(row.until)
    return Window(row.run_id, since, until, row.pages, row.records, datetime.fromisoformat(row.at))


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
        row.stopped_by or "",
    )
