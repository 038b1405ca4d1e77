"""One flow for two customers: each one's orders arrive in its own books, whatever the numbers are."""

from __future__ import annotations

from tests.bindings.conftest import SECOND, MakeTwo


def test_orders_arrive_in_the_right_books(two: MakeTwo) -> None:
    both = two()
    both.bind()
    ours, theirs = both.first.order(), both.second.order()
    assert ours == theirs  # the same number and key in both shops
    assert both.run("default").counts["created"] == 1
    assert both.second.documents() == {}
    assert both.run(SECOND).counts["created"] == 1
    both.first.assert_there_once([ours])
    both.second.assert_there_once([theirs])
    assert both.first.held("customers") != both.second.held("customers") or both.first.held("customers")
