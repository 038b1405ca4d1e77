"""Connectors at hand: read once, and again when one of their files has changed."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from engine.connectors.connector import Connector
from engine.documents.workspace import Workspace
from engine.errors import DocumentError, Json
from engine.flows.check_connector import sample_records
from engine.flows.library import load_connector

Stamp = tuple[tuple[str, int, int], ...]  # name, time and size of each file


class Connectors:
    """The connectors of a workspace and their sample records. Any number of threads may ask."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._lock = threading.Lock()
        self._held: dict[str, tuple[Stamp, Connector | None]] = {}
        self._samples: dict[tuple[str, str], tuple[Stamp, list[Json]]] = {}

    def known(self, names: Iterable[str]) -> dict[str, Connector]:
        """Those of these names that can be read."""
        found = {name: self._connector(name) for name in names}
        return {name: connector for name, connector in found.items() if connector is not None}

    def stamp(self) -> Stamp:
        """Changes with every change of a connector's file."""
        names = self._workspace.connector_names()
        return tuple((f"{name}/{file}", at, size) for name in names for file, at, size in self._stamp(name))

    def samples(self, connector: str, resource: str) -> list[Json]:
        """The sample records that lie beside a connector."""
        stamp = self._stamp(f"{connector}/samples")
        with self._lock:
            held = self._samples.get((connector, resource))
        if held is None or held[0] != stamp:
            try:
                held = stamp, sample_records(self._workspace, connector, resource) if stamp else []
            except DocumentError:
                held = stamp, []
            with self._lock:
                self._samples[connector, resource] = held
        return held[1]

    def _connector(self, name: str) -> Connector | None:
        stamp = self._stamp(name)
        with self._lock:
            held = self._held.get(name)
        if held is None or held[0] != stamp:
            try:
                held = stamp, load_connector(self._workspace, name)
            except DocumentError:
                held = stamp, None  # who loads the flow is told why
            with self._lock:
                self._held[name] = held
        return held[1]

    def _stamp(self, folder: str) -> Stamp:
        path = self._workspace.connectors / folder
        if not folder or ".." in folder or not path.is_dir():
            return ()
        stats = [(file.name, file.stat()) for file in sorted(path.glob("*.json"))]
        return tuple((name, held.st_mtime_ns, held.st_size) for name, held in stats)
