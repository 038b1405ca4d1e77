"""What becomes of an order in Specter is shown in the shop, over both sandboxes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.formulas import Formulas
from engine.runs.report import RunOptions
from tests.runs.specter import Make, OrdersStage, stages

FLOW = "specter-status-to-abicart"


@pytest.fixture
def stage(tmp_path: Path, formulas: Formulas) -> Iterator[Make]:
    with stages(tmp_path, formulas, begun=True, flow=FLOW) as make:
        yield make


def both(s: OrdersStage, **fields: Any) -> tuple[str, str]:
    """An order that is in the shop and in Specter, whose number is written back: its two numbers."""
    number = s.order(fields=fields)
    with s.books.lock:
        theirs: str = s.books.books.next_number("order")
        customer = next(iter(s.books.books.customers))
        s.books.books.orders[theirs] = {
            "orderNo": theirs,
            "externalOrderNo": number,
            "customerId": customer,
            "currency": "SEK",
            "webshopId": "1",
            "stocksiteid": "1",
            "rows": [],
            "statusId": "1",
            "deliveryStatus": "N",
            "tracking": [],
            "made": "2026-11-27T08:00:00",
        }
    s.shop.do("change_order", {"orderNumber": number, "fields": {"externalOrderNumber": theirs}})
    return number, theirs


def test_a_delivered_order_is_sent_in_the_shop(stage: Make) -> None:
    s = stage()
    number, theirs = both(s)
    s.books.do("deliver_order", {"orderNo": theirs, "trackingNo": "000000000017"})
    s.run()

    assert (s.placed(number)["deliveryStatus"], s.placed(number)["note"]) == ("sent", "")
    assert s.outcomes(theirs) == ["updated"]


def test_a_cancelled_order_is_discarded_unless_it_is_to_stay(stage: Make) -> None:
    for answers, discarded in (({}, True), ({"cancelled": "leave"}, False)):
        s = stage(**answers)
        number, theirs = both(s)
        s.books.do("delete_order", {"orderNo": theirs})
        s.run()

        assert s.placed(number)["discarded"] is discarded
        assert s.placed(number)["deliveryStatus"] == "unsent"


@pytest.mark.parametrize("merges", [True, False])
def test_tracking_numbers_are_shown_where_they_are_asked_for_and_what_is_there_stays(stage: Make, merges: bool) -> None:
    for tracking, note, tags in (
        ("note", "Ring först\nTracking: 0017, 0024", ["vip"]),
        ("tag", "Ring först", ["vip", "0017, 0024"]),
        ("none", "Ring först", ["vip"]),
    ):
        s = stage(shop={"set_merges": merges}, tracking=tracking)
        number, theirs = both(s, note="Ring först", tags=["vip"])
        s.books.do("deliver_order", {"orderNo": theirs, "trackingNo": ["0017", "0024"]})
        s.run()
        s.books.do("deliver_order", {"orderNo": theirs, "trackingNo": []})
        s.run()

        assert (s.placed(number)["note"], s.placed(number)["tags"]) == (note, tags)


def test_what_the_shop_shows_already_is_not_written_again(stage: Make) -> None:
    s = stage()
    number, theirs = both(s, deliveryStatus="sent")
    changed = s.placed(number)["changed"]
    s.serving.clock.advance(3600)
    s.books.do("deliver_order", {"orderNo": theirs})
    s.run()

    assert s.placed(number)["changed"] == changed


def test_an_order_that_the_shop_does_not_have_is_skipped_or_parked(stage: Make) -> None:
    for answers, state in (({}, "skipped"), ({"unknown_orders": "park"}, "parked")):
        s = stage(**answers)
        number, theirs = both(s)
        s.shop.do("change_order", {"orderNumber": number, "fields": {"externalOrderNumber": ""}})
        s.books.do("deliver_order", {"orderNo": theirs})
        s.run()

        assert s.state(theirs) == state
        assert s.placed(number)["deliveryStatus"] == "unsent"


def test_two_orders_of_the_shop_with_one_number_park_the_change(stage: Make) -> None:
    s = stage()
    (number, theirs), (other, _) = both(s), both(s)
    s.shop.do("change_order", {"orderNumber": other, "fields": {"externalOrderNumber": theirs}})
    s.books.do("deliver_order", {"orderNo": theirs})
    s.run()

    assert s.state(theirs) == "parked"
    assert [s.placed(one)["deliveryStatus"] for one in (number, other)] == ["unsent", "unsent"]


def test_a_lost_reply_and_a_lost_acknowledgement_do_no_harm(stage: Make) -> None:
    s = stage(tracking="note")
    number, theirs = both(s)
    s.books.do("deliver_order", {"orderNo": theirs, "trackingNo": "0017"})
    s.serving.arm("abicart", [{"kind": "lose_reply", "holds": '"Order.set"', "times": 1}])
    s.serving.arm("specter", [{"kind": "lose_reply", "holds": "updateOrdersFromBatch", "times": 1}])
    s.run()
    s.run()

    assert (s.placed(number)["deliveryStatus"], s.placed(number)["note"]) == ("sent", "Tracking: 0017")


def test_a_number_of_sixteen_digits_is_found_digit_for_digit(stage: Make) -> None:
    s = stage()
    number, theirs = both(s)
    with s.books.lock:
        order = s.books.books.orders.pop(theirs)
        s.books.books.orders["9007199254740993"] = {**order, "orderNo": "9007199254740993"}
    s.shop.do("change_order", {"orderNumber": number, "fields": {"externalOrderNumber": "9007199254740993"}})
    s.books.do("deliver_order", {"orderNo": "9007199254740993"})
    s.run()

    assert s.placed(number)["deliveryStatus"] == "sent"


def test_an_order_that_the_shop_does_not_let_us_change_is_parked_alone(stage: Make) -> None:
    s = stage()
    refused, theirs = both(s)
    taken, other = both(s)
    for each in (theirs, other):
        s.books.do("deliver_order", {"orderNo": each, "trackingNo": "000000000017"})
    s.shop.do("answer_with", {"code": 1006, "method": "Order\\.set", "times": 1})

    report = s.run(RunOptions(threads=1))

    assert report.stopped is None
    assert sorted(s.placed(number)["deliveryStatus"] for number in (refused, taken)) == ["sent", "unsent"]
    assert [parked.problems[0].code for parked in report.parked] == ["1006"]
