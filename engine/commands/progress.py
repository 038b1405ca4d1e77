"""Progress of long work: shown on a terminal, silent in a pipe."""

from __future__ import annotations

import sys
from threading import Lock
from types import TracebackType
from typing import Any, Self

from engine.runs.ledger import StoredRecord
from engine.runs.results import Delivered
from engine.runs.run import Listener


class Progress(Listener):
    """A line that counts what was read and delivered, on standard error."""

    def __init__(self, title: str, *, quiet: bool) -> None:
        self._title = title
        self._shown = sys.stderr.isatty() and not quiet
        self._lock = Lock()
        self._read = 0
        self._done: dict[str, int] = {}
        self._status: Any = None

    def __enter__(self) -> Self:
        if self._shown:
            from rich.console import Console

            self._status = Console(stderr=True).status(self._line())
            self._status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._status is not None:
            self._status.stop()

    def read(self, count: int) -> None:
        with self._lock:
            self._read += count
        self._update()

    def delivered(self, record: StoredRecord, result: Delivered) -> None:
        with self._lock:
            self._done[result.outcome] = self._done.get(result.outcome, 0) + 1
        self._update()

    def waits(self, seconds: float, reason: str) -> None:
        self._update(f" · waits {seconds:.0f} s: {reason}")

    def _line(self, more: str = "") -> str:
        done = " · ".join(f"{count} {outcome}" for outcome, count in self._done.items())
        return f"{self._title}: {self._read} read{' · ' + done if done else ''}{more}"

    def _update(self, more: str = "") -> None:
        if self._status is not None:
            self._status.update(self._line(more))
