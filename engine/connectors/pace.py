"""How fast a connection may ask: sliding windows of its own, and holds shared with every other worker."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from datetime import timedelta

from engine.connectors.clock import Clock
from engine.connectors.http_description import Limits
from engine.connectors.lanes import Lanes

OnWait = Callable[[float, str], None]

SO_MANY, ASKED = "the system allows only so many requests at a time", "the system asked us to wait"  # why one waits


class TooLong(Exception):
    """The turn comes later than may be waited for; nothing was sent."""

    def __init__(self, wait_seconds: float) -> None:
        super().__init__(f"{wait_seconds:.0f} s")
        self.wait_seconds = wait_seconds


class Patience:
    """How long one call may still wait, all its waits together; tells the caller of each wait."""

    def __init__(self, seconds: float, clock: Clock, tell: OnWait | None) -> None:
        self.left_seconds = seconds
        self._clock = clock
        self._tell = tell

    def wait(self, seconds: float, reason: str) -> None:
        """Sleep; raises TooLong, without sleeping, when that is more than is left."""
        if seconds <= 0:
            return
        if seconds > self.left_seconds:
            raise TooLong(seconds)
        self.left_seconds -= seconds
        if self._tell is not None:
            self._tell(seconds, reason)
        self._clock.sleep(seconds)


class Pace:
    """Turns on the lanes of one connection; safe to use from many threads."""

    def __init__(self, connection: str, limits: Limits, lanes: Lanes, clock: Clock) -> None:
        self._connection = connection
        self._limits = limits
        self._lanes = lanes
        self._clock = clock
        self._by_family = any(window.per != "connection" for window in limits.windows)
        self._by_method = any(window.per == "method_and_path" for window in limits.windows)
        self._sent: dict[tuple[int, str], deque[float]] = {}
        self._lock = threading.Lock()

    def family(self, method: str, path: str) -> str:
        """The path family of a request below the base: `orders`, `GET orders`; "" if all are one."""
        if not self._by_family:
            return ""
        segments = path.partition("?")[0].strip("/").split("/")[: self._limits.path_segments]
        family = "/".join(segments)
        return f"{method} {family}" if self._by_method else family

    def take_turn(self, family: str, patience: Patience) -> None:
        """Return when a request may be sent; raises TooLong."""
        self._wait_for_holds(family, patience)
        wait_seconds = self._reserve(family, patience.left_seconds)
        if wait_seconds > 0:
            patience.wait(wait_seconds, SO_MANY)
            self._wait_for_holds(family, patience)

    def hold(self, family: str, seconds: float, *, everything: bool) -> None:
        """Nobody sends on the lane for so long: the family's, or the whole connection's."""
        lane = self._connection if everything or not family else self._lane(family)
        self._lanes.hold(lane, self._clock.now() + timedelta(seconds=seconds))

    def _lane(self, family: str) -> str:
        return f"{self._connection} {family}"

    def _wait_for_holds(self, family: str, patience: Patience) -> None:
        lanes = [self._connection, self._lane(family)] if family else [self._connection]
        while True:
            held = [until for lane in lanes if (until := self._lanes.held_until(lane)) is not None]
            seconds = (max(held) - self._clock.now()).total_seconds() if held else 0.0
            if seconds <= 0:
                return
            patience.wait(seconds, ASKED)

    def _reserve(self, family: str, at_most_seconds: float) -> float:
        """Take the next free place in every window; seconds until then. Raises TooLong, taking none."""
        if not self._limits.windows:
            return 0.0
        with self._lock:
            now = place = self._clock.monotonic()
            queues = []
            for number, window in enumerate(self._limits.windows):
                key = (number, "" if window.per == "connection" else family)
                queue = self._sent.setdefault(key, deque(maxlen=window.requests))
                if len(queue) == window.requests:
                    place = max(place, queue[0] + window.seconds)
                queues.append(queue)
            if place - now > at_most_seconds:
                raise TooLong(place - now)
            for queue in queues:
                queue.append(place)
            return place - now
