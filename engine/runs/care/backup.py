"""A backup: the ledger as it is at one moment, although runs go on, and the drafts; the key apart, where asked for."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from engine.documents.workspace import Workspace
from engine.errors import BackupError
from engine.runs.care.archive import DRAFTS, LEDGER, is_backup, pack
from engine.runs.ledger import Key, Ledger
from engine.runs.ledger.sealing import find_key, write_key
from engine.runs.ledger.store import KEY_FILE


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What was written. key: where the key was, or None."""

    path: Path
    size: int
    key: Path | None
    has_drafts: bool


def backup(workspace: Workspace, ledger: Ledger, target: Path, key_target: Path | None, now: datetime) -> BackedUp:
    """Write a backup of the workspace's ledger and drafts; BackupError where it cannot be, and then nothing is there.

    key_target: a file of its own for the key; it must not lie in the backup, or whoever finds one has both.
    """
    _refuse_places(target, key_target)
    drafts = workspace.studio / DRAFTS
    try:
        with TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.", ignore_cleanup_errors=True) as beside:
            folder = Path(beside)  # for this user only, and on the same disk
            ledger.database.copy_to(folder / LEDGER)
            files = {LEDGER: folder / LEDGER}
            if drafts.is_file():  # it is only ever replaced whole, so a copy is whole
                files[DRAFTS] = folder / DRAFTS
                shutil.copyfile(drafts, files[DRAFTS])
            if key_target is not None:
                _write_key(find_key(ledger.database.path.with_name(KEY_FILE)), key_target)
            pack(target, files, now)
    except OSError as error:
        raise _cannot(target, (error.strerror or type(error).__name__).lower()) from error
    return BackedUp(target, target.stat().st_size, key_target, DRAFTS in files)


def _refuse_places(target: Path, key_target: Path | None) -> None:
    if key_target is not None and key_target.resolve() == target.resolve():
        raise _cannot(target, "backup and key must be two files")
    if not target.parent.is_dir():
        raise _cannot(target, f"there is no folder {target.parent}")
    if target.is_dir() or (target.exists() and not is_backup(target)):
        raise _cannot(target, "something else than a backup is there, and it is not replaced")


def _write_key(key: Key | None, target: Path) -> None:
    """The key in a file of its own; the same key there already is well, another one is never replaced."""
    assert key is not None  # the ledger is open
    if target.exists():
        if find_key(target, {}) != key:
            raise _cannot(target, "another key is there, and it is not replaced")
        return
    write_key(key, target)


def _cannot(target: Path, why: str) -> BackupError:
    return BackupError("No backup was made", where=str(target), why=why, what_to_do="Name another file.")
