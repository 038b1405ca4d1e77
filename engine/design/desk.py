"""What most commands work with: the workspace, its ledger, formulas and clock, opened once and closed well."""

from __future__ import annotations

import getpass
import os
import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.connectors.clock import Clock, SystemClock
from engine.connectors.connector import Connector
from engine.connectors.system import System
from engine.design.people.rights import Person, Role
from engine.documents.workspace import Workspace
from engine.errors import DocumentError, Problem
from engine.flows.check import load_sound_flow
from engine.flows.library import LoadedFlow
from engine.formulas import Formulas
from engine.runs.bindings import DEFAULT
from engine.runs.clients import open_system
from engine.runs.ledger import Ledger, StoredConnection
from engine.runs.opening import OpenFlow, open_flow


@dataclass(slots=True)
class Desk:
    """A command's things. person: who is at work; whoever can call commands on this machine may do everything."""

    workspace: Workspace
    ledger: Ledger
    formulas: Formulas
    clock: Clock
    person: Person = field(default_factory=lambda: owner())

    @contextmanager
    def opened(self, loaded: LoadedFlow, on_wait: Any = None, binding: str = DEFAULT) -> Iterator[OpenFlow]:
        """A flow opened for work under a binding; closed afterwards."""
        opened = open_flow(
            loaded,
            ledger=self.ledger,
            formulas=self.formulas,
            clock=self.clock,
            now=self.clock.now(),
            binding=binding,
            on_wait=on_wait,
        )
        try:
            yield opened
        finally:
            opened.close()

    @contextmanager
    def system(self, connector: Connector, stored: StoredConnection, now: datetime) -> Iterator[System]:
        """One connected system opened alone; closed afterwards."""
        system = open_system(connector, stored, ledger=self.ledger, formulas=self.formulas, clock=self.clock, now=now)
        try:
            yield system
        finally:
            system.close()

    def load(self, name: str) -> LoadedFlow:
        """A flow that `check` finds no error in."""
        return load_sound_flow(self.workspace, name, self.formulas)


@contextmanager
def desk(folder: str, *, workers: int = 1) -> Iterator[Desk]:
    """Open the workspace in a folder; DocumentError where it is none."""
    workspace = workspace_in(folder)
    with Ledger.open(workspace.ledger_path) as ledger, Formulas(workers=workers) as formulas:
        yield Desk(workspace, ledger, formulas, SystemClock())


def workspace_in(folder: str) -> Workspace:
    """The workspace of a folder; DocumentError where there is none."""
    root = Path(folder)
    if not (root / "connector_specs").is_dir():
        raise DocumentError(
            [
                Problem(
                    str(root.resolve()),
                    "this is no workspace: it has no folder connector_specs",
                    "Go to the workspace's folder, or name it with --workspace DIR.",
                )
            ]
        )
    return Workspace(root)


def owner() -> Person:
    """Who is signed in to this machine: its files are theirs, so they may do everything."""
    return Person(user_of_machine(), Role.ADMINISTER)


def user_of_machine() -> str:
    """Who is signed in to this machine, for what is done at the command line."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container whose user has no name
        return "somebody"


def command_line(folder: Path | str, *words: str) -> str:
    """A command as a person can copy it: with this Python and, where it is not here, the workspace."""
    program = os.environ.get("MAPPING_STUDIO_COMMAND") or f"{_python()} -m engine"
    root = os.path.relpath(folder)
    return f"{program} {shlex.join([*words, *([] if root == '.' else ['--workspace', root])])}"


def _python() -> str:
    found = shutil.which("python")
    if (
        found is not None
        and os.path.realpath(found) == os.path.realpath(sys.executable)
        and sys.prefix == sys.base_prefix
    ):
        return "python"
    return min(sys.executable, os.path.relpath(sys.executable), key=len)
