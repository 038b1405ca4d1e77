"""The ledger's file: opened with care, read by many, written by transactions that share a commit.

Any thread may write. It puts its work in a queue and takes the write lock; whoever holds the lock carries out
all that is queued in one transaction, so that the threads which waited during one sync to disk share the
next one. Work that may *ride* is queued without waiting and is written with the next commit, never after it,
in the order it came. Rows that are *kept for later* (exchanges) are collected and written together with the
next commit that ends something: written one by one they would dirty the same pages again and again.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from engine.runs.ledger.faults import FileFault, ledger_fault
from engine.runs.ledger.sql import (
    Connection,
    DBAPIError,
    Engine,
    IntegrityError,
    NullPool,
    Prepared,
    QueuePool,
    Transaction,
    create_engine,
    event,
)

BUSY_TIMEOUT_MS = 15_000
MOST_RIDING = 2_000  # more than this is written at once, to bound memory
CHECKPOINT_PAGES = 4_000  # 16 MB of log: pages that change often reach the file less often
READERS = 32

T = TypeVar("T")
Work = Callable[[Transaction], Any]


class _Queued:
    """Work in the queue, and what came of it."""

    __slots__ = ("done", "error", "result", "rides", "work")

    def __init__(self, work: Work, *, rides: bool) -> None:
        self.work = work
        self.rides = rides
        self.result: Any = None
        self.error: BaseException | None = None
        self.done = False


class Database:
    """A SQLite file; `write` returns when the work is on disk, `ride` when it is queued."""

    def __init__(self, path: Path, *, most_pages: int | None = None) -> None:
        self.path = path
        self._queue: deque[_Queued] = deque()
        self._later: deque[tuple[Prepared, dict[str, Any]]] = deque()
        self._readers: list[Transaction] = []  # idle ones
        self._write_lock = threading.Lock()
        self._riding_failed: BaseException | None = None
        self._closed = False
        address = f"sqlite+pysqlite:///{path}"
        options = {"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000}
        self._writing = create_engine(address, poolclass=NullPool, connect_args=options, isolation_level="AUTOCOMMIT")
        self._reading = create_engine(
            address,
            poolclass=QueuePool,
            pool_size=READERS,
            max_overflow=-1,
            pool_reset_on_return=None,  # readers never begin a transaction
            connect_args=options,
            isolation_level="AUTOCOMMIT",
        )
        driver = self._writing.dialect.loaded_dbapi
        self._driver_error: type[Exception] = driver.Error
        self._driver_integrity_error: type[Exception] = driver.IntegrityError
        _prepare(self._writing, most_pages)
        _prepare(self._reading, None)
        with self._translated("opened"):
            _make_private(path)
            self._writer: Connection = self._writing.connect()

    # --- writing

    def write(self, work: Callable[[Transaction], T], *, with_later: bool = True) -> T:
        """What `work` gives, once it and everything queued before it is on disk; LedgerError otherwise.

        with_later=False leaves the rows kept for later to another commit.
        """
        queued = _Queued(work, rides=False)
        if with_later:
            self._queue_later()
        self._queue.append(queued)
        with self._write_lock:
            if not queued.done:
                self._commit_queued()
        if queued.error is not None:
            raise queued.error
        self._raise_what_rode()
        result: T = queued.result
        return result

    def ride(self, work: Work) -> None:
        """Queue work to be written with the next commit; its failure is raised by the next `write`."""
        self._queue.append(_Queued(work, rides=True))
        if len(self._queue) > MOST_RIDING:
            self.flush()

    def keep_for_later(self, statement: Prepared, row: dict[str, Any]) -> None:
        """Write this row with one of the next commits, at the latest when the ledger is read or closed."""
        self._later.append((statement, row))
        if len(self._later) > MOST_RIDING:
            self.flush()

    def _queue_later(self) -> None:
        rows: dict[Prepared, list[dict[str, Any]]] = {}
        while self._later:
            try:
                statement, row = self._later.popleft()
            except IndexError:  # another thread was quicker
                break
            rows.setdefault(statement, []).append(row)
        for statement, many in rows.items():
            self._queue.append(_Queued(partial(_insert_all, statement, many), rides=True))

    def flush(self) -> None:
        """Write what is riding or kept for later, if anything is."""
        self._queue_later()
        if self._queue:
            with self._write_lock:
                self._commit_queued()
        self._raise_what_rode()

    def _raise_what_rode(self) -> None:
        error, self._riding_failed = self._riding_failed, None
        if error is not None:
            raise error

    def _commit_queued(self) -> None:
        """One transaction for all that is queued; when one piece fails, each gets its own."""
        batch: list[_Queued] = []
        while self._queue:
            batch.append(self._queue.popleft())
        if not batch:
            return
        try:
            self._carry_out(batch)
        except FileFault as error:  # all of it failed
            self._note_failure(batch, error)
        except Exception as error:
            if len(batch) == 1:
                self._note_failure(batch, error)
            else:
                self._carry_out_singly(batch)
        except BaseException as error:
            self._note_failure(batch, error)
            raise

    def _carry_out(self, batch: list[_Queued]) -> None:
        if self._closed:
            raise FileFault("The ledger cannot be written", where=str(self.path), why="it is closed")
        with self._translated("written"), self._transaction() as transaction:
            for queued in batch:
                queued.result = queued.work(transaction)
        for queued in batch:
            queued.done = True

    @contextmanager
    def _transaction(self) -> Iterator[Transaction]:
        """Begin and end said straight to the driver: through the engine's events they cost 60 µs more."""
        driver: Any = self._writer.connection.driver_connection
        driver.execute("BEGIN IMMEDIATE")
        try:
            yield Transaction(self._writer)
            driver.commit()
        except BaseException:
            driver.rollback()
            raise

    def _carry_out_singly(self, batch: list[_Queued]) -> None:
        for queued in batch:
            try:
                self._carry_out([queued])
            except Exception as error:
                self._note_failure([queued], error)

    def _note_failure(self, batch: list[_Queued], error: BaseException) -> None:
        for queued in batch:
            queued.error, queued.done = error, True
            if queued.rides:
                self._riding_failed = error

    # --- reading

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Reads outside any transaction: each statement sees the last commit."""
        with self._translated("read"):
            try:
                reading = self._readers.pop()
            except IndexError:
                reading = Transaction(self._reading.connect())
            try:
                yield reading
            except BaseException:
                reading.connection.close()
                raise
            if self._closed or len(self._readers) >= READERS:
                reading.connection.close()
            else:
                self._readers.append(reading)  # going through the pool each time costs 60 µs more

    @contextmanager
    def _translated(self, doing: str) -> Iterator[None]:
        try:
            yield
        except IntegrityError:
            raise
        except DBAPIError as error:
            raise ledger_fault(doing, self.path, error.orig or error) from error
        except self._driver_error as error:  # from statements run straight on the driver
            if isinstance(error, self._driver_integrity_error):
                raise
            raise ledger_fault(doing, self.path, error) from error
        except OSError as error:
            raise ledger_fault(doing, self.path, error) from error

    def checkpoint(self) -> None:
        """Move what the write-ahead log holds into the file and empty the log (erased bytes leave it too)."""
        with self._write_lock, self._translated("written"):
            driver: Any = self._writer.connection.driver_connection
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def checkpoint_beside(self) -> None:
        """Move what the log holds into the file as far as readers allow, while others write."""
        with self.read() as reading:
            reading.connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def empty_log(self) -> bool:
        """Empty the log where nobody writes or reads just now; False where somebody does, and it is left as it is."""
        if not self._write_lock.acquire(blocking=False):
            return False
        try:
            with self._translated("written"):
                driver: Any = self._writer.connection.driver_connection
                driver.execute("PRAGMA busy_timeout=20").fetchall()
                try:
                    busy = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()[0][0]
                finally:
                    driver.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}").fetchall()
            return not busy
        finally:
            self._write_lock.release()

    def copy_to(self, path: Path) -> None:
        """Write the last commit's state into a new file, whole; readers and writers go on meanwhile."""
        self.flush()
        _make_private(path)
        with self.read() as reading:
            reading.connection.exec_driver_sql("VACUUM INTO ?", (str(path),))

    def fault(self) -> str:
        """What SQLite finds wrong with the file; "" where it is sound."""
        with self.read() as reading:
            found = str(reading.connection.exec_driver_sql("PRAGMA quick_check(1)").scalar())
        return "" if found == "ok" else found

    def close(self) -> None:
        try:
            self.flush()
        finally:
            with self._write_lock:
                self._closed = True
                self._writer.close()
                self._writing.dispose()
                while self._readers:
                    self._readers.pop().connection.close()
                self._reading.dispose()


def _insert_all(statement: Prepared, rows: list[dict[str, Any]], transaction: Transaction) -> None:
    transaction.execute_many(statement, rows)


def _make_private(path: Path) -> None:
    """Create the file with no rights for others; the log files beside it take the same rights."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


def _prepare(engine: Engine, most_pages: int | None) -> None:
    @event.listens_for(engine, "connect")
    def set_pragmas(driver: Any, _record: object) -> None:
        driver.isolation_level = None  # we say BEGIN ourselves
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
            "cache_size=-16000",
            f"wal_autocheckpoint={CHECKPOINT_PAGES}",
        ):
            driver.execute(f"PRAGMA {pragma}").fetchall()
        if most_pages is not None:
            driver.execute(f"PRAGMA max_page_count={most_pages}").fetchall()
