"""Lanes: a credential's right of way, held when the other system asks us to wait."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Protocol


class Lanes(Protocol):
    """Until when each lane is held; kept in the store, so that ten workers respect one limit."""

    def held_until(self, lane: str) -> datetime | None:
        """The aware time until which nothing may be sent on the lane, or None."""

    def hold(self, lane: str, until: datetime) -> None:
        """Hold the lane until then; an earlier time never shortens a hold."""


class MemoryLanes:
    """Lanes of one process, for tests and single calls."""

    def __init__(self) -> None:
        self._held: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def held_until(self, lane: str) -> datetime | None:
        return self._held.get(lane)

    def hold(self, lane: str, until: datetime) -> None:
        with self._lock:
            known = self._held.get(lane)
            if known is None or known < until:
                self._held[lane] = until
