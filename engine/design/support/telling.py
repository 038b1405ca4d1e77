"""The story of a record for somebody who answers for it: what happened, where it failed, why, and the ways out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.design.desk import Desk
from engine.design.replays import version_of
from engine.design.support import failing
from engine.design.support.failing import FIELD as FIELD
from engine.design.support.failing import LOOK as LOOK
from engine.design.support.failing import LOOKUP as LOOKUP
from engine.design.support.failing import SETTING as SETTING
from engine.design.support.failing import SYSTEM as SYSTEM
from engine.design.support.failing import WAYS as WAYS
from engine.design.support.failing import Failing, title_of
from engine.design.support.failing import Failure as Failure
from engine.design.support.failing import Way as Way
from engine.design.support.mending import Shown, shown_values, title
from engine.design.support.whose import whose
from engine.design.versions import label_of
from engine.errors import Cause, DocumentError
from engine.flows.library import LoadedFlow
from engine.formulas.words import Speech, Template, Translations
from engine.runs.ledger import StoredExchange, StoredOutcome, StoredRecord
from engine.runs.ledger.replays import A_NUMBER
from engine.runs.ledger.rows import PARKED
from engine.runs.story import Story, story_of

MADE, SEEN, OUTCOME, REQUEST, REPLAY, MENDED = "made", "seen", "outcome", "request", "replay", "mended"  # of moments
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
    "began": "{who} began to send it again, and that did not come to its end",
    "asked": "{step}: asked ({exchange})",
    "sent": "{step}: sent ({exchange})",
    "no answer": "no answer",
    "mended": "{who} mended {field} for this record",
    "taken back": "{who} took back the mended {field}",
    "purged": "Its content was forgotten after the retention time; what happened to it is still told.",
    "purged mended": "Its content and the values that were mended in it were forgotten after the retention time; what "
    "happened to it is still told.",
}
_NUMBER = "\u2060number "  # what stands before a number that is carried as text
_WRITTEN = re.compile(f'"{_NUMBER}([^"]*)"')


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the timeline. label: the version of the flow that did it; detail: what else is known, in words;
    again: from when it is tried again by itself.
    """

    at: datetime
    kind: str
    says: str
    detail: str = ""
    label: str = ""
    state: str = ""
    exchange: StoredExchange | None = None
    again: datetime | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A record's whole story, in the reader's words. mended: the values that were put in for it; whose: the people it
    is found by.
    """

    story: Story
    title: str
    source: str
    target: str
    headline: str
    failures: tuple[Failure, ...]
    moments: tuple[Moment, ...]
    note: str
    mended: tuple[Shown, ...] = ()
    whose: tuple[str, ...] = ()

    @property
    def record(self) -> StoredRecord:
        return self.story.record

    @property
    def sample(self) -> str:
        """Its name as a sample of the mapping, for an address; "" where its key may tell whose record it is."""
        return f"recent:{self.record.key}" if A_NUMBER.fullmatch(self.record.key) else ""


def templates() -> list[Template]:
    """Every template of this module, for whoever translates them."""
    return [*HEADLINES.values(), *SENTENCES.values(), *(each.value for each in Cause), *failing.templates()]


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
        self._source = title_of(loaded, loaded.flow.source.connector) if loaded is not None else ""
        self._failing = Failing(things, story, loaded, translations)
        self._mendings = things.ledger.mendings(story.record)

    def told(self) -> Told:
        story, loaded = self._story, self._loaded
        record = story.record
        problems = record.problems if record.state == PARKED else ()
        return Told(
            story,
            self._say.titled(loaded.flow.title if loaded is not None else story.title),
            self._source,
            title_of(loaded, loaded.flow.target()) if loaded is not None else "",
            self._say(HEADLINES[record.state]),
            tuple(self._failing.failure(problem) for problem in problems),
            tuple(sorted(self._moments(), key=lambda moment: moment.at)),
            self._note(),
            tuple(shown_values(record, self._failing.leaves if record.mended.fields else None)),
            whose(record.payload, _schema_of_source(loaded)) if loaded is not None else (),
        )

    def _note(self) -> str:
        if self._story.record.payload is not None:
            return ""
        return self._say(SENTENCES["purged mended" if self._mendings else "purged"])

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
            yield self._request(kept)
        for replay in story.unfinished:
            yield Moment(replay.at, REPLAY, say(SENTENCES["began"], who=replay.who))
        for mending in self._mendings:
            name = "taken back" if mending.is_back else "mended"
            field = title(self._failing.leaves, mending.path)
            yield Moment(mending.at, MENDED, say(SENTENCES[name], who=mending.who, field=f"“{field}”"))

    def _request(self, kept: StoredExchange) -> Moment:
        """In words, with what went over the wire in brackets for whoever asks the other system's people about it."""
        say, exchange = self._say, kept.exchange
        status = str(exchange.status or say(SENTENCES["no answer"]))
        did = SENTENCES["asked" if exchange.method in ("GET", "HEAD") else "sent"]
        says = say(did, step=self._failing.step_title(kept.step), exchange=f"{exchange.method} → {status}")
        detail = say(exchange.problem) if exchange.problem in set(Cause) else exchange.problem
        return Moment(kept.at, REQUEST, says, detail, exchange=kept)

    def _outcome(self, outcome: StoredOutcome) -> Moment:
        say = self._say
        name = "created as" if outcome.outcome == "created" and outcome.target_number else outcome.outcome
        says = say(SENTENCES[name], number=outcome.target_number or "")
        return Moment(
            outcome.at,
            OUTCOME,
            says,
            outcome.reason,
            self._label(outcome),
            outcome.outcome,
            again=outcome.next_attempt_at,
        )

    def _label(self, outcome: StoredOutcome) -> str:
        """The version that did it, and who sent it again."""
        story, record = self._story, self._story.record
        version = story.versions.get(outcome.run_id or 0, "")
        who = story.replayed.get(outcome.run_id or 0, "")
        numbered = version_of(self._things, record.flow, version, outcome.at, is_replay=bool(who))
        return ", ".join(filter(None, (label_of(numbered) if numbered else "", who)))


def _published(things: Desk, flow: str) -> LoadedFlow | None:
    """The flow as it is today, for titles, where the one of then is not kept."""
    try:
        return things.load(flow)
    except DocumentError:
        return None


def _schema_of_source(loaded: LoadedFlow) -> Mapping[str, Any]:
    source = loaded.flow.source
    return loaded.connectors[source.connector].resources[source.resource].schema


def indented(body: str) -> tuple[str, bool]:
    """A body as people read it, and whether it is JSON; its numbers stay written as they were."""
    try:
        held = json.loads(body, parse_float=lambda number: f"{_NUMBER}{number}")
        shown = json.dumps(held, ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):  # none, or one that nobody could read indented
        return body, False
    return _WRITTEN.sub(r"\1", shown), True
