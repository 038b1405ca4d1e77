"""Why a record did not arrive, for somebody who answers for it: where, what was read there, and the ways out."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from engine.design.desk import Desk
from engine.design.speech import value_in_words
from engine.design.support.behind import behind, settings_behind
from engine.design.support.leaves import Leaf, Leaves
from engine.design.support.mending import leaves
from engine.errors import Cause, DocumentError, Problem
from engine.flows.flow import Step
from engine.flows.library import LoadedFlow, load_flow
from engine.formulas import MISSING, PathRead
from engine.formulas.words import Speech, Template, Translations
from engine.mappings.paths import schema_at
from engine.runs.bindings import bound
from engine.runs.fields import FieldTrace
from engine.runs.places import Place, place_of
from engine.runs.story import Story

LOOKUP, FIELD, SETTING, SYSTEM, LOOK, AGAIN = "lookup", "field", "setting", "system", "look", "again"  # kinds of ways
WAYS: dict[str, Template] = {
    LOOKUP: "Give “{key}” a row in {lookup}",
    FIELD: "Open the field {field} in the mapping",
    SETTING: "Change the setting “{setting}”",
    SYSTEM: "Connect {system} again",
    LOOK: "Look for it in {system}: whether it was made there cannot be told from here",
    AGAIN: "Send it again",
}
_SIGN_IN = {Cause.NOT_SIGNED_IN.name.lower(), Cause.FORBIDDEN.name.lower()}
_MAY_BE_MADE = ("outcome_unknown", "made_with_error")
_MOST_READS = 8
_MOST_LEAVES = 6
_MOST_SETTINGS = 2


@dataclass(frozen=True, slots=True)
class Way:
    """A way out, as a button. system: a connector; lookup, key: a row that is missing; step, field: in the mapping;
    setting: an answer of the flow.
    """

    kind: str
    says: str
    step: str = ""
    field: str = ""
    lookup: str = ""
    key: str = ""
    system: str = ""
    setting: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """A place of the record that the failing formula read, with what stood there."""

    path: str
    value: str


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a record did not arrive. step, field: titles of where, "" where it is neither; formula, reads: what made the
    field; ways: what can be done, the likeliest first; leaves: the record's own values behind it, which may be mended.
    """

    problem: Problem
    step: str
    field: str
    formula: str
    reads: tuple[Read, ...]
    ways: tuple[Way, ...]
    leaves: tuple[Leaf, ...] = dataclasses.field(default=(), repr=False)


def templates() -> list[Template]:
    """Every template of this module, for whoever translates them."""
    return list(WAYS.values())


def _telling(reads: Sequence[PathRead]) -> Sequence[PathRead]:
    """Those that a person can read; whole tables and lists only where there is nothing else."""
    return [read for read in reads if not isinstance(read.value, dict | list)] or reads


def title_of(loaded: LoadedFlow | None, system: str) -> str:
    return loaded.connectors[system].title if loaded is not None and system in loaded.connectors else system


class Failing:
    """Tells the failures of one record. loaded: its flow as it was then, else as it is."""

    def __init__(
        self, things: Desk, story: Story, loaded: LoadedFlow | None, translations: Translations | None
    ) -> None:
        self._things = things
        self._story = story
        self._loaded = loaded
        self._say = Speech(translations)
        self._translations = translations

    def failure(self, problem: Problem) -> Failure:
        """One of them."""
        place = place_of(problem)
        trace = self._trace(place)
        reads = tuple(
            Read(read.path, value_in_words(read.value, self._translations))
            for read in (_telling(trace.trace.reads)[:_MOST_READS] if trace is not None else ())
        )
        return Failure(
            problem,
            self.step_title(place.step) if place.step else "",
            self._field_title(place),
            trace.formula if trace is not None else self._formula(place),
            reads,
            tuple(self._ways(problem, place, trace)),
            tuple(self._behind(problem, place)),
        )

    def ways(self, problem: Problem) -> tuple[Way, ...]:
        """The ways out of one of them, alone."""
        place = place_of(problem)
        return tuple(self._ways(problem, place, self._trace(place)))

    def _trace(self, place: Place) -> FieldTrace | None:
        traced = (each for each in self._story.fields if (each.step, each.path) == (place.step, place.field))
        return next(traced, None)

    def step_title(self, name: str) -> str:
        """What people call a step."""
        step = self._step(name)
        return self._say.titled(step.title or name if step is not None else name)

    # --- what it read

    @cached_property
    def leaves(self) -> Leaves | None:
        """The record's single values; None where nothing of it is kept, or its flow cannot be read any more."""
        if self._story.record.payload is not None:
            with suppress(DocumentError):
                return leaves(self._things, self._story.record, self._translations)
        return None

    def _behind(self, problem: Problem, place: Place) -> list[Leaf]:
        if self._loaded is None or self.leaves is None:
            return []
        return behind(self._loaded, self._story.record.as_read, problem, place, self.leaves, _MOST_LEAVES)

    def _formula(self, place: Place) -> str:
        """Of a field that was not traced: the item of its list stands too far behind."""
        step = self._step(place.step)
        return next((field.formula for field in step.fields if field.path == place.target), "") if step else ""

    # --- the ways out

    def _ways(self, problem: Problem, place: Place, trace: FieldTrace | None) -> Iterator[Way]:
        loaded, say = self._loaded, self._say
        system = self._system_of(place)
        yield from self._rows(trace)
        if problem.code in _SIGN_IN:
            yield Way(SYSTEM, say(WAYS[SYSTEM], system=title_of(loaded, system)), system=system)
        if problem.code in _MAY_BE_MADE:
            yield Way(LOOK, say(WAYS[LOOK], system=title_of(loaded, system)), system=system)
        elif place.field and self._is_mapped(place):
            says = say(WAYS[FIELD], field=self._field_title(place) or place.field)
            yield Way(FIELD, says, step=place.step, field=place.target)
        elif loaded is not None and not place.field:
            for name, title in settings_behind(loaded, problem, place)[:_MOST_SETTINGS]:
                yield Way(SETTING, say(WAYS[SETTING], setting=say.titled(title)), setting=name)
        if problem.code != _MAY_BE_MADE[0]:
            yield Way(AGAIN, say(WAYS[AGAIN]))

    def _rows(self, trace: FieldTrace | None) -> Iterator[Way]:
        """Rows that were missing then, and are still."""
        loaded = self._loaded
        for use in trace.trace.lookups if trace is not None else ():
            if use.value is MISSING and loaded is not None and use.table in loaded.flow.lookups:
                title = self._say.titled(loaded.flow.lookups[use.table].title)
                if not self._has_row(use.table, use.key):
                    says = self._say(WAYS[LOOKUP], key=use.key, lookup=title)
                    yield Way(LOOKUP, says, lookup=use.table, key=use.key)

    def _has_row(self, lookup: str, key: str) -> bool:
        """Has somebody given it one meanwhile, in the flow or in the record's binding?"""
        record = self._story.record
        with suppress(DocumentError):
            published = load_flow(self._things.workspace, record.flow)
            tables = bound(self._things.ledger, published, record.binding).applied(published).flow.lookups
            return lookup in tables and key in tables[lookup].rows
        return False

    def _system_of(self, place: Place) -> str:
        if self._loaded is None:
            return ""
        step = self._step(place.step)
        return step.connector if step is not None else self._loaded.flow.target()

    def _step(self, name: str) -> Step | None:
        steps = self._loaded.flow.steps if self._loaded is not None else ()
        return next((each for each in steps if each.name == name), None)

    def _is_mapped(self, place: Place) -> bool:
        step = self._step(place.step)
        return step is not None and any(field.path == place.target for field in step.fields)

    def _field_title(self, place: Place) -> str:
        loaded, step = self._loaded, self._step(place.step)
        if loaded is None or step is None or not place.field:
            return place.field
        about = schema_at(loaded.connectors[step.connector].resources[step.resource].schema, place.target)
        return self._say.titled(str((about or {}).get("title", place.field)))
