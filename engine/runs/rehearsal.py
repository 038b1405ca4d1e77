"""A rehearsal: a record goes through its flow and nothing is sent or stored."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from engine.connectors.clock import Clock
from engine.errors import ExchangeError, Json
from engine.runs.chosen import Chosen
from engine.runs.deliver import Delivery
from engine.runs.ledger import Ledger
from engine.runs.opening import OpenFlow
from engine.runs.pull import DUE, Judged, Pull
from engine.runs.results import PARKED, Delivered
from engine.runs.retrying import parked_by


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A record with what would come of it; for one that is held back, `judged` says why and `result` is None."""

    judged: Judged
    result: Delivered | None


class Rehearsal:
    """Reads the source and finds in the target, and writes to neither."""

    def __init__(self, opened: OpenFlow, ledger: Ledger, clock: Clock, pool: ThreadPoolExecutor) -> None:
        self._pull = Pull(opened, ledger, opened.environment.now, pool)
        self._chosen = Chosen(opened, ledger, self._pull)
        self._delivery = Delivery(opened, ledger, clock, dry=True)

    def of_record(self, record: dict[str, Json]) -> Rehearsed:
        """A record given as it is, children and all; its conditions are judged but do not hold it back."""
        judged = self._pull.judge([record], whole=True)[0]
        return Rehearsed(judged, self._deliver(judged))

    def of_key(self, name: str) -> Rehearsed:
        """One record of the source, by number or key."""
        judged = self._chosen.judged(name)
        return Rehearsed(judged, self._deliver(judged))

    def of_new(self, asked: datetime | None, limit: int | None) -> Iterator[Rehearsed]:
        """What a run would read now."""
        count = 0
        for page in self._pull.pages(self._pull.since(asked)):
            for judged in page:
                if limit is not None and count >= limit:
                    return
                count += 1
                would_go = self._pull.as_delivered(judged)
                yield Rehearsed(would_go, self._deliver(would_go) if judged.state == DUE else None)

    def _deliver(self, judged: Judged) -> Delivered:
        if judged.problem is not None:
            return Delivered(PARKED, judged.problem.what, [judged.problem])
        try:
            return self._delivery.deliver(judged.key, judged.record, lambda step, exchange: None)
        except ExchangeError as error:
            return parked_by(error)
