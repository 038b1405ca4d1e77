"""The shop's days beside the books: what agrees agrees, and each difference has its story."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.errors import DocumentError, TryAgain
from engine.runs.reconciling import Day, Difference, Reconciling
from engine.runs.run import RunOptions
from tests.runs.conftest import FLOW

MakeStage = Callable[..., Any]


def _days(s: Any, first: date | None = None, last: date | None = None, **answers: Any) -> list[Day]:
    first = first or _today(s)
    with ThreadPoolExecutor(2) as pool:
        return Reconciling(s.open(**answers), s.ledger, pool).days(first, last or first)


def _today(s: Any) -> date:
    found: date = s.clock.now().date()
    return found


def _only(days: list[Day]) -> Difference:
    [difference] = [each for day in days for each in day.differences]
    return difference


def _order_of(s: Any, number: str) -> dict[str, Any]:
    [held] = s.documents()[number]
    return dict(held)


@pytest.fixture
def booked(stage: MakeStage) -> Any:
    """Three orders of today, all in the books; noon, so that the day is one in each zone near."""
    s = stage(own_workspace=True)
    noon = s.clock.now().replace(hour=11, minute=0)
    s.sandbox_clock.advance((noon + timedelta(days=1) - s.clock.now()).total_seconds())
    s.numbers = s.orders(3)
    s.run()
    s.assert_there_once(s.numbers)
    return s


def test_a_day_that_agrees(booked: Any) -> None:
    s = booked
    [day] = _days(s)

    assert day.agrees and day.differences == []
    assert day.source.count == day.target.count == 3
    total = sum(Decimal(str(order["total_price"])) for order in s.shop_orders().values())
    assert day.source.amounts == day.target.amounts == {"EUR": total}


def test_nothing_is_written_anywhere(booked: Any) -> None:
    s = booked
    writes = [s.writes(name) for name in ("ccv-shop", "eaccounting")]
    runs, records = s.ledger.runs(), [s.record(number) for number in s.numbers]
    _days(s)

    assert [s.writes(name) for name in ("ccv-shop", "eaccounting")] == writes
    assert s.ledger.runs() == runs
    assert [s.record(number) for number in s.numbers] == records


def test_an_order_that_was_deleted_in_the_books(booked: Any) -> None:
    s = booked
    number = s.numbers[1]
    made = _order_of(s, number)["Number"]
    s.books.do("delete_order", {"number": made})
    [day] = days = _days(s)

    difference = _only(days)
    assert (difference.kind, difference.number) == ("missing", number)
    assert f"it was made as {made}, and is not found now" in difference.story
    assert (day.source.count, day.target.count) == (3, 2)
    assert not day.agrees


def test_an_amount_that_was_changed_in_the_books(booked: Any) -> None:
    s = booked
    number = s.numbers[0]
    before = Decimal(str(_order_of(s, number)["Amount"]))
    _doctor(s, number, Amount=float(before + Decimal("0.01")))
    difference = _only(_days(s))

    assert difference.kind == "other sum"
    assert difference.source is not None and difference.target is not None
    assert difference.target - difference.source == Decimal("0.01")
    assert str(before) in difference.story


def _doctor(s: Any, number: str, **fields: Any) -> None:
    """Change a document as no person could, so that the books are wrong."""
    shelf = s.books._books["orders"]
    with s.books._lock:
        shelf.put({**_order_of(s, number), **fields})


def test_an_order_that_is_there_twice(booked: Any) -> None:
    s = booked
    number = s.numbers[0]
    _doctor(s, number, Id="doubled", Number=777)
    [day] = days = _days(s)

    difference = _only(days)
    assert difference.kind == "twice"
    assert "order 777" in difference.story
    assert (day.source.count, day.target.count) == (3, 4)


def test_an_order_that_only_the_books_have(booked: Any) -> None:
    s = booked
    _doctor(s, s.numbers[0], Id="invented", Number=888, BuyersOrderReference="W-31337")
    [day] = days = _days(s)

    difference = _only(days)
    assert (difference.kind, difference.number, difference.made) == ("only there", "W-31337", ("order 888",))
    assert day.target.count == 4


def test_an_order_that_bears_another_day_is_said_and_does_not_count(booked: Any) -> None:
    s = booked
    _doctor(s, s.numbers[0], OrderDate="2026-01-01T00:00:00Z")
    [day] = days = _days(s)

    assert _only(days).kind == "other day"
    assert "2026-01-01" in _only(days).story
    assert day.agrees


def test_what_waits_is_skipped_parked_or_was_never_seen_says_so(booked: Any) -> None:
    s = booked
    waits, skipped = s.order(paid=False, paymethod_id=1), s.order(status=8)
    parked = s.order(fields={"currency": "SEK"})
    s.run()
    unseen = s.order()
    [day] = _days(s)

    found = {each.number: each for each in day.differences}
    assert found.keys() == {waits, skipped, parked, unseen}
    assert found[waits].kind == found[skipped].kind == "held back"
    assert "it is not paid yet" in found[waits].story
    assert "it was cancelled in the shop" in found[skipped].story
    assert found[parked].kind == "missing" and "the order is in SEK" in found[parked].story
    assert found[unseen].kind == "missing" and "no run has seen it" in found[unseen].story
    assert day.held_back.count == 2
    assert set(day.source.amounts) == {"EUR", "SEK"}


def test_an_order_that_was_cancelled_after_it_was_booked(booked: Any) -> None:
    s = booked
    with s.shop.lock:
        s.shop_orders()[s.numbers[0]]["status"] = 8
    difference = _only(_days(s))

    assert difference.kind == "not wanted"
    assert "it was cancelled in the shop" in difference.story


def test_what_is_older_than_any_run_is_told(stage: MakeStage) -> None:
    s = stage()
    number = s.order()
    day = _today(s)
    s.sandbox_clock.advance(40 * 86_400)
    s.run()
    difference = _only(_days(s, day - timedelta(days=1), day + timedelta(days=1)))
    assert difference.number == number
    assert "it is older than what runs have read" in difference.story


def test_the_day_is_that_of_the_business(stage: MakeStage) -> None:
    """Of two orders around midnight in Amsterdam, in winter and in summer time."""
    s = stage()
    moments = {
        "2026-10-24T21:59:00Z": "2026-10-24",  # 23:59 in summer time
        "2026-10-24T22:01:00Z": "2026-10-25",
        "2026-10-25T22:30:00Z": "2026-10-25",  # 23:30 in winter time: this day has 25 hours
        "2026-10-25T23:01:00Z": "2026-10-26",
    }
    numbers = {s.order(fields={"create_date": moment}): day for moment, day in moments.items()}
    s.run(RunOptions(since=s.clock.now() - timedelta(days=60), threads=2), from_date="2026-10-01")
    days = _days(s, date(2026, 10, 24), date(2026, 10, 26))

    assert [day.source.count for day in days] == [list(numbers.values()).count(day.day) for day in days] == [1, 2, 1]
    assert all(day.agrees and not day.differences for day in days)


def test_a_refund_is_below_zero(booked: Any) -> None:
    s = booked
    [before] = _days(s)
    number = s.order(lines=[{"productnumber": "BACK", "count": 1, "price": -12.5, "tax": 21}])
    s.run()
    [day] = _days(s)

    refund = Decimal(str(s.shop_orders()[number]["total_price"]))
    assert refund < 0
    assert day.target.amounts["EUR"] - before.target.amounts["EUR"] == refund
    assert day.agrees and day.source.amounts == day.target.amounts


def test_documents_that_cannot_be_read_since_a_day_are_looked_for_one_by_one(stage: MakeStage) -> None:
    s = stage(document="draft")
    s.orders(2)
    s.run()
    [day, *_] = [
        day for day in _days(s, _today(s) - timedelta(days=1), _today(s) + timedelta(days=1)) if day.source.count
    ]

    assert day.agrees
    assert day.target.count == 2


def test_invoices_have_their_own_sum(stage: MakeStage) -> None:
    s = stage(document="invoice")
    s.orders(2)
    s.run()
    days = _days(s, _today(s) - timedelta(days=1), _today(s) + timedelta(days=1))

    assert sum(day.target.count for day in days) == 2
    assert all(day.agrees for day in days)


def test_a_target_that_is_down_is_said(booked: Any) -> None:
    s = booked
    s.edit_connector("eaccounting", lambda document: document["http"].update(retry={"attempts": 1}))
    opened = s.open()
    next(door for door in s.serving.doors if door.system.name == "eaccounting").faults.arm([{"kind": "status"}])
    with ThreadPoolExecutor(2) as pool, pytest.raises(TryAgain):
        Reconciling(opened, s.ledger, pool).days(_today(s), _today(s))


def test_a_flow_that_does_not_say_how_and_days_the_wrong_way_round(booked: Any) -> None:
    s = booked
    with pytest.raises(DocumentError, match="comes before"):
        _days(s, _today(s), _today(s) - timedelta(days=1))
    s.edit_flow(lambda flow: flow.pop("reconcile"))
    with pytest.raises(DocumentError, match="does not say how"):
        _days(s)


@pytest.mark.parametrize(
    "change",
    [
        {"day": '$substring(create_date, 8, 2) & "." & $substring(create_date, 5, 2)'},
        {"sum": '"much"'},
        {"day": "1 / 0"},
    ],
)
def test_a_day_or_sum_that_cannot_be_told_is_no_silence(booked: Any, change: dict[str, str]) -> None:
    s = booked
    s.edit_flow(lambda flow: flow["reconcile"].update(change))
    [day] = _days(s)

    assert {each.kind for each in day.differences} == {"unreadable"}
    assert len(day.differences) == 3 and not day.agrees
    assert all(each.story for each in day.differences)


def test_a_field_nobody_knows_is_found_by_check(booked: Any) -> None:
    from engine.flows.check import check_workspace

    s = booked
    s.edit_flow(lambda flow: flow["reconcile"].update(sum="totl_price", target_sum="Amont", day="$answers.zone"))
    found = [str(each) for each in check_workspace(s.workspace, [FLOW], s.formulas)]

    for name in ("totl_price", "Amont", "zone"):
        assert any(name in each for each in found), found
