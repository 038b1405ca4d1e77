"""What came of the records on each of the last days, as the reader counts days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from engine.formulas.words import Speech, Template
from engine.runs.ledger import Ledger
from engine.runs.ledger.rows import CREATED, PARKED, SKIPPED, UNCHANGED, UPDATED, WAITING

DAYS = 14


class Group(StrEnum):
    """Outcomes as people see them."""

    ARRIVED = "arrived"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    WAITING = "waiting"
    PARKED = "parked"


WORDS: dict[Group, Template] = {
    Group.ARRIVED: "arrived",
    Group.UNCHANGED: "was there already",
    Group.SKIPPED: "left out",
    Group.WAITING: "waits",
    Group.PARKED: "did not arrive",
}
_GROUPS = {
    CREATED: Group.ARRIVED,
    UPDATED: Group.ARRIVED,
    UNCHANGED: Group.UNCHANGED,
    SKIPPED: Group.SKIPPED,
    WAITING: Group.WAITING,
    PARKED: Group.PARKED,
}


@dataclass(frozen=True, slots=True)
class Throughput:
    """counts: by day and group, of every day the same groups, 0 among them; words: of the groups that occur, in order.

    An attempt that is made again by itself is not counted: it has not come to anything.
    """

    days: tuple[date, ...]
    counts: Mapping[tuple[date, Group], int]
    words: Mapping[Group, str]

    def of(self, day: date) -> Mapping[Group, int]:
        return {group: self.counts.get((day, group), 0) for group in self.words}

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def templates() -> list[Template]:
    """Every template of this module, for whoever translates them."""
    return list(WORDS.values())


def throughput(ledger: Ledger, now: datetime, zone: ZoneInfo, say: Speech, days: int = DAYS) -> Throughput:
    """Of the last days, today among them. Hours are counted whole: where a zone is half an hour off, half of one
    hour stands on the day before.
    """
    today = now.astimezone(zone).date()
    shown = tuple(today - timedelta(days=back) for back in reversed(range(days)))
    since = datetime.combine(shown[0], time(), zone)
    counts: dict[tuple[date, Group], int] = {}
    for each in ledger.throughput(since, now + timedelta(hours=1)):
        place = (each.hour.astimezone(zone).date(), _GROUPS.get(each.outcome))
        if place[1] is not None and place[0] >= shown[0]:
            counts[(place[0], place[1])] = counts.get((place[0], place[1]), 0) + each.times
    there = {group for _, group in counts}
    return Throughput(shown, counts, {group: say(words) for group, words in WORDS.items() if group in there})
