"""Whether a cause is mended: some of its records are tried with the flow as it is now, and nothing is sent.

What only another system can tell (it refused them, did not answer, let nobody in) cannot be tried so; then it is said
what has changed since they were parked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from engine.connectors.children import INCOMPLETE
from engine.connectors.pages import UNMADE
from engine.design.desk import Desk
from engine.design.support.causes import SET_UP, Cause, causes
from engine.design.support.failing import AGAIN, SYSTEM, WAYS, Failing, Way
from engine.design.support.flows_now import FlowsNow, Memory
from engine.errors import DocumentError, FormulaError, Problem, StudioError
from engine.flows.library import LoadedFlow
from engine.formulas.words import Speech, Template, Translations
from engine.runs.ledger import StoredRecord
from engine.runs.ledger.replays import A_NUMBER
from engine.runs.ledger.searches import Wanted
from engine.runs.places import place_of
from engine.runs.story import story_of
from engine.runs.telling.texts import OTHER, kind_of_problem

MOST_TRIED = 10
RUN = "run"  # a way out: run the flow
SENTENCES: dict[str, Template] = {
    "all": (
        "It was tried with the flow as it is now: it would go.",
        "The newest {tried} were tried with the flow as it is now: all of them would go.",
    ),
    "partly": (
        "Of the newest {tried}, {count} would go now; the others fail still.",
        "Of the newest {tried}, {count} would go now; the others fail still.",
    ),
    "as before": "With the flow as it is now they would fail as before.",
    "not": "With the flow as it is now they would fail still: {what}",
    "left out": "The flow as it is now leaves them out: {reason}",
    "broken": "The flow cannot be used as it is: {what}",
    "purged": "Their content was forgotten after the retention time; when they are sent it is read anew.",
    "incomplete": "They were not read whole; when they are sent the rest is read.",
    "only they": "Whether {system} takes them now is told only by sending.",
    "look": "Somebody has to look in {system}: whether they were made there cannot be told from here.",
    "published": "Since then another version was published.",
    "bound": "Since then answers or rows of the binding were changed.",
    "connected": "Since then {system} was connected again.",
    "signed in": "Since then the sign-in of {system} has worked.",
    "arrived": "Since then other records have arrived in {system}.",
    "nothing": "Nothing that is known of here has changed since.",
    "goes on": "The next run goes on by itself.",
}
RUN_NOW: Template = "Run it now"
_MOST_RUNS = 20
_MOST_CAUSES, _LONGEST_SECONDS = 20, 10.0  # that are looked at for what was mended just now
_PURGED, _INCOMPLETE = "purged", "incomplete"
_MEMORY = Memory()


class State(StrEnum):
    """Would its records go now? UNKNOWN: only the other system can tell."""

    MENDED, PARTLY, NOT, UNKNOWN = "mended", "partly", "not", "unknown"


@dataclass(frozen=True, slots=True)
class Looked:
    """How a cause stands now. says: in a sentence or two; tried, passing: records that were tried, and those of them
    that would go; has_changed: something that may have mended it; ways: out of it, as for one of its records, which is
    the mapping's `sample`.
    """

    state: State
    says: str
    tried: int = 0
    passing: int = 0
    has_changed: bool = False
    ways: tuple[Way, ...] = ()
    sample: str = ""


def templates() -> list[Template]:
    """Every template of this module, for whoever translates them."""
    return [*SENTENCES.values(), RUN_NOW]


def remembered(things: Desk, found: Sequence[Cause], translations: Translations | None = None) -> dict[Any, Looked]:
    """What was looked at before and is so still, by the causes' places; nothing is worked out."""
    return _look(things, found, translations, 0.0)


def look_at(
    things: Desk, found: Sequence[Cause], translations: Translations | None = None, seconds: float = 0.25
) -> dict[Any, Looked]:
    """How these causes stand now, by their places: as many as can be looked at in so many seconds, and one at least.

    What was looked at is remembered until the flow, its binding, a connection, the cause's records or a value that is
    mended in one of them change.
    """
    return _look(things, found, translations, seconds)


def mended_now(things: Desk, flow: str, translations: Translations | None = None) -> list[Cause]:
    """The causes of a flow whose records would all go now, among its dearest."""
    mine = [each for each in causes(things, translations) if each.flow == flow and each.name is not None][:_MOST_CAUSES]
    looked = look_at(things, mine, translations, _LONGEST_SECONDS)
    return [each for each in mine if each.place in looked and looked[each.place].state is State.MENDED]


def _look(things: Desk, found: Sequence[Cause], translations: Translations | None, seconds: float) -> dict[Any, Looked]:
    until = things.clock.monotonic() + seconds
    flows = FlowsNow(things)
    looked: dict[Any, Looked] = {}
    is_first = seconds > 0
    for each in found:
        key = (str(things.workspace.root), *each.place, each.records, each.latest, flows.state(each), id(translations))
        known = _MEMORY.get(key)
        if known is None and (is_first or things.clock.monotonic() < until):
            known = _Looking(things, each, flows, translations).looked()
            _MEMORY.keep(key, known)
            is_first = False
        if known is not None:
            looked[each.place] = known
    return looked


class _Looking:
    """One cause."""

    def __init__(self, things: Desk, cause: Cause, flows: FlowsNow, translations: Translations | None) -> None:
        self._things = things
        self._cause = cause
        self._flows = flows
        self._translations = translations
        self._say = Speech(translations)
        self._found = flows.loaded(cause.flow)

    def looked(self) -> Looked:
        if isinstance(self._found, DocumentError):
            problem = self._found.problems[0]
            return Looked(State.NOT, self._says("broken", what=_ended(problem.what)), ways=())
        try:
            found = self._stopped(self._found) if self._cause.stops_the_flow else self._tried(self._found)
        except (DocumentError, FormulaError) as error:  # such as a binding that is gone
            return Looked(State.NOT, self._says("broken", what=_ended(error.what)))
        ways, sample = self._ways(self._found)
        return replace(found, ways=ways, sample=sample)

    def _says(self, name: str, count: int = 2, /, **parts: str | int) -> str:
        return self._say(SENTENCES[name], count, **parts)

    # --- what stops a flow

    def _stopped(self, loaded: LoadedFlow) -> Looked:
        changed = list(self._changes(loaded, self._system(loaded), of_target=False))
        is_mended = bool(changed) and self._cause.kind in SET_UP
        says = [*changed, self._says("goes on")] if is_mended else changed or [self._says("nothing")]
        return Looked(State.MENDED if is_mended else State.UNKNOWN, " ".join(says), has_changed=bool(changed))

    # --- what parks records

    def _tried(self, loaded: LoadedFlow) -> Looked:
        cause, things = self._cause, self._things
        wanted = Wanted(flow=cause.flow, binding=cause.binding, states=("parked",), cause=cause.name)
        records = things.ledger.records_like(wanted, MOST_TRIED) if cause.name is not None else []
        problem = next((each.problems[0] for each in records if each.problems), None)
        failing: list[str] = []
        passing, left_out = 0, ""
        able = [each for each in records if _why_not(each) is None]
        if able:
            worked_out = self._flows.worked_out(loaded, cause.binding)
        for record in able:
            seen = things.ledger.delivery(record.flow, record.binding, record.key)
            answered = seen[1].get("steps", {}) if seen is not None else {}
            outcome = worked_out.outcome(record.payload, answered)
            if outcome.kind == "parked":
                failing.append(outcome.problems[0].what)
            elif outcome.kind != "expected" or not outcome.steps:
                left_out = outcome.reason or "no step of the flow applies"
            else:
                passing += 1
        tried = len(able)
        if tried and passing == 0:
            is_as_before = bool(failing) and problem is not None and failing[0] == problem.what
            says = self._says("left out", reason=_ended(left_out))
            if failing:
                says = self._says("as before") if is_as_before else self._says("not", what=_ended(failing[0]))
            return Looked(State.NOT, says, tried, 0)
        if passing < tried:
            return Looked(State.PARTLY, self._says("partly", passing, tried=tried), tried, passing)
        if tried and problem is not None and _is_told_by_mapping(problem, loaded):
            return Looked(State.MENDED, self._says("all", tried, tried=tried), tried, passing, has_changed=True)
        return self._unknown(loaded, records, problem)

    def _unknown(self, loaded: LoadedFlow, records: Sequence[StoredRecord], problem: Problem | None) -> Looked:
        system = self._system(loaded)
        title = loaded.connectors[system].title
        reason = next((why for each in records if (why := _why_not(each)) is not None), None)
        if reason is not None and (problem is None or _is_told_by_mapping(problem, loaded)):
            said = [self._says(reason)]
        else:
            said = [self._says("look" if self._cause.kind in ("unknown", "both") else "only they", system=title)]
        changes = list(self._changes(loaded, system))
        return Looked(
            State.UNKNOWN, " ".join([*said, *(changes or [self._says("nothing")])]), has_changed=bool(changes)
        )

    # --- what has changed

    def _changes(self, loaded: LoadedFlow, system: str, *, of_target: bool = True) -> Iterator[str]:
        """What has changed since the last of them was parked, in sentences."""
        cause, ledger = self._cause, self._things.ledger
        since, title = cause.latest or cause.since, loaded.connectors[system].title
        if any((each.published_at or each.at) > since for each in ledger.versions(cause.flow)[:1]):
            yield self._says("published")
        stored = ledger.binding(cause.flow, cause.binding)
        if stored is not None and stored.saved_at is not None and stored.saved_at > since:
            yield self._says("bound")
        name = (stored.connections if stored is not None else {}).get(system, system)
        connection = next((each for each in ledger.connections() if each.name == name), None)
        signed_in = ledger.signed_in_at(name)
        if connection is not None and connection.saved_at > since:
            yield self._says("connected", system=title)
        elif signed_in is not None and signed_in > since:
            yield self._says("signed in", system=title)
        if of_target and self._has_arrived(since):
            yield self._says("arrived", system=title)

    def _has_arrived(self, since: datetime) -> bool:
        runs = self._things.ledger.runs(self._cause.flow, _MOST_RUNS, binding=self._cause.binding)
        return any(each.started_at > since and _arrived(each.counts) for each in runs)

    # --- the ways out

    def _ways(self, loaded: LoadedFlow) -> tuple[tuple[Way, ...], str]:
        """With the sample of the mapping that they are about."""
        cause = self._cause
        if cause.stops_the_flow:
            return tuple(self._ways_on(loaded)), ""
        things = self._things
        example = things.ledger.record_by_id(cause.example_id)
        if example is None or not example.problems:
            return (), ""
        try:
            story = story_of(things.ledger, things.formulas, example)
        except StudioError:
            return (), ""  # its own page says what is wrong with it
        ways = Failing(things, story, story.loaded or loaded, self._translations).ways(example.problems[0])
        sample = f"recent:{example.key}" if A_NUMBER.fullmatch(example.key) else ""
        return tuple(way for way in ways if way.kind != AGAIN), sample

    def _ways_on(self, loaded: LoadedFlow) -> Iterator[Way]:
        """Out of what stops a flow."""
        if self._cause.kind in SET_UP:
            system = self._system(loaded)
            yield Way(SYSTEM, self._say(WAYS[SYSTEM], system=loaded.connectors[system].title), system=system)
        if self._cause.kind != "document":
            yield Way(RUN, self._say(RUN_NOW))

    def _system(self, loaded: LoadedFlow) -> str:
        """The connector that it is about: named by the error, or the one of the step that failed."""
        for name, connector in loaded.connectors.items():
            if self._cause.system and connector.title == self._cause.system:
                return name
        example = self._things.ledger.record_by_id(self._cause.example_id) if self._cause.example_id else None
        step = place_of(example.problems[0]).step if example is not None and example.problems else ""
        return next((each.connector for each in loaded.flow.steps if each.name == step), loaded.flow.target())


def _why_not(record: StoredRecord) -> str | None:
    """Why it cannot be tried with what is stored of it; None where it can."""
    if record.payload is None:
        return _PURGED
    codes = {problem.code for problem in record.problems}
    return _INCOMPLETE if codes & {INCOMPLETE, UNMADE} else None


def _is_told_by_mapping(problem: Problem, loaded: LoadedFlow) -> bool:
    """Was it found before anything was sent, from the record and the flow alone?"""
    kind = kind_of_problem(problem)
    if kind in ("check", "sums"):
        return not any(problem.where.endswith(f", {each.what}") for step in loaded.flow.steps for each in step.after)
    return kind == "formula" or (kind == OTHER and bool(place_of(problem).field)) or problem.where == "the flow's steps"


def _arrived(counts: Mapping[str, int]) -> bool:
    return bool(counts.get("created") or counts.get("updated"))


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."
