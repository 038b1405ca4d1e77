"""What runs now, in this process and in others: how far each is, and stopping it from wherever somebody is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.design.desk import Desk
from engine.design.people.rights import Role, needs
from engine.design.running.starting import OwnRun, OwnRuns
from engine.runs.ledger import StoredRun
from engine.runs.ledger.rows import RUNNING
from engine.runs.replay_results import MODE as REPLAYED

CHOSEN, HINTED = "chosen", "hinted"  # modes: of named records, and of those that a webhook told of


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A run that works now. own: it is of this process; outcomes: how many records became what; due: how many are to be
    delivered still, as far as that is known; who: the person who started it, "" where nobody did; is_stopping: it was
    asked to stop.
    """

    run_id: int
    flow: str
    binding: str
    mode: str
    started_at: datetime
    who: str
    outcomes: Mapping[str, int]
    due: int
    is_stopping: bool
    own: OwnRun | None = None

    @property
    def done(self) -> int:
        return sum(self.outcomes.values())

    @property
    def share(self) -> float | None:
        """How much of what is known so far is done; None where nothing can be told."""
        own = self.own
        if own is not None and own.options.only:
            return min(1.0, self.done / len(own.options.only))
        known = self.done + self.due
        return self.done / known if known else None


def under_way(things: Desk, own: OwnRuns) -> list[UnderWay]:
    """Every run that works now, the latest first; those of this process that only look are among them."""
    looking = [_looking(each) for each in own.all() if not each.is_over and (each.is_dry or not each.run_id)]
    runs = live_runs(things)
    people = things.ledger.started_by([run.id for run in runs])
    return [*looking, *(_of_run(things, own.of(run.id), run, people.get(run.id, "")) for run in runs)]


def live_runs(things: Desk) -> list[StoredRun]:
    """Those in the ledger that have not ended and whose process works: it holds the claim of their flow."""
    newest: dict[tuple[str, str], StoredRun] = {}
    for run in things.ledger.unended_runs():
        newest.setdefault((run.flow, run.binding), run)  # an older one was cut short: one at a time works
    claimed = [run for place, run in newest.items() if things.ledger.is_claimed(*place)]
    return [run for run in claimed if (now := things.ledger.run(run.id)) is not None and now.state == RUNNING]


@needs(Role.MEND, "stop a run")
def stop(things: Desk, own: OwnRuns, run_id: int) -> bool:
    """Have a run stop, wherever it works: records under way are finished. False where it has ended already."""
    asked = things.ledger.ask_to_stop(run_id, things.person.name, things.clock.now())
    ours = own.of(run_id)
    if ours is not None:
        ours.stop()  # it need not look whether it is asked
    return asked


@needs(Role.MEND, "stop a run")
def stop_own(things: Desk, run: OwnRun) -> None:
    """Stop one of this process, which has no number as long as it begins, or looks only."""
    if run.run_id:
        things.ledger.ask_to_stop(run.run_id, things.person.name, things.clock.now())
    run.stop()


def _looking(each: OwnRun) -> UnderWay:
    mode = CHOSEN if each.options.only else "all"
    begun, stopping = each.started_at, each.is_stopping
    return UnderWay(0, each.flow, each.binding, mode, begun, each.who, dict(each.outcomes), 0, stopping, each)


def _of_run(things: Desk, ours: OwnRun | None, run: StoredRun, who: str) -> UnderWay:
    outcomes = dict(ours.outcomes) if ours is not None else things.ledger.counts(run.id)
    due = 0 if run.mode in (CHOSEN, REPLAYED) else things.ledger.due_now(run.flow, run.binding)
    is_stopping = bool(run.stopped_by) or (ours is not None and ours.is_stopping)
    return UnderWay(run.id, run.flow, run.binding, run.mode, run.started_at, who, outcomes, due, is_stopping, ours)
