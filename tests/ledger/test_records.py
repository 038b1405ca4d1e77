"""What a pull stores, what a delivery changes, and what stays for support to read."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from engine.errors import LedgerError, Problem
from engine.runs.ledger import Ledger, PageResult, PulledRecord


def pulled(key: str, version: str = "v1", **more: Any) -> PulledRecord:
    return PulledRecord(key, more.pop("number", "N" + key), version, {"id": key, "of": version}, **more)


def state(ledger: Ledger, key: str) -> str | None:
    record = ledger.record("f", "live", key)
    return record.state if record else None


def finish(ledger: Ledger, key: str, outcome: str, at: datetime, **more: Any) -> bool:
    values = {"version": "v1", "reason": "", "problems": [], "target_number": None, "run_id": None, **more}
    return ledger.finish_record("f", "live", key, outcome=outcome, at=at, **values)


def test_a_page_and_its_cursor_are_stored_together(ledger: Ledger, at: datetime) -> None:
    result = ledger.store_page("f", "live", None, [pulled("1"), pulled("2")], {"until": "x"}, at)

    assert result == PageResult(new=2, changed=0, same=0)
    assert ledger.cursor("f", "live") == {"until": "x"}


def test_neither_page_nor_cursor_is_stored_when_one_record_fails(ledger: Ledger, at: datetime) -> None:
    ledger.store_page("f", "live", None, [], {"until": "before"}, at)
    broken = PulledRecord("2", None, "v1", {})  # type: ignore[arg-type]

    with pytest.raises(Exception, match="NOT NULL"):
        ledger.store_page("f", "live", None, [pulled("1"), broken], {"until": "after"}, at)

    assert ledger.cursor("f", "live") == {"until": "before"}
    assert ledger.record("f", "live", "1") is None


def test_the_same_version_changes_only_when_it_was_last_seen(ledger: Ledger, at: datetime, later: datetime) -> None:
    ledger.store_page("f", "live", None, [pulled("1"), pulled("2"), pulled("3")], None, at)
    finish(ledger, "1", "created", at)
    finish(ledger, "2", "parked", at, problems=[Problem("name", "missing", "add it")])
    finish(ledger, "3", "waiting", at)

    result = ledger.store_page("f", "live", None, [pulled("1"), pulled("2"), pulled("3")], None, later)

    assert result == PageResult(new=0, changed=0, same=3)
    assert [state(ledger, key) for key in "123"] == ["created", "parked", "waiting"]
    record = ledger.record("f", "live", "2")
    assert record is not None
    assert (record.last_seen, record.first_seen) == (later, at)
    assert record.problems == (Problem("name", "missing", "add it"),)


@pytest.mark.parametrize("before", ["created", "parked", "waiting", "skipped"])
def test_a_newer_version_supersedes_whatever_came_before(ledger: Ledger, at: datetime, before: str) -> None:
    ledger.store_page("f", "live", None, [pulled("1")], None, at)
    finish(ledger, "1", before, at, problems=[Problem("a", "b", "c")])

    result = ledger.store_page("f", "live", None, [pulled("1", "v2")], None, at)

    record = ledger.record("f", "live", "1")
    assert record is not None
    assert result.changed == 1
    assert (record.state, record.attempts, record.problems) == ("due", 0, ())
    assert record.payload == {"id": "1", "of": "v2"}


def test_a_waiting_record_becomes_due_when_the_filter_lets_it_pass(ledger: Ledger, at: datetime) -> None:
    waits = pulled("1", state="waiting", reason="not paid")
    ledger.store_page("f", "live", None, [waits], None, at)
    assert ledger.waiting("f", "live") == ["1"]

    ledger.store_page("f", "live", None, [pulled("1")], None, at)

    assert ledger.waiting("f", "live") == []
    assert [record.key for record in ledger.due("f", "live", at, 5)] == ["1"]


def test_a_delivered_record_is_not_taken_back_by_the_filter(ledger: Ledger, at: datetime) -> None:
    ledger.store_page("f", "live", None, [pulled("1")], None, at)
    finish(ledger, "1", "created", at)

    ledger.store_page("f", "live", None, [pulled("1", state="skipped", reason="too old")], None, at)

    assert state(ledger, "1") == "created"


def test_a_record_parked_by_its_page_is_parked_in_the_same_transaction(ledger: Ledger, at: datetime) -> None:
    problem = Problem("where", "not true or false", "mend it")
    ledger.store_page("f", "live", None, [pulled("1", state="parked", reason="filter", problems=(problem,))], None, at)

    assert [record.problems for record in ledger.parked("f")] == [(problem,)]
    assert [(o.outcome, o.problems) for o in ledger.outcomes("f", "live", "1")] == [("parked", (problem,))]


def test_due_records_come_in_the_order_they_were_first_seen(ledger: Ledger, at: datetime) -> None:
    ledger.store_page("f", "live", None, [pulled("9"), pulled("1"), pulled("5")], None, at)
    ledger.store_page("f", "live", None, [pulled("9", "v2"), pulled("0")], None, at)

    assert [record.key for record in ledger.due("f", "live", at, 3)] == ["9", "1", "5"]
    assert [record.key for record in ledger.due("f", "live", at, 2, {"9", "5"})] == ["1", "0"]
    assert ledger.due("f", "test", at, 9) == []


def test_a_record_to_be_tried_again_is_not_due_before_its_time(ledger: Ledger, at: datetime) -> None:
    ledger.store_page("f", "live", None, [pulled("1")], None, at)
    again = at + timedelta(minutes=5)
    finish(ledger, "1", "waiting", at, next_attempt_at=again)

    assert ledger.due("f", "live", again - timedelta(microseconds=1), 5) == []
    (record,) = ledger.due("f", "live", again, 5)
    assert (record.attempts, record.state) == (1, "due")


def test_a_version_pulled_during_the_delivery_stays_due(ledger: Ledger, at: datetime) -> None:
    ledger.store_page("f", "live", None, [pulled("1")], None, at)
    ledger.store_page("f", "live", None, [pulled("1", "v2")], None, at)

    was_set = finish(ledger, "1", "created", at, version="v1", target_number="T1")

    record = ledger.record("f", "live", "1")
    assert record is not None
    assert (was_set, record.state, record.target_number) == (False, "due", "T1")
    assert [(o.version, o.outcome) for o in ledger.outcomes("f", "live", "1")] == [("v1", "created")]


def test_the_history_holds_every_outcome_of_every_run(ledger: Ledger, at: datetime) -> None:
    runs = [ledger.start_run("f", "live", version, "all", at) for version in ("a", "b")]
    ledger.store_page("f", "live", runs[0], [pulled("1", state="waiting", reason="not paid")], None, at)
    ledger.store_page("f", "live", runs[0], [pulled("1")], None, at)
    finish(ledger, "1", "parked", at, run_id=runs[0], reason="no article", problems=[Problem("a", "b", "c")])
    finish(ledger, "1", "created", at, run_id=runs[1], target_number="77")

    told = [(o.run_id, o.outcome, o.reason, o.attempt) for o in ledger.outcomes("f", "live", "1")]

    assert told == [
        (runs[0], "waiting", "not paid", 0),
        (runs[0], "parked", "no article", 1),
        (runs[1], "created", "", 2),
    ]
    assert ledger.counts(runs[0]) == {"waiting": 1, "parked": 1}


def test_a_parked_record_tells_which_version_of_the_flow_parked_it(ledger: Ledger, at: datetime) -> None:
    run_id = ledger.start_run("f", "live", "hash-of-flow", "all", at)
    ledger.store_page("f", "live", run_id, [pulled("1")], None, at)
    finish(ledger, "1", "parked", at, run_id=run_id, reason="outcome unknown")

    assert ledger.parked_versions("f", "live") == [("1", "hash-of-flow", "outcome unknown")]


def test_a_record_never_pulled_cannot_be_finished(ledger: Ledger, at: datetime) -> None:
    with pytest.raises(LedgerError, match=r"'1' is not in the ledger.*Pull it first"):
        finish(ledger, "1", "created", at)


def test_an_outcome_nobody_knows_is_a_mistake_of_the_caller(ledger: Ledger, at: datetime) -> None:
    with pytest.raises(ValueError, match="no outcome"):
        finish(ledger, "1", "done", at)


def test_a_time_without_a_zone_is_a_mistake_of_the_caller(ledger: Ledger, at: datetime) -> None:
    with pytest.raises(ValueError, match="zone"):
        ledger.store_page("f", "live", None, [], None, at.replace(tzinfo=None))


def test_times_sort_as_they_are_whatever_their_zone_and_fraction(ledger: Ledger, at: datetime) -> None:
    ledger.store_page("f", "live", None, [pulled("1")], None, at)
    finish(ledger, "1", "waiting", at, next_attempt_at=at.replace(microsecond=1))

    assert ledger.due("f", "live", at, 5) == []
    assert len(ledger.due("f", "live", at.replace(microsecond=2), 5)) == 1


def test_a_record_asked_for_again_is_due_with_its_attempts_forgotten(ledger: Ledger, at: datetime) -> None:
    ledger.store_page("f", "live", None, [pulled("1")], None, at)
    finish(ledger, "1", "parked", at)

    assert ledger.make_due("f", "live", "1", at) == "due"
    assert [record.attempts for record in ledger.due("f", "live", at, 5)] == [0]


# --- finding


@pytest.fixture
def searched(ledger: Ledger, at: datetime) -> Ledger:
    words = ["Zoë van den Berg", "Zoe.Berg@shop.example", "+31 6 1234-5678"]
    other = ["Zoë Jansen", "jansen@shop.example"]
    records = [
        pulled("k1", number="10482", search_words=words),
        pulled("k2", number="10499", search_words=other),
    ]
    ledger.store_page("f", "live", None, records, None, at)
    finish(ledger, "k2", "created", at, target_number="F2025-17")
    return ledger


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("10482", ["k1"]),
        ("k2", ["k2"]),
        ("104", ["k2", "k1"]),
        ("F2025-17", ["k2"]),
        ("F2025", ["k2"]),
        ("zoë", ["k2", "k1"]),
        ("BERG zoë", ["k1"]),
        ("zoe\u0308 berg", ["k1"]),
        ("zoe.berg@SHOP.example", ["k1"]),
        ("0031612345678", []),
        ("+31612345678", ["k1"]),
        ("shop.example", []),
        ("zo", []),
        ("  ", []),
        ("%", []),
    ],
)
def test_records_are_found_by_what_support_has_at_hand(searched: Ledger, text: str, keys: list[str]) -> None:
    assert [record.key for record in searched.find_records(text)] == keys


def test_words_of_an_older_version_are_forgotten(searched: Ledger, at: datetime) -> None:
    searched.store_page("f", "live", None, [pulled("k1", "v2", search_words=["Anna Berg"])], None, at)

    assert [record.key for record in searched.find_records("zoë")] == ["k2"]
    assert [record.key for record in searched.find_records("anna")] == ["k1"]


# --- purging


def test_purging_forgets_what_is_finished_and_keeps_what_is_not(
    searched: Ledger, at: datetime, later: datetime
) -> None:
    searched.store_page("f", "live", None, [pulled("due"), pulled("parked")], None, at)
    finish(searched, "parked", "parked", at)
    finish(searched, "k1", "skipped", later)

    searched.purge_before(at + timedelta(minutes=1))

    payloads = {r.key: r.payload is None for r in searched.find_records("N") + searched.find_records("k2")}
    kept = {key: searched.record("f", "live", key) for key in ("k1", "k2", "due", "parked")}
    assert {key: record is not None and record.payload is None for key, record in kept.items()} == {
        "k1": False,
        "k2": True,
        "due": False,
        "parked": False,
    }
    assert payloads["k2"]
    assert searched.find_records("jansen") == []


def test_a_purged_record_asked_for_again_waits_to_be_fetched(ledger: Ledger, at: datetime, later: datetime) -> None:
    ledger.store_page("f", "live", None, [pulled("1")], None, at)
    finish(ledger, "1", "created", at)
    ledger.purge_before(later)

    assert ledger.make_due("f", "live", "1", later) == "waiting"
    assert ledger.waiting("f", "live") == ["1"]
    ledger.store_page("f", "live", None, [pulled("1")], None, later)
    assert [record.payload for record in ledger.due("f", "live", later, 5)] == [{"id": "1", "of": "v1"}]


def test_the_newest_records_come_first_and_purged_ones_not_at_all(
    ledger: Ledger, at: datetime, later: datetime
) -> None:
    ledger.store_page("f", "live", None, [pulled("0")], None, at - timedelta(days=9))
    finish(ledger, "0", "created", at - timedelta(days=9))
    ledger.store_page("f", "live", None, [pulled("1"), pulled("2")], None, at)
    ledger.store_page("f", "live", None, [pulled("1"), pulled("3")], None, later)
    ledger.store_page("f", "other", None, [pulled("4")], None, later)
    ledger.purge_before(at)

    assert [record.key for record in ledger.newest("f", "live", 10)] == ["3", "2", "1"]
    assert [record.payload for record in ledger.newest("f", "live", 1)] == [{"id": "3", "of": "v1"}]
