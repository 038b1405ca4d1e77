"""The story of a record: when it was seen, what held it back, each step with its fields, what was sent and answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from engine.errors import Json, StudioError
from engine.flows.library import LoadedFlow, flow_from_sources
from engine.formulas import Formulas
from engine.runs.fields import FieldTrace, trace_fields
from engine.runs.ledger import Ledger, StoredExchange, StoredOutcome, StoredRecord, Window
from engine.runs.ledger.replays import StoredReplay
from engine.runs.opening import environment_of


@dataclass(slots=True)
class Story:
    """What the ledger knows of one record. fields: traced with the formulas and answers of the last delivery."""

    record: StoredRecord
    title: str
    outcomes: list[StoredOutcome]
    exchanges: list[StoredExchange]
    versions: dict[int, str]  # run → version of the flow
    replayed: dict[int, str] = field(default_factory=dict)  # run → who replayed the record in it
    unfinished: list[StoredReplay] = field(default_factory=list)  # replays that did not come to their end
    fields: list[FieldTrace] = field(default_factory=list)
    fields_missing: str = ""  # why there are none
    loaded: LoadedFlow | None = None  # the flow as it was then


@dataclass(slots=True)
class NeverSeen:
    """What is known of a record that was never read: the times that were, and what a flow holds back."""

    flow: str
    title: str
    windows: list[Window]
    since: datetime | None
    held_back: list[str]


def stories(
    ledger: Ledger, formulas: Formulas, text: str, flow: str | None, limit: int = 5, *, binding: str | None = None
) -> list[Story]:
    """The stories of the records a person means by this text, the likeliest first; of all bindings or of one."""
    found = ledger.find_records(text, flow=flow, binding=binding)
    exact = [r for r in found if text in (r.number, r.key, r.target_number)]
    return [story_of(ledger, formulas, record) for record in (exact or found)[:limit]]


def story_of(ledger: Ledger, formulas: Formulas, record: StoredRecord) -> Story:
    """All that is known of a record, with its fields as the last delivery saw them."""
    outcomes = ledger.outcomes(record.flow, record.binding, record.key)
    exchanges = ledger.exchanges(record.flow, record.binding, record.key)
    runs = {o.run_id for o in outcomes if o.run_id} | {e.run_id for e in exchanges if e.run_id}
    versions = {run_id: run.version for run_id in sorted(runs) if (run := ledger.run(run_id)) is not None}
    replays = ledger.replays(record.flow, record.binding, record.key)
    replayed = {replay.run_id: replay.who for replay in replays if replay.run_id is not None}
    unfinished = [replay for replay in replays if replay.is_open]
    story = Story(record, record.flow, outcomes, exchanges, versions, replayed, unfinished)
    _add_fields(story, ledger, formulas)
    return story


def _add_fields(story: Story, ledger: Ledger, formulas: Formulas) -> None:
    record = story.record
    if record.payload is None:
        story.fields_missing = "the record itself was purged after the retention time; its outcomes remain"
        return
    delivery = ledger.delivery(record.flow, record.binding, record.key)
    if delivery is None:
        story.fields_missing = "it was not delivered yet"
        return
    run_id, seen = delivery
    settings = ledger.settings(run_id)
    loaded = _as_it_was(ledger, story, run_id)
    if settings is None or loaded is None:
        story.fields_missing = "the flow of that time was not kept"
        return
    story.title, story.loaded = loaded.flow.title, loaded
    story.fields = trace_fields(loaded, formulas, environment_of(settings), record.payload, seen.get("steps", {}))


def _as_it_was(ledger: Ledger, story: Story, run_id: int) -> LoadedFlow | None:
    version = story.versions.get(run_id)
    sources = ledger.version(version) if version else None
    if sources is None:
        return None
    try:
        return flow_from_sources(story.record.flow, sources)
    except (StudioError, KeyError):  # kept by an older engine, whose documents this one cannot read
        return None


def never_seen(ledger: Ledger, loaded: LoadedFlow, binding: str = "default") -> NeverSeen:
    """What can be said of a record no read has met."""
    windows = ledger.windows(loaded.flow.name, binding, limit=5)
    earliest = earliest_of(begun_from(ledger, loaded.flow.name, binding))
    source = loaded.flow.source
    held_back = [f"waits while {c.says} ({c.formula})" for c in source.where]
    held_back += [f"is skipped where {c.says} ({c.formula})" for c in source.never]
    return NeverSeen(loaded.flow.name, loaded.flow.title, windows, earliest, held_back)


def begun_from(ledger: Ledger, flow: str, binding: str) -> list[datetime | None]:
    """Since when each run has read; None for one that has read all."""
    return [window.since for window in ledger.windows(flow, binding, limit=10_000)]


def earliest_of(begun: Sequence[datetime | None]) -> datetime | None:
    """What is older was never read; None where nothing was, or one read of all has left nothing out."""
    dated = [since for since in begun if since is not None]
    return min(dated, default=None) if len(dated) == len(begun) else None


def body_of(text: str) -> Json:
    """A kept body as JSON where it is, else as text."""
    from engine.documents.strict_json import read_strict

    try:
        return read_strict(text)
    except StudioError:
        return text
