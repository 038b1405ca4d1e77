"""Calls of addresses that there are not: a few are answered, a flood of them is turned away unread."""

from __future__ import annotations

import threading
from collections import deque

MOST, WITHIN_SECONDS = 60, 60.0


class Flood:
    """Counts unknown addresses, whoever calls them: behind a proxy all callers look alike."""

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=MOST)
        self._lock = threading.Lock()

    def missed(self, ticks: float) -> None:
        """One more was not known. ticks: seconds that never go back."""
        with self._lock:
            self._times.append(ticks)

    def is_on(self, ticks: float) -> bool:
        """Were there so many within the last minute?"""
        with self._lock:
            return len(self._times) == MOST and ticks - self._times[0] < WITHIN_SECONDS
