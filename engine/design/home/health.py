"""How each flow is, in a word: all well, needs somebody, stopped, paused, off, never ran, not connected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from engine.design.home.known import Known, zone_of
from engine.design.home.seen import Seen
from engine.design.localised import localised
from engine.design.running.overview import moment_in_words
from engine.design.running.schedule_words import in_words
from engine.errors import Problem
from engine.flows.flow import Schedule
from engine.flows.library import LoadedFlow
from engine.flows.schedules import next_due
from engine.formulas.words import Template
from engine.runs.bindings import DEFAULT, Bound
from engine.runs.ledger import StoredRun
from engine.runs.ledger.causes import StoredCause
from engine.runs.ledger.pauses import Pause
from engine.runs.ledger.rows import RUNNING
from engine.runs.ledger.standing import Standing
from engine.runs.telling.texts import HINTED, PATIENT, RUNS_IN_A_ROW, STOPPED


class Condition(StrEnum):
    """How a flow is; the first that is so."""

    BROKEN = "broken"
    UNCONNECTED = "unconnected"
    OFF = "off"
    PAUSED = "paused"
    STOPPED = "stopped"
    NEEDS = "needs"
    NEW = "new"
    WELL = "well"


WORDS: dict[Condition, Template] = {
    Condition.BROKEN: "cannot be used",
    Condition.UNCONNECTED: "not connected",
    Condition.OFF: "off",
    Condition.PAUSED: "paused",
    Condition.STOPPED: "stopped",
    Condition.NEEDS: "needs somebody",
    Condition.NEW: "never ran",
    Condition.WELL: "all well",
}


@dataclass(frozen=True, slots=True)
class FlowHealth:
    """A flow with one binding. title, binding_title, records: in the reader's words (records: what the source calls
    them, as Orders; kind: order); word: its condition; lacking: titles of its systems that are not connected; last_run:
    the latest; next_words: "today 14:05", in the reader's zone; pause, problem: where there is one.
    """

    flow: str
    binding: str
    title: str
    binding_title: str
    source: str
    target: str
    records: str
    kind: str
    condition: Condition
    word: str
    standing: Standing = field(default_factory=Standing)
    lacking: tuple[str, ...] = ()
    schedule: str = ""
    is_scheduled: bool = False
    last_run: StoredRun | None = None
    next_due: datetime | None = None
    next_words: str = ""
    pause: Pause | None = None
    problem: Problem | None = None

    @property
    def is_default(self) -> bool:
        return self.binding == DEFAULT

    @property
    def called(self) -> str:
        """Its title, with its binding where that is not the usual one."""
        return self.title if self.is_default else f"{self.title} ({self.binding_title or self.binding})"

    @property
    def is_running(self) -> bool:
        return self.last_run is not None and self.last_run.state == RUNNING

    @property
    def is_in_use(self) -> bool:
        """Does it belong among those that somebody looks after? One that cannot run and never did does not."""
        return self.condition not in (Condition.UNCONNECTED, Condition.OFF) or self.last_run is not None


def templates() -> list[Template]:
    """Every template of this module, for whoever translates them."""
    return list(WORDS.values())


def health(seen: Seen) -> list[FlowHealth]:
    """Every flow with each of its bindings, those first that need somebody."""
    found = [each for known in seen.flows for each in _of_flow(seen, known)]
    order = {Condition.STOPPED: 0, Condition.BROKEN: 1, Condition.NEEDS: 2, Condition.PAUSED: 4, Condition.NEW: 5}
    order |= {Condition.OFF: 6, Condition.UNCONNECTED: 7}
    return sorted(found, key=lambda each: (not each.is_in_use, order.get(each.condition, 3), each.title.casefold()))


def stops(cause: StoredCause) -> bool:
    """Does it keep a flow from running, and is it not mostly over with the next run?"""
    if cause.sort not in (STOPPED, HINTED):
        return False
    return cause.kind not in PATIENT or cause.records >= RUNS_IN_A_ROW


def _of_flow(seen: Seen, known: Known) -> Iterator[FlowHealth]:
    if known.loaded is None:
        said = _word(seen, Condition.BROKEN)
        yield FlowHealth(known.name, DEFAULT, known.name, "", "", "", "", "", *said, problem=known.problem)
        return
    shown = localised(known.loaded, seen.translations)
    for held in seen.bound(known.loaded):
        yield _of_binding(seen, known, shown, held)


def _of_binding(seen: Seen, known: Known, shown: LoadedFlow, held: Bound) -> FlowHealth:
    flow, place = shown.flow, (held.flow, held.name)
    standing, last_run, pause = (
        seen.standing.get(place, Standing()),
        seen.last_runs.get(place),
        seen.pause_of(held.flow),
    )
    lacking = tuple(
        connector.title
        for name, connector in shown.connectors.items()
        if held.connections[name] not in seen.connections
    )
    zone = zone_of(seen.desk, known, held)
    problem = zone if isinstance(zone, Problem) else None
    is_stopped = any((cause.flow, cause.binding) == place and stops(cause) for cause in seen.stopped)
    condition = _first(
        {
            Condition.BROKEN: problem is not None,
            Condition.UNCONNECTED: bool(lacking),
            Condition.OFF: not held.is_on,
            Condition.PAUSED: pause is not None,
            Condition.STOPPED: is_stopped,
            Condition.NEEDS: bool(standing.parked),
            Condition.NEW: last_run is None,
        }
    )
    schedules = held.scheduled(flow)
    moment = _next(seen, held, schedules, zone) if isinstance(zone, ZoneInfo) and not lacking else None
    resource = shown.connectors[flow.source.connector].resources.get(flow.source.resource)
    return FlowHealth(
        *place,
        flow.title,
        held.title,
        shown.connectors[flow.source.connector].title,
        shown.connectors[flow.target()].title,
        resource.title if resource is not None else "",
        resource.kind or "" if resource is not None else "",
        *_word(seen, condition),
        standing,
        lacking,
        in_words(schedules, seen.translations),
        bool(schedules),
        last_run,
        moment,
        "" if moment is None else moment_in_words(moment, seen.now, seen.zone, seen.translations),
        pause,
        problem,
    )


def _next(seen: Seen, held: Bound, schedules: tuple[Schedule, ...], zone: ZoneInfo) -> datetime | None:
    """When it runs next by itself; never before a person let it run once."""
    if not schedules or not held.is_on or seen.pause_of(held.flow) is not None:
        return None
    if not seen.desk.ledger.was_run(held.flow, held.name):
        return None
    planned = seen.timetable.get((held.flow, held.name))
    kept = planned.due_at if planned is not None else None
    return kept if kept is not None and kept > seen.now else next_due(schedules, seen.now, zone)


def _first(held: Mapping[Condition, bool]) -> Condition:
    return next((condition for condition, is_so in held.items() if is_so), Condition.WELL)


def _word(seen: Seen, condition: Condition) -> tuple[Condition, str]:
    return condition, seen.say(WORDS[condition])
