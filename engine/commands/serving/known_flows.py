"""The workspace's flows as their files are now: read again only when a file changed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine.connectors.connector import Connector
from engine.design.desk import Desk
from engine.errors import StudioError
from engine.flows.library import LoadedFlow, load_connector
from engine.runs.serving.due import Scheduled
from engine.runs.serving.zones import flow_zone

CONNECTOR_SECONDS = 10.0  # a thousand webhooks must not read its files a thousand times
Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Known:
    """A flow as its files were at this stamp: sound, or with what is wrong."""

    stamp: Stamp
    loaded: LoadedFlow | None
    scheduled: Scheduled | None
    error: StudioError | None = None


class KnownFlows:
    """Flows by name, as the files say by now. on_error: told once for each broken state of a file."""

    def __init__(self, things: Desk, on_error: Callable[[str, StudioError], None]) -> None:
        self._things = things
        self._on_error = on_error
        self._known: dict[str, Known] = {}
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
        """The flows that cannot run, with what is wrong."""
        return {name: known.error for name, known in self.all().items() if known.error is not None}

    def _current(self, name: str, connectors: Stamp) -> Known:
        stamp = (_seen(self._things.workspace.flows / f"{name}.json"), *connectors)
        known = self._known.get(name)
        if known is None or known.stamp != stamp:
            known = self._known[name] = self._read(name, stamp)
            if known.error is not None:
                self._on_error(name, known.error)
        return known

    def _read(self, name: str, stamp: Stamp) -> Known:
        things = self._things
        try:
            loaded = things.load(name)
            if not loaded.flow.schedules:
                return Known(stamp, loaded, None)
            zone = flow_zone(loaded.flow, things.formulas, things.clock.now())
            return Known(stamp, loaded, Scheduled(name, loaded.flow.schedules, zone))
        except StudioError as error:
            return Known(stamp, None, None, error)

    def _connectors_stamp(self) -> Stamp:
        """Names, sizes and times of the files that any flow may depend on."""
        return tuple(map(_seen, sorted(self._things.workspace.connectors.glob("*/*.json"))))


def _seen(file: Path) -> tuple[str, int, int]:
    try:
        found = file.stat()
    except OSError:  # gone since it was listed
        return str(file), -1, -1
    return str(file), found.st_size, found.st_mtime_ns
