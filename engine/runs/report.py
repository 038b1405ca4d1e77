"""What a run is asked to do, what it tells on the way, and what it came to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from engine.errors import Problem, StudioError
from engine.runs.ledger import StoredRecord
from engine.runs.ledger.bindings import DEFAULT
from engine.runs.results import Delivered


@dataclass(slots=True)
class RunOptions:
    """What a run is asked to do.

    since: read from then instead of the cursor; only: numbers or keys; not_there: somebody has looked, what `only`
    names has an unknown outcome and is surely not in the target, so it may be sent again. hinted: keys of records that
    may have changed: they are fetched, and delivered where they did. as_well: what `only` names is made although the
    target has another kind of document of it. again: what is read is delivered although it did not change. made_as:
    somebody has looked, what `only` names has an unknown outcome and is in the target under this number. who: the
    person who started it, for the audit log; "" for what runs by itself. at_once: what would be tried again later is
    tried now.
    """

    since: datetime | None = None
    limit: int | None = None
    only: list[str] = field(default_factory=list)
    threads: int = 8
    not_there: bool = False
    hinted: list[str] = field(default_factory=list)
    as_well: bool = False
    again: bool = False
    made_as: str = ""
    who: str = ""
    at_once: bool = False


@dataclass(slots=True)
class ParkedRecord:
    """A parked record as the report shows it."""

    key: str
    number: str
    problems: list[Problem]


@dataclass(slots=True)
class RunReport:
    """What a run came to. counts: read, created, updated, unchanged, skipped, waiting, parked.

    parked: those that are parked now, whichever run did it, the first thousand; all_parked: how many there are.
    """

    flow: str
    version: str
    run_id: int
    counts: dict[str, int]
    parked: list[ParkedRecord]
    later: list[ParkedRecord]  # the other system failed: tried again by the next run
    stopped: StudioError | None = None
    held_back: list[tuple[str, str, str]] = field(
        default_factory=list
    )  # chosen ones that wait or are skipped: number, state, reason
    all_parked: int = 0
    parked_now: int = 0  # by this run
    binding: str = DEFAULT
    warnings: list[Problem] = field(default_factory=list)  # of the systems, such as rows of lookups that are gone
    stopped_by: str = ""  # who asked it to stop at another screen; what is left is delivered by the next run

    @property
    def went_through(self) -> bool:
        """Was everything tried that it had to do, and every system reached?"""
        return self.stopped is None and not self.later and not self.stopped_by


class Listener:
    """Told of a run's progress; every method may be called from any thread. The default says nothing."""

    def began(self, run_id: int) -> None: ...

    def read(self, count: int) -> None: ...

    def delivered(self, record: StoredRecord, result: Delivered) -> None: ...

    def waits(self, seconds: float, reason: str) -> None: ...
