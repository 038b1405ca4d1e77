"""The loop of `serve`: wakes what is due, looks at the clock often enough to see it jump, and stops in time."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection
from datetime import datetime, timedelta

from engine.commands.serving.journal import Journal
from engine.commands.serving.known_flows import KnownFlows
from engine.commands.serving.runner import Runner
from engine.design.desk import Desk
from engine.runs.ledger.pauses import EVERYTHING
from engine.runs.serving.due import Timekeeper, next_moment
from engine.runs.serving.inbox import Inbox
from engine.runs.serving.work import Work

LONGEST_WAIT_SECONDS = 30.0  # a clock that is set, a file that changed and a resumed flow are seen within it
STOP_SECONDS = 25.0  # of the 30 that a service is given
PURGE_EVERY = timedelta(hours=1)


class Loop:
    """Wakes flows until it is stopped."""

    def __init__(
        self,
        things: Desk,
        flows: KnownFlows,
        work: Work,
        runner: Runner,
        journal: Journal,
        keep: timedelta,
        inbox: Inbox,
    ) -> None:
        self._things = things
        self._flows = flows
        self._work = work
        self._runner = runner
        self._journal = journal
        self._keep = keep
        self._inbox = inbox
        self._timekeeper = Timekeeper(things.ledger)
        self._purged_at: datetime | None = None
        self._woken = threading.Event()
        self.stopping = threading.Event()
        self.looked_at: datetime | None = None

    def wake(self) -> None:
        """Look at once: something came in."""
        self._woken.set()

    def stop(self) -> None:
        """End the loop; may be called from a signal handler."""
        self.stopping.set()
        self._woken.set()

    def go(self) -> bool:
        """Until it is stopped; False where something was still under way when the time was over."""
        try:
            while not self.stopping.is_set():
                self._woken.clear()
                self.look()
                self._purge()
                self._woken.wait(self._seconds_to_wait())
        except BaseException:  # as when the ledger cannot be written: what is under way still finishes
            self.end()
            raise
        return self.end()

    def end(self) -> bool:
        """Begin nothing more, and let what is under way finish; False where it did not in time."""
        self._work.stop()
        self._runner.stop()
        return self._work.wait(STOP_SECONDS)

    def look(self) -> None:
        """Wake every flow that is due or that a webhook named."""
        now = self._things.clock.now()
        known = self._flows.all()
        scheduled = [each.scheduled for each in known.values() if each.scheduled is not None]
        paused = self._paused(known)
        for due in self._timekeeper.due(scheduled, paused, now):
            if due.missed is not None:
                shown = due.missed.astimezone().strftime("%Y-%m-%d %H:%M")
                line = f"{due.flow}: should have run at {shown} and did not; it runs now, once"
                self._journal.say("missed", line, flow=due.flow, due_at=due.missed.isoformat())
            self._work.wake(due.flow)
        sound = [each.loaded for each in known.values() if each.loaded is not None]
        for flow, keys in self._inbox.keys(sound, paused, now, time.monotonic()).items():
            self._work.wake(flow, keys)
        self.looked_at = now

    def _paused(self, flows: Collection[str]) -> set[str]:
        held = {pause.flow for pause in self._things.ledger.pauses()}
        return set(flows) if EVERYTHING in held else held & set(flows)

    def _seconds_to_wait(self) -> float:
        following = next_moment(self._things.ledger)
        if following is None:
            return LONGEST_WAIT_SECONDS
        seconds = (following - self._things.clock.now()).total_seconds()
        return min(max(seconds, 0.05), LONGEST_WAIT_SECONDS)

    def _purge(self) -> None:
        now = self._things.clock.now()
        if self._purged_at is None or not timedelta(0) <= now - self._purged_at < PURGE_EVERY:
            self._purged_at = now
            self._things.ledger.purge_before(now - self._keep)
