"""Sending a record again as support does it: by which mapping, what would be sent, and once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread

from engine.design.desk import Desk
from engine.design.people.rights import Role, needs
from engine.design.replays import Mapped, as_then, flow_as, replay
from engine.design.versions import label_of
from engine.errors import DocumentError, Problem, StudioError
from engine.runs.ledger import StoredRecord
from engine.runs.replaying import Replay, Replayed, ReplayReport, Shown
from engine.runs.request_differences import DROPPED, LEFT, SENT, RequestChange
from engine.runs.results import ARRIVED, PARKED, WAITING

__all__ = [
    "DROPPED",
    "LEFT",
    "SENT",
    "Choice",
    "ReplayReport",
    "Replayed",
    "RequestChange",
    "Shown",
    "Together",
    "choices",
    "look",
    "send",
]

PUBLISHED, THEN = "published", "then"
_MOST_VERSIONS = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """A way of mapping a record. name: PUBLISHED, THEN or the number of a version; label: of that version, else ""."""

    name: str
    label: str = ""


def choices(things: Desk, record: StoredRecord) -> list[Choice]:
    """As it is published, as it was mapped then (where a run delivered it), and the versions, the newest first."""
    found = [Choice(PUBLISHED)]
    try:
        as_then(things, record)
        found.append(Choice(THEN))
    except DocumentError:
        pass  # it was never delivered, or what counted then is no longer kept
    versions = sorted(things.ledger.versions(record.flow), key=lambda version: -version.number)
    return found + [Choice(str(version.number), label_of(version)) for version in versions[:_MOST_VERSIONS]]


def look(things: Desk, record: StoredRecord, choice: str, *, update: bool = False) -> Shown:
    """What would be sent, beside what was; the target is asked, nothing is sent or stored.

    Raises DocumentError, RecordProblem, ExchangeError or ConnectionMissing.
    """
    with _work(things, record, choice, update=update) as work:
        return work.show(record.key)


@needs(Role.MEND, "send a record again")
def send(things: Desk, record: StoredRecord, choice: str, who: str, *, update: bool = False) -> ReplayReport:
    """Send it, once in this way. Raises as `look`, and FlowBusy where a run of the flow is under way."""
    with _work(things, record, choice, update=update) as work:
        return work.send([record.key], who)


def _mapped_as(things: Desk, record: StoredRecord, choice: str) -> Mapped:
    if choice == THEN:
        return as_then(things, record)
    return flow_as(things, record.flow, "" if choice == PUBLISHED else choice)


@contextmanager
def _work(things: Desk, record: StoredRecord, choice: str, *, update: bool) -> Iterator[Replay]:
    mapped = _mapped_as(things, record, choice)
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
        try:
            with _work(things, records[0], choice, update=False) as work:
                self._work = work
                if self._stop.is_set():
                    return
                report = work.send([record.key for record in records], who, told=self._told)
            self.error = report.stopped
        except StudioError as error:
            self.error = error
        except Exception as fault:  # nobody else sees a thread die; what the fault quotes may be of people
            what = f"sending ended early: a fault of the studio ({type(fault).__name__})"
            self.error = StudioError(what, what_to_do="What was not tried is as it was; send it one by one.")

    def _told(self, replayed: Replayed) -> None:
        delivered = replayed.delivered
        self.outcomes[delivered.outcome] += 1
        if delivered.outcome == WAITING and delivered.problems:
            self.failing = delivered.problems[0]
