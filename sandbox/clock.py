"""The clock that all stand-ins of one process share: real time plus an offset that can be moved."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta


class Clock:
    """Real time plus an offset; it can only be moved forwards."""

    def __init__(self, offset_seconds: float = 0.0) -> None:
        self._lock = threading.Lock()
        self._offset = timedelta(seconds=offset_seconds)

    @property
    def offset_seconds(self) -> float:
        """How far this clock is ahead of the real one."""
        return self._offset.total_seconds()

    def now(self) -> datetime:
        """Give the moment it is in the sandbox, in UTC."""
        return datetime.now(UTC) + self._offset

    def advance(self, seconds: float) -> None:
        """Move the clock forwards."""
        if not 0 <= seconds <= 10 * 366 * 86400:
            raise ValueError("the clock moves forwards only, by at most ten years at a time")
        with self._lock:
            self._offset += timedelta(seconds=seconds)
