"""The loop of `serve`: wakes what is due, looks at the clock often enough to see it jump, and stops in time."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta

from engine.commands.serving.journal import Journal, named
from engine.commands.serving.known_flows import KnownFlows
from engine.commands.serving.runner import Runner
from engine.design.desk import Desk
from engine.design.settings.retention import retention
from engine.runs.ledger.pauses import EVERYTHING
from engine.runs.serving.due import Timekeeper, held_back, next_moment
from engine.runs.serving.inbox import Inbox
from engine.runs.serving.names import Name
from engine.runs.serving.ready import Ready
from engine.runs.serving.work import Work
from engine.runs.telling.causes import tell_missed

LONGEST_WAIT_SECONDS = 30.0  # a clock that is set, a file that changed and a resumed flow are seen within it
STOP_SECONDS = 25.0  # of the 30 that a service is given
PURGE_EVERY = timedelta(hours=1)
_ALIVE_EVERY = timedelta(seconds=20)


class Loop:
    """Wakes flows until it is stopped."""

    def __init__(
        self,
        things: Desk,
        flows: KnownFlows,
        work: Work,
        runner: Runner,
        journal: Journal,
        inbox: Inbox,
    ) -> None:
        self._things = things
        self._flows = flows
        self._work = work
        self._runner = runner
        self._journal = journal
        self._inbox = inbox
        self._timekeeper = Timekeeper(things.ledger)
        self._purged_at: datetime | None = None
        self._written_at: datetime | None = None
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
        now, ledger = self._things.clock.now(), self._things.ledger
        ready = self._flows.begun()
        paused = self._paused(ready)
        held = held_back(ledger, self._changed_at)
        scheduled = [each.scheduled for each in ready if each.scheduled is not None]
        for due in self._timekeeper.due(scheduled, paused, now, held):
            if due.missed is not None:
                self._missed(due.name, due.missed, now)
            self._work.wake(due.name)
        waiting = {each.name for each in ready if each.name.flow in paused or held.get(each.name, now) > now}
        for flow, keys in self._inbox.keys(ready, waiting, now, time.monotonic()).items():
            self._work.wake(flow, keys)
        if _is_time(self._written_at, _ALIVE_EVERY, now):
            ledger.looked_at(now)  # that it can be written is known even where nothing runs
            self._written_at = now
        self.looked_at = now

    def _missed(self, flow: Name, due_at: datetime, now: datetime) -> None:
        shown = due_at.astimezone().strftime("%Y-%m-%d %H:%M")
        line = f"{flow}: should have run at {shown} and did not; it runs now, once"
        self._journal.say("missed", line, **named(flow), due_at=due_at.isoformat())
        tell_missed(self._things.ledger, *flow, due_at, now)

    def _changed_at(self, flow: Name) -> datetime | None:
        """When somebody last changed a connection, the binding, or which account is right."""
        ledger = self._things.ledger
        moments = [stored.saved_at for stored in ledger.connections()]
        moments += [account.at for account in ledger.accounts(*flow).values()]
        binding = ledger.binding(*flow)
        if binding is not None and binding.saved_at is not None:
            moments.append(binding.saved_at)
        return max(moments, default=None)

    def _paused(self, flows: list[Ready]) -> set[str]:
        held = {pause.flow for pause in self._things.ledger.pauses()}
        names = {each.name.flow for each in flows}
        return names if EVERYTHING in held else held & names

    def _seconds_to_wait(self) -> float:
        following = next_moment(self._things.ledger)
        if following is None:
            return LONGEST_WAIT_SECONDS
        seconds = (following - self._things.clock.now()).total_seconds()
        return min(max(seconds, 0.05), LONGEST_WAIT_SECONDS)

    def _purge(self) -> None:
        now = self._things.clock.now()
        if _is_time(self._purged_at, PURGE_EVERY, now):
            self._purged_at = now
            self._things.ledger.purge_before(now - retention(self._things.ledger).time)


def _is_time(before: datetime | None, every: timedelta, now: datetime) -> bool:
    """Is it so long ago? Also where it never was, and where the clock was set back."""
    return before is None or not timedelta(0) <= now - before < every
