"""A replay makes a document anew only where it is gone and somebody says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.replay.conftest import order_in_books, replaying

Delivered = tuple[Any, str]


def test_a_replay_by_another_kind_of_document_leaves_the_one_that_is_there(stage: Callable[..., Any]) -> None:
    s = stage(own_workspace=True)
    number = s.order()
    s.run()
    s.edit_flow(lambda flow: flow["questions"]["properties"]["document"].update(default="invoice"))
    key = s.record(number).key
    with replaying(s, "published") as work:
        shown, report = work.show(key), work.send([key], "Anna")

    assert "already" in shown.delivered.reason
    assert report.done[0].delivered.outcome in ("unchanged", "updated")
    assert s.documents("customerinvoices") == {}
    with replaying(s, "published", as_well=True) as work:
        work.send([key], "Anna")
    assert len(s.documents("customerinvoices")) == len(s.documents()) == 1


def test_what_was_deleted_in_the_books_is_not_made_a_second_time_by_itself(delivered: Delivered) -> None:
    s, number = delivered
    s.books.do("delete_order", {"number": order_in_books(s, number)["Number"]})
    with replaying(s, "2") as work:
        shown, report = work.show(s.record(number).key), work.send([s.record(number).key], "Anna")

    assert shown.delivered.outcome == report.done[0].delivered.outcome == "parked"
    assert "not found now" in report.done[0].delivered.reason
    assert number not in s.documents()


def test_what_was_deleted_in_the_books_is_made_anew_where_somebody_says_so(delivered: Delivered) -> None:
    s, number = delivered
    key = s.record(number).key
    s.books.do("delete_order", {"number": order_in_books(s, number)["Number"]})
    with replaying(s, "2", not_there=True) as work:
        shown, report = work.show(key), work.send([key], "Anna")
        again = work.send([key], "Bert")

    assert shown.is_made_anew and shown.is_wanted(again=False)
    assert report.done[0].delivered.outcome == "created"
    assert again.done[0].earlier is not None
    s.assert_there_once([number])
    assert s.record(number).target_number == str(order_in_books(s, number)["Number"])


def test_what_is_there_is_not_made_anew_whatever_somebody_says(delivered: Delivered) -> None:
    s, number = delivered
    with replaying(s, "1", not_there=True) as work:
        shown, report = work.show(s.record(number).key), work.send([s.record(number).key], "Anna")

    assert not shown.is_made_anew
    assert report.done[0].delivered.outcome == "unchanged"
    s.assert_there_once([number])


def test_a_policy_that_only_creates_looks_before_it_makes_anew(stage: Callable[..., Any]) -> None:
    s = stage(own_workspace=True)
    s.only_create("order")
    number = s.order()
    s.run()
    key = s.record(number).key
    with replaying(s, "1", not_there=True) as work:
        shown, report = work.show(key), work.send([key], "Anna")
        assert not shown.is_made_anew
        assert report.done[0].delivered.outcome == "unchanged"
        s.assert_there_once([number])
        s.books.do("delete_order", {"number": order_in_books(s, number)["Number"]})
        report = work.send([key], "Anna", again=True)

    assert report.done[0].delivered.outcome == "created"
    s.assert_there_once([number])
