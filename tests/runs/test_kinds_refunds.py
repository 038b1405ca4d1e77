"""A refund is seen where the shop made a credit invoice for it, and told with what to do; nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.runs.run import RunOptions
from tests.runs.beside import Beside, beside

MakeStage = Callable[..., Any]
REFUNDS = "ccv-refunds-to-eaccounting"


def refunded(s: Any, number: str, amount: float | None = None) -> tuple[Beside, str]:
    """The flow of refunds, run after this order was refunded; and the number of the shop's credit invoice."""
    made = s.shop.do("refund_order", {"ordernumber": number, **({"amount": amount} if amount else {})})
    refunds = beside(s, REFUNDS)
    refunds.run()
    return refunds, made["invoicenumber_full"]


@pytest.mark.parametrize("document", ["order", "invoice"])
def test_a_partial_refund_is_parked_with_its_amount_and_what_to_do(stage: MakeStage, document: str) -> None:
    s = stage(document=document)
    number = s.order()
    s.run()
    before = s.writes("eaccounting")
    refunds, credit = refunded(s, number, 1.25)

    assert f"the shop refunded 1.25 EUR of order {number} (credit invoice {credit})" in refunds.says(credit)
    assert f"in the books it is {document} " in refunds.says(credit)
    assert "--only" in refunds.record(credit).problems[0].what_to_do or document == "order"
    assert s.writes("eaccounting") == before


def test_a_refund_of_an_order_that_never_arrived_is_skipped_in_words(stage: MakeStage) -> None:
    s = stage()
    refunds, credit = refunded(s, s.order())

    assert refunds.state(credit) == "skipped"
    assert "Visma eAccounting has none of its invoices" in refunds.says(credit)


def test_a_refund_that_somebody_credited_in_the_books_needs_nothing(stage: MakeStage) -> None:
    s = stage(document="invoice")
    number = s.order()
    s.run()
    refunds, credit = refunded(s, number)
    assert refunds.state(credit) == "parked"
    s.books.do("credit_invoice", {"number": s.documents("customerinvoices")[number][0]["InvoiceNumber"]})
    refunds.run(RunOptions(only=[credit], threads=1))

    assert refunds.state(credit) == "unchanged"


def test_more_than_the_order_cannot_be_refunded_in_the_sandbox(stage: MakeStage) -> None:
    s = stage()
    number = s.order()
    with pytest.raises(ValueError, match="can be refunded"):
        s.shop.do("refund_order", {"ordernumber": number, "amount": 1_000_000})
