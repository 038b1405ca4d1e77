"""Facts and records read from connected systems in the background, and kept for a while."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from engine.connectors.connector import Connector
from engine.design.desk import Desk
from engine.errors import Json, StudioError
from engine.runs.ledger import StoredConnection

KEPT_SECONDS = 900.0
FAILURE_KEPT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Told:
    """What a system told. facts: None where it was not asked for them; records: by resource, as far as they were
    wanted; why: in words, why there is nothing; until: by the monotonic clock, how long it counts.
    """

    facts: Mapping[str, Json] | None = None
    records: Mapping[str, list[dict[str, Json]]] = field(default_factory=dict)
    why: str = ""
    until: float = 0.0

    def has(self, wanted: frozenset[str], wants_facts: bool) -> bool:
        """Whether all that is wanted was asked for."""
        return bool(self.why) or (wanted <= set(self.records) and (self.facts is not None or not wants_facts))


class LiveReads:
    """What the systems of a desk told, by connection. Any number of threads may ask; each reading is done once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._told: dict[tuple[str, str], Told] = {}
        self._threads: dict[tuple[str, str], threading.Thread] = {}

    def told(
        self,
        desk: Desk,
        connector: Connector,
        stored: StoredConnection,
        wanted: frozenset[str],
        wants_facts: bool,
        wait: float,
    ) -> Told | None:
        """What is known now; None while it is being read for the first time. What is old is read again meanwhile."""
        place = (connector.name, stored.saved_at.isoformat())
        with self._lock:
            known = self._told.get(place)
            is_whole = known is not None and known.has(wanted, wants_facts)
            is_fresh = known is not None and known.until > desk.clock.monotonic()
            if not (is_whole and is_fresh) and place not in self._threads:
                also = frozenset(known.records) if known is not None else frozenset()
                self._start(place, lambda: _read(desk, connector, stored, wanted | also, wants_facts))
            thread = self._threads.get(place)
        if thread is not None and not is_whole and wait > 0:
            thread.join(wait)
            with self._lock:
                known = self._told.get(place)
        return known if known is not None and known.has(wanted, wants_facts) else None

    def forget(self) -> None:
        """Ask again when somebody next wants to know."""
        with self._lock:
            self._told.clear()

    def _start(self, place: tuple[str, str], read: Callable[[], Told]) -> None:
        def work() -> None:
            try:
                told = read()
            except Exception as fault:  # said where it is missed: the page must not die of a system
                told = Told(why=f"Could not be read ({type(fault).__name__}).")
            with self._lock:
                self._told[place] = told
                del self._threads[place]

        thread = threading.Thread(target=work, name=f"reading {place[0]}", daemon=True)
        self._threads[place] = thread
        thread.start()


def _read(
    desk: Desk, connector: Connector, stored: StoredConnection, wanted: frozenset[str], wants_facts: bool
) -> Told:
    now, until = desk.clock.now(), desk.clock.monotonic()
    try:
        with desk.system(connector.impatient(), stored, now) as system:
            facts = system.facts() if wants_facts else None
            records = {resource: system.all(resource) for resource in sorted(wanted)}
    except StudioError as error:
        why = f"{connector.title} could not be asked: {error.what}."
        return Told(why=why.replace("..", "."), until=until + FAILURE_KEPT_SECONDS)
    return Told(facts, records, "", until + KEPT_SECONDS)
