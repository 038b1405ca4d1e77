"""The thread of `serve` that tells somebody outside what goes wrong, so that no run waits for it."""

from __future__ import annotations

import threading
from datetime import timedelta

from engine.commands.serving.journal import Journal
from engine.design.desk import Desk
from engine.errors import Problem, StudioError
from engine.runs.results import fault_of_ours
from engine.runs.serving.due import unended
from engine.runs.telling.causes import tell_long
from engine.runs.telling.sending import tell_now

EVERY_SECONDS = 60.0
_STUCK = timedelta(hours=1)  # addresses that do not answer take a minute each


class Teller:
    """Tells while its `with` block lasts: each minute, and at once when a run is over."""

    def __init__(self, things: Desk, journal: Journal) -> None:
        self._things = things
        self._journal = journal
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._told_at = things.clock.monotonic()
        self._thread = threading.Thread(target=self._serve, name="teller", daemon=True)

    def wake(self) -> None:
        """Look at once: a run is over."""
        self._woken.set()

    def is_well(self) -> bool:
        """Does it still work?"""
        return self._thread.is_alive() and self._things.clock.monotonic() - self._told_at < _STUCK.total_seconds()

    def __enter__(self) -> Teller:
        self._thread.start()
        return self

    def __exit__(self, *about: object) -> None:
        """A message under way is given a moment; one that was not sent waits in the ledger."""
        self._stopping.set()
        self._woken.set()
        self._thread.join(3)

    def _serve(self) -> None:
        while not self._stopping.is_set():
            self._woken.clear()
            try:
                self._tell()
            except StudioError as error:
                self._say_why(str(error), error.as_problem())
            except Exception as fault:  # a fault of ours must not end the telling of everything else
                problem = fault_of_ours(fault).problems[0]
                self._say_why(str(problem), problem)
            self._told_at = self._things.clock.monotonic()
            self._woken.wait(EVERY_SECONDS)

    def _say_why(self, what: str, problem: Problem) -> None:
        self._journal.say("telling", f"telling: {what}".replace("\n", " "), problem=problem.as_json())

    def _tell(self) -> None:
        things, now = self._things, self._things.clock.now()
        for planned in unended(things.ledger, now):
            if planned.last_started is not None:
                tell_long(things.ledger, planned.flow, planned.binding, planned.last_started, now)
        for sent in tell_now(things.ledger, things.workspace, things.clock):
            said = f"not told: {sent.why}" if sent.why else "told"
            self._journal.say("telling", f"{sent.recipient.named} {said}", to=sent.recipient.id, why=sent.why)
