"""What is known of the systems a flow speaks to, so that an operation can write the formula that fits."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path as FilePath
from threading import Lock
from typing import Any

from engine.connectors.connector import Connector
from engine.documents.schemas import validate
from engine.documents.workspace import Workspace
from engine.errors import DocumentError, Json
from engine.flows.check_connector import sample_records
from engine.flows.check_formulas import FormulaChecks, Samples
from engine.flows.flow import Flow, read_flow
from engine.flows.library import LoadedFlow, load_connector
from engine.formulas.lint import Scope

_MOST_KEPT = 8

Stamp = tuple[tuple[str, int, int], ...]


class Schemas:
    """Connectors by name, and what a formula at any place of a flow sees.

    connector: gives a connector, None where it is not there or broken; samples: gives the sample records of a
    resource. Without either nothing is known, and formulas are written as plain paths.
    """

    def __init__(
        self, connector: Callable[[str], Connector | None] = lambda name: None, samples: Samples = lambda c, r: []
    ) -> None:
        self.connector = connector
        self._samples = samples
        self._checks: OrderedDict[str, FormulaChecks] = OrderedDict()
        self._lock = Lock()

    @classmethod
    def of(cls, workspace: Workspace) -> Schemas:
        """Those of a workspace, read again when its files change."""
        return cls(_Connectors(workspace).get, partial(sample_records, workspace))

    def target(self, step: Mapping[str, Json]) -> Mapping[str, Json] | None:
        """The schema of what a step writes; None where it is not known."""
        connector = self.connector(str(step.get("connector", "")))
        resource = connector.resources.get(str(step.get("resource", ""))) if connector else None
        return resource.schema if resource else None

    def scope(self, document: Mapping[str, Json], path: tuple[str | int, ...]) -> Scope | None:
        """What a formula at this path sees and fills; None where the flow or a connector of it cannot be read."""
        if validate(document, "flow"):
            return None
        flow = read_flow("", document)
        connectors = {name: self.connector(name) for name in flow.connectors()}
        known = {name: connector for name, connector in connectors.items() if connector is not None}
        if len(known) < len(connectors):
            return None
        return self._checks_of(document, flow, known).scope(path)

    def _checks_of(self, document: Mapping[str, Json], flow: Flow, known: Mapping[str, Connector]) -> FormulaChecks:
        """The lint's view of the flow; the same again where nothing changed but formulas of fields."""
        steps = [
            (step.name, step.connector, step.resource, step.each, step.when, [f for f in step.fields if f.is_list])
            for step in flow.steps
        ]
        parts = [{name: document.get(name) for name in ("source", "questions", "values")}, steps]
        key = json.dumps([parts, [id(connector) for connector in known.values()]], default=repr)
        with self._lock:
            checks = self._checks.get(key) or FormulaChecks(LoadedFlow(flow, known, "", {}), "", "", self._samples)
            self._checks[key] = checks  # it keeps the connectors, so that their ids stay theirs
            self._checks.move_to_end(key)
            while len(self._checks) > _MOST_KEPT:
                self._checks.popitem(last=False)
        return checks


class _Connectors:
    """The connectors of a workspace, each read once for each state of its files."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._held: dict[str, tuple[Stamp, Connector | None]] = {}

    def get(self, name: str) -> Connector | None:
        stamp = _stamp(self._workspace.connectors / name) if name else ()
        if name not in self._held or self._held[name][0] != stamp:
            self._held[name] = (stamp, self._read(name))
        return self._held[name][1]

    def _read(self, name: str) -> Connector | None:
        try:
            return load_connector(self._workspace, name)
        except DocumentError:
            return None  # `check` tells what is wrong with it; a formula can be written without


def _stamp(folder: FilePath) -> Stamp:
    """Tells whether a file of the folder was changed."""
    found: list[Any] = []
    for path in sorted(folder.rglob("*.json")):
        about = path.stat()
        found.append((path.name, about.st_mtime_ns, about.st_size))
    return tuple(found)
