"""Outcomes by day are counted as the reader counts days, and in the groups that people know."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engine.design.home.throughput import DAYS, Group, Throughput, throughput
from engine.formulas.words import Speech
from engine.runs.ledger import Ledger, PulledRecord
from tests.at_hand import new_ledger

NOW = datetime(2026, 3, 30, 1, 30, tzinfo=UTC)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with new_ledger(tmp_path / "ledger.sqlite") as held:
        yield held


def came(ledger: Ledger, key: str, outcome: str, at: datetime, again: datetime | None = None) -> None:
    ledger.store_page("f", "default", None, [PulledRecord(key, key, "v", {})], None, at)
    ledger.finish_record("f", "default", key, "v", outcome, "", [], None, None, at, again)


def of(ledger: Ledger, zone: str = "Europe/Stockholm") -> Throughput:
    return throughput(ledger, NOW, ZoneInfo(zone), Speech())


def test_a_late_evening_belongs_to_the_day_of_whoever_reads_it(ledger: Ledger) -> None:
    came(ledger, "1", "created", datetime(2026, 3, 29, 21, 50, tzinfo=UTC))  # 23:50 in Stockholm, already in summer
    came(ledger, "2", "created", datetime(2026, 3, 29, 22, 10, tzinfo=UTC))  # 00:10 there

    here = of(ledger)
    assert [here.of(date(2026, 3, day))[Group.ARRIVED] for day in (29, 30)] == [1, 1]
    there = of(ledger, "America/New_York")
    assert [there.of(date(2026, 3, day))[Group.ARRIVED] for day in (28, 29)] == [0, 2]


def test_made_and_changed_have_both_arrived_and_what_is_tried_again_is_not_counted(ledger: Ledger) -> None:
    for key, outcome in enumerate(("created", "updated", "unchanged", "skipped", "waiting", "parked")):
        came(ledger, str(key), outcome, NOW)
    came(ledger, "7", "parked", NOW, NOW)

    found = of(ledger)
    assert found.of(date(2026, 3, 30)) == {
        Group.ARRIVED: 2,
        Group.UNCHANGED: 1,
        Group.SKIPPED: 1,
        Group.WAITING: 1,
        Group.PARKED: 1,
    }
    assert found.words[Group.PARKED] == "did not arrive"
    assert found.total == 6


def test_days_without_anything_are_there_and_older_ones_are_not(ledger: Ledger) -> None:
    came(ledger, "1", "created", datetime(2026, 3, 16, 22, 30, tzinfo=UTC))  # 23:30 on the 16th: fifteen days ago
    came(ledger, "2", "created", datetime(2026, 3, 16, 23, 30, tzinfo=UTC))
    found = of(ledger)

    assert len(found.days) == DAYS
    assert (found.days[0], found.days[-1]) == (date(2026, 3, 17), date(2026, 3, 30))
    assert [found.of(day)[Group.ARRIVED] for day in found.days] == [1, *[0] * 13]
