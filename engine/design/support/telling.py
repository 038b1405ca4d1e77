"""The story of a record for somebody who answers for it: what happened, where it failed, why, and the ways out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from engine.design.desk import Desk
from engine.design.replays import version_of
from engine.design.speech import value_in_words
from engine.design.versions import label_of
from engine.errors import Cause, DocumentError, Problem
from engine.flows.flow import Step
from engine.flows.library import LoadedFlow
from engine.formulas import MISSING
from engine.formulas.words import Speech, Template, Translations
from engine.mappings.paths import schema_at
from engine.runs.fields import FieldTrace
from engine.runs.ledger import StoredExchange, StoredOutcome, StoredRecord
from engine.runs.ledger.replays import A_NUMBER
from engine.runs.ledger.rows import PARKED
from engine.runs.places import Place, place_of
from engine.runs.story import Story, story_of

MADE, SEEN, OUTCOME, REQUEST, REPLAY = "made", "seen", "outcome", "request", "replay"  # kinds of moments
LOOKUP, FIELD, SYSTEM, LOOK, AGAIN = "lookup", "field", "system", "look", "again"  # kinds of ways out
HEADLINES: dict[str, Template] = {
    "due": "It is to be delivered by the next run.",
    "waiting": "It waits.",
    "skipped": "It was skipped.",
    "parked": "It did not arrive.",
    "created": "It arrived.",
    "updated": "It arrived, and was updated.",
    "unchanged": "It had arrived already; nothing was changed.",
}
SENTENCES: dict[str, Template] = {
    "made": "Made in {system}",
    "seen": "Seen by us for the first time",
    "last seen": "Seen last",
    "created": "Arrived",
    "created as": "Arrived as {number}",
    "updated": "Updated",
    "unchanged": "Was there already",
    "skipped": "Skipped",
    "waiting": "Waits",
    "parked": "Did not arrive",
    "again": "It is tried again by itself from {moment}.",
    "began": "{who} began to send it again, and that did not come to its end",
    "no answer": "no answer",
    "purged": "Its content was forgotten after the retention time; what happened to it is still told.",
}
WAYS: dict[str, Template] = {
    LOOKUP: "Give “{key}” a row in {lookup}",
    FIELD: "Open the field {field} in the mapping",
    SYSTEM: "Connect {system} again",
    LOOK: "Look for it in {system}: whether it was made there cannot be told from here",
    AGAIN: "Send it again",
}
_SIGN_IN = {Cause.NOT_SIGNED_IN.name.lower(), Cause.FORBIDDEN.name.lower()}
_UNKNOWN = "outcome_unknown"
_MOST_READS = 8
_NUMBER = "\u2060number "  # what stands before a number that is carried as text
_WRITTEN = re.compile(f'"{_NUMBER}([^"]*)"')


@dataclass(frozen=True, slots=True)
class Way:
    """A way out, as a button. system: a connector; lookup, key: a row that is missing; step, field: in the mapping."""

    kind: str
    says: str
    step: str = ""
    field: str = ""
    lookup: str = ""
    key: str = ""
    system: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """A place of the record that the failing formula read, with what stood there."""

    path: str
    value: str


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a record did not arrive. step, field: titles of where, "" where it is neither; formula, reads: what made the
    field; ways: what can be done, the likeliest first.
    """

    problem: Problem
    step: str
    field: str
    formula: str
    reads: tuple[Read, ...]
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the timeline. label: the version of the flow that did it; detail: what else is known, in words."""

    at: datetime
    kind: str
    says: str
    detail: str = ""
    label: str = ""
    state: str = ""
    exchange: StoredExchange | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A record's whole story, in the reader's words."""

    story: Story
    title: str
    source: str
    target: str
    headline: str
    failures: tuple[Failure, ...]
    moments: tuple[Moment, ...]
    note: str

    @property
    def record(self) -> StoredRecord:
        return self.story.record

    @property
    def sample(self) -> str:
        """Its name as a sample of the mapping, for an address; "" where its key may tell whose record it is."""
        return f"recent:{self.record.key}" if A_NUMBER.fullmatch(self.record.key) else ""


def templates() -> list[Template]:
    """Every template of this module, for whoever translates them."""
    return [*HEADLINES.values(), *SENTENCES.values(), *WAYS.values()]


def told(things: Desk, record_id: int, translations: Translations | None = None) -> Told | None:
    """The story of the record with this id; None where there is none."""
    record = things.ledger.record_by_id(record_id)
    if record is None:
        return None
    return _Telling(things, story_of(things.ledger, things.formulas, record), translations).told()


class _Telling:
    def __init__(self, things: Desk, story: Story, translations: Translations | None) -> None:
        self._things = things
        self._story = story
        self._say = Speech(translations)
        self._translations = translations
        self._loaded = loaded = story.loaded or _published(things, story.record.flow)
        self._source = _title_of(loaded, loaded.flow.source.connector) if loaded is not None else ""

    def told(self) -> Told:
        story, loaded = self._story, self._loaded
        record = story.record
        failing = record.problems if record.state == PARKED else ()
        return Told(
            story,
            self._say.titled(loaded.flow.title if loaded is not None else story.title),
            self._source,
            _title_of(loaded, loaded.flow.target()) if loaded is not None else "",
            self._say(HEADLINES[record.state]),
            tuple(self._failure(problem) for problem in failing),
            tuple(sorted(self._moments(), key=lambda moment: moment.at)),
            self._say(SENTENCES["purged"]) if record.payload is None else "",
        )

    # --- what happened

    def _moments(self) -> Iterator[Moment]:
        story, say = self._story, self._say
        record = story.record
        if record.source_time is not None:
            yield Moment(record.source_time, MADE, say(SENTENCES["made"], system=self._source or record.flow))
        yield Moment(record.first_seen, SEEN, say(SENTENCES["seen"]))
        for outcome in story.outcomes:
            yield self._outcome(outcome)
        for kept in story.exchanges:
            status = str(kept.exchange.status or say(SENTENCES["no answer"]))
            says = f"{self._step_title(kept.step)}: {kept.exchange.method} → {status}"
            yield Moment(kept.at, REQUEST, says, kept.exchange.problem, exchange=kept)
        for replay in story.unfinished:
            yield Moment(replay.at, REPLAY, say(SENTENCES["began"], who=replay.who))

    def _outcome(self, outcome: StoredOutcome) -> Moment:
        say = self._say
        name = "created as" if outcome.outcome == "created" and outcome.target_number else outcome.outcome
        says = say(SENTENCES[name], number=outcome.target_number or "")
        detail = outcome.reason
        if outcome.next_attempt_at is not None:
            again = say(SENTENCES["again"], moment=f"{outcome.next_attempt_at:%Y-%m-%d %H:%M} UTC")
            detail = f"{detail} {again}".strip()
        return Moment(outcome.at, OUTCOME, says, detail, self._label(outcome), outcome.outcome)

    def _label(self, outcome: StoredOutcome) -> str:
        """The version that did it, and who sent it again."""
        story, record = self._story, self._story.record
        version = story.versions.get(outcome.run_id or 0, "")
        who = story.replayed.get(outcome.run_id or 0, "")
        numbered = version_of(self._things, record.flow, version, outcome.at, is_replay=bool(who))
        return ", ".join(filter(None, (label_of(numbered) if numbered else "", who)))

    # --- why it failed

    def _failure(self, problem: Problem) -> Failure:
        place = place_of(problem)
        trace = next((each for each in self._story.fields if (each.step, each.path) == (place.step, place.field)), None)
        reads = tuple(
            Read(read.path, value_in_words(read.value, self._translations))
            for read in (trace.trace.reads[:_MOST_READS] if trace is not None else ())
        )
        return Failure(
            problem,
            self._step_title(place.step) if place.step else "",
            self._field_title(place),
            trace.formula if trace is not None else "",
            reads,
            tuple(self._ways(problem, place, trace)),
        )

    def _ways(self, problem: Problem, place: Place, trace: FieldTrace | None) -> Iterator[Way]:
        loaded, say = self._loaded, self._say
        system = self._system_of(place)
        for use in trace.trace.lookups if trace is not None else ():
            if use.value is MISSING and loaded is not None and use.table in loaded.flow.lookups:
                title = say.titled(loaded.flow.lookups[use.table].title)
                says = say(WAYS[LOOKUP], key=use.key, lookup=title)
                yield Way(LOOKUP, says, lookup=use.table, key=use.key)
        if problem.code in _SIGN_IN:
            yield Way(SYSTEM, say(WAYS[SYSTEM], system=_title_of(loaded, system)), system=system)
        if problem.code == _UNKNOWN:
            yield Way(LOOK, say(WAYS[LOOK], system=_title_of(loaded, system)), system=system)
        elif place.field and self._is_mapped(place):
            says = say(WAYS[FIELD], field=self._field_title(place) or place.field)
            yield Way(FIELD, says, step=place.step, field=place.target)
        if problem.code != _UNKNOWN:
            yield Way(AGAIN, say(WAYS[AGAIN]))

    def _system_of(self, place: Place) -> str:
        if self._loaded is None:
            return ""
        step = self._step(place.step)
        return step.connector if step is not None else self._loaded.flow.target()

    def _step(self, name: str) -> Step | None:
        steps = self._loaded.flow.steps if self._loaded is not None else ()
        return next((each for each in steps if each.name == name), None)

    def _step_title(self, name: str) -> str:
        step = self._step(name)
        return self._say.titled(step.title or name if step is not None else name)

    def _is_mapped(self, place: Place) -> bool:
        step = self._step(place.step)
        return step is not None and any(field.path == place.target for field in step.fields)

    def _field_title(self, place: Place) -> str:
        loaded, step = self._loaded, self._step(place.step)
        if loaded is None or step is None or not place.field:
            return place.field
        about = schema_at(loaded.connectors[step.connector].resources[step.resource].schema, place.target)
        return self._say.titled(str((about or {}).get("title", place.field)))


def _published(things: Desk, flow: str) -> LoadedFlow | None:
    """The flow as it is today, for titles, where the one of then is not kept."""
    try:
        return things.load(flow)
    except DocumentError:
        return None


def _title_of(loaded: LoadedFlow | None, system: str) -> str:
    return loaded.connectors[system].title if loaded is not None and system in loaded.connectors else system


def indented(body: str) -> tuple[str, bool]:
    """A body as people read it, and whether it is JSON; its numbers stay written as they were."""
    try:
        held = json.loads(body, parse_float=lambda number: f"{_NUMBER}{number}")
        shown = json.dumps(held, ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):  # none, or one that nobody could read indented
        return body, False
    return _WRITTEN.sub(r"\1", shown), True
