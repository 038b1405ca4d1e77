"""What the ledger keeps of flows that run by themselves, and of pauses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.errors import Problem
from engine.runs.ledger import Ledger
from engine.runs.ledger.pauses import EVERYTHING
from engine.runs.ledger.timetable import Planned

NOW = datetime(2026, 11, 27, 7, tzinfo=UTC)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "ledger.sqlite") as opened:
        yield opened


def test_a_planned_flow_keeps_how_its_last_run_ended(ledger: Ledger) -> None:
    ledger.plan_flow(Planned("orders", "default", "every 5", NOW))
    problem = Problem("books", "not connected", "Connect them.")
    ledger.planned_ended("orders", "default", NOW + timedelta(minutes=1), problem)
    ledger.plan_flow(Planned("orders", "default", "every 5", NOW + timedelta(minutes=5), last_started=NOW))

    assert ledger.timetable() == [
        Planned(
            "orders",
            "default",
            "every 5",
            NOW + timedelta(minutes=5),
            NOW,
            NOW + timedelta(minutes=1),
            None,
            problem,
        )
    ]
    ledger.unplan_flow("orders", "default")
    assert ledger.timetable() == []


def test_a_pause_holds_one_flow_or_everything_until_it_is_taken_away(ledger: Ledger) -> None:
    ledger.pause("orders", "Ann", "stocktaking", NOW)
    held = ledger.paused("orders")
    assert held is not None and (held.who, held.why) == ("Ann", "stocktaking")
    assert ledger.paused("stock") is None

    ledger.pause(EVERYTHING, "Ann", "", NOW)
    assert ledger.paused("stock") is not None
    assert ledger.resume("orders") and not ledger.resume("orders")
    assert ledger.paused("orders") is not None
    assert ledger.resume(EVERYTHING)
    assert ledger.pauses() == []
