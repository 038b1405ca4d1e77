"""Sending a record again as support does it: by which mapping, what would be sent, and once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Event, Thread

from engine.design.desk import Desk
from engine.design.people.rights import Role, needs
from engine.design.replays import Mapped, as_then, flow_as, replay
from engine.design.versions import label_of
from engine.errors import FlowBusy, OtherThanShown, Problem, StudioError
from engine.runs.ledger import StoredRecord
from engine.runs.ledger.replays import StoredReplay
from engine.runs.replaying import Replay, Replayed, ReplayReport, Shown
from engine.runs.request_differences import DROPPED, LEFT, SENT, RequestChange
from engine.runs.results import ARRIVED, CREATED, PARKED, UPDATED, WAITING

__all__ = [
    "DROPPED",
    "LEFT",
    "SENT",
    "Choice",
    "ReplayReport",
    "Replayed",
    "RequestChange",
    "Shown",
    "StoredReplay",
    "Together",
    "choices",
    "look",
    "send",
]

PUBLISHED, THEN = "published", "then"
_MOST_VERSIONS = 20
_ASK_AGAIN = 0.25  # seconds until it is asked once more whether the run under way has ended
_LONG_PATIENCE = 120.0  # seconds that many records wait for a run to end


@dataclass(frozen=True, slots=True)
class Choice:
    """A way of mapping a record. name: PUBLISHED, THEN or the number of a version; label: of that version, else ""."""

    name: str
    label: str = ""


def choices(things: Desk, record: StoredRecord) -> list[Choice]:
    """As it is published, as it was mapped then (where a run delivered it), and the versions, the newest first."""
    found = [Choice(PUBLISHED), *([Choice(THEN)] if _is_known_how(things, record) else [])]
    versions = sorted(things.ledger.versions(record.flow), key=lambda version: -version.number)
    return found + [Choice(str(version.number), label_of(version)) for version in versions[:_MOST_VERSIONS]]


def _is_known_how(things: Desk, record: StoredRecord) -> bool:
    """Did a run deliver it whose settings are kept? Whether its flow can be used still is seen when it is looked at."""
    lines = things.ledger.outcomes(record.flow, record.binding, record.key)
    arrived = [line for line in lines if line.outcome in (CREATED, UPDATED) and line.run_id is not None]
    made = [line for line in arrived if line.outcome == CREATED] or arrived
    return bool(made) and things.ledger.settings(made[-1].run_id or 0) is not None


def look(things: Desk, record: StoredRecord, choice: str, *, update: bool = False) -> Shown:
    """What would be sent, beside what was; the target is asked, nothing is sent or stored.

    Raises DocumentError, RecordProblem, ExchangeError or ConnectionMissing.
    """
    mapped = _mapped_as(things, record, choice)
    basis = _basis(things, record, mapped)
    with _work(things, record, mapped, update=update) as work:
        return replace(work.show(record.key), basis=basis, files=mapped.files)


@needs(Role.MEND, "send a record again")
def send(
    things: Desk,
    record: StoredRecord,
    choice: str,
    who: str,
    *,
    update: bool = False,
    basis: str = "",
    patience_seconds: float = 0.0,
    on_wait: Callable[[], None] | None = None,
) -> ReplayReport:
    """Send it, once in this way. Raises as `look`, and FlowBusy where a run of the flow is still under way after so
    many seconds of patience; on_wait is called when it waits.

    basis: of what was shown; OtherThanShown where another version, other rows or other values would be sent by now.
    """
    mapped = _mapped_as(things, record, choice)

    def refuse_another() -> None:
        if basis and basis != _basis(things, record, mapped):
            raise _other_than_shown(record)

    def at_once() -> ReplayReport:
        refuse_another()
        with _work(things, record, mapped, update=update) as work:
            refuse_another()  # asking the systems took its time
            return work.send([record.key], who)

    return _patiently(things, record, at_once, patience_seconds, on_wait or (lambda: None))


def _patiently(
    things: Desk,
    record: StoredRecord,
    go: Callable[[], ReplayReport],
    seconds: float,
    on_wait: Callable[[], None],
    stop: Event | None = None,
) -> ReplayReport:
    """Do it once no run of the flow is under way, for so many seconds, or until somebody stops it."""
    ledger, until = things.ledger, things.clock.monotonic() + seconds
    while True:
        is_over = things.clock.monotonic() >= until or (stop is not None and stop.is_set())
        if is_over or not ledger.is_claimed(record.flow, record.binding):
            try:
                return go()
            except FlowBusy:  # another run was quicker
                if is_over:
                    raise
        on_wait()
        things.clock.sleep(_ASK_AGAIN)


def _basis(things: Desk, record: StoredRecord, mapped: Mapped) -> str:
    """What is other than before where something else would be sent: the version, the binding, the record's content."""
    ledger = things.ledger
    binding, now = ledger.binding(record.flow, record.binding), ledger.record_by_id(record.id)
    bound_at = str(binding.saved_at) if binding is not None else ""
    content = (now.version, str(now.mended.revision)) if now is not None else ("", "")
    return " ".join((mapped.loaded.version, bound_at, *content))


def _other_than_shown(record: StoredRecord) -> OtherThanShown:
    return OtherThanShown(
        "something else would be sent by now than was shown, so nothing was sent",
        where=record.number or record.key,
        why="since then the flow was published anew, rows or answers of its binding changed, or a value of the record",
        what_to_do="Look at what would be sent now, then send that.",
    )


def _mapped_as(things: Desk, record: StoredRecord, choice: str) -> Mapped:
    if choice == THEN:
        return as_then(things, record)
    return flow_as(things, record.flow, "" if choice == PUBLISHED else choice)


@contextmanager
def _work(things: Desk, record: StoredRecord, mapped: Mapped, *, update: bool) -> Iterator[Replay]:
    with replay(things, mapped, mapped.manner(update=update), binding=record.binding) as work:
        yield work


class Together:
    """Many records of one flow and binding, sent one after the other in a thread of its own; it can be watched and
    stopped, and what is under way when it stops ends first.
    """

    def __init__(self, things: Desk, records: Sequence[StoredRecord], choice: str, who: str) -> None:
        things.person.must(Role.MEND, "send records again")
        self.count = len(records)
        self.outcomes: Counter[str] = Counter()
        self.error: StudioError | None = None
        self.failing: Problem | None = None  # why the last one that waits could not be sent
        self.waits = False  # for a run of the flow to end
        self._stop = Event()
        self._work: Replay | None = None
        self._thread = Thread(target=self._go, args=(things, list(records), choice, who), daemon=True)
        self._thread.start()

    @property
    def done(self) -> int:
        return self.outcomes.total()

    @property
    def arrived(self) -> int:
        return sum(self.outcomes[outcome] for outcome in ARRIVED)

    @property
    def parked(self) -> int:
        return self.outcomes[PARKED]

    @property
    def held_back(self) -> int:
        """Those that the mapping does not take, and those whose system could not be reached."""
        return self.done - self.arrived - self.parked

    @property
    def untried(self) -> int:
        """Those it has not come to: it was stopped, or systems failed."""
        return self.count - self.done

    @property
    def is_over(self) -> bool:
        return not self._thread.is_alive()

    def stop(self) -> None:
        self._stop.set()
        if self._work is not None:
            self._work.stop()

    def _go(self, things: Desk, records: list[StoredRecord], choice: str, who: str) -> None:
        def at_once() -> ReplayReport:
            with _work(things, records[0], mapped, update=False) as work:
                self._work = work
                if self._stop.is_set():
                    work.stop()
                return work.send([record.key for record in records], who, told=self._told)

        try:
            mapped = _mapped_as(things, records[0], choice)
            report = _patiently(things, records[0], at_once, _LONG_PATIENCE, self._wait, self._stop)
            self.error = report.stopped
        except StudioError as error:
            self.error = None if self._stop.is_set() and isinstance(error, FlowBusy) else error
        except Exception as fault:  # nobody else sees a thread die; what the fault quotes may be of people
            what = f"sending ended early: a fault of the studio ({type(fault).__name__})"
            self.error = StudioError(what, what_to_do="What was not tried is as it was; send it one by one.")

    def _wait(self) -> None:
        self.waits = True

    def _told(self, replayed: Replayed) -> None:
        self.waits = False
        delivered = replayed.delivered
        self.outcomes[delivered.outcome] += 1
        if delivered.outcome == WAITING and delivered.problems:
            self.failing = delivered.problems[0]
