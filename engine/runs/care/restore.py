"""Putting a backup back: tried in a folder beside, with its key, before anything that is there is touched.

The old ledger stays, in a folder of its own. The new one takes its place by one rename, so that whatever stops the
machine there is the old ledger or the new one.
"""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from engine.documents.workspace import Workspace
from engine.errors import BackupError, LedgerError
from engine.runs.care.archive import DRAFTS, LEDGER, refused, unpack
from engine.runs.ledger import Key, Ledger
from engine.runs.ledger.database import Database
from engine.runs.ledger.locks import nobody_else
from engine.runs.ledger.sealing import ENVIRONMENT_VARIABLE, find_key, write_key
from engine.runs.ledger.store import KEY_FILE, LOCK_FILE

_KEPT = (LEDGER, DRAFTS, KEY_FILE, f"{LEDGER}-wal", f"{LEDGER}-shm")


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back. before: where what was there is now, or None; connections: those that came along; queues:
    connection and resource of what is handed out once: what was handed out since the backup does not come again.
    """

    made_at: datetime
    before: Path | None
    connections: tuple[str, ...]
    queues: tuple[tuple[str, str], ...] = ()


def restore(
    source: Path, workspace: Workspace, key_file: Path | None, *, over: bool, who: str, now: datetime
) -> Restored:
    """Put a backup back; BackupError or LedgerError where it cannot be, and then nothing was changed.

    key_file: where the key is; without it that of the environment or of the workspace. over: although there is a
    ledger. Until the records since are looked up or looked after, the ledger knows that it is an older copy.
    """
    studio = workspace.studio
    is_there = workspace.ledger_path.exists()
    if is_there and not over:
        raise _not_put_back(
            workspace.relative(workspace.ledger_path),
            "there is a ledger already",
            "Take another workspace, or say --over; what is there now is kept in a folder beside it.",
        )
    key = _key(studio, key_file)
    try:
        with TemporaryDirectory(dir=studio, prefix="restoring-", ignore_cleanup_errors=True) as beside:
            folder = Path(beside)  # for this user only, and on the same disk
            made_at = unpack(source, folder).made_at
            connections, queues = _opened_well(source, folder, key, who, now, made_at)
            with nobody_else(studio / LOCK_FILE) as alone:
                if not alone:
                    raise _not_put_back(
                        workspace.relative(workspace.ledger_path),
                        "another program has this ledger open",
                        "End the studio, `serve` and every run of this workspace; then try again.",
                    )
                before = _put_aside(studio, now) if is_there else None
                _put_in_place(folder, studio, key)
    except OSError as error:
        raise refused(source, (error.strerror or type(error).__name__).lower()) from error
    return Restored(made_at, before, connections, queues)


def _key(studio: Path, key_file: Path | None) -> Key:
    known = find_key(studio / KEY_FILE)
    given = known if key_file is None else find_key(key_file, {})
    if given is None:
        raise _not_put_back(
            str(key_file or studio / KEY_FILE),
            "there is no key",
            "Name the file of the key with --key; without it what is sealed stays closed.",
        )
    if os.environ.get(ENVIRONMENT_VARIABLE) and given != known:
        raise _not_put_back(
            ENVIRONMENT_VARIABLE,
            "it holds another key than the one given, and goes before it",
            "Set the variable to the key of the backup, or take it away.",
        )
    return given


def _opened_well(
    source: Path, folder: Path, key: Key, who: str, now: datetime, made_at: datetime
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Open the ledger that came with the backup: brought to today's form, found sound, told what it is. Its connections
    and its queues.
    """
    path = folder / LEDGER
    with path.open("rb") as file:
        if not file.read(16).startswith(b"SQLite format 3\0"):
            raise refused(source, "there is no ledger in it")
    with Ledger.open(path, key) as ledger:
        fault = ledger.database.fault()
        if fault:
            raise refused(source, f"the ledger in it is damaged ({fault})")
        ledger.mark_restored(made_at, now, who)
        ledger.end_sessions()  # the copy knows nothing of who signed out since, and the one it is of may live on
        queues = tuple((queue.place.connection, queue.place.resource) for queue in ledger.queues() if queue.owner)
        return tuple(connection.name for connection in ledger.connections()), queues


def _put_aside(studio: Path, now: datetime) -> Path:
    """Keep what is there: the ledger under two names until the new one takes the first."""
    with suppress(LedgerError):  # a ledger that cannot be opened is often why one is put back; it is kept as it is
        database = Database(studio / LEDGER)
        try:
            database.checkpoint()
        finally:
            database.close()
    before = studio / f"before-{now.strftime('%Y%m%dT%H%M%SZ')}-{secrets.token_hex(2)}"
    before.mkdir(mode=0o700)
    for name in _KEPT:
        there = studio / name
        if not there.exists():
            continue
        if name.startswith(f"{LEDGER}-"):
            there.replace(before / name)
            continue
        try:
            (before / name).hardlink_to(there)
        except OSError:  # a file system without second names
            shutil.copy2(there, before / name)
    return before


def _put_in_place(folder: Path, studio: Path, key: Key) -> None:
    if find_key(studio / KEY_FILE) != key:
        draft = folder / "new-key"
        write_key(key, draft)
        draft.replace(studio / KEY_FILE)
    (folder / LEDGER).replace(studio / LEDGER)
    if (folder / DRAFTS).exists():
        (folder / DRAFTS).replace(studio / DRAFTS)
    else:
        (studio / DRAFTS).unlink(missing_ok=True)  # a second name of it is kept


def _not_put_back(where: str, why: str, what_to_do: str) -> BackupError:
    return BackupError("The backup was not put back", where=where, why=why, what_to_do=what_to_do)
