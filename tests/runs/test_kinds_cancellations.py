"""An order cancelled in the shop after it arrived is told, removed or credited in the books, as those allow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.errors import SignInNeeded
from engine.runs.run import RunOptions
from tests.runs.beside import Beside, beside

MakeStage = Callable[..., Any]
CANCELLATIONS = "ccv-cancellations-to-eaccounting"
RESOURCE = {"order": "orders", "draft": "customerinvoicedrafts", "quote": "quotes"}


def delivered(stage: MakeStage, document: str = "order", **answers: Any) -> tuple[Any, Beside, str]:
    """An order that arrived as a document and was cancelled then; the flow of cancellations with these answers."""
    s = stage(document=document)
    number = s.order()
    s.run()
    s.shop.do("cancel_order", {"ordernumber": number})
    return s, beside(s, CANCELLATIONS, **answers), number


def chosen(number: str) -> RunOptions:
    return RunOptions(only=[number], threads=1)


@pytest.mark.parametrize("document", ["order", "draft", "quote", "invoice"])
def test_what_arrived_is_parked_with_what_to_do_and_nothing_is_written(stage: MakeStage, document: str) -> None:
    s, cancellations, number = delivered(stage, document)
    before = s.writes("eaccounting")
    cancellations.run()

    assert cancellations.state(number) == "parked"
    assert "the order was cancelled in the shop, and is in the books as" in cancellations.says(number)
    assert document in cancellations.says(number)
    assert "--only" in cancellations.record(number).problems[0].what_to_do
    assert s.writes("eaccounting") == before


def test_an_order_that_never_arrived_is_skipped_in_words(stage: MakeStage) -> None:
    s = stage()
    number = s.order()
    s.shop.do("cancel_order", {"ordernumber": number})
    s.run()
    cancellations = beside(s, CANCELLATIONS)
    cancellations.run()

    assert cancellations.state(number) == "skipped"
    reason = cancellations.says(number)
    assert f"Visma eAccounting has none of its orders with reference of the order “{number}”" in reason
    for kind in ("invoices", "invoice drafts", "quotes"):
        assert f"none of its {kind} with" in reason
    assert s.writes("eaccounting") == []


@pytest.mark.parametrize("document", RESOURCE)
def test_what_is_not_booked_is_removed_where_that_is_chosen(stage: MakeStage, document: str) -> None:
    s, cancellations, number = delivered(stage, document, cancelled="remove")
    cancellations.run()

    assert s.documents(RESOURCE[document]) == {}
    assert cancellations.state(number) == "updated"
    cancellations.run(chosen(number))
    assert cancellations.state(number) == "skipped"


def test_a_removal_whose_answer_is_lost_ends_well(stage: MakeStage) -> None:
    s, cancellations, number = delivered(stage, cancelled="remove")
    s.serving.arm("eaccounting", [{"kind": "lose_reply", "method": "DELETE", "path": "/v2/orders/", "times": 1}])
    cancellations.run()

    assert s.documents() == {}
    assert cancellations.state(number) in ("updated", "unchanged")


def test_an_order_that_is_invoiced_in_the_books_is_never_removed(stage: MakeStage) -> None:
    s, cancellations, number = delivered(stage, cancelled="remove", cancelled_invoice="credit_draft")
    [order] = s.documents()[number]
    s.books.do("change_order", {"number": order["Number"], "fields": {"Status": 4}})
    cancellations.run()

    assert f"order {order['Number']} is invoiced in the books, and its invoice was not found" in cancellations.says(
        number
    )
    assert len(s.documents()[number]) == 1


def test_an_invoice_is_credited_by_a_draft_of_the_same_rows_once(stage: MakeStage) -> None:
    s, cancellations, number = delivered(stage, "invoice", cancelled_invoice="credit_draft")
    cancellations.run()

    [invoice] = s.documents("customerinvoices")[number]
    [draft] = s.documents("customerinvoicedrafts")[f"{number} credit"]
    assert draft["IsCreditInvoice"] is True
    assert (draft["TotalAmount"], draft["TotalVatAmount"]) == (invoice["TotalAmount"], invoice["TotalVatAmount"])
    assert draft["CustomerId"] == invoice["CustomerId"]
    assert draft["YourReference"] == f"Credits invoice {invoice['InvoiceNumber']}"
    assert cancellations.state(number) == "created"

    cancellations.run(chosen(number))
    assert len(s.documents("customerinvoicedrafts")[f"{number} credit"]) == 1
    assert cancellations.outcomes(number) == ["created", "unchanged"]


def test_quantities_below_zero_where_the_books_want_them(stage: MakeStage) -> None:
    s, cancellations, number = delivered(stage, "invoice", cancelled_invoice="credit_draft", credit_sign="negative")
    cancellations.run()

    [draft] = s.documents("customerinvoicedrafts")[f"{number} credit"]
    assert all(row["Quantity"] < 0 for row in draft["Rows"])
    assert cancellations.state(number) == "created"


def test_an_invoice_that_somebody_credited_needs_nothing(stage: MakeStage) -> None:
    s, cancellations, number = delivered(stage, "invoice")
    cancellations.run()
    assert cancellations.state(number) == "parked"
    [invoice] = s.documents("customerinvoices")[number]
    s.books.do("credit_invoice", {"number": invoice["InvoiceNumber"]})
    cancellations.run(chosen(number))

    assert cancellations.outcomes(number) == ["parked", "unchanged"]
    assert s.documents("customerinvoicedrafts") == {}


def test_a_credit_in_a_locked_period_is_a_sentence(stage: MakeStage) -> None:
    s, cancellations, number = delivered(stage, "invoice", cancelled_invoice="credit_draft")
    s.books.do("lock_until", {"date": "2999-01-01"})
    cancellations.run()

    assert "the period of this date is locked in the books" in cancellations.says(number)


def test_the_orders_flow_keeps_what_it_delivered_when_the_order_is_cancelled(stage: MakeStage) -> None:
    s, _, number = delivered(stage)
    s.run()

    assert s.outcomes(number) == ["created"]
    assert s.state(number) == "created"


def test_an_order_taken_up_again_in_the_shop_is_not_cancelled(stage: MakeStage) -> None:
    s, cancellations, number = delivered(stage)
    s.shop.do("change_order", {"ordernumber": number, "fields": {"status": 2}})
    cancellations.run(chosen(number))

    assert cancellations.says(number) == "it is not cancelled any more"
    assert len(s.documents()[number]) == 1


def test_a_cancelled_order_is_looked_at_once_and_again_when_it_is_seen_anew(stage: MakeStage) -> None:
    s, cancellations, _ = delivered(stage, cancelled="remove")
    cancellations.run()
    seen = len(s.requests("eaccounting"))
    for _ in range(3):
        report = cancellations.run()
        assert report.counts["unchanged"] == 1
    written = [target for _, target, *_ in s.requests("eaccounting")[seen:] if "/v2/" in target]

    assert [t for t in written if "companysettings" not in t] == []


def test_a_token_revoked_in_the_middle_ends_the_run_and_nothing_is_lost(stage: MakeStage, once: Any) -> None:
    s, cancellations, number = delivered(stage, cancelled="remove")

    def revoke() -> None:
        s.books.do("revoke", {})
        s.books.do("expire_tokens", {})

    report = cancellations.at.go(cancellations.at.open(), seam=once("page read", revoke))
    assert isinstance(report.stopped, SignInNeeded)
    assert len(s.documents()[number]) == 1

    s.connect(s.books)
    cancellations.run()
    assert s.documents() == {}
    assert cancellations.outcomes(number) == ["updated"]
