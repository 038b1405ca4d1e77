"""What is to run: one thread a flow, and wakes that come while it runs are one run more, not many."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from engine.errors import FlowBusy
from engine.runs.serving.names import Name

MOST_KEYS = 50  # of one run for records that webhooks named
BUSY_SECONDS = 1.0
STILL_SECONDS = 600.0  # a flow that nobody woke for so long gives its thread back


@dataclass(slots=True)
class Wish:
    """What a flow is woken for: everything that is new, records by their keys, or both."""

    whole: bool = False
    keys: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return self.whole or bool(self.keys)


Go = Callable[[Name, Wish], None]


class Work:
    """Runs flows in threads. go(flow, wish): one run; FlowBusy is tried again, anything else it tells itself."""

    def __init__(self, go: Go, on_fault: Callable[[Name, BaseException], None]) -> None:
        self._go = go
        self._on_fault = on_fault
        self._changed = threading.Condition()
        self._wishes: dict[Name, Wish] = {}
        self._threads: dict[Name, threading.Thread] = {}
        self._running: set[Name] = set()
        self.stopping = threading.Event()

    def wake(self, flow: Name, keys: Collection[str] | None = None) -> None:
        """Run the flow: everything, or these records. Nothing more begins once it is stopping."""
        with self._changed:
            if self.stopping.is_set():
                return
            wish = self._wishes.setdefault(flow, Wish())
            if keys is None:
                wish.whole = True
            else:
                known = set(wish.keys)
                wish.keys += [key for key in dict.fromkeys(keys) if key not in known]
            thread = self._threads.get(flow)
            if thread is None or not thread.is_alive():
                thread = self._threads[flow] = threading.Thread(target=self._serve, args=(flow,), name=f"flow {flow}")
                thread.daemon = True  # whoever ends after waiting in vain need not wait for it again
                thread.start()
            self._changed.notify_all()

    def stop(self) -> None:
        """Begin nothing more; runs under way are for `go` to end."""
        with self._changed:
            self.stopping.set()
            self._wishes.clear()
            self._changed.notify_all()

    def wait(self, seconds: float) -> bool:
        """Wait until nothing runs and nothing is wished; False where it still does after so long."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._wishes and not self._running, seconds)

    def running(self) -> set[Name]:
        """The flows that run now."""
        with self._changed:
            return set(self._running)

    def left_lying(self) -> list[Name]:
        """Flows that are woken and have no thread that would run them: there should be none."""
        with self._changed:
            alive = {flow for flow, thread in self._threads.items() if thread.is_alive()}
            return sorted(set(self._wishes) - alive)

    def _serve(self, flow: Name) -> None:
        while True:
            with self._changed:
                ready = self._changed.wait_for(lambda: self.stopping.is_set() or flow in self._wishes, STILL_SECONDS)
                if self.stopping.is_set() or not ready:
                    self._threads.pop(flow, None)
                    return
                wish = self._taken(flow)
                self._running.add(flow)
            try:
                self._one(flow, wish)
            finally:
                with self._changed:
                    self._running.discard(flow)
                    self._changed.notify_all()

    def _taken(self, flow: Name) -> Wish:
        """The next run's share: named records first, since somebody waits for them."""
        whole = self._wishes[flow]
        if whole.keys:
            part = Wish(False, whole.keys[:MOST_KEYS])
            whole.keys = whole.keys[MOST_KEYS:]
        else:
            part = Wish(True)
            whole.whole = False
        if not whole:
            del self._wishes[flow]
        return part

    def _one(self, flow: Name, wish: Wish) -> None:
        while not self.stopping.is_set():
            try:
                self._go(flow, wish)
                return
            except FlowBusy:
                self.stopping.wait(BUSY_SECONDS)
            except Exception as fault:  # a fault of ours in one flow must not keep the others from running
                self._on_fault(flow, fault)
                return
