"""The workspace's flows and their bindings as they are now: read again only when something of them changed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from engine.connectors.connector import Connector
from engine.design.desk import Desk
from engine.errors import StudioError
from engine.flows.library import LoadedFlow, load_connector
from engine.runs.bindings import Bound, all_bound
from engine.runs.serving.due import Scheduled
from engine.runs.serving.names import Name
from engine.runs.serving.ready import Ready
from engine.runs.serving.zones import flow_zone

CONNECTOR_SECONDS = 10.0  # a thousand webhooks must not read its files a thousand times
Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Known:
    """A flow as its files were at this stamp: sound, or with what is wrong."""

    stamp: Stamp
    loaded: LoadedFlow | None
    error: StudioError | None = None


@dataclass(frozen=True, slots=True)
class _Bound:
    """A binding as it was when the flow had this stamp: ready to run, off, or with what is wrong."""

    stamp: Stamp
    saved_at: datetime | None
    ready: Ready | None
    error: StudioError | None = None


class KnownFlows:
    """Flows by name, as the files say by now. on_error: told once for each broken state of a file."""

    def __init__(self, things: Desk, on_error: Callable[[Name, StudioError], None]) -> None:
        self._things = things
        self._on_error = on_error
        self._known: dict[str, Known] = {}
        self._bound: dict[Name, _Bound] = {}
        self._connections: tuple[float, dict[str, str]] = (0.0, {})
        self._connectors: dict[str, tuple[float, Connector | None]] = {}
        self._lock = threading.Lock()

    def load(self, name: str) -> LoadedFlow:
        """The flow, sound; else the error that says what is wrong with it."""
        with self._lock:
            known = self._current(name, self._connectors_stamp())
        if known.error is not None:
            raise known.error
        assert known.loaded is not None
        return known.loaded

    def all(self) -> dict[str, Known]:
        """Every flow by its name, as the files are now."""
        with self._lock:
            connectors = self._connectors_stamp()
            return {name: self._current(name, connectors) for name in self._things.workspace.flow_names()}

    def begun(self) -> list[Ready]:
        """Those that run by themselves: a person let them run once. Nobody's stock changes because of a file."""
        return [each for each in self.ready() if self._things.ledger.was_run(*each.name)]

    def waiting(self) -> list[Name]:
        """Those with a schedule that nobody has let run yet."""
        clocked = [each.name for each in self.ready() if each.scheduled is not None]
        return [name for name in clocked if not self._things.ledger.was_run(*name)]

    def ready(self) -> list[Ready]:
        """Every sound flow, with each of its bindings that is on."""
        return [known.ready for known in self._bindings(self.all()).values() if known.ready is not None]

    def connector_of(self, connection: str) -> Connector | None:
        """The description of the system that a connection leads to."""
        with self._lock:
            at, known = self._connections
            if time.monotonic() - at > CONNECTOR_SECONDS or connection not in known:
                known = {stored.name: stored.connector for stored in self._things.ledger.connections()}
                self._connections = (time.monotonic(), known)
        return self.connector(known.get(connection, connection))

    def connector(self, name: str) -> Connector | None:
        """A system's description as it stands in its files; None where there is none that can be read."""
        with self._lock:
            at, found = self._connectors.get(name, (0.0, None))
            if found is None or time.monotonic() - at > CONNECTOR_SECONDS:
                try:
                    found = load_connector(self._things.workspace, name)
                except StudioError:
                    found = None
                self._connectors[name] = (time.monotonic(), found)
            return found

    def broken(self) -> dict[str, StudioError]:
        """The flows, and their bindings, that cannot run, with what is wrong."""
        flows = self.all()
        found = {name: known.error for name, known in flows.items() if known.error is not None}
        bound = {str(name): known.error for name, known in self._bindings(flows).items() if known.error is not None}
        return {**found, **bound}

    def _bindings(self, flows: Mapping[str, Known]) -> dict[Name, _Bound]:
        """Every binding of the sound ones among these flows, of all there are; others are forgotten."""
        found = {}
        for flow in flows.values():
            if flow.loaded is None:
                continue
            for held in all_bound(self._things.ledger, flow.loaded):
                with self._lock:
                    found[Name(held.flow, held.name)] = self._of_binding(flow.stamp, flow.loaded, held)
        with self._lock:
            self._bound = {name: known for name, known in self._bound.items() if name in found}
        return found

    def _current(self, name: str, connectors: Stamp) -> Known:
        stamp = (_seen(self._things.workspace.flows / f"{name}.json"), *connectors)
        known = self._known.get(name)
        if known is None or known.stamp != stamp:
            known = self._known[name] = self._read(name, stamp)
            if known.error is not None:
                self._on_error(Name(name), known.error)
        return known

    def _of_binding(self, stamp: Stamp, loaded: LoadedFlow, held: Bound) -> _Bound:
        name = Name(held.flow, held.name)
        known = self._bound.get(name)
        if known is None or (known.stamp, known.saved_at) != (stamp, held.saved_at):
            known = self._bound[name] = self._read_binding(stamp, loaded, held)
            if known.error is not None:
                self._on_error(name, known.error)
        return known

    def _read_binding(self, stamp: Stamp, loaded: LoadedFlow, held: Bound) -> _Bound:
        things, name = self._things, Name(held.flow, held.name)
        if not held.is_on:
            return _Bound(stamp, held.saved_at, None)
        schedules = held.scheduled(loaded.flow)
        try:
            scheduled = None
            if schedules:
                zone = flow_zone(loaded.flow, things.formulas, things.clock.now(), held.answered(loaded.flow))
                scheduled = Scheduled(name.flow, schedules, zone, name.binding)
        except StudioError as error:
            return _Bound(stamp, held.saved_at, None, error)
        return _Bound(stamp, held.saved_at, Ready(name, loaded, held, scheduled))

    def _read(self, name: str, stamp: Stamp) -> Known:
        try:
            return Known(stamp, self._things.load(name))
        except StudioError as error:
            return Known(stamp, None, error)

    def _connectors_stamp(self) -> Stamp:
        """Names, sizes and times of the files that any flow may depend on."""
        return tuple(map(_seen, sorted(self._things.workspace.connectors.glob("*/*.json"))))


def _seen(file: Path) -> tuple[str, int, int]:
    try:
        found = file.stat()
    except OSError:  # gone since it was listed
        return str(file), -1, -1
    return str(file), found.st_size, found.st_mtime_ns
