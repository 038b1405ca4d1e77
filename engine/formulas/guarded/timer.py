"""A clock inside the worker that interrupts a formula in the middle of a long step."""

from __future__ import annotations

import signal
from types import FrameType


class TimeOver(BaseException):
    """The time is up. No `except Exception` of the evaluator may catch it."""


class Timer:
    """Raises TimeOver while `armed`; where there are no alarms, the pool's own clock does the work."""

    def __init__(self) -> None:
        self.armed = False
        self.over = False
        self._works = hasattr(signal, "setitimer")
        if self._works:
            signal.signal(signal.SIGALRM, self._ring)

    def start(self, seconds: float) -> None:
        self.over = False
        if self._works:
            signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.001))

    def stop(self) -> None:
        self.armed = False
        if self._works:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _ring(self, number: int, frame: FrameType | None) -> None:
        self.over = True
        if self.armed:
            self.armed = False
            raise TimeOver
