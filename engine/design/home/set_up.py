"""What keeps flows from running, or somebody from knowing: a sign-in, an account, a schedule nobody keeps, the disk."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from engine.design.desk import command_line
from engine.design.home.health import Condition, FlowHealth, stops
from engine.design.home.needing import BUTTONS, SENTENCES, Need, Sort, Way
from engine.design.home.seen import Seen
from engine.design.people.rights import Role
from engine.design.running.overview import moment_in_words
from engine.design.support.causes import SET_UP, STOPPED
from engine.flows.library import LoadedFlow
from engine.runs.ledger.causes import StoredCause
from engine.runs.serving.due import LONG_RUN
from engine.runs.telling.recipients import failing

LEAST_FREE_MB = 1_000
BACKUP_DAYS, FIRST_DAYS = 7, 1  # so old may the last one be; so long may a workspace work without one
_MOST_CHARS = 160


def set_up_needs(seen: Seen, flows: Sequence[FlowHealth]) -> Iterator[Need]:
    """Of the whole workspace first, then flow by flow, then what is only prudent."""
    looking = _Looking(seen, {(each.flow, each.binding): each for each in flows})
    yield from looking.disk()
    yield from looking.ledger()
    yield from looking.serve()
    yield from looking.sign_ins()
    for each in flows:
        yield from looking.of_flow(each)
    yield from looking.telling()
    yield from looking.first_runs()
    yield from looking.backup()


@dataclass(frozen=True, slots=True)
class _Looking:
    """Goes over what was seen."""

    seen: Seen
    flows: dict[tuple[str, str], FlowHealth]

    # --- of the whole workspace

    def disk(self) -> Iterator[Need]:
        free = shutil.disk_usage(self.seen.desk.workspace.root).free // 1_000_000
        if free < LEAST_FREE_MB:
            yield self._need("disk", self._way("doctor", "settings", part="about"), free=free)

    def ledger(self) -> Iterator[Need]:
        """A folder that was made read-only shows nothing until something is to be written."""
        path = self.seen.desk.workspace.ledger_path
        if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
            yield self._need("ledger", self._way("doctor", "settings", part="about"))

    def serve(self) -> Iterator[Need]:
        """Flows that a person let run once, and that are to go on by themselves."""
        if not self.seen.is_served and any(each.next_due is not None for each in self.flows.values()):
            need = self._need("serve", self._way("all runs", "runs"))
            yield replace(need, since=self.seen.served_at, hint=command_line(self.seen.desk.workspace.root, "serve"))

    def sign_ins(self) -> Iterator[Need]:
        """Connections that flows use and that nobody has agreed to in the browser."""
        told = set()
        for loaded in (known.loaded for known in self.seen.flows if known.loaded is not None):
            for held in self.seen.bound(loaded):
                for name, connector in loaded.connectors.items():
                    stored = self.seen.connections.get(held.connections[name])
                    if stored is None or stored.name in told or not held.is_on:
                        continue
                    if self.seen.lacks_sign_in(connector, stored):
                        told.add(stored.name)
                        yield self._need("agreement", self._to_system(name, connector.title), system=connector.title)

    def telling(self) -> Iterator[Need]:
        for each in failing(self.seen.desk.ledger):
            yield self._need("telling", self._way("notifications", "settings", part="notifications"), who=each.named)

    def first_runs(self) -> Iterator[Need]:
        """One line for all of them: with a new workspace they are many."""
        waiting = [
            each
            for each in self.flows.values()
            if each.condition is Condition.NEW and each.is_scheduled and not self._was_run(each)
        ]
        if len(waiting) == 1:
            [one] = waiting
            way = self._way("checklist", "runs", flow=one.flow, binding=one.binding, part="checklist")
            yield self._need("first run", way, one, count=1)
        elif waiting:
            yield self._need("first run", self._way("all runs", "runs"), count=len(waiting))

    def backup(self) -> Iterator[Need]:
        """Only where something has happened that would be lost: a run, some days ago or since the last one."""
        ledger, now = self.seen.desk.ledger, self.seen.now
        way = self._way("backup", "settings", Role.ADMINISTER, part="backup")
        began = ledger.run(1)
        last = next(iter(ledger.audit(what="backed up", limit=1)), None)
        if last is None:
            if began is not None and now - began.started_at > timedelta(days=FIRST_DAYS):
                yield self._need("never backed up", way)
            return
        latest = max((run.started_at for run in self.seen.last_runs.values()), default=last.at)
        if now - last.at > timedelta(days=BACKUP_DAYS) and latest > last.at:
            days = (now - last.at).days
            yield self._need("old backup", way, count=days)

    # --- of one flow

    def of_flow(self, flow: FlowHealth) -> Iterator[Need]:
        if flow.condition is Condition.BROKEN:
            yield self._broken(flow)
        elif flow.condition is Condition.UNCONNECTED and flow.last_run is not None:
            yield from self._lost_connections(flow)
        elif flow.condition in (Condition.OFF, Condition.PAUSED):
            return
        else:
            mine = (flow.flow, flow.binding)
            for cause in self.seen.stopped:
                if (cause.flow, cause.binding) == mine and stops(cause):
                    yield self._stopped(flow, cause)
            yield from self._late(flow)

    def _broken(self, flow: FlowHealth) -> Need:
        what = flow.problem.what if flow.problem is not None else ""
        shown = what if len(what) <= _MOST_CHARS else what[: _MOST_CHARS - 1] + "…"
        return self._need("broken", self._way("flows", "flows"), flow, what=shown)

    def _lost_connections(self, flow: FlowHealth) -> Iterator[Need]:
        loaded = self._loaded(flow.flow)
        for name, connector in loaded.connectors.items() if loaded is not None else ():
            title = connector.title
            if title in flow.lacking:
                button = self.seen.say(BUTTONS["connect"], system=title)
                way = Way(button, "systems", {"system": name}, Role.ADMINISTER)
                yield self._need("connection", way, flow, system=title)

    def _stopped(self, flow: FlowHealth, stored: StoredCause) -> Need:
        """In the words of the cause; what waits behind it is told, for it goes on by itself afterwards."""
        mine = (flow.flow, flow.binding, stored.kind)
        cause = next((c for c in self.seen.causes if (c.flow, c.binding, c.kind) == mine and c.stops_the_flow), None)
        if cause is None or stored.kind not in STOPPED:
            need = self._need("other", self._to_runs(flow), flow)
        else:
            place = (flow.flow, flow.binding, flow.called)
            way = self._way_on(flow, stored.kind, cause.system)
            need = Need(stored.kind, Sort.SET_UP, cause.what, way, *place, behind=cause.behind)
        return replace(need, since=stored.first_at)

    def _way_on(self, flow: FlowHealth, kind: str, system: str) -> Way:
        here = {"flow": flow.flow, "binding": flow.binding}
        if kind == "company":
            return Way(self.seen.say(BUTTONS["account"]), "runs", {**here, "part": "connections"})
        if kind == "document":
            return self._way("flow", "mapping", flow=flow.flow)
        if kind not in SET_UP:
            return self._to_runs(flow)
        loaded = self._loaded(flow.flow)
        titled = loaded.connectors.items() if loaded is not None else ()
        name = next((name for name, connector in titled if connector.title == system), "")
        if kind == "sign_in" and name:
            return self._to_system(name, system)
        return Way(self.seen.say(BUTTONS["systems"]), "systems", {"system": name} if name else {})

    def _to_runs(self, flow: FlowHealth) -> Way:
        return self._way("runs", "runs", flow=flow.flow, binding=flow.binding)

    def _late(self, flow: FlowHealth) -> Iterator[Need]:
        """Where nobody runs flows at all, that is told once, of all of them."""
        place = (flow.flow, flow.binding)
        planned = self.seen.timetable.get(place)
        if planned is None or not self.seen.is_served:
            return
        way = self._to_runs(flow)
        if place in self.seen.late and planned.due_at is not None:
            yield self._need("late", way, flow, when=self._moment(planned.due_at))
        run = flow.last_run
        if run is not None and flow.is_running and self.seen.now - run.started_at > LONG_RUN:
            yield self._need("long", way, flow, when=self._moment(run.started_at))

    # --- words

    def _need(self, kind: str, way: Way, flow: FlowHealth | None = None, count: int = 1, **holes: str | int) -> Need:
        what = self.seen.say(SENTENCES[kind], count, **holes)
        if flow is None:
            return Need(kind, Sort.SET_UP, what, way)
        return Need(kind, Sort.SET_UP, what, way, flow.flow, flow.binding, flow.called)

    def _way(self, button: str, page: str, role: Role = Role.LOOK, system: str = "", **query: str) -> Way:
        """system: its title, where the button names it."""
        return Way(self.seen.say(BUTTONS[button], system=system), page, query, role)

    def _to_system(self, name: str, title: str) -> Way:
        return Way(self.seen.say(BUTTONS["sign in"], system=title), "systems", {"system": name}, Role.ADMINISTER)

    def _moment(self, moment: datetime) -> str:
        return moment_in_words(moment, self.seen.now, self.seen.zone, self.seen.translations)

    def _was_run(self, flow: FlowHealth) -> bool:
        return self.seen.desk.ledger.was_run(flow.flow, flow.binding)

    def _loaded(self, name: str) -> LoadedFlow | None:
        return next((each.loaded for each in self.seen.flows if each.name == name), None)
