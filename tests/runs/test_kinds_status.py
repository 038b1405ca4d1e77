"""What becomes of an order in the books is shown in the shop, and neither flow takes the other's writing for news."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.runs.beside import Beside, beside, written

MakeStage = Callable[..., Any]
STATUS, PAYMENTS = "eaccounting-status-to-ccv", "eaccounting-payments-to-ccv"
IN_PROCESS, SENT, INVOICED = 2, 3, 4  # of an order in the books


@pytest.fixture
def there(stage: MakeStage) -> Callable[..., tuple[Any, Beside, str]]:
    """An order that has arrived in the books, and the flow of its status; answers are those of that flow."""

    def make(**answers: Any) -> tuple[Any, Beside, str]:
        s = stage()
        number = s.order()
        s.run()
        return s, beside(s, STATUS, **answers), number

    return make


def change(s: Any, number: str, **fields: Any) -> None:
    """Somebody changes the order in the books."""
    [order] = s.documents()[number]
    s.books.do("change_order", {"number": order["Number"], "fields": fields})


def books_number(s: Any, number: str) -> str:
    [order] = s.documents()[number]
    return str(order["Number"])


def test_an_order_sent_in_the_books_is_sent_in_the_shop(there: Any) -> None:
    s, status, number = there()
    change(s, number, Status=SENT)
    status.run()

    assert s.shop_orders()[number]["status"] == 5
    assert status.state(books_number(s, number)) == "updated"


def test_a_status_without_a_row_changes_nothing(there: Any) -> None:
    s, status, number = there()
    written(s, "ccv-shop")
    before = s.shop_orders()[number]["status"]
    status.run()

    assert written(s, "ccv-shop") == []
    assert s.shop_orders()[number]["status"] == before
    assert status.state(books_number(s, number)) == "unchanged"


def test_both_flows_are_quiet_after_one_round(there: Any) -> None:
    s, status, number = there()
    change(s, number, Status=SENT)
    s.run()
    status.run()
    written(s, "ccv-shop"), written(s, "eaccounting")
    for _ in range(4):
        orders, back = s.run(), status.run()

        assert written(s, "ccv-shop") == [] and written(s, "eaccounting") == []
        assert (orders.counts["created"], orders.counts["updated"]) == (0, 0)
        assert (back.counts["created"], back.counts["updated"], back.counts["parked"]) == (0, 0, 0)
    assert s.outcomes(number) == ["created"]  # its new status in the shop was no news
    assert status.outcomes(books_number(s, number)) == ["updated"]


def test_an_order_that_the_shop_has_completed_keeps_its_status(there: Any) -> None:
    s, status, number = there()
    s.shop.do("change_order", {"ordernumber": number, "fields": {"status": 7}})
    change(s, number, Status=SENT)
    status.run()

    assert s.shop_orders()[number]["status"] == 7


def test_the_tracking_code_travels_with_the_status_and_later_by_itself(there: Any) -> None:
    s, status, number = there(tracking="OurReference")
    change(s, number, Status=SENT, OurReference="3SABC0000001")
    status.run()
    assert s.shop_orders()[number]["track_and_trace_code"] == "3SABC0000001"
    assert s.shop_orders()[number]["status"] == 5

    s.sandbox_clock.advance(60)
    change(s, number, Status=SENT, OurReference="3SABC0000002")
    status.run()
    assert s.shop_orders()[number]["track_and_trace_code"] == "3SABC0000002"
    assert s.shop_orders()[number]["status"] == 5


def test_a_change_whose_answer_is_lost_is_taken_for_made(there: Any) -> None:
    s, status, number = there()
    change(s, number, Status=SENT)
    s.serving.arm("ccv-shop", [{"kind": "lose_reply", "method": "PATCH", "path": "/orders/", "times": 1}])
    status.run()

    assert s.shop_orders()[number]["status"] == 5
    assert status.state(books_number(s, number)) in ("updated", "unchanged")


def test_an_order_that_the_shop_does_not_know_is_skipped_in_words(there: Any) -> None:
    s, status, number = there()
    [order] = s.documents()[number]
    s.books.do("change_order", {"number": order["Number"], "fields": {"BuyersOrderReference": "W-99999"}})
    by_hand = s.books.do("change_order", {"number": order["Number"], "fields": {"Status": IN_PROCESS}})
    status.run()

    assert status.state(str(by_hand["Number"])) == "skipped"
    assert "CCV Shop has none of its orders with order number without prefix “W-99999”" in status.says(
        str(by_hand["Number"])
    )


def test_another_order_with_the_same_digits_is_not_taken_for_it(there: Any) -> None:
    s, status, number = there()
    change(s, number, Status=SENT, BuyersOrderReference=f"PO {number.removeprefix('W-')}")
    before = s.shop_orders()[number]["status"]
    [order] = s.held("orders")
    status.run()

    assert status.state(str(order["Number"])) == "skipped"
    assert s.shop_orders()[number]["status"] == before


def test_only_orders_changed_since_are_asked_for(there: Any) -> None:
    s, status, number = there()
    status.run()
    s.sandbox_clock.advance(86_400)
    [_] = s.documents()[number]
    report = status.run()

    assert report.counts["read"] == 1  # the last one seen, within the overlap
    asked = [target for _, target, *_ in s.requests("eaccounting") if "ModifiedUtc" in target]
    assert asked and all("orderby" in target for target in asked)


def test_an_invoice_paid_in_the_books_is_paid_in_the_shop_and_then_it_is_quiet(stage: MakeStage) -> None:
    s = stage(document="invoice", only_paid=False)
    number = s.order(paid=False, status=1)
    s.run()
    payments = beside(s, PAYMENTS)
    payments.run()
    [invoice] = s.documents("customerinvoices")[number]
    name = str(invoice["InvoiceNumber"])
    assert payments.says(name) == "it is not paid yet"

    s.books.do("pay_invoice", {"number": invoice["InvoiceNumber"]})
    payments.run()
    assert s.shop_orders()[number]["paid"] is True
    assert payments.outcomes(name)[-1] == "updated"

    s.run(), payments.run()
    written(s, "ccv-shop"), written(s, "eaccounting")
    for _ in range(3):
        s.run(), payments.run()
    assert written(s, "ccv-shop") == [] and written(s, "eaccounting") == []
    assert len(s.documents("customerinvoices")[number]) == 1
