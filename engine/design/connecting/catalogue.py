"""Every system the workspace describes: what it is, how well it is documented, and whether it is connected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.connectors.connector import Connector as Connector  # the studio names it, too
from engine.design.desk import Desk
from engine.design.people.rights import Role, needs
from engine.errors import DocumentError, LedgerError, Problem
from engine.flows.library import load_connector
from engine.runs.bindings import DEFAULT, binding_names
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
    """One system. evidence: level → how many parts; problems: why it cannot be used; connector: None then.

    connected: its connection of its own name; others: those by other names.
    """

    name: str
    title: str
    roles: tuple[str, ...]
    evidence: Mapping[str, int]
    connected: Connected | None
    problems: tuple[Problem, ...] = ()
    connector: Connector | None = None
    others: Mapping[str, Connected] = field(default_factory=dict)


def catalogue(desk: Desk) -> list[Entry]:
    """All systems by title; one whose file is broken, or gone while it is still connected, is among them with why."""
    kept = _kept(desk)
    names = desk.workspace.connector_names()
    entries = [_entry(desk, name, kept.get(name, [])) for name in names]
    entries += [_gone(desk, name, stored) for name, stored in kept.items() if name not in names]
    return sorted(entries, key=lambda entry: entry.title.casefold())


def entry_of(desk: Desk, name: str) -> Entry:
    """One system; DocumentError where there is none of this name."""
    kept = _kept(desk)
    if name in kept and name not in desk.workspace.connector_names():
        return _gone(desk, name, kept[name])
    desk.workspace.connector_folder(name)
    return _entry(desk, name, kept.get(name, []))


def _kept(desk: Desk) -> dict[str, list[StoredConnection]]:
    """The connections of each system."""
    kept: dict[str, list[StoredConnection]] = {}
    for stored in desk.ledger.connections():
        kept.setdefault(stored.connector, []).append(stored)
    return kept


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


def works_using(desk: Desk, system: str, connection: str) -> list[str]:
    """What works through this connection of a system: flows, and those of their bindings that are not the default."""
    found = []
    for flow in flows_using(desk, system):
        stored = {each.name: each for each in desk.ledger.bindings(flow)}
        for name in binding_names(desk.ledger, flow):
            connections = stored[name].connections if name in stored else {}
            if connections.get(system, system) == connection:
                found.append(flow if name == DEFAULT else f"{flow}, {name}")
    return found


@needs(Role.ADMINISTER, "disconnect a system")
def disconnect(desk: Desk, system: str, name: str = "") -> list[str]:
    """Forget a connection with its secrets and tokens; gives what lacks it now, as `works_using`.

    name: of the connection, else the system's own. DocumentError where it is not connected.
    """
    name = name or system
    mine = {stored.name for stored in desk.ledger.connections() if stored.connector == system}
    if name not in mine:
        if not mine:
            desk.workspace.connector_folder(system)  # a name that is not known at all is told with a suggestion
        if name == system:
            raise DocumentError([Problem(name, "it is not connected", "There is nothing to do.")])
        known = ", ".join(sorted(mine)) or "none"
        raise DocumentError([Problem(system, f"it has no connection {name}", f"There are: {known}.")])
    desk.ledger.remove_connection(name, desk.person.name, desk.clock.now())
    return works_using(desk, system, name)


def _entry(desk: Desk, name: str, stored: list[StoredConnection]) -> Entry:
    own, others = _parted(name, stored)
    try:
        connector = load_connector(desk.workspace, name)
    except DocumentError as error:
        return Entry(name, name, (), {}, _connected(desk, None, own), error.problems)
    levels = [part["level"] for part in connector.evidence]
    evidence = {level: levels.count(level) for level in LEVELS if level in levels}
    more = {each.name: held for each in others if (held := _connected(desk, connector, each)) is not None}
    connected = _connected(desk, connector, own)
    return Entry(name, connector.title, connector.roles, evidence, connected, (), connector, more)


def _gone(desk: Desk, name: str, stored: list[StoredConnection]) -> Entry:
    """Connections whose system is described no more: they can be looked at, and let go."""
    own, others = _parted(name, stored)
    where = f"{desk.workspace.relative(desk.workspace.connectors)}/{name}/connector.json"
    what = "the description of this system is gone, and its answers and secrets are still kept"
    problem = Problem(where, what, "Bring the file back, or disconnect the system: then they are forgotten.")
    more = {each.name: held for each in others if (held := _connected(desk, None, each)) is not None}
    return Entry(name, name, (), {}, _connected(desk, None, own), (problem,), None, more)


def _parted(name: str, stored: list[StoredConnection]) -> tuple[StoredConnection | None, list[StoredConnection]]:
    """The connection of the system's own name, and the others."""
    own = next((each for each in stored if each.name == name), None)
    return own, [each for each in stored if each.name != name]


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
