"""A binding that is given other accounts before it booked anything begins afresh: its first run is a person's again."""

from __future__ import annotations

from datetime import datetime

import pytest

from engine.runs.ledger import Ledger

FLOW, NAME = "orders", "customer-b"


@pytest.fixture
def begun(ledger: Ledger, at: datetime) -> Ledger:
    """A binding that was run and read nothing yet."""
    run_id = ledger.start_run(FLOW, NAME, "v", "all", at)
    ledger.store_page(FLOW, NAME, run_id, [], {"until": at.isoformat()}, at)
    ledger.end_run(run_id, at, {}, "done", None)
    ledger.meet_account(FLOW, NAME, "books", {"number": "1"}, at)
    return ledger


def test_what_was_met_read_and_run_counts_no_more(begun: Ledger) -> None:
    assert begun.was_run(FLOW, NAME) and begun.has_begun(FLOW, NAME)

    begun.begin_afresh(FLOW, NAME)

    assert not begun.was_run(FLOW, NAME) and not begun.has_begun(FLOW, NAME)
    assert begun.cursor(FLOW, NAME) is None and begun.accounts(FLOW, NAME) == {}


def test_the_earlier_runs_stay_in_the_history(begun: Ledger) -> None:
    begun.begin_afresh(FLOW, NAME)

    assert [run.mode for run in begun.runs(FLOW)] == ["earlier"]


def test_other_bindings_are_left_alone(begun: Ledger, at: datetime) -> None:
    begun.end_run(begun.start_run(FLOW, "default", "v", "all", at), at, {}, "done", None)

    begun.begin_afresh(FLOW, NAME)

    assert begun.was_run(FLOW, "default") and begun.has_begun(FLOW, "default")
