"""Records chosen by hand: found by the number people say or by their key, fetched, and made due."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from engine.errors import Cause, DocumentError, ExchangeError, Json, Problem
from engine.runs.ledger import Ledger
from engine.runs.opening import OpenFlow
from engine.runs.pull import DUE, Judged, Pull

T = TypeVar("T")


class Chosen:
    """Fetches chosen records, whether they were seen before or not."""

    def __init__(self, opened: OpenFlow, ledger: Ledger, pull: Pull) -> None:
        self._opened = opened
        self._ledger = ledger
        self._pull = pull
        self._resource = opened.loaded.flow.source.resource

    def fetch(self, run_id: int, names: list[str]) -> list[str]:
        """Fetch and store the records of these numbers or keys; the keys of those to deliver now."""
        keys = [self.key_of(name) for name in names]
        judged = self._pull.fetch(run_id, keys)
        flow, now = (self._opened.name, self._opened.binding), self._opened.environment.now
        whole = [record for record in judged if record.state == DUE and record.problem is None]
        emptied = [record for record in whole if self._ledger.make_due(*flow, record.key, now) != DUE]
        if emptied:  # their content was forgotten: what was just fetched takes its place
            pulled = [self._pull.pulled(record) for record in emptied]
            self._ledger.store_page(*flow, run_id, pulled, self._ledger.cursor(*flow), now)
        return [record.key for record in judged if record.state == DUE]

    def judged(self, name: str) -> Judged:
        """One record fetched and judged, nothing stored."""
        return self._pull.look_at(self.key_of(name))

    def key_of(self, name: str) -> str:
        """The key of a record: one the ledger knows by this number, else one the source knows."""
        known = self._ledger.find_records(name, flow=self._opened.name, binding=self._opened.binding)
        for part in ("number", "key"):  # people say numbers; a key that looks like one must not win
            for record in known:
                if getattr(record, part) == name:
                    return record.key
        for found in (self._by_search(name), self._by_key(name)):
            if found is not None:
                return found
        source = self._opened.source.title
        what = f"{source} has no such record, by number or by key"
        if not self._pull.can_get:
            what = f"no run has read such a record, and {source} cannot be asked for one"
        raise DocumentError([Problem(name, what, "Check the number; it is written as the system shows it.")])

    def _by_key(self, name: str) -> str | None:
        source = self._opened.source
        if not self._pull.can_get:
            return None
        record = _unless_unknown(lambda: source.get(self._resource, name, whole=False))
        return source.key_of(self._resource, record) if record is not None else None

    def _by_search(self, name: str) -> str | None:
        source = self._opened.source
        find = source.resource(self._resource).operation("find")
        found: list[dict[str, Json]] = []
        for field in find.finds_by if find else ():
            found += _unless_unknown(partial(source.find, self._resource, field, name)) or []
        numbers = {source.key_of(self._resource, r): source.number_of(self._resource, r) or "" for r in found}
        exact = [key for key, number in numbers.items() if number == name]
        exact = exact or [key for key, number in numbers.items() if _is_without_prefix(name, number)]
        return exact[0] if len(exact) == 1 else None


def _unless_unknown(ask: Callable[[], T]) -> T | None:
    """What the source answers; None where it has no such record, or refuses such a name."""
    try:
        return ask()
    except ExchangeError as error:
        if error.cause in (Cause.NOT_FOUND, Cause.REFUSED_RECORD):
            return None
        raise


def _is_without_prefix(name: str, number: str) -> bool:
    """10482 for W-10482, but not 482: a search may find by less than the whole number."""
    return number.endswith(name) and name.isdigit() and not number[: -len(name)][-1:].isdigit()
