"""The file of drafts, .studio/drafts.json: TinyDB made safe for several processes and for being killed in mid-write.

TinyDB by itself rewrites its file in place: killed meanwhile it leaves half a file, and two processes lose each
other's work. Here it works on what was read; the file is replaced whole, under a lock, when all is done.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from tinydb import TinyDB, where
from tinydb.storages import Storage

from engine.connectors.clock import Clock
from engine.documents.saving import save
from engine.documents.workspace import Workspace
from engine.errors import DocumentError, Json, Problem

LOCK_SECONDS = 10.0
_POLL_SECONDS = 0.005
_BROKEN = ".broken-"

Row = dict[str, Any]
_Read = dict[str, dict[str, Row]]
Stamp = tuple[int, int, int]


class DraftNotSaved(DocumentError):
    """What was changed is not in the file, which is as it was: it can be tried again as it is."""


class Tables:
    """Documents in tables, each found by one key of it."""

    def __init__(self, tables: _Read | _Held) -> None:
        held = tables if isinstance(tables, _Held) else _Held(tables)
        self._tables = TinyDB(held, storage=_same)

    def row(self, table: str, key: str, name: str) -> Row | None:
        """The document whose `key` is that name."""
        found = self._tables.table(table).get(where(key) == name)
        return dict(found) if isinstance(found, Mapping) else None

    def rows(self, table: str) -> list[Row]:
        """Every document of a table, the oldest first."""
        return [dict(held) for held in self._tables.table(table).all()]

    def put(self, table: str, key: str, document: Row) -> None:
        """Add a document, or replace the one with the same `key`."""
        self.drop(table, key, [document[key]])
        self._tables.table(table).insert(document)

    def drop(self, table: str, key: str, names: Sequence[str]) -> None:
        """Take documents away."""
        self._tables.table(table).remove(where(key).one_of(list(names)))


class DraftFile:
    """Small documents in tables. Reading takes no lock, for the file is only ever replaced whole."""

    def __init__(self, workspace: Workspace, clock: Clock) -> None:
        self._workspace = workspace
        self._clock = clock
        self._lock = threading.Lock()  # threads wait here; only processes wait by asking again and again
        self._known: tuple[Stamp, _Read] | None = None

    @property
    def path(self) -> Path:
        return self._workspace.studio / "drafts.json"

    @contextmanager
    def read(self) -> Iterator[Tables]:
        """What is in the file now, to be looked at only."""
        yield Tables(self._tables())

    @contextmanager
    def changed(self) -> Iterator[Tables]:
        """What is in the file, to be changed: all of it is kept at the end, or nothing where an error gets out."""
        with self._locked():
            self._sweep()
            held = _Held(self._parsed(self._bytes()))
            yield Tables(held)
            if held.is_changed:
                self._save(json.dumps(held.tables, separators=(",", ":")) + "\n")
                self._known = None  # two changes within one tick of the clock may look like one file

    def _save(self, text: str) -> None:
        try:
            save(self.path, text, called="the draft")
        except DocumentError as error:
            told = [replace(each, where=self._workspace.relative(self.path)) for each in error.problems]
            raise DraftNotSaved(told) from error

    def problems(self) -> list[Problem]:
        """One for each damaged file that was put aside and not looked after yet."""
        aside = sorted(self.path.parent.glob(f"{self.path.name}{_BROKEN}*"))
        what = "the drafts in this file could not be read, so it was put aside; drafts began anew"
        advice = "Restore what is needed from it or from a backup; then delete it."
        return [Problem(self._workspace.relative(path), what, advice, severity="warning") for path in aside]

    # --- the file

    def _tables(self) -> _Read:
        """The file's content, read again when it was replaced."""
        try:
            about = self.path.stat()
        except FileNotFoundError:
            return {}
        stamp = (about.st_ino, about.st_mtime_ns, about.st_size)
        known = self._known
        if known is None or known[0] != stamp:
            tables = _loaded(self._bytes())
            if not _is_sound(tables):
                with self._locked():  # nobody else puts it aside meanwhile
                    return self._parsed(self._bytes())
            known = self._known = (stamp, tables)
        return known[1]

    def _bytes(self) -> bytes | None:
        """What is in the file; None where there is none."""
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._cannot(f"the drafts cannot be read: {(error.strerror or '').lower()}") from error

    def _parsed(self, content: bytes | None) -> _Read:
        """What the file says; a damaged one is put aside first, and never written over."""
        tables: _Read = _loaded(content)
        if _is_sound(tables):
            return tables
        stamp = self._clock.now().strftime("%Y%m%dT%H%M%SZ")
        aside = self.path.with_name(f"{self.path.name}{_BROKEN}{stamp}")
        number = 1
        while aside.exists():
            number += 1
            aside = self.path.with_name(f"{self.path.name}{_BROKEN}{stamp}-{number}")
        self.path.rename(aside)
        return {}

    def _sweep(self) -> None:
        """Remove what a killed process left half written; nobody else is writing, for we hold the lock."""
        for left in self.path.parent.glob(f".{self.path.name}.*.tmp"):
            left.unlink(missing_ok=True)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        lock = FileLock(
            self.path.with_name(f"{self.path.name}.lock"), timeout=LOCK_SECONDS, poll_interval=_POLL_SECONDS
        )
        with self._lock:
            try:
                lock.acquire()
            except Timeout:
                raise self._cannot("another program has been writing drafts for too long") from None
            except OSError as error:
                raise self._cannot(f"the drafts cannot be written: {(error.strerror or '').lower()}") from error
            try:
                yield
            finally:
                lock.release()

    def _cannot(self, what: str) -> DraftNotSaved:
        advice = "Check the folder and its rights, and that no other program holds the file; then try again."
        return DraftNotSaved([Problem(self._workspace.relative(self.path), what, advice)])


class _Held(Storage):
    """TinyDB's storage in memory: what was read, and whether something was changed."""

    def __init__(self, tables: _Read) -> None:
        self.tables: Mapping[str, Mapping[str, Any]] = tables
        self.is_changed = False

    def read(self) -> Any:
        return self.tables

    def write(self, data: Mapping[str, Mapping[str, Any]]) -> None:
        self.tables, self.is_changed = data, True


def _same(held: _Held) -> _Held:
    return held


def _loaded(content: bytes | None) -> Any:
    """The JSON of the file; None where it is none. A file that is not there has no tables yet."""
    if content is None:
        return {}
    try:
        return json.loads(content)
    except ValueError:
        return None


def _is_sound(tables: Json) -> bool:
    """Tables of documents: what a half-written or foreign file is not."""
    if not isinstance(tables, dict):
        return False
    return all(
        isinstance(held, dict) and all(key.isdecimal() and isinstance(row, dict) for key, row in held.items())
        for held in tables.values()
    )
