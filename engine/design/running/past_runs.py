"""The runs there were: who or what started each, by which version, what came of it, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from engine.design.desk import Desk
from engine.design.replays import version_of
from engine.design.running.under_way import CHOSEN, HINTED, live_runs
from engine.design.versions import label_of
from engine.errors import DocumentError
from engine.flows.library import load_flow
from engine.runs.ledger import StoredRun, Window
from engine.runs.ledger.rows import INTERRUPTED, OUTCOMES, PARKED, RUNNING, WAITING
from engine.runs.ledger.runs import ANY, WITH_NEWS, WITH_TROUBLE, OutcomeOfRun
from engine.runs.replay_results import MODE as REPLAYED

__all__ = ["ANY", "WITH_NEWS", "WITH_TROUBLE", "OutcomeOfRun", "PastRun", "RunPage", "Window", "past_run", "past_runs"]

MOST_RECORDS = 200


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run as a list shows it. state: running, ended, stopped, failed or interrupted, whose process is gone; who: the
    person who started it or sent records again, "" where the clock, a webhook or a command did; label: the version.
    """

    run: StoredRun
    title: str
    state: str
    who: str
    label: str
    counts: Mapping[str, int]

    @property
    def took(self) -> timedelta | None:
        return self.run.ended_at - self.run.started_at if self.run.ended_at else None

    @property
    def is_of_named_records(self) -> bool:
        return self.run.mode == CHOSEN

    @property
    def is_of_a_webhook(self) -> bool:
        return self.run.mode == HINTED

    @property
    def is_replay(self) -> bool:
        return self.run.mode == REPLAYED


@dataclass(frozen=True, slots=True)
class RunPage:
    """A part of the list. all: how many there are in all of its pages."""

    runs: list[PastRun]
    all: int


@dataclass(frozen=True, slots=True)
class RunTold:
    """One run with all that is known of it. records: what it wrote, by outcome, the first of many."""

    past: PastRun
    windows: list[Window]
    records: Mapping[str, list[OutcomeOfRun]]


def past_runs(
    things: Desk, kind: str = ANY, flow: str | None = None, binding: str | None = None, *, size: int = 25, page: int = 1
) -> RunPage:
    """A page of the list, the newest first. kind: ANY; WITH_NEWS: those that came to something or did not end well."""
    runs = things.ledger.runs_listed(kind, flow, binding, limit=size, offset=size * (page - 1))
    return RunPage(_told(things, runs), things.ledger.how_many_runs(kind, flow, binding))


def past_run(things: Desk, run_id: int) -> RunTold | None:
    """One run; None where there is none of this number."""
    run = things.ledger.run(run_id)
    if run is None:
        return None
    [past] = _told(things, [run])
    written = set(things.ledger.counts(run_id))
    order = (PARKED, WAITING, *(name for name in OUTCOMES if name not in (PARKED, WAITING)))
    records = {name: things.ledger.records_of_run(run_id, name, MOST_RECORDS) for name in order if name in written}
    return RunTold(past, things.ledger.windows_of_run(run_id), records)


def _told(things: Desk, runs: list[StoredRun]) -> list[PastRun]:
    live = {run.id for run in live_runs(things)} if any(run.state == RUNNING for run in runs) else set()
    people = things.ledger.started_by([run.id for run in runs])
    titles = {flow: _title(things, flow) for flow in {run.flow for run in runs}}
    return [_one(things, run, titles[run.flow], people.get(run.id, ""), is_live=run.id in live) for run in runs]


def _one(things: Desk, run: StoredRun, title: str, who: str, *, is_live: bool) -> PastRun:
    state = INTERRUPTED if run.state == RUNNING and not is_live else run.state
    is_replay = run.mode == REPLAYED
    version = version_of(things, run.flow, run.version, run.started_at, is_replay=is_replay)
    counts = run.counts or things.ledger.counts(run.id)  # of one that was cut short, what it wrote
    return PastRun(run, title, state, who, label_of(version) if version is not None else "", counts)


def _title(things: Desk, flow: str) -> str:
    try:
        return load_flow(things.workspace, flow).flow.title
    except DocumentError:  # gone, or it cannot be read: what it did is told all the same
        return flow
