"""Whether a run is to end: told in this process, or asked for in the ledger by somebody at another screen."""

from __future__ import annotations

import threading
import time

from engine.runs.ledger import Ledger

LOOK_SECONDS = 1.0


class Over:
    """As an event that is set once. `is_set` is asked before each page and each record; once a second it looks whether
    somebody asked the run in the ledger, from then on of the run that `begins` named.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.who = ""  # asked for it, where somebody did by the ledger
        self._ledger = ledger
        self._event = threading.Event()
        self._run_id: int | None = None
        self._look_at = 0.0

    def begins(self, run_id: int) -> None:
        """This is the run that may be asked to stop."""
        self._run_id, self._look_at = run_id, time.monotonic() + LOOK_SECONDS

    def ends(self) -> None:
        """What is asked from now on comes too late. Who asked is known, although it was told here as well."""
        if self._event.is_set() and not self.who and self._run_id is not None:
            self.who = self._ledger.asked_to_stop(self._run_id)
        self._run_id = None

    def set(self) -> None:
        self._event.set()

    def is_set(self) -> bool:
        if not self._event.is_set() and self._run_id is not None and time.monotonic() >= self._look_at:
            self._look_at = time.monotonic() + LOOK_SECONDS
            self.who = self._ledger.asked_to_stop(self._run_id)
            if self.who:
                self._event.set()
        return self._event.is_set()
