"""What this is and where it stands: version, Python, folder, ledger, and whose work is in it."""

from __future__ import annotations

import importlib.metadata
import platform
import tomllib
from dataclasses import dataclass
from pathlib import Path

from engine.design.desk import Desk
from engine.runs.ledger.tables import SCHEMA_VERSION

PROGRAM = "mapping-studio"
ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class About:
    """version: of the program; ledger_bytes: with what was written last and is not in its place yet; docs: the folder,
    None where it did not come along.
    """

    version: str
    python: str
    folder: Path
    ledger: Path
    ledger_form: int
    ledger_bytes: int
    docs: Path | None


def about(desk: Desk) -> About:
    """All of it, as it is now."""
    ledger = desk.workspace.ledger_path
    files = [path for path in (ledger, ledger.with_name(f"{ledger.name}-wal")) if path.exists()]
    size = sum(path.stat().st_size for path in files)
    docs = ROOT / "docs"
    folder = desk.workspace.root.resolve()
    found = docs if docs.is_dir() else None
    return About(version(), platform.python_version(), folder, ledger, SCHEMA_VERSION, size, found)


def version() -> str:
    """As it was installed, else as its own file says."""
    try:
        return importlib.metadata.version(PROGRAM)
    except importlib.metadata.PackageNotFoundError:
        file = ROOT / "pyproject.toml"
        return str(tomllib.loads(file.read_text(encoding="utf-8"))["project"]["version"]) if file.is_file() else "?"


def licence() -> str:
    """The licence of the program, "" where it did not come along."""
    file = ROOT / "LICENSE"
    return file.read_text(encoding="utf-8") if file.is_file() else ""
