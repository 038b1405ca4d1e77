"""From what somebody types to the records they may mean: numbers, names, amounts, days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from engine.design.support.said import amounts_meant, day_meant
from engine.runs.ledger import Ledger, StoredRecord
from engine.runs.ledger.searches import Wanted
from engine.runs.serving.zones import machine_zone

__all__ = ["Found", "StoredRecord", "Wanted", "find", "zone_here"]


@dataclass(frozen=True, slots=True)
class Found:
    """Records as a person meant them; more: there are others that were not looked at."""

    records: tuple[StoredRecord, ...]
    more: bool


def find(ledger: Ledger, wanted: Wanted, zone: ZoneInfo, limit: int = 50) -> Found:
    """At most `limit` records. What the text names goes first; then what comes to that amount, if it may be one.

    A text that is a day means what was made on it, in the zone of the business.
    """
    found: dict[int, StoredRecord] = {}
    for meant in _readings(wanted, zone):
        for record in ledger.records_like(meant, limit + 1):
            found.setdefault(record.id, record)
    return Found(tuple(found.values())[:limit], len(found) > limit)


def zone_here() -> ZoneInfo:
    """The zone in which days are meant where no flow says its own."""
    return machine_zone()


def _readings(wanted: Wanted, zone: ZoneInfo) -> Iterator[Wanted]:
    """What was asked, and what else the text may mean."""
    yield wanted
    amounts = amounts_meant(wanted.text)
    if amounts is not None and wanted.amounts is None:
        yield replace(wanted, text="", amounts=amounts)
    day = day_meant(wanted.text, zone)
    if day is not None and wanted.since is None and wanted.until is None:
        yield replace(wanted, text="", since=day[0], until=day[1])
