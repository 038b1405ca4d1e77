"""The sentences for a ledger that cannot be opened, read or written; each fault says what to do."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

from engine.errors import LedgerError

# SQLite's own names for what went wrong (sqlite3.Error.sqlite_errorname), by their beginning
_SENTENCES: tuple[tuple[str, str, str], ...] = (
    (
        "SQLITE_FULL",
        "the disk is full",
        "Make room on the disk and start again; nothing that was confirmed is lost.",
    ),
    (
        "SQLITE_READONLY",
        "the file or its folder may only be read",
        "Give this user the right to write in the folder of the ledger.",
    ),
    (
        "SQLITE_CANTOPEN",
        "the file cannot be opened or created",
        "Check that the folder exists and that this user may write in it.",
    ),
    (
        "SQLITE_PERM",
        "the file may not be used by this user",
        "Give this user the right to read and write the file.",
    ),
    (
        "SQLITE_NOTADB",
        "the file is no ledger",
        "Move the file away and restore the ledger from a backup, or begin with a new one.",
    ),
    (
        "SQLITE_CORRUPT",
        "the file is damaged",
        "Keep a copy of the file and restore the ledger from a backup.",
    ),
    (
        "SQLITE_BUSY",
        "another program has been holding it for too long",
        "See what else uses the workspace and try again.",
    ),
    (
        "SQLITE_LOCKED",
        "another program has been holding it for too long",
        "See what else uses the workspace and try again.",
    ),
    (
        "SQLITE_IOERR",
        "the disk reports an error",
        "Check the disk (and that it is no network folder), then start again.",
    ),
)


class FileFault(LedgerError):
    """The file itself fails, whatever piece of work met it first."""


def ledger_fault(doing: str, place: Path | str, error: BaseException) -> FileFault:
    """The error for a failure of the database driver; `doing` is "opened", "read" or "written"."""
    what = f"The ledger cannot be {doing}"
    name = getattr(error, "sqlite_errorname", "") or ""
    if isinstance(error, OSError) and error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        name = "SQLITE_READONLY"
    for beginning, why, what_to_do in _SENTENCES:
        if name.startswith(beginning):
            return FileFault(what, where=str(place), why=why, what_to_do=what_to_do)
    if isinstance(error, sqlite3.DatabaseError | OSError):
        return FileFault(
            what,
            where=str(place),
            why=str(error),
            what_to_do="Restore the ledger from a backup if this stays so.",
        )
    return FileFault(what, where=str(place), why=f"{type(error).__name__}: {error}")


def newer_schema(place: Path | str, found: int, known: int) -> LedgerError:
    """The ledger was written by a newer program than this one."""
    return LedgerError(
        "The ledger cannot be opened",
        where=str(place),
        why=f"it was written by a newer program (form {found}, this program knows {known})",
        what_to_do="Update this program; the ledger was left as it is.",
    )


def not_a_ledger(place: Path | str) -> LedgerError:
    """The file is a database, but of something else."""
    return LedgerError(
        "The ledger cannot be opened",
        where=str(place),
        why="the file holds the tables of another program",
        what_to_do="Name another file, or move this one away.",
    )


def no_such_record(flow: str, binding: str, key: str) -> LedgerError:
    """Somebody asked to change a record that was never pulled."""
    return LedgerError(
        f"The record {key!r} is not in the ledger",
        where=f"{flow} ({binding})",
        what_to_do="Pull it first: run the flow with --only and this key.",
    )


def no_such_connection(name: str) -> LedgerError:
    """Tokens or facts were to be kept for a connection nobody saved."""
    return LedgerError(
        f"The connection {name!r} is not in the ledger",
        what_to_do="Connect the system first (`connect SYSTEM`).",
    )
