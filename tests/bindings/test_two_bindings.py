"""One flow for two customers: each one's orders arrive in its own books, whatever the numbers are."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import NoReturn

import pytest

from engine.errors import FlowBusy
from engine.runs.ledger import PulledRecord
from engine.runs.run import RunOptions, RunReport
from tests.bindings.conftest import CONNECTIONS, SECOND, MakeTwo, Two
from tests.runs.conftest import FLOW


def orders(both: Two, count: int) -> list[str]:
    """As many orders in both shops, with the same numbers and keys."""
    ours, theirs = both.first.orders(count), both.second.orders(count)
    assert ours == theirs
    return ours


def test_orders_arrive_in_the_right_books(two: MakeTwo) -> None:
    both = two()
    both.bind()
    numbers = orders(both, 2)
    assert both.run("default").counts["created"] == 2
    assert both.second.documents() == {}
    assert both.run(SECOND).counts["created"] == 2
    both.first.assert_there_once(numbers)
    both.second.assert_there_once(numbers)


def test_what_one_binding_did_says_nothing_of_the_other(two: MakeTwo) -> None:
    both = two()
    both.bind()
    [number] = orders(both, 1)
    both.run("default")
    key = both.first.record(number).key
    ledger = both.first.ledger
    assert ledger.record(FLOW, SECOND, key) is None
    assert ledger.intents(FLOW, SECOND, key) == []
    assert ledger.cursor(FLOW, SECOND) is None and ledger.cursor(FLOW, "default") is not None
    both.run(SECOND)
    connections = {name: {each.connection for each in ledger.intents(FLOW, name, key)} for name in ("default", SECOND)}
    assert connections["default"] <= {"ccv-shop", "eaccounting"}
    assert connections[SECOND] <= set(CONNECTIONS.values()) and connections[SECOND]
    first, second = (ledger.intents(FLOW, name, key) for name in ("default", SECOND))
    assert not {each.idempotency_key for each in first} & {each.idempotency_key for each in second}


def test_both_run_at_the_same_time(two: MakeTwo) -> None:
    both = two()
    both.bind()
    numbers = orders(both, 6)
    reports: dict[str, RunReport] = {}
    threads = [
        threading.Thread(target=lambda name=name: reports.update({name: both.run(name)}))
        for name in ("default", SECOND)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {name: report.counts["created"] for name, report in reports.items()} == {"default": 6, SECOND: 6}
    both.first.assert_there_once(numbers)
    both.second.assert_there_once(numbers)


def test_a_run_of_one_binding_does_not_keep_the_other_from_running(two: MakeTwo) -> None:
    both = two()
    both.bind()
    orders(both, 1)
    with both.first.ledger.claim_flow(FLOW, "default"):
        assert both.run(SECOND).counts["created"] == 1
        with pytest.raises(FlowBusy):
            both.run("default")


def test_two_bindings_of_one_company_make_an_order_once(two: MakeTwo) -> None:
    both = two()
    both.bind("twin", connections={})
    number = both.first.order()
    assert both.run("default").counts["created"] == 1
    assert both.run("twin").counts["created"] == 0
    both.first.assert_there_once([number])


def test_what_was_parked_is_tried_again_once_its_binding_says_otherwise(two: MakeTwo) -> None:
    both = two()
    both.bind()
    number = both.second.order(fields={"paymethod": "klarna_later"})
    assert both.run(SECOND).counts["parked"] == 1
    both.first.clock.sleep(5)
    assert both.run(SECOND).counts["created"] == 0
    both.bind(lookups={"payment_terms": {"klarna_later": "14 dagen"}})
    assert both.run(SECOND).counts["created"] == 1
    both.second.assert_there_once([number])


def test_answers_of_a_binding_decide_there_only(two: MakeTwo) -> None:
    both = two()
    both.bind(answers={"document": "quote"})
    numbers = orders(both, 1)
    both.run("default")
    both.run(SECOND)
    assert list(both.first.documents("orders")) == numbers and both.first.documents("quotes") == {}
    assert list(both.second.documents("quotes")) == numbers and both.second.documents("orders") == {}


def test_a_record_chosen_by_number_is_that_of_the_binding(two: MakeTwo) -> None:
    both = two()
    both.bind()
    [number] = orders(both, 1)
    both.run("default")
    assert both.run(SECOND, RunOptions(only=[number], threads=2)).counts["created"] == 1
    both.second.assert_there_once([number])


def test_a_number_means_another_record_in_another_shop(two: MakeTwo) -> None:
    both = two()
    both.bind()
    number = both.second.order()
    of_the_first = [PulledRecord("999999", number, "v", {})]
    both.first.ledger.store_page(FLOW, "default", None, of_the_first, {}, both.first.clock.now())
    assert both.run(SECOND, RunOptions(only=[number], threads=2)).counts["created"] == 1


def test_a_question_that_the_flow_lost_stops_no_binding(two: MakeTwo) -> None:
    both = two()
    both.bind(answers={"asked_long_ago": 1, "document": "quote"})
    opened = both.open(SECOND)
    assert "asked_long_ago" not in opened.answers and opened.answers["document"] == "quote"


def test_a_binding_without_its_own_connection_of_a_system_uses_the_system_s(two: MakeTwo) -> None:
    both = two()
    both.bind(connections={"eaccounting": "books_b"})
    number = both.first.order()
    both.run(SECOND)
    assert both.first.documents() == {}
    both.second.assert_there_once([number])


def test_a_change_that_fails_leaves_the_binding_as_it_was(two: MakeTwo) -> None:
    both = two()
    kept = both.bind(title="B")
    now = both.first.clock.now()

    def broken(held: object) -> NoReturn:
        raise KeyError("nothing is saved")

    with pytest.raises(KeyError):
        both.first.ledger.change_binding(FLOW, SECOND, broken, now)
    assert both.first.ledger.binding(FLOW, SECOND) == replace(kept)
