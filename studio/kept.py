"""What a process makes once and keeps to its end.

Streamlit's own caches are no place for it: any browser that opens a WebSocket, also one of somebody who has not signed
in, can have them emptied.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """Made by the first who asks, while the others wait; what fails is tried again by the next."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._lock = threading.RLock()
        self._held: list[T] = []

    def __call__(self) -> T:
        if not self._held:
            with self._lock:
                if not self._held:
                    self._held.append(self._make())
        return self._held[0]

    def forget(self) -> None:
        """Make it anew when somebody next asks; for tests."""
        with self._lock:
            self._held.clear()
