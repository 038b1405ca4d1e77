"""A paid order that becomes an invoice is paid in the books too, once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from engine.runs.rehearsal import Rehearsal
from engine.runs.run import RunOptions

MakeStage = Callable[..., Any]


@pytest.fixture
def paying(stage: MakeStage) -> Callable[..., Any]:
    def make(**options: Any) -> Any:
        s = stage(document="invoice", register_payment=True, **options)
        s.answers["payment_account"] = s.held("bankaccounts")[0]["Id"]
        return s

    return make


def payments(s: Any, number: str) -> list[dict[str, Any]]:
    ids = [invoice["Id"] for invoice in s.documents("customerinvoices").get(number, [])]
    return [payment for payment in s.held("invoicepayments") if payment["InvoiceId"] in ids]


def test_the_payment_of_a_paid_order_is_recorded_on_the_chosen_account(paying: Any) -> None:
    s = paying()
    number = s.order()
    s.run()

    [invoice], [payment] = s.documents("customerinvoices")[number], payments(s, number)
    assert payment["PaymentAmount"] == invoice["TotalAmount"] == s.shop_orders()[number]["total_price"]
    assert (invoice["PaymentStatus"], invoice["RemainingAmount"]) == (0, 0)
    assert payment["CompanyBankAccountId"] == s.answers["payment_account"]
    assert (payment["PaymentType"], payment["Reference"]) == (2, number)
    assert payment["PaymentDate"] == min(invoice["InvoiceDate"], s.clock.now().date().isoformat())
    assert s.outcomes(number) == ["created"]


def test_delivered_again_a_paid_invoice_gets_no_second_payment(paying: Any) -> None:
    s = paying()
    number = s.order()
    s.run()
    s.run(RunOptions(only=[number], threads=1))

    assert len(payments(s, number)) == 1
    assert s.outcomes(number) == ["created", "unchanged"]


def test_an_invoice_whose_payment_was_recorded_by_hand_gets_none_of_ours(paying: Any) -> None:
    s = paying()
    number = s.order()
    s.run(register_payment=False)
    assert payments(s, number) == []
    [invoice] = s.documents("customerinvoices")[number]
    by_hand = s.books.do("pay_invoice", {"number": invoice["InvoiceNumber"]})
    s.run(RunOptions(only=[number], threads=1))

    assert [payment["Id"] for payment in payments(s, number)] == [by_hand["Id"]]
    assert s.state(number) == "unchanged"


def test_what_is_left_of_a_partly_paid_invoice_is_recorded(paying: Any) -> None:
    s = paying()
    number = s.order()
    s.run(register_payment=False)
    [invoice] = s.documents("customerinvoices")[number]
    by_hand = s.books.do("pay_invoice", {"number": invoice["InvoiceNumber"], "amount": 1.25})
    s.run(RunOptions(only=[number], threads=1))

    [ours] = [payment for payment in payments(s, number) if payment["Id"] != by_hand["Id"]]
    assert ours["PaymentAmount"] == pytest.approx(invoice["TotalAmount"] - 1.25)
    assert s.documents("customerinvoices")[number][0]["RemainingAmount"] == 0


def test_an_unpaid_order_gets_an_invoice_and_no_payment(paying: Any) -> None:
    s = paying(only_paid=False)
    number = s.order(paid=False, status=1)
    s.run()

    assert len(s.documents("customerinvoices")[number]) == 1
    assert payments(s, number) == []


def test_without_an_account_a_paid_order_is_parked_before_its_invoice_is_booked(stage: MakeStage) -> None:
    s = stage(document="invoice", register_payment=True)
    s.has_begun()
    number = s.order()
    s.run()

    assert "no bank account is chosen" in s.problem(number).what
    assert s.documents("customerinvoices") == {}


def test_a_payment_whose_answer_is_lost_is_not_sent_again(paying: Any) -> None:
    s = paying()
    number = s.order()
    s.serving.arm("eaccounting", [{"kind": "lose_reply", "method": "POST", "path": "/payments", "times": 1}])
    s.run()

    assert len(payments(s, number)) == 1
    assert s.outcomes(number)[-1] == "created"


def test_a_preview_shows_the_payment_and_sends_nothing(paying: Any) -> None:
    s = paying()
    number = s.order()
    with ThreadPoolExecutor(1) as pool:
        shown = Rehearsal(s.open(), s.ledger, s.clock, pool).of_key(number)

    last = [request for request in shown.result.planned if request.step == "payment"]
    assert [request.body["PaymentAmount"] for request in last] == [s.shop_orders()[number]["total_price"]]
    assert s.writes("eaccounting") == []


def test_a_period_locked_between_invoice_and_payment_is_a_sentence_and_the_payment_arrives_later(
    paying: Any, once: Any
) -> None:
    s = paying()
    number = s.order()
    lock = once("reply received: customerinvoices", lambda: s.books.do("lock_until", {"date": "2999-01-01"}))
    s.go(s.open(), RunOptions(threads=1), seam=lock)

    assert "the period of this date is locked in the books" in s.problem(number).what
    assert len(s.documents("customerinvoices")[number]) == 1 and payments(s, number) == []

    s.books.do("lock_until", {"date": None})
    s.run(RunOptions(only=[number], threads=1))
    assert len(payments(s, number)) == 1
    assert len(s.documents("customerinvoices")[number]) == 1
