"""From what somebody types to the records they may mean: numbers, names, amounts, days."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from engine.design.support.said import amounts_meant, day_meant
from engine.runs.ledger import Ledger, StoredRecord
from engine.runs.ledger.searches import Wanted
from engine.runs.serving.zones import machine_zone

__all__ = ["Counted", "Found", "StoredRecord", "Wanted", "count", "find", "link_of", "record_of_link", "zone_here"]

MOST_COUNTED = 10_000
_MARK_CHARS = 8
_LONGEST_NUMBER = 19


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


@dataclass(frozen=True, slots=True)
class Counted:
    """How many records are meant. is_all: there are not more than were counted; states: how they stand."""

    records: int
    is_all: bool
    states: Mapping[str, int]


def count(ledger: Ledger, wanted: Wanted, zone: ZoneInfo, most: int = MOST_COUNTED) -> Counted:
    """Count what `find` would find, up to so many."""
    ids = dict.fromkeys(each for meant in _readings(wanted, zone) for each in ledger.ids_like(meant, most + 1))
    counted = list(ids)[:most]
    return Counted(len(counted), len(ids) <= most, ledger.states_of(counted))


def link_of(ledger: Ledger, record_id: int) -> str:
    """A record's number for an address, with what tells it from the record of this number in another workspace."""
    record = ledger.record_by_id(record_id)
    return str(record_id) if record is None else f"{record_id}-{_mark(ledger, record)}"


def record_of_link(ledger: Ledger, link: str) -> int | None:
    """The record that an address means; None where it is none of here, or another one than was meant."""
    number, _, mark = link.partition("-")
    if not (number.isdecimal() and number.isascii() and len(number) < _LONGEST_NUMBER):
        return None
    record = ledger.record_by_id(int(number))
    if record is None or (mark and mark != _mark(ledger, record)):
        return None
    return record.id


def _mark(ledger: Ledger, record: StoredRecord) -> str:
    place = json.dumps([record.id, record.flow, record.binding, record.key])
    return ledger.seal.fingerprint("link " + place).hex()[:_MARK_CHARS]


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
