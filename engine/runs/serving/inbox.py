"""What webhooks bring: kept before it is answered, and then a hint to fetch a record."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime

from engine.connectors.connector import Connector, Event
from engine.connectors.events import read_event, why_not_authentic
from engine.errors import DocumentError
from engine.formulas import Environment, Formulas
from engine.runs.ledger import Ledger
from engine.runs.ledger.webhooks import Hint
from engine.runs.serving.names import Name
from engine.runs.serving.ready import Ready

TAKEN, UNREADABLE, UNKNOWN = 202, 400, 404
MOST_HINTS = 2_000  # looked at in one go
AGAIN_SECONDS = 60.0  # hints whose fetch failed are tried again so much later

Connectors = Callable[[str], Connector | None]  # of a connection's name


def receive(
    ledger: Ledger,
    formulas: Formulas,
    connectors: Connectors,
    token: str,
    headers: Mapping[str, str],
    body: bytes,
    now: datetime,
) -> int:
    """The status to answer a webhook with. 202 only once it is on disk; the same one again is 202 too.

    A wrong token and a wrong signature are answered alike, so that nobody learns which addresses there are.
    """
    webhook = ledger.webhook_of(token)
    connector = connectors(webhook.connection) if webhook is not None else None
    event = connector.events.get(webhook.event) if connector is not None and webhook is not None else None
    if webhook is None or event is None:
        return UNKNOWN
    if why_not_authentic(event, webhook.secret, webhook.address + token, headers, body):
        return UNKNOWN
    try:
        told = read_event(event, body, formulas, Environment(now=now, variables={}, lookups={}))
    except DocumentError:
        return UNREADABLE
    if told is None:
        return UNREADABLE
    ledger.receive(webhook.connection, webhook.event, told.id, told.key, now)
    return TAKEN


class Inbox:
    """Hands out the hints that wait, each to the flows that read such records, until all of them have fetched it."""

    def __init__(self, ledger: Ledger, connectors: Connectors) -> None:
        self._ledger = ledger
        self._connectors = connectors
        self._lock = threading.Lock()
        self._given: dict[int, float] = {}
        self._open: dict[int, set[Name]] = {}  # hint → the flows that have not fetched it yet
        self._rows: dict[tuple[Name, str], set[int]] = defaultdict(set)  # flow and key → hints

    def keys(
        self, flows: Iterable[Ready], waiting: Collection[Name], now: datetime, ticks: float
    ) -> dict[Name, list[str]]:
        """By flow the keys to fetch now. A hint that no flow wants is done with; one of a flow in `waiting` waits.

        ticks: seconds that never go back.
        """
        flows = list(flows)
        wanted: dict[Name, list[str]] = defaultdict(list)
        unwanted = []
        with self._lock:
            for hint in self._ledger.hints(MOST_HINTS):
                if self._is_given(hint, ticks):
                    continue
                event = self._event(hint)
                names = {flow.name for flow in flows if event is not None and _reads(flow, hint, event)}
                if not names:
                    unwanted.append(hint.id)
                elif not names & set(waiting):
                    self._given[hint.id], self._open[hint.id] = ticks, set(names)
                    for name in names:
                        wanted[name].append(hint.key)
                        self._rows[name, hint.key].add(hint.id)
        if unwanted:
            self._ledger.hints_done(unwanted, "no flow reads such records", now)
        return wanted

    def fetched(self, flow: Name, keys: Collection[str], now: datetime, began: float) -> None:
        """This flow has fetched these records, in a run that began then: a hint that came later is none of them."""
        done = []
        with self._lock:
            for key in keys:
                known = self._rows.pop((flow, key), set())
                later = {row for row in known if self._given.get(row, 0.0) > began}
                if later:
                    self._rows[flow, key] = later
                for row in known - later:
                    still = self._open.get(row, set())
                    still.discard(flow)
                    if not still:
                        self._open.pop(row, None)
                        self._given.pop(row, None)
                        done.append(row)
        if done:
            self._ledger.hints_done(done, "", now)

    def _is_given(self, hint: Hint, ticks: float) -> bool:
        given = self._given.get(hint.id)
        return given is not None and ticks - given < AGAIN_SECONDS

    def _event(self, hint: Hint) -> Event | None:
        connector = self._connectors(hint.connection)
        return connector.events.get(hint.event) if connector is not None else None


def _reads(flow: Ready, hint: Hint, event: Event) -> bool:
    """Does the flow read such records, through the very connection that told of them?"""
    source = flow.loaded.flow.source
    return (flow.bound.connections[source.connector], source.resource) == (hint.connection, event.resource)
