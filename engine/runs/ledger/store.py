"""The ledger: opened from its file and key, it answers for all subjects; open it once and share it."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from engine.errors import LedgerError
from engine.runs.ledger import tables
from engine.runs.ledger.accounts import Accounts
from engine.runs.ledger.audit import Audit
from engine.runs.ledger.batches import Batches
from engine.runs.ledger.bindings import Bindings
from engine.runs.ledger.causes import Telling
from engine.runs.ledger.cells import Cells
from engine.runs.ledger.connections import Connections
from engine.runs.ledger.database import Database
from engine.runs.ledger.deliveries import Deliveries
from engine.runs.ledger.erasing import Erasing
from engine.runs.ledger.exchanges import Exchanges
from engine.runs.ledger.faults import ledger_fault, newer_schema, not_a_ledger
from engine.runs.ledger.hours import Hours
from engine.runs.ledger.intents import Intents
from engine.runs.ledger.locks import NamedLocks, close_locks, open_locks
from engine.runs.ledger.mended import MendedRecords
from engine.runs.ledger.migrations import migrate
from engine.runs.ledger.pages import Pages
from engine.runs.ledger.parked_causes import ParkedCauses
from engine.runs.ledger.parking import Parking
from engine.runs.ledger.pauses import Pauses
from engine.runs.ledger.people import People
from engine.runs.ledger.purging import Purging
from engine.runs.ledger.replays import Replays
from engine.runs.ledger.restored import RestoredLedger
from engine.runs.ledger.retention import RetentionTime
from engine.runs.ledger.runs import Runs
from engine.runs.ledger.samples import Samples
from engine.runs.ledger.sealing import ENVIRONMENT_VARIABLE, Key, Seal, find_key, make_key
from engine.runs.ledger.sign_ins import SignIns
from engine.runs.ledger.sql import Prepared, Transaction, bindparam, insert_into, inspect, select
from engine.runs.ledger.standing import StandingRecords
from engine.runs.ledger.ticks import Ticks
from engine.runs.ledger.timetable import Timetable
from engine.runs.ledger.versions import Versions
from engine.runs.ledger.webhooks import Webhooks

KEY_FILE, LOCK_FILE = "key", "locks"
_CHECK = b"this key opens this ledger"
_META = tables.meta.c
_READ_META = Prepared(select(_META.value).where(_META.name == bindparam("name")))
_WRITE_META = insert_into(tables.meta, "name", "value")


class Ledger(
    Connections,
    SignIns,
    Runs,
    Versions,
    Pages,
    Batches,
    ParkedCauses,
    Parking,
    Intents,
    Exchanges,
    Deliveries,
    Samples,
    Timetable,
    Pauses,
    People,
    Audit,
    RestoredLedger,
    Purging,
    RetentionTime,
    Cells,
    Erasing,
    Webhooks,
    Telling,
    Bindings,
    Accounts,
    Ticks,
    Replays,
    MendedRecords,
    Hours,
    StandingRecords,
):
    """Everything the engine remembers; safe to use from many threads, and from many processes at once."""

    @classmethod
    def open(cls, path: Path, key: Key | None = None, *, most_pages: int | None = None) -> Self:
        """Open the ledger in this file, making it if it is not there; LedgerError says why it cannot be.

        key: else from the environment (MAPPING_STUDIO_KEY) or the file `key` beside the ledger, which is made
        with a new ledger. most_pages: an upper bound of the file, in pages of 4096 bytes.
        """
        locks = _locks_of(path)  # first, so that nobody puts another file in its place from now on
        try:
            database = Database(path, most_pages=most_pages)
        except BaseException:
            close_locks(locks)
            raise
        try:
            key = key or find_key(path.with_name(KEY_FILE))
            with database.read() as reading:
                form, sealed = _check_form(reading, path)
            if sealed is None:
                key = key or make_key(path.with_name(KEY_FILE))
                sealed = database.write(lambda transaction: _make_tables(transaction, Seal(key)))
            if key is None:
                raise _key_missing(path)
            seal = Seal(key)
            _check_key(seal, sealed, path)
            if form < tables.SCHEMA_VERSION:
                database.write(migrate)
        except BaseException:
            database.close()
            close_locks(locks)
            raise
        return cls(database, seal, locks)

    def close(self) -> None:
        """Write what rides and let go of the file."""
        try:
            self.database.close()
        finally:
            close_locks(self.locks)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _locks_of(path: Path) -> NamedLocks:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return open_locks(path.with_name(LOCK_FILE))
    except OSError as error:
        raise ledger_fault("opened", path, error) from error


def _check_form(reading: Transaction, path: Path) -> tuple[int, bytes | None]:
    """The form of the tables and the sealed check of the key, None in an empty file; LedgerError if it is not ours."""
    names = set(inspect(reading.connection).get_table_names())
    if not names:
        return tables.SCHEMA_VERSION, None
    if not {"meta", "records", "intents"} <= names:
        raise not_a_ledger(path)
    row = reading.row(_READ_META, name="schema_version")
    form = 0 if row is None else int(row.value)
    if row is None or form > tables.SCHEMA_VERSION:
        raise newer_schema(path, form, tables.SCHEMA_VERSION)
    check = reading.row(_READ_META, name="key_check")
    return form, None if check is None else bytes(check.value)


def _make_tables(transaction: Transaction, seal: Seal) -> bytes:
    """The tables of a new ledger, unless another process made them meanwhile; the sealed check of the key."""
    if inspect(transaction.connection).has_table("meta"):
        row = transaction.row(_READ_META, name="key_check")
        if row is not None:
            return bytes(row.value)
    tables.metadata.create_all(transaction.connection)
    sealed = seal.close_up("key check", "meta", _CHECK)
    transaction.run(_WRITE_META, name="schema_version", value=str(tables.SCHEMA_VERSION).encode())
    transaction.run(_WRITE_META, name="key_check", value=sealed)
    return sealed


def _key_missing(path: Path) -> LedgerError:
    return LedgerError(
        "The ledger cannot be opened",
        where=str(path),
        why=f"its key is missing: there is no file {path.with_name(KEY_FILE)} and no {ENVIRONMENT_VARIABLE}",
        what_to_do="Put the key back from a backup; without it what is sealed in the ledger stays closed.",
    )


def _check_key(seal: Seal, sealed: bytes, path: Path) -> None:
    try:
        seal.open_up("key check", "meta", sealed)
    except LedgerError as error:
        raise LedgerError(
            "The ledger cannot be opened",
            where=str(path),
            why="the key is not the one it was made with",
            what_to_do=f"Put the right key in {path.with_name(KEY_FILE)} or in {ENVIRONMENT_VARIABLE}.",
        ) from error
