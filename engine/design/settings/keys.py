"""What opens doors: connections that are kept, where the ledger's own key is, webhooks; never a secret itself."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from engine.connectors.connector import Connector
from engine.design.connecting.catalogue import Connected, catalogue, works_using
from engine.design.connecting.finding import Finding
from engine.design.connecting.trying import try_connection
from engine.design.desk import Desk
from engine.design.people.rights import Role, needs
from engine.errors import StudioError
from engine.runs.bindings import DEFAULT
from engine.runs.ledger.sealing import ENVIRONMENT_VARIABLE
from engine.runs.ledger.store import KEY_FILE


@dataclass(frozen=True, slots=True)
class Kept:
    """A connection. works: the flows and bindings that go through it; used_at: when one of them ran last; signed_in_at:
    when its token was renewed last, where it has one; connector: None where its description cannot be used.
    """

    name: str
    system: str
    title: str
    about: Connected
    works: tuple[str, ...]
    used_at: datetime | None
    signed_in_at: datetime | None
    connector: Connector | None


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """Where the ledger's key comes from. path: None where the environment holds it; mode: the file's rights, as 0600;
    is_open: others on this machine may read it.
    """

    path: Path | None
    mode: str = ""
    is_open: bool = False

    @property
    def variable(self) -> str:
        return ENVIRONMENT_VARIABLE


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook that was registered. address: without the secret part at its end."""

    connection: str
    event: str
    address: str
    at: datetime


def connections(desk: Desk) -> list[Kept]:
    """Every connection that is kept, by system."""
    found = []
    for entry in catalogue(desk):
        held = {**({entry.name: entry.connected} if entry.connected else {}), **entry.others}
        for name, about in held.items():
            works = tuple(works_using(desk, entry.name, name))
            signed_in_at = desk.ledger.signed_in_at(name)
            used_at = _used_at(desk, works)
            found.append(Kept(name, entry.name, entry.title, about, works, used_at, signed_in_at, entry.connector))
    return found


def _used_at(desk: Desk, works: tuple[str, ...]) -> datetime | None:
    moments = []
    for work in works:
        flow, _, binding = work.partition(", ")
        moments += [run.started_at for run in desk.ledger.runs(flow, 1, binding=binding or DEFAULT)]
    return max(moments, default=None)


@needs(Role.ADMINISTER, "try a connection")
def try_kept(desk: Desk, kept: Kept) -> Finding:
    """What a connection finds now; it only reads."""
    if kept.connector is None:
        return Finding(False, connector=kept.system)
    try:
        return try_connection(desk, kept.connector, name=kept.name)
    except StudioError as error:
        return Finding(False, problem=error.as_problem(), connector=kept.system)


def key_place(desk: Desk) -> KeyPlace:
    """Where the key is, never what it is."""
    if os.environ.get(ENVIRONMENT_VARIABLE):
        return KeyPlace(None)
    path = desk.workspace.ledger_path.with_name(KEY_FILE)
    try:
        mode = path.stat().st_mode & 0o777
    except OSError:  # taken away since the ledger was opened
        return KeyPlace(path)
    return KeyPlace(path, f"{mode:04o}", bool(mode & 0o077) and os.name == "posix")


def webhooks(desk: Desk) -> list[Hook]:
    """Every webhook that is registered, by connection."""
    return [Hook(each.connection, each.event, each.address, each.at) for each in desk.ledger.webhooks()]
