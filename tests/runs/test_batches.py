"""What is handed out once arrives once: numbers before pulls, pages before acknowledgements, and an end to it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.errors import DocumentError, StudioError
from engine.formulas import Formulas
from engine.runs.rehearsal import Rehearsal
from engine.runs.run import Run, RunOptions
from tests.runs.handing_out import BESIDE, QUEUE, Bench, bench, look
from tests.runs.seams import Killed, killed_at

PULL, ACKNOWLEDGE = "GET /changes", "POST /acknowledge"


@pytest.fixture
def b(tmp_path: Path, formulas: Formulas) -> Iterator[Bench]:
    with bench(tmp_path, formulas) as made:
        yield made


def assert_once(b: Bench, changes: list[str]) -> None:
    """Each change is in the shop once, the warehouse knows that we have it, and no batch is under way."""
    assert b.moved() == dict.fromkeys(changes, 1)
    assert sorted(b.warehouse.taken) == sorted(changes)
    assert (b.queue.number, b.warehouse.number) == ("", None)


def test_batch_after_batch_is_taken_and_acknowledged_until_one_is_empty(b: Bench) -> None:
    changes = b.warehouse.change(7)
    report = b.run()

    assert (report.counts["read"], report.counts["created"], report.stopped) == (7, 7, None)
    assert_once(b, changes)
    assert (b.count(PULL), b.count(ACKNOWLEDGE)) == (4, 4)  # three with changes, one empty


@pytest.mark.parametrize("empty_waits", [True, False])
def test_an_empty_batch_ends_the_run_whether_it_is_acknowledged_or_not(b: Bench, empty_waits: bool) -> None:
    b.warehouse.empty_waits = empty_waits
    assert b.run().stopped is None
    changes = b.warehouse.change(2)
    assert b.run().stopped is None

    assert_once(b, changes)


@pytest.mark.parametrize("unknown", ["refuse", "accept"])
@pytest.mark.parametrize("place", ["batch begun", "page read", "batch stored", "batch acknowledged"])
@pytest.mark.parametrize("nth", [1, 2, 3])
def test_killed_at_each_seam_each_change_arrives_once(b: Bench, place: str, nth: int, unknown: str) -> None:
    b.warehouse.unknown = unknown
    changes = b.warehouse.change(8)
    with pytest.raises(Killed):
        b.run(seam=killed_at(place, nth))
    changes += b.warehouse.change(2)

    assert b.run().stopped is None
    assert_once(b, changes)


@pytest.mark.parametrize("place", ["batch begun", "page read"])
def test_a_run_asks_again_under_the_number_that_is_kept(b: Bench, place: str) -> None:
    b.warehouse.names_older = False  # nobody else could say it
    changes = b.warehouse.change(2)
    with pytest.raises(Killed):
        b.run(seam=killed_at(place))

    assert b.run().stopped is None
    assert_once(b, changes)


def test_what_was_stored_is_acknowledged_and_not_asked_for_again(b: Bench) -> None:
    changes = b.warehouse.change(2)
    with pytest.raises(Killed):
        b.run(seam=killed_at("batch stored"))
    assert b.queue.is_stored
    b.systems.calls.clear()
    b.run()

    assert b.systems.calls.index(ACKNOWLEDGE) < b.systems.calls.index(PULL)
    assert_once(b, changes)


def test_an_acknowledgement_that_cannot_be_repeated_is_found_out_by_asking(b: Bench) -> None:
    changes = b.warehouse.change(2)
    with pytest.raises(Killed):
        b.run(seam=killed_at("batch acknowledged"))
    b.warehouse.known.clear()  # it refuses now what it took before
    changes += b.warehouse.change(1)
    b.run()

    assert_once(b, changes)


def test_a_batch_that_somebody_else_left_is_fetched_and_acknowledged_first(b: Bench) -> None:
    changes = b.warehouse.change(2)
    b.warehouse.hand_out("theirs")
    changes += b.warehouse.change(2)
    report = b.run()

    assert report.stopped is None
    assert_once(b, changes)
    assert b.warehouse.known >= {"theirs"}


def test_an_older_batch_that_is_empty_does_not_hide_what_waits(b: Bench) -> None:
    b.warehouse.hand_out("theirs")
    changes = b.warehouse.change(2)
    b.run()

    assert_once(b, changes)


def test_an_older_batch_without_a_number_is_told_with_what_to_do(b: Bench) -> None:
    b.warehouse.change(2)
    b.warehouse.hand_out("theirs")
    b.warehouse.names_older = False
    report = b.run()

    assert str(report.stopped) == (
        "Warehouse, changes: Nothing new is handed out: an older batch waits, and which one cannot be read from what "
        "the system says (“A batch waits.”). Ask the system's support to let the old batch go; the next run goes on "
        "from there."
    )


def test_an_acknowledgement_that_is_refused_is_told_and_what_was_read_arrives_once(b: Bench) -> None:
    changes = b.warehouse.change(2)
    b.warehouse.refuses = True
    first, second = b.run(), b.run()

    for report in (first, second):
        assert "What was handed out is stored, but its batch" in str(report.stopped)
        assert "There is no batch" in str(report.stopped)
    assert (first.counts["created"], second.counts["created"]) == (2, 0)
    b.warehouse.refuses = False
    changes += b.warehouse.change(1)
    assert b.run().stopped is None
    assert_once(b, changes)


def test_a_batch_that_is_said_to_wait_after_its_acknowledgement_stops_the_run(b: Bench) -> None:
    changes = b.warehouse.change(2)
    b.warehouse.holds = False
    for _ in range(2):
        report = b.run()

        assert "There is no end to what is handed out" in str(report.stopped)
        assert "was acknowledged, and is said to be waiting all the same" in str(report.stopped)
    assert b.moved() == dict.fromkeys(changes, 1)
    b.warehouse.holds = True
    changes += b.warehouse.change(2)
    assert b.run().stopped is None
    assert b.moved() == dict.fromkeys(changes, 1)


@pytest.mark.parametrize("count", [2, 5])
def test_batches_that_come_again_for_ever_stop_the_run_and_nothing_is_delivered_twice(b: Bench, count: int) -> None:
    b.warehouse.endless = True
    changes = b.warehouse.change(count)
    for _ in range(2):
        b.systems.calls.clear()
        report = b.run()

        assert "it was acknowledged, and all that was in it is handed out once more" in str(report.stopped)
        assert b.count(PULL) <= 4
    assert b.moved() == dict.fromkeys(changes, 1)


def test_changes_without_end_stop_after_as_many_batches_as_the_connector_says(
    tmp_path: Path, formulas: Formulas
) -> None:
    with bench(tmp_path, formulas) as b:
        path = b.workspace.connector_folder("warehouse") / "connector.json"
        text = path.read_text(encoding="utf-8")
        paging = '"records": "changes", "paging": {"kind": "none", "max_pages": 3}'
        path.write_text(text.replace('"records": "changes"', paging), encoding="utf-8")
        changes = b.warehouse.change(20)
        report = b.run()

        assert "3 batches were handed out and acknowledged, and there is still another one" in str(report.stopped)
        assert len(b.shop.movements) == 9
        b.run()
        b.run()
        assert_once(b, changes)


def test_a_limit_cuts_no_batch(b: Bench) -> None:
    changes = b.warehouse.change(7)
    report = b.run(limit=4)

    assert (report.counts["read"], report.counts["created"]) == (6, 6)
    assert (len(b.warehouse.taken), b.warehouse.number) == (6, None)
    b.run()
    assert_once(b, changes)


@pytest.mark.parametrize("option", [{"since": datetime(2026, 1, 1, tzinfo=UTC)}, {"again": True}])
def test_a_day_and_again_are_refused_in_words_before_anything_is_asked(b: Bench, option: dict[str, Any]) -> None:
    with pytest.raises(DocumentError) as caught:
        b.run(**option)

    assert "Warehouse hands out each change of its changes once" in str(caught.value)
    assert b.systems.calls == []


def test_a_run_that_is_stopped_leaves_its_batch_to_the_next(b: Bench) -> None:
    changes = b.warehouse.change(7)
    with b.opened() as opened:
        run: list[Run] = []

        def stop(place: str) -> None:
            if place == "page read":
                run[0].stop()

        run.append(Run(opened, b.ledger, b.clock, RunOptions(threads=2), seam=stop))
        run[0].go()
    b.run()

    assert_once(b, changes)


# --- looking


def test_who_looks_acknowledges_nothing_and_the_next_run_finds_all(b: Bench) -> None:
    changes = b.warehouse.change(5)
    assert look(b) == look(b) == changes[:3]
    with b.opened() as opened, ThreadPoolExecutor(2) as pool:
        rehearsed = list(Rehearsal(opened, b.ledger, b.clock, pool).of_new(None, None))
    assert [each.judged.key for each in rehearsed] == changes[:3]
    assert b.count(ACKNOWLEDGE) == 0 and b.shop.movements == []
    assert b.queue.owner is None

    b.run()
    assert_once(b, changes)


@pytest.mark.parametrize("place", ["batch stored", "batch acknowledged"])
def test_who_looks_between_two_runs_takes_nothing_from_the_second(b: Bench, place: str) -> None:
    changes = b.warehouse.change(2)
    with pytest.raises(Killed):
        b.run(seam=killed_at(place))
    changes += b.warehouse.change(2)
    look(b)

    b.run()
    assert_once(b, changes)


# --- one queue, one flow


def test_a_second_flow_is_told_whose_the_queue_is_and_takes_nothing(b: Bench) -> None:
    b.run()
    changes = b.warehouse.change(2)
    b.systems.calls.clear()
    with pytest.raises(DocumentError) as caught:
        b.run(BESIDE)

    assert str(caught.value) == (
        "changes-elsewhere, default: Warehouse hands out each change of its changes once, and changes-to-shop "
        "(default) takes them\n  → Only one flow can have them. If changes-to-shop is not to run any more, switch it "
        "off and move them: `bindings changes-elsewhere default --take-queue`."
    )
    assert PULL not in b.systems.calls
    assert look(b, BESIDE) == changes  # whoever only looks may
    b.run()
    assert_once(b, changes)


def test_a_queue_that_is_moved_goes_on_with_the_batch_under_way(b: Bench) -> None:
    changes = b.warehouse.change(2)
    with pytest.raises(Killed):
        b.run(seam=killed_at("batch begun"))
    b.ledger.move_queue(QUEUE, BESIDE, "default", "anna", b.clock.now())
    b.run(BESIDE)

    assert_once(b, changes)


def test_a_flow_whose_queue_was_moved_delivers_what_it_has_read_and_reads_no_more(b: Bench) -> None:
    changes = b.warehouse.change(2)
    b.shop.broken = True
    assert b.run().counts["parked"] == 2
    b.shop.broken = False
    b.ledger.move_queue(QUEUE, BESIDE, "default", "anna", b.clock.now())
    b.warehouse.change(1)
    for change in changes:
        assert b.run(only=[change]).counts["created"] == 1
    report = b.run()

    assert "changes-elsewhere (default) takes them" in str(report.stopped)
    assert b.moved() == dict.fromkeys(changes, 1)
    assert len(b.warehouse.waiting) == 1


# --- records that cannot be fetched again


def test_a_record_chosen_by_hand_is_delivered_as_it_was_read(b: Bench) -> None:
    [change] = b.warehouse.change(1)
    b.run()
    b.shop.movements.clear()
    report = b.run(only=[change])

    assert report.counts["parked"] == 1  # made before and gone now: a person decides
    assert PULL not in b.systems.calls[-2:]


def test_a_record_nobody_read_is_told_so(b: Bench) -> None:
    with pytest.raises(StudioError) as caught:
        b.run(only=["77"])

    assert "no run has read such a record, and Warehouse cannot be asked for one" in str(caught.value)
