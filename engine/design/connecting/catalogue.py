"""Every system the workspace describes: what it is, how well it is documented, and whether it is connected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.connectors.connector import Connector as Connector  # the studio names it, too
from engine.design.desk import Desk
from engine.errors import DocumentError, LedgerError, Problem
from engine.flows.library import load_connector
from engine.runs.ledger import StoredConnection

LEVELS = ("documented", "observed", "inferred", "not_found")


@dataclass(frozen=True, slots=True)
class Connected:
    """A connection that is kept. needs_sign_in: nobody has agreed in the browser yet, or the sign-in was let go."""

    host: str
    since: datetime
    allow_private: bool
    needs_sign_in: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One system. evidence: level → how many parts; problems: why it cannot be used; connector: None then."""

    name: str
    title: str
    roles: tuple[str, ...]
    evidence: Mapping[str, int]
    connected: Connected | None
    problems: tuple[Problem, ...] = ()
    connector: Connector | None = None


def catalogue(desk: Desk) -> list[Entry]:
    """All systems by title; one whose file is broken, or gone while it is still connected, is among them with why."""
    kept = {stored.name: stored for stored in desk.ledger.connections()}
    names = desk.workspace.connector_names()
    entries = [_entry(desk, name, kept.get(name)) for name in names]
    entries += [_gone(desk, stored) for name, stored in kept.items() if name not in names]
    return sorted(entries, key=lambda entry: entry.title.casefold())


def entry_of(desk: Desk, name: str) -> Entry:
    """One system; DocumentError where there is none of this name."""
    kept = {stored.name: stored for stored in desk.ledger.connections()}
    if name in kept and name not in desk.workspace.connector_names():
        return _gone(desk, kept[name])
    desk.workspace.connector_folder(name)
    return _entry(desk, name, kept.get(name))


def flows_using(desk: Desk, name: str) -> list[str]:
    """The flows that read from or write to this system, as far as their files can be read."""
    found = []
    for flow in desk.workspace.flow_names():
        try:
            document = desk.workspace.read_document(desk.workspace.flow_path(flow)).value
        except DocumentError:
            continue  # `check` tells of it
        held = document if isinstance(document, dict) else {}
        steps = held.get("steps")
        parts = [held.get("source"), *(steps if isinstance(steps, list) else ())]
        if any(isinstance(part, dict) and part.get("connector") == name for part in parts):
            found.append(flow)
    return found


def disconnect(desk: Desk, name: str) -> list[str]:
    """Forget a connection with its secrets and tokens; gives the flows that lack it now. DocumentError if none."""
    if name not in {stored.name for stored in desk.ledger.connections()}:
        desk.workspace.connector_folder(name)  # a name that is not known at all is told with a suggestion
        raise DocumentError([Problem(name, "it is not connected", "There is nothing to do.")])
    desk.ledger.remove_connection(name)
    return flows_using(desk, name)


def _entry(desk: Desk, name: str, stored: StoredConnection | None) -> Entry:
    try:
        connector = load_connector(desk.workspace, name)
    except DocumentError as error:
        return Entry(name, name, (), {}, _connected(desk, None, stored), error.problems)
    levels = [part["level"] for part in connector.evidence]
    evidence = {level: levels.count(level) for level in LEVELS if level in levels}
    connected = _connected(desk, connector, stored)
    return Entry(name, connector.title, connector.roles, evidence, connected, (), connector)


def _gone(desk: Desk, stored: StoredConnection) -> Entry:
    """A connection whose system is described no more: it can be looked at, and let go."""
    where = f"{desk.workspace.relative(desk.workspace.connectors)}/{stored.name}/connector.json"
    what = "the description of this system is gone, and its answers and secrets are still kept"
    problem = Problem(where, what, "Bring the file back, or disconnect the system: then they are forgotten.")
    return Entry(stored.name, stored.name, (), {}, _connected(desk, None, stored), (problem,))


def _connected(desk: Desk, connector: Connector | None, stored: StoredConnection | None) -> Connected | None:
    if stored is None:
        return None
    lacks = False
    if connector is not None and "authorize_url" in connector.http["sign_in"]:
        try:
            lacks = not desk.ledger.read_tokens(stored.name)
        except LedgerError:  # sealed with a key that is gone
            lacks = True
    return Connected(stored.host, stored.saved_at, stored.allow_private, lacks)
