"""Replay: a record is mapped again by a version of its flow, the requests are compared, and sent if somebody says so.

It is sent once for each way of mapping it: the row in `replays` is on disk before the first request. All rules of a run
hold: one run of a flow at a time, intents before requests, and what may have been made is looked up first. What a
replay cannot do leaves the record as it stands, unless it changed something in the target.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from engine.connectors.clock import Clock
from engine.connectors.exchange import Exchange
from engine.errors import Cause, ExchangeError, Json, Problem, RecordProblem, TryAgain
from engine.runs.aim import Seam, no_seam
from engine.runs.deliver import Delivery
from engine.runs.keeping import as_kept
from engine.runs.ledger import Intent, Ledger, StoredRecord
from engine.runs.ledger.replays import ReplayPlace, StoredReplay
from engine.runs.opening import OpenFlow, settings_of
from engine.runs.pull import DUE, Judged, Pull
from engine.runs.replay_results import MODE, Manner, Replayed, ReplayReport, Shown
from engine.runs.request_differences import refused_before, request_changes, sent_before
from engine.runs.results import (
    ARRIVED,
    CREATED,
    OUTCOMES,
    PARKED,
    SKIPPED,
    UPDATED,
    WAITING,
    Delivered,
)
from engine.runs.retrying import ENDING, MOST_FAILURES_IN_A_ROW, PASSING, attempted
from engine.runs.stopping import Over
from engine.runs.untold import finish

__all__ = ["Manner", "Replay", "ReplayReport", "Replayed", "Shown"]

_NO_VERSION = ""  # of a record: a line of history that leaves the record's state as it is


class Replay:
    """Shows and sends records of one opened flow again; `stop` may be called from a signal handler."""

    def __init__(
        self,
        opened: OpenFlow,
        ledger: Ledger,
        clock: Clock,
        manner: Manner,
        pool: ThreadPoolExecutor,
        seam: Seam = no_seam,
    ) -> None:
        self._opened = opened
        self._ledger = ledger
        self._clock = clock
        self._manner = manner
        self._pull = Pull(opened, ledger, opened.environment.now, pool)
        self._rehearsal = self._new_rehearsal()
        self._seam = seam
        self._over = Over(ledger)
        self._failures = 0

    def stop(self) -> None:
        self._over.set()

    def _new_rehearsal(self) -> Delivery:
        """One that has not met anything yet, and asks the target."""
        manner = self._manner
        return Delivery(
            self._opened,
            self._ledger,
            self._clock,
            dry=True,
            compares=True,
            anew=manner.not_there,
            as_well=manner.as_well,
            updates=manner.update,
        )

    # --- looking

    def show(self, key: str) -> Shown:
        """What would be sent, and how it differs from what was; nothing is sent or stored.

        Raises ExchangeError where the source or the target cannot be asked, RecordProblem where there is no record.
        """
        record = self._stored(key)
        judged = self._judged(record)
        before = sent_before(self._ledger, self._opened, key)
        earlier = self._ledger.replay_of(self._place(record))
        held_back = _held_back(judged)
        if held_back:
            delivered = Delivered(SKIPPED, held_back)
        else:
            delivered = self._rehearsal.deliver(key, judged.record, lambda step, exchange: None)
        is_sent = not held_back and delivered.outcome != PARKED
        refused = refused_before(self._ledger, self._opened, key)
        changes = request_changes(before, delivered, self._opened, refused) if is_sent else []
        anew = bool(self._made_anew(key, delivered))
        return Shown(record, delivered, before, changes, record.payload is None, earlier, held_back, anew)

    def _stored(self, key: str) -> StoredRecord:
        record = self._ledger.record(self._opened.name, self._opened.binding, key)
        if record is None:
            what = "no run has read such a record, so there is nothing to replay"
            raise RecordProblem([Problem(key, what, "`run FLOW --only KEY` reads it and delivers it.")])
        return record

    def _judged(self, record: StoredRecord) -> Judged:
        """The record as it was read last; fetched from the source where its content was purged."""
        if record.payload is not None:
            [judged] = self._pull.judge_stored([record])
        else:
            [judged] = self._pull.judge([self._fetched(record)], whole=True)
        if judged.problem is not None:
            raise RecordProblem([judged.problem])
        return judged

    def _fetched(self, record: StoredRecord) -> dict[str, Json]:
        source = self._opened.source
        try:
            return source.get(self._opened.loaded.flow.source.resource, record.key)
        except ExchangeError as error:
            if error.cause is not Cause.NOT_FOUND:
                raise
            what = f"its content was purged, and {source.title} does not know it any more"
            advice = "It cannot be replayed; what was made of it stays as it is."
            raise RecordProblem([Problem(record.number or record.key, what, advice)]) from error

    def _place(self, record: StoredRecord) -> ReplayPlace:
        version = self._manner.version(self._opened.loaded.version)
        of_record = record.version + record.mended.mark  # with other values in it, it is another one
        return ReplayPlace(self._opened.name, self._opened.binding, record.key, version, of_record)

    # --- sending

    def send(
        self, keys: Sequence[str], who: str, *, again: bool = False, told: Callable[[Replayed], None] | None = None
    ) -> ReplayReport:
        """Send these records again, each once. Raises FlowBusy at once where a run of the flow is under way; why it
        ended early is in the report.
        """
        opened, ledger, manner = self._opened, self._ledger, self._manner
        self._delivery = Delivery(
            opened, ledger, self._clock, as_well=manner.as_well, updates=manner.update, seam=self._seam
        )
        with ledger.claim_flow(opened.name, opened.binding):
            loaded, now = opened.loaded, self._clock.now()
            keep = ledger.remember_version if self._manner.is_published else ledger.keep_documents
            keep(loaded.version, opened.name, dict(loaded.sources), now)
            run_id = ledger.start_run(opened.name, opened.binding, loaded.version, MODE, now)
            self._over.begins(run_id)
            ledger.keep_settings(run_id, settings_of(opened))
            report, state = ReplayReport(run_id), "failed"
            try:
                self._send_all(keys, who, again, report, told or (lambda replayed: None))
                self._over.ends()  # all was sent: what is asked from now on stops nothing
                state = "stopped" if report.stopped or self._over.is_set() else "ended"
            finally:
                problem = report.stopped.as_problem() if report.stopped else None
                ledger.end_run(run_id, self._clock.now(), _counts(report), state, problem)
        return report

    def _send_all(
        self, keys: Sequence[str], who: str, again: bool, report: ReplayReport, told: Callable[[Replayed], None]
    ) -> None:
        for key in keys:
            if self._over.is_set():
                return
            try:
                replayed = self._one(key, who, again, report)
            except ENDING as error:
                report.stopped = error
                return
            except ExchangeError as error:  # the source, for a record whose content was purged
                report.stopped, report.later = error, isinstance(error, TryAgain)
                return
            report.done.append(replayed)
            told(replayed)
            if self._failures >= MOST_FAILURES_IN_A_ROW:
                return

    def _one(self, key: str, who: str, again: bool, report: ReplayReport) -> Replayed:
        record = self._stored(key)
        place = self._place(record)
        earlier = self._ledger.replay_of(place)
        again = again or (earlier is not None and not earlier.has_settled(record.state))
        if earlier is not None and not again:
            return Replayed(record, self._came_of(earlier), earlier)
        try:
            judged = self._judged(record)
        except RecordProblem as problem:
            return Replayed(record, Delivered(PARKED, problem.what, list(problem.problems)))
        held_back = _held_back(judged)
        if held_back:
            return Replayed(record, Delivered(SKIPPED, held_back))
        begun = self._ledger.begin_replay(place, who, report.run_id, self._clock.now(), again=again)
        assert begun is not None, "nobody else can end a replay while the flow is claimed"
        self._seam("replay begun")
        if self._manner.not_there:
            self._forget_gone(judged)
        delivered = self._delivered(judged, report)
        self._finish(record, delivered, begun, report.run_id)
        return Replayed(record, delivered)

    def _forget_gone(self, judged: Judged) -> None:
        """Forget that it was made where the target, asked now, does not have it."""
        looked = self._new_rehearsal().deliver(judged.key, judged.record, lambda step, exchange: None)
        for intent in self._made_anew(judged.key, looked):
            self._ledger.forget_intent(intent.id)

    def _made_anew(self, key: str, looked: Delivered) -> list[Intent]:
        """What says that it was made, of documents that would be made a second time."""
        makes = {planned.step for planned in looked.planned if planned.operation == "create"}
        main = {(step.step.name, step.connection) for step in self._opened.steps if step.is_main}
        begun = self._ledger.begun(self._opened.name, self._opened.binding, key) if self._manner.not_there else []
        ours = [each for each in begun if each.step in makes and (each.step, each.connection) in main]
        return [intent for intent in ours if intent.state == "done"]

    def _came_of(self, earlier: StoredReplay) -> Delivered:
        """What a replay came to that has ended."""
        place = earlier.place
        lines = self._ledger.outcomes(place.flow, place.binding, place.key)
        line = next((line for line in reversed(lines) if line.run_id == earlier.run_id), None)
        if line is None:
            return Delivered(earlier.state)
        return Delivered(line.outcome, line.reason, list(line.problems), line.target_number)

    def _delivered(self, judged: Judged, report: ReplayReport) -> Delivered:
        run_id, flow = report.run_id, (self._opened.name, self._opened.binding)

        def keep(step: str, exchange: Exchange) -> None:
            self._ledger.keep_exchange(run_id, *flow, judged.key, step, as_kept(exchange, step), exchange.at)

        try:
            delivered = attempted(lambda: self._delivery.deliver(judged.key, judged.record, keep))
        except PASSING as error:
            self._failures += 1
            report.later = True
            return Delivered(WAITING, str(error), [error.as_problem()])
        self._failures = 0
        return delivered

    def _finish(self, record: StoredRecord, result: Delivered, begun: StoredReplay, run_id: int) -> None:
        """Its outcome. One that did not come to its end stays open, and goes on when it is called again."""
        ledger, now, place = self._ledger, self._clock.now(), begun.place
        if result.outcome != WAITING:
            how = self._manner.label
            ledger.end_replay(begun, result.outcome, record.number, result.target_number, now, how)
        version = record.version if _changes_state(record, result) else _NO_VERSION
        finish(ledger, (place.flow, place.binding, place.key), version, result, run_id, now)


def _held_back(judged: Judged) -> str:
    """Why this version's conditions would not take the record; "" where they do."""
    return "" if judged.state == DUE else f"{judged.state}: {judged.reason}"


def _changes_state(record: StoredRecord, result: Delivered) -> bool:
    """An order that arrived has arrived, though a replay of it fails before it changes anything."""
    if result.outcome in (WAITING, SKIPPED):
        return False
    wrote = any(each.done in (CREATED, UPDATED) for each in result.results)
    return result.outcome in ARRIVED or wrote or record.state not in ARRIVED


def _counts(report: ReplayReport) -> dict[str, int]:
    counts = dict.fromkeys(("read", *OUTCOMES), 0)
    for replayed in report.done:
        if replayed.earlier is None:
            counts["read"] += 1
            counts[replayed.delivered.outcome] += 1
    return counts
