"""Coming in with the local password: one try at a time, and after a few wrong ones everybody waits."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from engine.design.people.passwords import fits
from engine.design.people.sessions import new_session
from engine.design.people.sign_in import LOCAL, PASSWORD, way_in

if TYPE_CHECKING:
    from engine.design.desk import Desk

MOST_WRONG = 5
WITHIN = timedelta(minutes=1)
SLOWED_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of a try. session: the signed text where the password was right; wait_seconds: for how long no try
    counts, 0 where this one did; tries_left: how many more do before everybody waits.
    """

    session: str = field(default="", repr=False)
    wait_seconds: int = 0
    tries_left: int = 0


class Door:
    """Where the password is tried; one for a process, as it counts the wrong tries from wherever they come."""

    def __init__(self) -> None:
        self._one_at_a_time = threading.Lock()
        self._wrong: list[datetime] = []

    def enter(self, desk: Desk, password: str) -> Entry:
        """Try this password."""
        with self._one_at_a_time:  # the cost of a try cannot be multiplied, nor the count be outrun
            now = desk.clock.now()
            self._wrong = [at for at in self._wrong if now - WITHIN < at <= now]
            if len(self._wrong) >= MOST_WRONG:
                left = self._wrong[0] + WITHIN - now
                return Entry(wait_seconds=max(1, -(-left // timedelta(seconds=1))))
            way = way_in(desk)
            if way.way == PASSWORD and fits(password, way.password):
                self._wrong.clear()
                return Entry(new_session(LOCAL, way, now))
            desk.clock.sleep(SLOWED_SECONDS)
            self._wrong.append(now)
            return Entry(tries_left=MOST_WRONG - len(self._wrong))
