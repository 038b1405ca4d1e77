"""The flows of causes as they are now, ready to map records without asking a system; each is read once, and again only
where a file of it has changed.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Any

from engine.design.desk import Desk
from engine.design.last_settings import last_settings
from engine.design.offline import WorkedOut, last_environment
from engine.design.support.causes import Cause
from engine.errors import DocumentError
from engine.flows.library import LoadedFlow, load_flow

_MOST_REMEMBERED = 1_000


class Memory:
    """What was worked out, for all sessions of a process; the oldest is forgotten."""

    def __init__(self) -> None:
        self._held: OrderedDict[Any, Any] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Any) -> Any:
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def keep(self, key: Any, value: Any) -> None:
        with self._lock:
            self._held[key] = value
            while len(self._held) > _MOST_REMEMBERED:
                self._held.popitem(last=False)


_LOADED = Memory()


class FlowsNow:
    """Those of one look at the causes."""

    def __init__(self, things: Desk) -> None:
        self._things = things
        self._states: dict[tuple[str, str], Any] = {}
        self._loaded: dict[str, LoadedFlow | DocumentError] = {}
        self._worked_out: dict[tuple[str, str], WorkedOut] = {}

    def state(self, cause: Cause) -> Any:
        """Other than before where something has changed that a cause may be mended by."""
        place = (cause.flow, cause.binding)
        if place not in self._states:
            loaded, ledger = self.loaded(cause.flow), self._things.ledger
            version = loaded.version if isinstance(loaded, LoadedFlow) else str(loaded)
            stored = ledger.binding(*place)
            runs = ledger.runs(cause.flow, 1, binding=cause.binding)
            connections = tuple((each.name, each.saved_at) for each in ledger.connections())
            bound_at = None if stored is None else stored.saved_at
            mended = ledger.last_mending(*place)
            self._states[place] = (version, bound_at, connections, mended, *((each.id, each.state) for each in runs))
        return self._states[place]

    def loaded(self, flow: str) -> LoadedFlow | DocumentError:
        if flow not in self._loaded:
            self._loaded[flow] = self._read(flow)
        return self._loaded[flow]

    def _read(self, flow: str) -> LoadedFlow | DocumentError:
        workspace = self._things.workspace
        key = (str(workspace.root), flow)
        known = _LOADED.get(key)
        if known is not None and known[0] == self._written(known[1]):
            return known[1]  # type: ignore[no-any-return]
        try:
            loaded = load_flow(workspace, flow)
        except DocumentError as error:
            return error
        _LOADED.keep(key, (self._written(loaded), loaded))
        return loaded

    def _written(self, loaded: LoadedFlow) -> tuple[tuple[int, int], ...] | None:
        """When its files were written, and how large they are; None where one is gone."""
        try:
            files = [(self._things.workspace.root / path).stat() for path in loaded.sources]
        except OSError:
            return None
        return tuple((file.st_mtime_ns, file.st_size) for file in files)

    def worked_out(self, loaded: LoadedFlow, binding: str) -> WorkedOut:
        """The flow with the binding's answers and rows of today, ready to map records."""
        place = (loaded.flow.name, binding)
        if place not in self._worked_out:
            things = self._things
            settings = last_settings(things.ledger, *place)
            environment = last_environment(things, loaded, loaded, binding, settings, things.clock.now())
            self._worked_out[place] = WorkedOut(loaded, things.formulas, environment)
        return self._worked_out[place]
