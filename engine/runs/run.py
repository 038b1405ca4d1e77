"""A run of a flow: pull what is new, deliver what is due, remember everything, and end with a report."""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from datetime import datetime, timedelta
from sys import intern

from engine.connectors.clock import Clock
from engine.connectors.exchange import Exchange
from engine.errors import ExchangeError, StudioError
from engine.runs.again import ask_again
from engine.runs.aim import Seam, no_seam
from engine.runs.batches import refuse_times
from engine.runs.checklist import may_begin
from engine.runs.chosen import Chosen
from engine.runs.deliver import Delivery
from engine.runs.gathering import Member, members, most_together
from engine.runs.keeping import as_kept
from engine.runs.ledger import Ledger, StoredRecord
from engine.runs.opening import OpenFlow, settings_of
from engine.runs.pull import DUE, Judged, Pull
from engine.runs.report import Listener, ParkedRecord, RunOptions, RunReport
from engine.runs.results import OUTCOMES, PARKED, UNCHANGED, WAITING, Delivered
from engine.runs.retrying import ENDING, PASSING, Failures, attempted, parked_by
from engine.runs.stopping import Over
from engine.runs.telling.causes import Tally, tell_run
from engine.runs.unknown_outcomes import forget_unknown, refuse_known
from engine.runs.untold import finish

__all__ = ["Listener", "ParkedRecord", "Run", "RunOptions", "RunReport"]

MOST_REPORTED = 1_000  # parked records in a report; a run over many must not hold them all
LONGEST_PAUSE_SECONDS = 6.0


class _Enough(Exception):
    """The run is over: reading stops after the page that was just stored."""


class Run:
    """One run of an opened flow. `stop` may be called from a signal handler: records under way are finished."""

    def __init__(
        self,
        opened: OpenFlow,
        ledger: Ledger,
        clock: Clock,
        options: RunOptions,
        listener: Listener | None = None,
        rng: random.Random | None = None,
        seam: Seam = no_seam,
    ) -> None:
        self._opened = opened
        self._ledger = ledger
        self._clock = clock
        self._options = options
        self._listener = listener or Listener()
        self._flow = (opened.name, opened.binding)
        self._now = opened.environment.now
        self._seam = seam
        self._delivery = Delivery(
            opened,
            ledger,
            clock,
            as_well=options.as_well,
            made_as=options.made_as,
            not_there=options.not_there and len(options.only) == 1,  # of several, one may lose what another waits for
            resend=options.again,
            seam=seam,
        )
        self._judged: dict[str, str] = {}
        self._held_back: list[tuple[str, str, str]] = []
        self._outcomes: dict[str, str] = {}
        self._later: dict[str, ParkedRecord] = {}
        self._failures = Failures(clock, rng or random.Random())
        self._stopped: StudioError | None = None
        self._crash: BaseException | None = None  # of the thread that reads
        self._over = Over(ledger)
        self._run_id = 0
        self._tally = Tally([step.name for step in opened.loaded.flow.steps], ledger.seal.fingerprint)

    def stop(self) -> None:
        self._over.set()

    def go(self) -> RunReport:
        """Run to the end. Raises FlowBusy at once, and DocumentError where it would be the first run and something must
        be put right before; everything later is in the report's `stopped`.
        """
        opened, ledger = self._opened, self._ledger
        refuse_times(opened, self._options.since, again=self._options.again)
        with ledger.claim_flow(opened.name, opened.binding):
            warnings = may_begin(opened, ledger)
            ledger.remember_version(opened.loaded.version, opened.name, dict(opened.loaded.sources), self._now)
            mode = "chosen" if self._options.only else "hinted" if self._options.hinted else "all"
            who = self._options.who
            self._run_id = ledger.start_run(opened.name, opened.binding, opened.loaded.version, mode, self._now, who)
            self._over.begins(self._run_id)
            self._listener.began(self._run_id)
            if self._options.at_once and not self._options.only:  # the others keep their turn
                ledger.try_at_once(*self._flow)
            ledger.keep_settings(self._run_id, settings_of(opened))
            state, problem = "failed", None
            try:
                self._work()
                self._over.ends()
                problem = self._stopped.as_problem() if self._stopped else None
                state = "stopped" if self._stopped or self._over.is_set() else "ended"
            finally:
                counts = self._counts()
                ledger.end_run(self._run_id, self._clock.now(), counts, state, problem)
            report = RunReport(
                opened.name,
                opened.loaded.version,
                self._run_id,
                counts,
                self._parked(),
                list(self._later.values()),
                self._stopped,
                self._held_back,
                len(self._parked_keys()),
                sum(outcome == PARKED for outcome in self._outcomes.values()),
                opened.binding,
                warnings,
                self._over.who,
            )
            tell_run(ledger, report, mode, state == "ended", self._tally, self._clock.now())
            return report

    # --- work

    def _work(self) -> None:
        with ThreadPoolExecutor(self._options.threads, "read") as reading:
            pull = Pull(
                self._opened,
                self._ledger,
                self._now,
                reading,
                self._on_page,
                lambda key, exchange: self._keep(key, "read", exchange),
                self._seam,
            )
            with suppress(_Enough):
                if self._options.only:
                    self._deliver_chosen(pull)
                elif self._options.hinted:
                    fetched = pull.fetch(self._run_id, self._options.hinted)
                    self._deliver_all(None, {record.key for record in fetched if record.state == DUE})
                else:
                    self._deliver_new(pull)

    def _deliver_chosen(self, pull: Pull) -> None:
        chosen = Chosen(self._opened, self._ledger, pull)
        if self._options.made_as:
            refuse_known(self._opened, self._ledger, [chosen.key_of(name) for name in self._options.only])
        only = set(chosen.fetch(self._run_id, self._options.only))
        if self._options.not_there:
            forget_unknown(self._opened, self._ledger, only)
        self._deliver_all(None, only)

    def _deliver_new(self, pull: Pull) -> None:
        try:
            ask_again(self._opened, self._ledger, pull, self._run_id)
        except StudioError as error:
            self._note(error)
        puller = threading.Thread(target=self._pull, args=(pull,), name="pull")
        puller.start()
        try:
            self._deliver_all(puller, None)
        except BaseException:
            self._over.set()
            raise
        finally:
            puller.join()
        if self._crash is not None:
            raise self._crash

    def _pull(self, pull: Pull) -> None:
        try:
            with suppress(_Enough):  # what was read is stored with its cursor: the next run goes on from there
                pull.run(self._run_id, self._options.since, self._options.limit, again=self._options.again)
        except StudioError as error:
            self._note(error)
        except BaseException as error:
            self._crash = error
            self._over.set()

    def _on_page(self, judged: list[Judged]) -> None:
        for record in judged:
            self._judged[intern(record.key)] = PARKED if record.problem else record.state
            self._tally.add(record.problem)
            if self._options.only and record.state != DUE:
                self._held_back.append((record.number or record.key, record.state, record.reason))
        self._listener.read(len(judged))
        if self._over.is_set():
            raise _Enough

    def _deliver_all(self, puller: threading.Thread | None, only: set[str] | None) -> None:
        """Work through what is due, several records at a time, never one record twice at once."""
        running: dict[Future[None], str] = {}
        together = most_together(self._opened)
        with ThreadPoolExecutor(max(self._options.threads, together), "deliver") as pool:
            while not self._over.is_set():
                reading = puller is not None and puller.is_alive()
                room = together if together > 1 else self._options.threads * 2 - len(running)
                # asked for in portions: asking after every record costs more than the ledger's writing
                ask = not running or (together == 1 and room >= self._options.threads)
                due = self._due(room, set(running.values()), only) if ask else []
                if reading and len(due) < room and together > 1:
                    due = []  # a request carries as many as it may
                for record, member in zip(due, self._members(len(due), together), strict=True):
                    running[pool.submit(self._one, record, member)] = record.key
                if running:
                    done, _ = wait(running, timeout=0.2 if reading else None, return_when=FIRST_COMPLETED)
                    for future in done:
                        running.pop(future)
                        future.result()
                elif reading:
                    assert puller is not None
                    puller.join(0.05)
                elif not due and not self._pause(only):
                    return
            for future in running:  # a record under way is finished, and its failure is not lost
                future.result()

    def _members(self, size: int, together: int) -> Sequence[Member | None]:
        """The places of so many records in one request, where requests carry several."""
        if together == 1 or size < 2:
            return [None] * size
        return members(size, lambda step, exchange: self._keep(None, step, exchange))

    def _note(self, error: StudioError) -> None:
        """Why the run stops, or stopped reading; what ends it outweighs what only may work later."""
        if not isinstance(self._stopped, ENDING):
            self._stopped = error
        if isinstance(error, ENDING):
            self._over.set()

    def _due(self, room: int, running: set[str], only: set[str] | None) -> list[StoredRecord]:
        if only is not None:
            found = [self._ledger.record(*self._flow, key) for key in only - running]
            now = self._clock.now()
            return [
                r for r in found if r and r.state == DUE and (r.next_attempt_at is None or r.next_attempt_at <= now)
            ][:room]
        return self._ledger.due(*self._flow, self._clock.now(), room, running)

    def _pause(self, only: set[str] | None) -> bool:
        """Wait for a record that is tried again within seconds; False when there is none."""
        now = self._clock.now()
        soon = now + timedelta(seconds=LONGEST_PAUSE_SECONDS)
        if not self._later:
            return False
        keys = only if only is not None else set(self._later)
        times = [
            r.next_attempt_at
            for key in keys
            if (r := self._ledger.record(*self._flow, key))
            and r.state == DUE
            and r.next_attempt_at
            and r.next_attempt_at <= soon
        ]
        if not times:
            return False
        self._clock.sleep(max(0.05, (min(times) - now).total_seconds()))
        return True

    # --- one record

    def _one(self, record: StoredRecord, member: Member | None) -> None:
        try:
            if not self._over.is_set():
                self._deliver(record, member)
        except ENDING as error:
            self._note(error)
        finally:
            if member is not None:
                member.leave()  # whatever came of it, the others wait for it no longer

    def _deliver(self, record: StoredRecord, member: Member | None) -> None:
        def keep(step: str, exchange: Exchange) -> None:
            self._keep(record.key, step, exchange)

        try:
            result = attempted(lambda: self._delivery.deliver(record.key, record.payload or {}, keep, member))
        except PASSING as error:
            self._try_later(record, error)
            return
        self._failures.over()
        self._finish(record, result, None)

    def _try_later(self, record: StoredRecord, error: ExchangeError) -> None:
        again = self._failures.next_attempt(record.attempts + 1, error)
        if again is None:
            self._finish(record, parked_by(error), None)
            return
        self._later[record.key] = ParkedRecord(record.key, record.number, [error.as_problem()])
        if self._failures.are_too_many:
            self._note(error)
            self._over.set()
        self._finish(record, Delivered(WAITING, str(error), [error.as_problem()]), again)

    def _finish(self, record: StoredRecord, result: Delivered, again: datetime | None) -> None:
        place = (*self._flow, record.key)
        finish(self._ledger, place, record.version, result, self._run_id, self._clock.now(), again)
        self._tally.add(*result.problems[:1] if result.outcome == PARKED else ())
        self._outcomes[intern(record.key)] = result.outcome
        if again is None:
            self._later.pop(record.key, None)
        self._listener.delivered(record, result)

    def _keep(self, key: str | None, step: str, exchange: Exchange) -> None:
        self._ledger.keep_exchange(self._run_id, *self._flow, key, step, as_kept(exchange, step), exchange.at)

    # --- the report

    def _counts(self) -> dict[str, int]:
        counts = dict.fromkeys(("read", *OUTCOMES), 0)
        counts["read"] = len(self._judged)
        parked_before, still_due = self._parked_keys(), self._ledger.due_keys(*self._flow)
        for key, state in self._judged.items():
            known = self._outcomes.get(key) or (PARKED if state == DUE and key in parked_before else state)
            if known == DUE:  # it was not delivered: it arrived before, or its turn has not come
                known = WAITING if key in still_due else UNCHANGED
            counts[known] += 1
        for key, outcome in self._outcomes.items():
            counts[outcome] += key not in self._judged
        return counts

    def _parked_keys(self) -> set[str]:
        return {key for key, _, _ in self._ledger.parked_versions(*self._flow)}

    def _parked(self) -> list[ParkedRecord]:
        return [
            ParkedRecord(r.key, r.number or r.key, list(r.problems))
            for r in self._ledger.parked(*self._flow, MOST_REPORTED)
        ]
