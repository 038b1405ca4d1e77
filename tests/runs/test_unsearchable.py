"""Where the target has no search: what may have been lost is sent once more, or a person is asked, and never twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.errors import DocumentError
from engine.flows.check import check_workspace
from engine.formulas import Formulas
from engine.runs.results import UNKNOWN
from tests.runs.handing_out import Bench
from tests.runs.seams import Killed, killed_at
from tests.runs.unsearchable import ORDERS, Books, unsearchable
from tests.runs.warehouse import Doc

Stage = tuple[Books, Bench]


@pytest.fixture
def s(tmp_path: Path, formulas: Formulas) -> Iterator[Stage]:
    with unsearchable(tmp_path, formulas) as made:
        yield made


# --- what the books refuse to have twice


def test_a_request_that_never_arrived_is_sent_once_more_and_its_number_goes_back(s: Stage) -> None:
    books, b = s
    books.order("W1")
    books.dropped["/orders"] = 1
    report = b.run(ORDERS)

    assert (report.counts["created"], b.count("POST /orders")) == (1, 1)
    assert [order["Reference"] for order in books.booked] == ["W1"]
    assert books.orders["W1"]["booked"] == "S1"
    assert b.record("W1", ORDERS).target_number == "S1"


def test_a_reply_that_was_lost_is_parked_with_what_may_have_happened_and_what_to_do(s: Stage) -> None:
    books, b = s
    books.order("W1")
    books.lost["/orders"] = 1
    b.run(ORDERS)
    b.run(ORDERS)

    assert (len(books.booked), b.count("POST /orders")) == (1, 2)
    assert books.orders["W1"]["booked"] is None
    [problem] = b.record("W1", ORDERS).problems
    assert (problem.what, problem.what_to_do) == (
        "outcome unknown: no answer came, so it was sent once more, and Books refused that: The external order number "
        "is there already. The first one may be there, under external order number W1",
        "Look in Books for external order number W1. If it is there, say under which number, with --only and "
        "--made-as, and what comes after it is done; if it is surely not there, say so with --only and --not-there, "
        "and it is sent again. No run does so by itself.",
    )


@pytest.mark.parametrize("place", ["intent stored: orders", "reply received: orders"])
def test_killed_around_the_request_it_is_sent_once_more(s: Stage, place: str) -> None:
    books, b = s
    books.order("W1")
    with pytest.raises(Killed):
        b.run(ORDERS, seam=killed_at(place))
    b.run(ORDERS)

    assert len(books.booked) == 1
    if place == "intent stored: orders":
        assert (b.record("W1", ORDERS).state, books.orders["W1"]["booked"]) == ("created", "S1")
    else:
        assert b.record("W1", ORDERS).reason.startswith(UNKNOWN)


def test_an_order_that_is_refused_at_once_is_no_unknown_outcome(s: Stage) -> None:
    books, b = s
    books.order("W1")
    books.refused = "The customer is closed."
    b.run(ORDERS)

    assert b.record("W1", ORDERS).problems[0].what == "Books refused it: The customer is closed."
    books.refused = None
    b.run(ORDERS, only=["W1"])
    assert books.orders["W1"]["booked"] == "S1"


def test_a_value_that_may_be_another_one_by_then_guards_nothing(tmp_path: Path, formulas: Formulas) -> None:
    def by_total(flows: dict[str, Doc]) -> None:
        flows[ORDERS]["steps"][1]["match"] = {"field": "Total", "formula": "total"}

    with unsearchable(tmp_path, formulas, flows=by_total) as (books, b):
        books.order("W1")
        books.lost["/orders"] = 1
        b.run(ORDERS)

        assert (len(books.booked), b.count("POST /orders")) == (1, 1)
        assert b.record("W1", ORDERS).reason.startswith(UNKNOWN)


def test_two_replies_lost_in_a_row_are_tried_again_later(s: Stage) -> None:
    books, b = s
    books.order("W1")
    books.dropped["/orders"] = 2
    report = b.run(ORDERS)

    assert [late.key for late in report.later] == [] and b.record("W1", ORDERS).state == "created"
    assert (len(books.booked), books.orders["W1"]["booked"]) == (1, "S1")  # after the few seconds a run waits


def test_no_run_sends_it_a_third_time_not_even_one_that_asks_for_it(s: Stage) -> None:
    books, b = s
    books.order("W1")
    books.lost["/orders"] = 1
    b.run(ORDERS)
    b.run(ORDERS, only=["W1"])

    assert (len(books.booked), b.count("POST /orders")) == (1, 2)
    [problem] = b.record("W1", ORDERS).problems
    assert problem.what == "outcome unknown: the record may have been made, but no answer came"
    assert problem.what_to_do.startswith("Look in Books for external order number W1. If it is there, say under which")


def without_reference(flows: dict[str, Doc]) -> None:
    del flows[ORDERS]["steps"][1]["fields"]["Reference"]


@pytest.mark.parametrize("is_killed", [False, True])
def test_without_a_value_that_the_books_refuse_to_have_twice_nothing_is_sent_once_more(
    tmp_path: Path, formulas: Formulas, is_killed: bool
) -> None:
    with unsearchable(tmp_path, formulas, flows=without_reference) as (books, b):
        books.order("W1")
        if is_killed:
            with pytest.raises(Killed):
                b.run(ORDERS, seam=killed_at("reply received: orders"))
        else:
            books.lost["/orders"] = 1
        b.run(ORDERS)
        b.run(ORDERS)

        assert (len(books.booked), b.count("POST /orders")) == (1, 1)
        [problem] = b.record("W1", ORDERS).problems
        assert problem.what.startswith("outcome unknown: the record may have been made, but no answer came")
        assert problem.what_to_do.startswith("Look in Books. If it is there, say under which number")


def test_an_empty_value_is_refused_by_nobody(tmp_path: Path, formulas: Formulas) -> None:
    def empty(flows: dict[str, Doc]) -> None:
        flows[ORDERS]["steps"][1]["fields"]["Reference"]["formula"] = '"  "'

    with unsearchable(tmp_path, formulas, flows=empty) as (books, b):
        books.order("W1")
        books.lost["/orders"] = 1
        b.run(ORDERS)

        assert b.count("POST /orders") == 1


# --- what a person says


def parked(s: Stage, path: str = "/orders") -> None:
    """An order whose reply was lost."""
    books, b = s
    books.order("W1")
    books.lost[path] = 1
    b.run(ORDERS)
    assert b.record("W1", ORDERS).reason.startswith(UNKNOWN)


def test_told_under_which_number_it_is_what_comes_after_it_is_done(s: Stage) -> None:
    books, b = s
    parked(s)
    report = b.run(ORDERS, only=["W1"], made_as="S1")

    assert report.counts["created"] == 1
    assert (b.record("W1", ORDERS).state, b.record("W1", ORDERS).target_number) == ("created", "S1")
    assert books.orders["W1"]["booked"] == "S1"
    assert len(books.booked) == 1
    assert b.run(ORDERS).counts["parked"] == 0


def test_of_a_customer_whom_another_order_lost_sight_of_it_may_be_said_that_he_is_not_there(s: Stage) -> None:
    books, b = s
    books.order("W1")
    books.lost["/customers"] = 1
    b.run(ORDERS)
    books.order("W2")
    b.run(ORDERS)
    assert b.record("W2", ORDERS).reason.startswith(UNKNOWN)
    books.customers.clear()

    b.run(ORDERS, only=["W2"], not_there=True)
    assert (b.record("W2", ORDERS).state, len(books.customers)) == ("created", 1)
    b.run(ORDERS, only=["W1"])
    assert (b.record("W1", ORDERS).state, len(books.customers)) == ("created", 1)


def test_what_is_lost_again_after_it_was_said_not_to_be_there_is_not_sent_by_itself(s: Stage) -> None:
    books, b = s
    for number in ("W1", "W2"):
        books.order(number)
    books.lost["/customers"] = 1
    b.run(ORDERS)
    books.customers.clear()
    books.lost["/customers"] = 1

    b.run(ORDERS, only=["W1", "W2"], not_there=True)
    assert len(books.customers) == 1


def test_told_that_it_is_not_there_it_is_sent_as_new(s: Stage) -> None:
    books, b = s
    parked(s)
    books.booked.clear()
    b.run(ORDERS, only=["W1"], not_there=True)

    assert (len(books.booked), books.orders["W1"]["booked"]) == (1, "S1")


def test_a_number_for_what_is_not_unknown_is_refused_in_words_and_nothing_is_sent(s: Stage) -> None:
    books, b = s
    books.order("W1")
    b.run(ORDERS)
    b.systems.calls.clear()
    with pytest.raises(DocumentError) as caught:
        b.run(ORDERS, only=["W1"], made_as="S9")

    assert "its outcome is not unknown, so there is no number to be told" in str(caught.value)
    assert [call for call in b.systems.calls if not call.startswith("GET")] == []


def test_a_customer_that_may_be_there_is_told_of_and_its_order_goes_on(s: Stage) -> None:
    books, b = s
    parked(s, "/customers")
    assert books.booked == []
    b.run(ORDERS, only=["W1"], made_as="K1")

    assert len(books.customers) == 1
    assert [order["Customer"] for order in books.booked] == ["K1"]
    assert books.orders["W1"]["booked"] == "S1"


def test_a_number_that_the_target_can_be_asked_for_and_does_not_have_is_not_believed(
    tmp_path: Path, formulas: Formulas
) -> None:
    def gettable(connectors: dict[str, Doc]) -> None:
        get = {"method": "GET", "path": "/goods/{$key}", "record": "$"}  # where no order of the books is
        connectors["books"]["orders"]["operations"]["get"] = get

    with unsearchable(tmp_path, formulas, gettable) as s:
        parked(s)
        s[1].run(ORDERS, only=["W1"], made_as="S7")

        assert s[1].record("W1", ORDERS).reason == "outcome unknown: Books has none under S7"


# --- customers through the ledger alone


def test_one_customer_of_two_orders_is_made_once_by_workers_at_once(s: Stage) -> None:
    books, b = s
    for number in range(20):
        books.order(f"W{number}", email=f"{'Anna' if number % 2 else 'anna'}@post.example ")
    report = b.run(ORDERS, threads=8)

    assert report.counts["created"] == 20
    assert len(books.customers) == 1
    assert {order["Customer"] for order in books.booked} == {"K1"}


def test_a_customer_made_by_an_earlier_run_is_used_again(s: Stage) -> None:
    books, b = s
    books.order("W1")
    b.run(ORDERS)
    books.order("W2")
    b.run(ORDERS)

    assert len(books.customers) == 1
    assert [order["Customer"] for order in books.booked] == ["K1", "K1"]


def test_a_customer_that_nobody_can_look_for_is_never_sent_twice(s: Stage) -> None:
    books, b = s
    parked(s, "/customers")
    books.order("W2")
    b.run(ORDERS)

    assert len(books.customers) == 1
    assert b.record("W2", ORDERS).reason.startswith(UNKNOWN)
    b.run(ORDERS, only=["W2"], made_as="K1")
    b.run(ORDERS, only=["W1"])
    assert {order["Customer"] for order in books.booked} == {"K1"} and len(books.customers) == 1


def test_a_policy_that_would_change_what_cannot_be_changed_is_told_by_check(tmp_path: Path, formulas: Formulas) -> None:
    def changes(flows: dict[str, Any]) -> None:
        flows[ORDERS]["steps"][0]["policy"] = "create_or_update"

    with unsearchable(tmp_path, formulas, flows=changes) as (_, b):
        errors = [p for p in check_workspace(b.workspace, [], formulas) if p.severity == "error"]

    assert [problem.what for problem in errors] == [
        "Customers cannot be updated: the connector declares no such operation"
    ]
