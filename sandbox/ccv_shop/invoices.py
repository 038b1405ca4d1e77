"""The invoices of the shop: here only credit invoices, made when somebody refunds an order."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sandbox.ccv_shop.holdings import Holdings
from sandbox.ccv_shop.money import Doc, dec
from sandbox.ccv_shop.questions import Question, Test, created_tests

FIRST_INVOICE_ID, FIRST_INVOICE_NUMBER, PREFIX = 700_001, 4_001, "F"


def refund(holdings: Holdings, order: Doc, amount: Any, now: datetime) -> Doc:
    """Refund a part of an order, or all of it: the shop makes a credit invoice."""
    total = dec(order["total_price"])
    part = total if amount is None else dec(amount)
    if not 0 < part <= total:
        raise ValueError(f"Between 0 and {total} can be refunded.")
    count = len(holdings.invoices)
    number = FIRST_INVOICE_NUMBER + count
    tax = float(round(dec(order["total_tax"]) * part / total, 2))
    # ccv-schemas.json, Invoices: "Type defines if it either an debit or credit invoice."
    # not documented: how the type is written, and the sign of a credit invoice's sums; "credit" and above zero here
    made: Doc = {
        "id": FIRST_INVOICE_ID + count,
        "invoicenumber_prefix": PREFIX,
        "invoicenumber": number,
        "invoicenumber_full": f"{PREFIX}-{number}",
        "ordernumber_prefix": order["ordernumber_prefix"],
        "ordernumber": order["ordernumber"],
        "ordernumber_full": order["ordernumber_full"],
        "create_date": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "status": "3",  # ccv-schemas.json, Invoices.status: "1. paid. 2. unpaid. 3. reimbursed."
        "status_name": "Reimbursed",
        "type": "credit",
        "taxes_included": True,
        "total_price": float(part),
        "total_price_inc_tax": float(part),
        "total_price_exc_tax": float(part - dec(tax)),
        "total_tax": tax,
        "currency": order["currency"],
        "external_reference": None,
    }
    holdings.invoices[made["id"]] = made
    return made


def invoice_tests(question: Question) -> list[Test]:
    """Give the filters of GET invoices."""
    # ccv-schemas.json, list_parameters, Invoices/All; their names on the wire are inferred
    wanted = {name: question.text(name) for name in ("invoicenumber", "invoicenumber_full", "ordernumber", "status")}
    wanted["ordernumber_full"] = question.text("ordernumber_full")
    tests = [_reads(name, text) for name, text in wanted.items() if text is not None]
    return [*tests, *created_tests(question)]


def _reads(name: str, text: str) -> Test:
    return lambda one: str(one[name]) == text
