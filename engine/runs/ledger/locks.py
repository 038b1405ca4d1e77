"""Locks by name across threads and processes, given back by the operating system when the holder is killed.

One byte of one lock file stands for a name (fcntl on POSIX, msvcrt on Windows: both come with Python, so no
library is needed, and no file per name is left behind). POSIX locks belong to the process, so threads are
kept apart by a table in memory, shared by all ledgers of the process that name the same file. Waiting polls:
the kernel's own waiting reports deadlocks that are none when threads of two processes wait crosswise.
"""

from __future__ import annotations

import errno
import hashlib
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

POLL_SECONDS = 0.005
_BUSY = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}

if sys.platform == "win32":
    import msvcrt

    def _lock_byte(descriptor: int, byte: int) -> None:
        os.lseek(descriptor, byte, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

    def _unlock_byte(descriptor: int, byte: int) -> None:
        os.lseek(descriptor, byte, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

    def _share_byte(descriptor: int, byte: int) -> None:
        """There are no shared locks here, and no need: a file that is open cannot be replaced."""

else:
    import fcntl

    def _lock_byte(descriptor: int, byte: int) -> None:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, byte)

    def _unlock_byte(descriptor: int, byte: int) -> None:
        fcntl.lockf(descriptor, fcntl.LOCK_UN, 1, byte)

    def _share_byte(descriptor: int, byte: int) -> None:
        fcntl.lockf(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB, 1, byte)


_KINDS = ("flow", "intent", "lock")
_IN_USE = (len(_KINDS) + 1) << 28  # every process that has the ledger open shares this byte
_MOST_WAITING_SECONDS = 15.0  # for somebody who puts another ledger in its place


def _byte_of(name: str) -> int:
    """The byte that stands for a name. Kinds (the word before the colon) have ranges of their own, since one thread
    holds a flow, an intent and a sign-in at once: were two of them one byte, it would wait for itself.
    """
    kind = name.partition(":")[0]
    place = _KINDS.index(kind) if kind in _KINDS else len(_KINDS)
    return place << 28 | int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") >> 4


class NamedLocks:
    """The locks of one lock file; get it with `open_locks`, which shares it within the process."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.users = 0
        self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        self._table = threading.Lock()
        self._held: dict[int, tuple[threading.Lock, int]] = {}  # byte -> lock between threads, how many want it

    @contextmanager
    def hold(self, name: str, *, wait: bool = True, between_processes: bool = True) -> Iterator[bool]:
        """Hold the lock `name`; with wait=False it gives False at once when somebody else holds it."""
        byte = _byte_of(name)
        mine = self._enter(byte)
        try:
            if not mine.acquire(blocking=wait):
                yield False
                return
            try:
                if between_processes and not self._take(byte, wait):
                    yield False
                    return
                try:
                    yield True
                finally:
                    if between_processes:
                        self._release(byte)
            finally:
                mine.release()
        finally:
            self._leave(byte)

    def _enter(self, byte: int) -> threading.Lock:
        with self._table:
            lock, wanted = self._held.get(byte, (None, 0))
            lock = lock or threading.Lock()
            self._held[byte] = (lock, wanted + 1)
            return lock

    def _leave(self, byte: int) -> None:
        with self._table:
            lock, wanted = self._held[byte]
            if wanted > 1:
                self._held[byte] = (lock, wanted - 1)
            else:
                del self._held[byte]

    def _take(self, byte: int, wait: bool) -> bool:
        while True:
            try:
                with self._table:  # seek and lock belong together on Windows
                    _lock_byte(self.descriptor, byte)
                return True
            except OSError as error:
                if error.errno not in _BUSY:
                    raise
            if not wait:
                return False
            time.sleep(POLL_SECONDS)

    def _release(self, byte: int) -> None:
        with self._table:
            _unlock_byte(self.descriptor, byte)

    def close(self) -> None:
        os.close(self.descriptor)


_OPEN: dict[Path, NamedLocks] = {}
_OPENING = threading.Lock()


def open_locks(path: Path) -> NamedLocks:
    """The locks of this file; one per process, because closing a second descriptor would drop them all."""
    path = path.resolve()
    with _OPENING:
        locks = _OPEN.get(path)
        if locks is None:
            locks = _OPEN[path] = _used(path)
        locks.users += 1
        return locks


def _used(path: Path) -> NamedLocks:
    """The locks of a file, which is in use from now on until they are closed."""
    locks, until = NamedLocks(path), time.monotonic() + _MOST_WAITING_SECONDS
    while True:
        try:
            _share_byte(locks.descriptor, _IN_USE)
            return locks
        except OSError as error:
            if error.errno not in _BUSY or time.monotonic() > until:
                locks.close()
                raise
        time.sleep(POLL_SECONDS)


@contextmanager
def nobody_else(path: Path) -> Iterator[bool]:
    """Keep everybody from opening the ledger of this lock file; False where somebody has it open, here or elsewhere."""
    path = path.resolve()
    with _OPENING:
        if path in _OPEN:
            yield False
            return
        locks = NamedLocks(path)
        try:
            try:
                _lock_byte(locks.descriptor, _IN_USE)
            except OSError as error:
                if error.errno not in _BUSY:
                    raise
                yield False
                return
            yield True
        finally:
            locks.close()


def close_locks(locks: NamedLocks) -> None:
    with _OPENING:
        locks.users -= 1
        if locks.users == 0:
            del _OPEN[locks.path]
            locks.close()
