"""The workspace's flows as they are shown on Home: read again only when a file of them changed."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from engine.connectors.connector import Connector
from engine.design.desk import Desk
from engine.errors import DocumentError, Problem
from engine.flows.library import LoadedFlow, load_flow_text
from engine.runs.bindings import Bound
from engine.runs.serving.zones import flow_zone

Stamp = tuple[tuple[str, int, int], ...]
_MOST_WORKSPACES = 8


@dataclass(slots=True)
class Known:
    """A flow as its files were at this stamp, or why it cannot be used. zones: those of its bindings' schedules."""

    name: str
    stamp: Stamp
    loaded: LoadedFlow | None
    problem: Problem | None = None
    zones: dict[tuple[str, datetime | None], ZoneInfo | Problem] = field(default_factory=dict)


class KnownFlows:
    """The flows of one workspace. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connectors: tuple[Stamp, dict[str, Connector]] = ((), {})
        self._known: dict[str, Known] = {}

    def all(self, desk: Desk) -> list[Known]:
        """Every flow by its name, as the files are now."""
        workspace = desk.workspace
        names = workspace.flow_names()
        with self._lock:
            of_connectors = tuple(map(_seen, sorted(workspace.connectors.glob("*/*.json"))))
            if of_connectors != self._connectors[0]:
                self._connectors = (of_connectors, {})
                self._known = {}
            found = {name: self._current(desk, name) for name in names}
            self._known = found
        return list(found.values())

    def _current(self, desk: Desk, name: str) -> Known:
        stamp = (_seen(desk.workspace.flows / f"{name}.json"),)
        known = self._known.get(name)
        if known is not None and known.stamp == stamp:
            return known
        try:
            return Known(name, stamp, self._load(desk, name))
        except DocumentError as error:
            return Known(name, stamp, None, error.problems[0])

    def _load(self, desk: Desk, name: str) -> LoadedFlow:
        """With connectors that are read once for all flows."""
        text = desk.workspace.read_document(desk.workspace.flow_path(name)).text
        loaded = load_flow_text(desk.workspace, name, text, self._connectors[1])
        self._connectors[1].update(loaded.connectors)
        return loaded


_HELD: dict[Path, KnownFlows] = {}
_LOCK = threading.Lock()


def known_flows(desk: Desk) -> list[Known]:
    """Every flow of the desk's workspace."""
    with _LOCK:
        if desk.workspace.root not in _HELD and len(_HELD) >= _MOST_WORKSPACES:
            _HELD.clear()
        held = _HELD.setdefault(desk.workspace.root, KnownFlows())
    return held.all(desk)


def zone_of(desk: Desk, known: Known, held: Bound) -> ZoneInfo | Problem:
    """The zone in which a binding's schedules are meant, or why there is none."""
    assert known.loaded is not None
    place = (held.name, held.saved_at)
    if place not in known.zones:
        flow = known.loaded.flow
        try:
            known.zones[place] = flow_zone(flow, desk.formulas, desk.clock.now(), held.answered(flow))
        except DocumentError as error:
            known.zones[place] = error.problems[0]
    return known.zones[place]


def titles_of_systems(known: list[Known]) -> Mapping[str, str]:
    """What the systems of these flows are called, by name."""
    return {
        name: connector.title
        for each in known
        if each.loaded is not None
        for name, connector in each.loaded.connectors.items()
    }


def _seen(file: Path) -> tuple[str, int, int]:
    try:
        found = file.stat()
    except OSError:  # gone since it was listed
        return str(file), -1, -1
    return str(file), found.st_size, found.st_mtime_ns
