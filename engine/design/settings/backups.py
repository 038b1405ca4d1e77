"""Backups of a workspace: made at any time, kept in a folder of it, listed, handed out and deleted.

Putting one back is by command only, while nothing else has the ledger open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from engine.design.desk import Desk, command_line
from engine.design.people.rights import Role, needs
from engine.errors import BackupError
from engine.runs.care.backup import BackedUp as BackedUp
from engine.runs.care.backup import backup
from engine.runs.ledger.audit import Noted

FOLDER = "backups"
MOST_BYTES_BY_BROWSER = 1 << 30  # what is larger is fetched from the folder: a download passes through memory
_BACKUP = re.compile(r"backup-\d{8}T\d{6}Z(?:-\d+)?\.tar")


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup in the folder. key: the file with the key that lies beside it, where it was asked for."""

    name: str
    path: Path
    size: int
    at: datetime
    key: Path | None

    @property
    def can_be_downloaded(self) -> bool:
        return self.size <= MOST_BYTES_BY_BROWSER


@needs(Role.ADMINISTER, "make a backup")
def back_up(desk: Desk, target: Path, key_target: Path | None = None) -> BackedUp:
    """A backup in this file; the key only where a file of its own is named for it. It stands in the audit log."""
    now = desk.clock.now()
    done = backup(desk.workspace, desk.ledger, target, key_target, now)
    details = {"file": done.path.name, "with_key": key_target is not None}
    desk.ledger.note("backed up", desk.person.name, now, details=details)
    return done


@needs(Role.ADMINISTER, "make a backup")
def back_up_here(desk: Desk, *, with_key: bool = False) -> Kept:
    """A backup in the workspace's own folder of backups, named by the moment."""
    folder = _folder(desk)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        why = (error.strerror or type(error).__name__).lower()
        where = desk.workspace.relative(folder)
        raise BackupError(
            "No backup was made", where=where, why=why, what_to_do="Make room or rights there."
        ) from error
    stem = f"backup-{desk.clock.now().astimezone(UTC):%Y%m%dT%H%M%SZ}"
    target, number = folder / f"{stem}.tar", 1
    while target.exists():
        number += 1
        target = folder / f"{stem}-{number}.tar"
    back_up(desk, target, target.with_suffix(".key") if with_key else None)
    return _kept(target)


def backups(desk: Desk) -> list[Kept]:
    """Those in the folder, the newest first."""
    folder = _folder(desk)
    found = [path for path in folder.iterdir() if _BACKUP.fullmatch(path.name)] if folder.is_dir() else []
    return [_kept(path) for path in sorted(found, key=lambda path: path.stem, reverse=True)]


@needs(Role.ADMINISTER, "download a backup")
def content_of(desk: Desk, name: str) -> bytes:
    """The backup itself; never a key, which goes by no browser."""
    return _named(desk, name).path.read_bytes()


@needs(Role.ADMINISTER, "delete a backup")
def delete(desk: Desk, name: str) -> Kept:
    """Delete it, and the key that lies beside it. It stands in the audit log."""
    gone = _named(desk, name)
    gone.path.unlink(missing_ok=True)
    if gone.key is not None:
        gone.key.unlink(missing_ok=True)
    details = {"file": gone.name, "with_key": gone.key is not None}
    desk.ledger.note("backup deleted", desk.person.name, desk.clock.now(), details=details)
    return gone


def last_backup(desk: Desk) -> Noted | None:
    """When a backup was made last, wherever it was put; None where that was never."""
    return next(iter(desk.ledger.audit(what="backed up", limit=1)), None)


def restoring(desk: Desk, kept: Kept | None) -> str:
    """The command that puts a backup back."""
    file = str(kept.path) if kept is not None else "BACKUP.tar"
    key = ("--key", str(kept.key)) if kept is not None and kept.key is not None else ()
    return command_line(desk.workspace.root, "restore", file, *key, "--over")


def _folder(desk: Desk) -> Path:
    return desk.workspace.studio / FOLDER


def _named(desk: Desk, name: str) -> Kept:
    found = next((each for each in backups(desk) if each.name == name), None)
    if found is None:
        raise BackupError(
            "The backup is not there",
            where=name[:80],
            why="somebody has deleted or moved it",
            what_to_do="Take another one, or make one.",
        )
    return found


def _kept(path: Path) -> Kept:
    about, key = path.stat(), path.with_suffix(".key")
    at = datetime.fromtimestamp(about.st_mtime, UTC)
    return Kept(path.name, path, about.st_size, at, key if key.exists() else None)
