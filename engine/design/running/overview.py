"""Every flow with its bindings: on or off, when it runs by itself, how its last run went, what is parked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from engine.design.desk import Desk
from engine.design.running.schedule_words import in_words
from engine.errors import DocumentError, Problem
from engine.flows.flow import Schedule
from engine.flows.library import LoadedFlow, load_flow
from engine.flows.schedules import next_due
from engine.formulas.words import Speech, Template, Translations
from engine.runs.bindings import DEFAULT, Bound, all_bound
from engine.runs.ledger import StoredRun
from engine.runs.ledger.pauses import Pause
from engine.runs.ledger.rows import PARKED, WAITING
from engine.runs.serving.zones import flow_zone, machine_zone

SENTENCES: dict[str, Template] = {
    "today": "today {at}",
    "tomorrow": "tomorrow {at}",
    "day": "{day} {at}",
}


@dataclass(frozen=True, slots=True)
class SystemRow:
    """A system of a flow and the connection that a binding uses. is_connected: there is such a connection."""

    name: str
    title: str
    connection: str
    is_connected: bool


@dataclass(frozen=True, slots=True)
class BindingRow:
    """A flow with one binding, as a list shows it.

    schedule: in words; schedules: as data; own_schedule: it is not the flow's; next_due: None where it does not run by
    itself; next_words: "today 14:05"; last_run: the latest; states: how many records are in each state; pause: holds it
    back; problem: why the flow cannot be used, or why its last run by itself could not begin or stopped; saved_at: None
    for a binding that was never saved.
    """

    flow: str
    flow_title: str
    name: str
    title: str
    is_on: bool
    systems: tuple[SystemRow, ...] = ()
    schedule: str = ""
    schedules: tuple[Schedule, ...] = ()
    own_schedule: bool = False
    zone: str = ""
    next_due: datetime | None = None
    next_words: str = ""
    last_run: StoredRun | None = None
    states: Mapping[str, int] | None = None
    pause: Pause | None = None
    problem: Problem | None = None
    saved_at: datetime | None = None

    @property
    def is_default(self) -> bool:
        return self.name == DEFAULT

    @property
    def parked(self) -> int:
        return (self.states or {}).get(PARKED, 0)

    @property
    def waiting(self) -> int:
        return (self.states or {}).get(WAITING, 0)


def templates() -> list[Template]:
    """What is translated."""
    return [*SENTENCES.values()]


def overview(desk: Desk, flow: str = "", translations: Translations | None = None) -> list[BindingRow]:
    """Every binding of a flow, or of all flows; a flow that cannot be read is among them with why."""
    rows: list[BindingRow] = []
    for name in [flow] if flow else desk.workspace.flow_names():
        try:
            loaded = load_flow(desk.workspace, name)
        except DocumentError as error:
            if flow:
                raise
            rows.append(BindingRow(name, name, DEFAULT, "", False, problem=error.problems[0]))
            continue
        rows += [row_of(desk, loaded, held, translations) for held in all_bound(desk.ledger, loaded)]
    return rows


def row_of(desk: Desk, loaded: LoadedFlow, held: Bound, translations: Translations | None = None) -> BindingRow:
    """One binding as a row."""
    now, flow = desk.clock.now(), loaded.flow
    connected = {each.name for each in desk.ledger.connections()}
    systems = tuple(
        SystemRow(name, connector.title, held.connections[name], held.connections[name] in connected)
        for name, connector in loaded.connectors.items()
    )
    schedules = held.scheduled(flow)
    pause = desk.ledger.paused(flow.name)
    zone, problem = _zone(desk, loaded, held, now)
    planned = next((p for p in desk.ledger.timetable() if (p.flow, p.binding) == (flow.name, held.name)), None)
    moment = None
    if held.is_on and pause is None and schedules and problem is None:
        kept = planned.due_at if planned is not None else None
        moment = kept if kept is not None and kept > now else next_due(schedules, now, zone)
    return BindingRow(
        flow.name,
        flow.title,
        held.name,
        held.title,
        held.is_on,
        systems,
        in_words(schedules, translations),
        schedules,
        held.schedules is not None,
        str(zone),
        moment,
        moment_in_words(moment, now, zone, translations) if moment else "",
        next(iter(desk.ledger.runs(flow.name, 1, binding=held.name)), None),
        desk.ledger.states_of_binding(flow.name, held.name),
        pause,
        problem or (planned.problem if planned is not None else None),
        held.saved_at,
    )


def moment_in_words(moment: datetime, now: datetime, zone: ZoneInfo, translations: Translations | None = None) -> str:
    """A moment as people say it there: today 14:05, tomorrow 02:30, 2026-12-01 02:30."""
    there, today = moment.astimezone(zone), now.astimezone(zone).date()
    names = {today: "today", today + timedelta(days=1): "tomorrow"}
    template = SENTENCES[names.get(there.date(), "day")]
    return Speech(translations)(template, day=there.date().isoformat(), at=f"{there:%H:%M}")


def _zone(desk: Desk, loaded: LoadedFlow, held: Bound, now: datetime) -> tuple[ZoneInfo, Problem | None]:
    try:
        return flow_zone(loaded.flow, desk.formulas, now, held.answered(loaded.flow)), None
    except DocumentError as error:
        return machine_zone(), error.problems[0]
