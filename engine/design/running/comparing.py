"""Comparing the days of both sides in a thread of this process: it reads only, is watched, and can be stopped."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from engine.design.desk import Desk
from engine.design.people.rights import Role, needs
from engine.errors import DocumentError, Problem, StudioError
from engine.flows.library import LoadedFlow, load_flow
from engine.runs.bindings import bound
from engine.runs.clients import stored_connection
from engine.runs.reconciling import Day, Reconciling

MOST_DAYS = 31


class _Enough(Exception):
    """Somebody stopped it."""


@dataclass(slots=True, eq=False)
class Comparison:
    """The days of a flow and binding. read: records of the source so far; days: None until it is over; unread: kinds of
    documents of which what only the target has stays unseen; records: the number in the ledger of each record that
    differs, by its key.
    """

    things: Desk
    loaded: LoadedFlow
    binding: str
    first: date
    last: date
    source: str
    target: str
    read: int = 0
    days: list[Day] | None = None
    unread: tuple[str, ...] = ()
    records: Mapping[str, int] = field(default_factory=dict)
    error: StudioError | None = None
    was_stopped: bool = False
    waits_until: datetime | None = None
    _over: threading.Event = field(default_factory=threading.Event)

    @property
    def flow(self) -> str:
        return self.loaded.flow.name

    @property
    def is_over(self) -> bool:
        return self._over.is_set()

    @property
    def waiting_until(self) -> datetime | None:
        """Until when a system's limit makes it wait, where one does."""
        until = self.waits_until
        return until if until is not None and not self.is_over and until > self.things.clock.now() else None

    def stop(self) -> None:
        """After the page that is being read."""
        self.was_stopped = True

    def wait(self, seconds: float) -> bool:
        return self._over.wait(seconds)

    def go(self) -> None:
        """Compare, whatever comes."""
        try:
            self._compare()
        except _Enough:
            pass
        except StudioError as error:
            self.error = error
        except Exception as fault:  # nobody else sees a thread die; what the fault quotes may be of people
            why = f"a fault of the engine ({type(fault).__name__})"
            self.error = StudioError("comparing ended early", why=why, what_to_do="Nothing was changed by it.")
        finally:
            self._over.set()

    def _compare(self) -> None:
        things = self.things
        with things.opened(self.loaded, self._waits, self.binding) as opened, ThreadPoolExecutor(4) as pool:
            work = Reconciling(opened, things.ledger, pool, self._told)
            days = work.days(self.first, self.last)
        keys = {each.key for day in days for each in day.differences if each.key}
        found = {key: things.ledger.record(self.flow, self.binding, key) for key in keys}
        self.records = {key: record.id for key, record in found.items() if record is not None}
        self.unread, self.days = tuple(work.unread), days

    def _told(self, count: int) -> None:
        self.read += count
        if self.was_stopped:
            raise _Enough

    def _waits(self, seconds: float, reason: str) -> None:
        self.waits_until = self.things.clock.now() + timedelta(seconds=seconds)


@needs(Role.LOOK, "compare days")
def compare(things: Desk, flow: str, binding: str, first: date, last: date) -> Comparison:
    """Begin to compare; it goes on in a thread. Raises DocumentError or ConnectionMissing where it cannot begin."""
    loaded = things.load(flow)
    held = bound(things.ledger, loaded, binding)
    if loaded.flow.reconcile is None:
        what = "the flow does not say how its days are compared"
        raise DocumentError([Problem(flow, what, "Give it `reconcile` with day, sum and target_sum.")])
    if last < first:
        raise DocumentError([Problem(flow, f"{last} comes before {first}", "Choose the earlier day first.")])
    if (last - first).days >= MOST_DAYS:
        raise DocumentError([Problem(flow, f"these are more than {MOST_DAYS} days", "Compare a month at a time.")])
    for name, connector in loaded.connectors.items():
        stored_connection(things.ledger, connector, held.connections[name])
    source, target = loaded.connectors[loaded.flow.source.connector], loaded.connectors[loaded.flow.target()]
    comparison = Comparison(things, loaded, binding, first, last, source.title, target.title)
    threading.Thread(target=comparison.go, name=f"compare {flow}", daemon=True).start()
    return comparison


def comparable(things: Desk) -> tuple[list[LoadedFlow], list[LoadedFlow]]:
    """The flows that say how their days are compared, and those that do not; what cannot be read is in neither."""
    can: list[LoadedFlow] = []
    cannot: list[LoadedFlow] = []
    for name in things.workspace.flow_names():
        try:
            loaded = load_flow(things.workspace, name)
        except DocumentError:
            continue  # the list of flows says what is wrong with it
        (can if loaded.flow.reconcile is not None else cannot).append(loaded)
    return can, cannot
