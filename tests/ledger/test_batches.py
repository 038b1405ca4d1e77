"""Queues in the ledger: the number is there before the batch, a stored batch is known as such, one owner at a time."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.runs.ledger import Ledger, PulledRecord
from engine.runs.ledger.batches import QueuePlace

AT = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
STOCK = QueuePlace("specs", "stock")
RECORDS = [PulledRecord(key="k1", number="1", version="v", payload={"n": 1})]


def again(path: Path) -> Ledger:
    """The ledger as the next process finds it."""
    return Ledger.open(path)


def test_a_number_is_there_for_the_next_process_before_anything_was_asked(path: Path) -> None:
    with Ledger.open(path) as ledger:
        ledger.claim_queue(STOCK, "stock-to-shop", "default", AT)
        ledger.begin_batch(STOCK, "n1", AT)
    with again(path) as ledger:
        queue = ledger.queue(STOCK)

    assert queue is not None
    assert (queue.owner, queue.number, queue.is_stored) == (("stock-to-shop", "default"), "n1", False)


def test_a_page_and_its_batch_are_stored_together_or_not_at_all(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Ledger.open(path) as ledger:
        run_id = ledger.start_run("f", "default", "v", "all", AT)
        ledger.begin_batch(STOCK, "n1", AT)

        def fails(*_: object) -> None:
            raise ArithmeticError

        with monkeypatch.context() as patched, pytest.raises(ArithmeticError):
            patched.setattr("engine.runs.ledger.pages.batch_stored", fails)
            ledger.store_page("f", "default", run_id, RECORDS, {}, AT, (STOCK, "n1"))
        assert ledger.record("f", "default", "k1") is None

        ledger.store_page("f", "default", run_id, RECORDS, {}, AT, (STOCK, "n1"))
    with again(path) as ledger:
        queue = ledger.queue(STOCK)

        assert queue is not None and queue.is_stored
        assert ledger.record("f", "default", "k1") is not None


def test_a_page_of_another_batch_does_not_mark_this_one(path: Path) -> None:
    with Ledger.open(path) as ledger:
        run_id = ledger.start_run("f", "default", "v", "all", AT)
        ledger.begin_batch(STOCK, "n2", AT)
        ledger.store_page("f", "default", run_id, RECORDS, {}, AT, (STOCK, "n1"))

        queue = ledger.queue(STOCK)
        assert queue is not None and not queue.is_stored


def test_an_acknowledged_batch_leaves_no_number(path: Path) -> None:
    with Ledger.open(path) as ledger:
        ledger.claim_queue(STOCK, "f", "default", AT)
        ledger.begin_batch(STOCK, "n1", AT)
        ledger.batch_over(STOCK, AT)

        queue = ledger.queue(STOCK)
        assert queue is not None and (queue.number, queue.is_stored, queue.owner) == ("", False, ("f", "default"))


def test_a_queue_keeps_its_first_owner_until_it_is_moved_or_free(path: Path) -> None:
    with Ledger.open(path) as ledger:
        ledger.begin_batch(STOCK, "n1", AT)  # somebody looked
        assert [queue.owner for queue in ledger.queues()] == [None]

        assert ledger.claim_queue(STOCK, "f", "default", AT).owner == ("f", "default")
        assert ledger.claim_queue(STOCK, "g", "default", AT).owner == ("f", "default")
        ledger.move_queue(STOCK, "g", "default", "anna", AT)
        moved = ledger.queue(STOCK)
        assert moved is not None and (moved.owner, moved.number) == (("g", "default"), "n1")
        assert [(line.what, line.who, line.details["before"]) for line in ledger.audit()] == [
            ("queue moved", "anna", "f")
        ]
        ledger.free_queues("g", "default")
        assert ledger.claim_queue(STOCK, "f", "b", AT).owner == ("f", "b")


def test_a_restored_ledger_does_not_believe_that_a_batch_is_stored(path: Path) -> None:
    with Ledger.open(path) as ledger:
        run_id = ledger.start_run("f", "default", "v", "all", AT)
        ledger.begin_batch(STOCK, "n1", AT)
        ledger.store_page("f", "default", run_id, RECORDS, {}, AT, (STOCK, "n1"))
        ledger.mark_restored(AT, AT, "anna")

        queue = ledger.queue(STOCK)
        assert queue is not None and (queue.number, queue.is_stored) == ("n1", False)
