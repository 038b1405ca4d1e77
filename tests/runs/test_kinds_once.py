"""Invoices, quotes, drafts and payments: killed in every seam and run again, each is there once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.runs.once import Engine, World, place_orders, states, world

ORDERS = 4
MADE = {"invoice": "customerinvoices", "quote": "quotes", "draft": "customerinvoicedrafts"}
PAYMENT_SEAMS = ("intent stored: invoice_payments", "reply unread: payments", "reply received: invoice_payments")


def _answers(made: World, document: str) -> dict[str, Any]:
    account = made.held("bankaccounts")[0]["Id"]
    return {"document": document, "register_payment": True, "payment_account": account}


def _killed_then_finished(engine: Engine, made: World, document: str, places: tuple[str, ...]) -> None:
    place_orders(made, ORDERS)
    answers = _answers(made, document)
    for place in places:
        ended = engine.run(made.wish(place=place, nth=1, threads=1, answers=answers, offset_seconds=made.later()))
        assert ended["signal"] == 9, f"{place} was not reached"
    ended = engine.run(made.wish(threads=1, answers=answers, offset_seconds=made.later()))
    assert ended["said"]["state"] == "ended"


@pytest.mark.parametrize("document", MADE)
def test_killed_in_every_seam_of_a_document_each_order_has_one(engine: Engine, tmp_path: Path, document: str) -> None:
    resource = MADE[document]
    places = tuple(f"{place}: {resource}" for place in ("intent stored", "reply unread", "reply received"))
    with world(tmp_path) as made:
        _killed_then_finished(engine, made, document, places)

        held = Counter(one["BuyersOrderReference"] for one in made.held(resource) if one["BuyersOrderReference"])
        assert sorted(held.values()) == [1] * ORDERS
        assert set(states(made).values()) == {"created"}


def test_killed_in_every_seam_of_a_payment_each_invoice_is_paid_once(engine: Engine, tmp_path: Path) -> None:
    with world(tmp_path) as made:
        _killed_then_finished(engine, made, "invoice", PAYMENT_SEAMS)

        invoices = [one for one in made.held("customerinvoices") if one["BuyersOrderReference"]]
        paid = Counter(payment["InvoiceId"] for payment in made.held("invoicepayments"))
        assert paid == {invoice["Id"]: 1 for invoice in invoices}
        assert len(invoices) == ORDERS
        assert {invoice["RemainingAmount"] for invoice in invoices} == {0}
        assert set(states(made).values()) == {"created"}
