"""How records are replayed, what a replay would send, and what came of it, as values."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.errors import StudioError
from engine.runs.ledger import StoredRecord
from engine.runs.ledger.replays import StoredReplay
from engine.runs.request_differences import RequestChange, Sent
from engine.runs.results import ARRIVED, Delivered

MODE = "replayed"  # of its run


@dataclass(frozen=True, slots=True)
class Manner:
    """How records are mapped and sent again. label: for people; mark: what tells it from other ways of this version;
    update: what is there is updated; as_well: another kind of document may be made beside the one that is there;
    is_published: by the flow as it is published, so that it gets a number as a run would give it; not_there: somebody
    has looked, and what was made of it and is not found is to be made anew.
    """

    label: str
    mark: str = ""
    update: bool = False
    as_well: bool = False
    is_published: bool = False
    not_there: bool = False

    def version(self, hash: str) -> str:
        """The flow's version with all that makes this replay another one."""
        ways = {"updating": self.update, "as well": self.as_well, "made anew": self.not_there}
        marks = [hash, self.mark, *(name for name, is_so in ways.items() if is_so)]
        return " ".join(filter(None, marks))


@dataclass(frozen=True, slots=True)
class Shown:
    """What a replay of a record would send. before: what was sent; was_fetched: its content was purged, so it was read
    anew; earlier: the replay there was in just this manner; held_back: why this version would not take the record;
    is_made_anew: it is not there any more, and somebody wants it anew; basis: other than before where the version, the
    binding or the record itself is another one by now; files: of connectors that are other ones than in that version.
    """

    record: StoredRecord
    delivered: Delivered
    before: list[Sent]
    changes: list[RequestChange]
    was_fetched: bool
    earlier: StoredReplay | None
    held_back: str = ""
    is_made_anew: bool = False
    basis: str = ""
    files: tuple[str, ...] = ()

    @property
    def is_there(self) -> bool:
        """Is it in the target already, so that a record that is not known to have arrived is only to be noted?"""
        has_arrived = self.record.state in ARRIVED
        return not self.held_back and not self.sends and not has_arrived and self.delivered.outcome in ARRIVED

    @property
    def sends(self) -> bool:
        """Would anything be sent that was not sent just so before?"""
        return not self.held_back and any(change.is_news for change in self.changes)

    def is_wanted(self, *, again: bool) -> bool:
        """Is there anything left to do? What was begun and did not end has an outcome to be told."""
        if self.held_back:
            return False
        if self.earlier is None:
            return self.sends
        again = again or not self.earlier.has_settled(self.record.state)
        return self.earlier.is_open or (again and self.sends)


@dataclass(slots=True)
class Replayed:
    """What came of one record. earlier: it was sent before in this manner, so nothing was sent now."""

    record: StoredRecord
    delivered: Delivered
    earlier: StoredReplay | None = None


@dataclass(slots=True)
class ReplayReport:
    """What came of a replay. stopped: why it ended before its last record; later: the other system failed."""

    run_id: int
    done: list[Replayed] = field(default_factory=list)
    stopped: StudioError | None = None
    later: bool = False
