"""What many stages begin with, made once a process: an empty ledger to copy, and the shipped flows as loaded."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from engine.documents.workspace import Workspace
from engine.flows.library import LoadedFlow, load_flow
from engine.runs.ledger import Ledger

REPOSITORY = Path(__file__).resolve().parents[1]


@cache
def shipped_flow(name: str) -> LoadedFlow:
    """A flow of the repository; nobody can change it, so all share it. For a workspace that is changed, load anew."""
    return load_flow(Workspace(REPOSITORY), name)


def new_ledger(path: Path) -> Ledger:
    """A ledger in this file, open: where there is none yet, a copy of an empty one, since making tables takes long.

    All copies have one key. For tests of other things than the ledger itself.
    """
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, content in _empty_ledger().items():
            file = os.open(path.with_name(name if name == "key" else path.name), os.O_WRONLY | os.O_CREAT, 0o600)
            with os.fdopen(file, "wb") as writing:
                writing.write(content)
    return Ledger.open(path)


@cache
def _empty_ledger() -> dict[str, bytes]:
    with TemporaryDirectory() as folder:
        Ledger.open(Path(folder) / "ledger.sqlite").close()
        return {name: (Path(folder) / name).read_bytes() for name in ("ledger.sqlite", "key")}
