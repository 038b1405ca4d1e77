"""Each setting of a flow tells which fields of the target it changes, through named values as well."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.design.questions import touched_by
from engine.documents.workspace import Workspace
from engine.flows.library import load_flow

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def touched() -> dict[str, list[tuple[str, str]]]:
    return touched_by(load_flow(Workspace(ROOT), "ccv-orders-to-eaccounting"))


def test_a_field_that_reads_the_answer_is_named(touched: dict[str, list[tuple[str, str]]]) -> None:
    dates = [("order", "OrderDate"), ("invoice", "InvoiceDate"), ("draft", "InvoiceDate"), ("quote", "QuoteDate")]
    assert touched["time_zone"] == [*dates, ("payment", "PaymentDate")]
    assert touched["order_status"] == [("order", "Status")]
    assert touched["unit"] == [("articles", "UnitId")]


def test_values_between_an_answer_and_a_field_are_followed(touched: dict[str, list[tuple[str, str]]]) -> None:
    assert ("order", "Rows[].ArticleId") in touched["shipping_article"]
    assert ("articles", "Number") in touched["discount_article"]
    assert ("order", "Rows[].UnitPrice") in touched["tax_rounding"]
    assert ("customer", "Name") not in touched["shipping_article"]


def test_a_decision_about_a_whole_step_has_no_field(touched: dict[str, list[tuple[str, str]]]) -> None:
    assert {("order", ""), ("draft", "")} <= set(touched["document"])
    assert touched["update_customers"] == [("customer", "")]
    assert ("write_back", "") in touched["write_back"]


def test_a_decision_about_which_records_are_taken_has_no_step(touched: dict[str, list[tuple[str, str]]]) -> None:
    assert touched["only_paid"] == [("", "")]
    assert touched["from_date"] == [("", "")]


def test_every_question_is_told_of_and_touches_something(touched: dict[str, list[tuple[str, str]]]) -> None:
    flow = load_flow(Workspace(ROOT), "ccv-orders-to-eaccounting").flow

    assert set(touched) == set(flow.answers())
    assert [name for name, places in touched.items() if not places] == []
