"""Runs that somebody starts at a screen: each in a thread of this process, watched, stopped, and ended with it."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from engine.connectors.pace import ASKED, SO_MANY
from engine.design.desk import Desk
from engine.design.people.rights import Role, needs
from engine.design.running.one_run import (
    after_runs,
    opened_run,
    refuse_what_does_not_fit,
    rehearsed,
    tell_that_it_did_not_begin,
)
from engine.errors import DocumentError, FlowBusy, Problem, StudioError
from engine.flows.library import LoadedFlow
from engine.runs.bindings import bound
from engine.runs.clients import stored_connection
from engine.runs.ledger import StoredRecord, StoredRun
from engine.runs.rehearsal import Rehearsed
from engine.runs.report import Listener, RunOptions, RunReport
from engine.runs.results import Delivered, Planned
from engine.runs.run import Run

__all__ = ["OwnRun", "OwnRuns", "RunOptions", "RunReport", "running_now", "start"]

MOST_LOOKED_AT, MOST_KEPT, MOST_CHOSEN = 200, 20, 100
END_SECONDS = 25.0  # a run that hangs does not keep the process longer; what it sent is looked up by the next


@dataclass(frozen=True, slots=True)
class WouldSend:
    """A request that a run would send. body: as JSON, with «…» for what the target will give."""

    step: str
    method: str
    target: str
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LookedAt:
    """What would come of a record. requests: each that would be sent."""

    key: str
    number: str
    outcome: str
    reason: str
    problems: tuple[Problem, ...]
    requests: tuple[WouldSend, ...]


@dataclass(frozen=True, slots=True)
class Waits:
    """Why the run waits, and until when by the clock of the desk."""

    until: datetime
    reason: str

    @property
    def is_for_a_limit(self) -> bool:
        """A limit of the system, and no failure that is tried again."""
        return self.reason in (SO_MANY, ASKED)


@dataclass(slots=True, eq=False)
class OwnRun(Listener):
    """A run of this process. is_dry: it only looks; run_id: 0 until it has begun, and for one that only looks; read:
    records so far; outcomes: of those delivered; latest: the number of the last of them; looked_at: what would come of
    records, is_more: of more than are kept; report, error: what it came to, or why it could not begin.
    """

    things: Desk
    loaded: LoadedFlow
    binding: str
    options: RunOptions
    is_dry: bool
    started_at: datetime
    run_id: int = 0
    read_so_far: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    latest: str = ""
    looked_at: list[LookedAt] = field(default_factory=list)
    is_more: bool = False
    report: RunReport | None = None
    error: StudioError | None = None
    ended_at: datetime | None = None
    _waits: Waits | None = None
    _run: Run | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _is_stopping: bool = False
    _over: threading.Event = field(default_factory=threading.Event)

    @property
    def flow(self) -> str:
        return self.loaded.flow.name

    @property
    def who(self) -> str:
        return self.things.person.name

    def is_like(self, other: OwnRun) -> bool:
        """Of the same flow and binding, and the same person's."""
        return (self.flow, self.binding, self.who) == (other.flow, other.binding, other.who)

    @property
    def done(self) -> int:
        return self.outcomes.total()

    @property
    def is_over(self) -> bool:
        return self._over.is_set()

    @property
    def was_stopped(self) -> bool:
        """Did somebody stop it, or a system, before it was through?"""
        return self._is_stopping or (self.report is not None and self.report.stopped is not None)

    @property
    def is_stopping(self) -> bool:
        """Was it asked to stop, here, and has not ended yet?"""
        return self._is_stopping and not self.is_over

    @property
    def waiting(self) -> Waits | None:
        """What it waits for now."""
        waits = self._waits
        return waits if waits is not None and not self.is_over and waits.until > self.things.clock.now() else None

    def stop(self) -> None:
        """Records under way are finished."""
        with self._lock:
            self._is_stopping = True
            if self._run is not None:
                self._run.stop()

    def wait(self, seconds: float) -> bool:
        """Wait until it is over; False where it is not after so long."""
        return self._over.wait(seconds)

    # --- as the run tells

    def began(self, run_id: int) -> None:
        self.run_id = run_id

    def read(self, count: int) -> None:
        with self._lock:
            self.read_so_far += count

    def delivered(self, record: StoredRecord, result: Delivered) -> None:
        with self._lock:
            self.outcomes[result.outcome] += 1
            self.latest = record.number or record.key

    def waits(self, seconds: float, reason: str) -> None:
        self._waits = Waits(self.things.clock.now() + timedelta(seconds=seconds), reason)

    # --- its thread

    def go(self) -> None:
        """Run to the end, whatever comes; then what is done after every run."""
        try:
            self._look() if self.is_dry else self._deliver()
        except StudioError as error:
            self.error = error
            if not self.is_dry:
                tell_that_it_did_not_begin(self.things, self.flow, self.binding, self.options, error)
        except Exception as fault:  # nobody else sees a thread die; what the fault quotes may be of people
            why = f"a fault of the engine ({type(fault).__name__})"
            self.error = StudioError("the run ended early", why=why, what_to_do="What was not tried is as it was.")
        finally:
            self.ended_at = self.things.clock.now()
            self._over.set()
        if not self.is_dry:
            self._afterwards()

    def _afterwards(self) -> None:
        try:
            after_runs(self.things)
        except StudioError as error:
            self.error = self.error or error

    def _deliver(self) -> None:
        with opened_run(self.things, self.loaded, self.binding, self.options, self) as run:
            with self._lock:
                if self._is_stopping:
                    return
                self._run = run
            self.report = run.go()

    def _look(self) -> None:
        for each in rehearsed(self.things, self.loaded, self.binding, self.options, self):
            if self._is_stopping:
                return
            if len(self.looked_at) == MOST_LOOKED_AT:
                self.is_more = True
                return
            found = _looked_at(each)
            self.read(1)
            self.outcomes[found.outcome] += 1
            self.latest = found.number
            self.looked_at.append(found)


class OwnRuns:
    """The runs that were started in this process, the latest first; those that are over are kept for a while."""

    def __init__(self) -> None:
        self._held: list[OwnRun] = []
        self._lock = threading.Lock()
        self._is_ending = False

    def all(self) -> list[OwnRun]:
        with self._lock:
            return list(self._held)

    def of(self, run_id: int) -> OwnRun | None:
        """The run of this number, where it is one of ours."""
        return next((each for each in self.all() if run_id and each.run_id == run_id), None)

    def forget(self, run: OwnRun) -> None:
        """Somebody has seen what came of it."""
        with self._lock:
            self._held = [each for each in self._held if each is not run]

    def begin(self, run: OwnRun) -> None:
        """Let it go in a thread of its own."""
        with self._lock:
            if self._is_ending:
                raise StudioError("No run begins any more", why="the studio ends", what_to_do="Start it again first.")
            kept = [each for each in self._held if not (each.is_over and each.is_like(run))]
            over = [each for each in kept if each.is_over]
            self._held = [run, *(each for each in kept if each not in over[MOST_KEPT:])]
        threading.Thread(target=run.go, name=f"run {run.flow}", daemon=True).start()

    def end(self, say: Callable[[str], None], seconds: float = END_SECONDS) -> None:
        """The process ends: every run finishes the records it has in hand. say: is told of each."""
        with self._lock:
            self._is_ending = True
        going = [each for each in self.all() if not each.is_over]
        for each in going:
            say(f"{each.flow}: its run is stopped; records under way are finished.")
            each.stop()
        until = time.monotonic() + seconds
        for each in going:
            if not each.wait(max(0.0, until - time.monotonic())):
                say(f"{each.flow}: it still works; what it sent is looked up by the next run.")


@needs(Role.MEND, "start a run")
def start(things: Desk, own: OwnRuns, flow: str, binding: str, options: RunOptions, *, is_dry: bool = False) -> OwnRun:
    """Start a run of a flow and binding, or look only; it goes on in a thread of this process.

    Raises DocumentError where the flow is broken or what is asked does not fit, ConnectionMissing, FlowBusy. What is
    only found while it begins stands in its `error`.
    """
    loaded = things.load(flow)
    held = bound(things.ledger, loaded, binding)
    refuse_what_does_not_fit(options, is_dry=is_dry)
    if len(options.only) > MOST_CHOSEN:
        what = f"{len(options.only)} records are named, and at most {MOST_CHOSEN} are run at once"
        raise DocumentError([Problem(flow, what, "Name fewer, or run everything from a date.")])
    for name, connector in loaded.connectors.items():
        stored_connection(things.ledger, connector, held.connections[name])
    if not is_dry:
        _refuse_while_busy(things, flow, binding)
    options.who, options.at_once = things.person.name, True
    run = OwnRun(things, loaded, binding, options, is_dry, things.clock.now())
    own.begin(run)
    return run


def running_now(things: Desk, flow: str, binding: str) -> StoredRun | None:
    """The run of it that is under way, here or in another process."""
    run = next((each for each in things.ledger.unended_runs() if (each.flow, each.binding) == (flow, binding)), None)
    return run if run is not None and things.ledger.is_claimed(flow, binding) else None


def _refuse_while_busy(things: Desk, flow: str, binding: str) -> None:
    run = running_now(things, flow, binding)
    if run is None:
        return
    who = things.ledger.started_by([run.id]).get(run.id, "")
    by = f", started by {who}" if who else ""
    raise FlowBusy(
        "This flow is already being run",
        where=f"{flow} ({binding})",
        why=f"run {run.id} is under way since {run.started_at.astimezone():%H:%M}{by}",
        what_to_do="Wait until it ends, or stop it first.",
    )


def _would_send(sent: Planned) -> WouldSend:
    body = json.dumps(sent.body, ensure_ascii=False, indent=2, default=str)
    return WouldSend(sent.step, sent.method, sent.target, body)


def _looked_at(each: Rehearsed) -> LookedAt:
    judged, result = each.judged, each.result
    return LookedAt(
        judged.key,
        judged.number or judged.key,
        result.outcome if result else judged.state,
        (result.reason if result else "") or judged.reason,
        tuple(result.problems) if result else (),
        tuple(_would_send(sent) for sent in result.planned if sent.there_as is None) if result else (),
    )
