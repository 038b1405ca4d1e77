"""A row whose record is gone in the target: told once, and only what needs the row is parked."""

from __future__ import annotations

from typing import Any

from tests.runs.conftest import MakeStage, Stage, stage

__all__ = ["stage"]


def rename_terms(s: Stage) -> None:
    s.edit_flow(lambda flow: flow["lookups"]["payment_terms"]["rows"].update(paypal_paypal="Morgen"))


def leave_out(flow: dict[str, Any]) -> None:
    flow["lookups"]["payment_terms"]["otherwise"] = {"do": "leave_out"}


def order_paid_by(s: Stage, method: str) -> str:
    return s.order(fields={"paymethod": method})


def test_only_records_that_need_the_row_are_parked(stage: MakeStage) -> None:
    s = stage(own_workspace=True)
    first = s.order()
    s.run()
    rename_terms(s)
    fine = order_paid_by(s, "sandboxpay_ideal")
    parked = order_paid_by(s, "paypal_paypal")
    report = s.run()
    assert (report.counts["created"], report.counts["parked"], report.stopped) == (1, 1, None)
    assert [(each.severity, each.where.rpartition(" ")[2]) for each in report.warnings] == [
        ("warning", "lookups.payment_terms.rows.paypal_paypal")
    ]
    assert "names a record that is no longer there" in s.problem(parked).what
    s.assert_there_once([first, fine])


def test_a_key_whose_row_is_gone_fails_even_where_others_are_left_out(stage: MakeStage) -> None:
    s = stage(own_workspace=True)
    s.order()
    s.run()
    rename_terms(s)
    s.edit_flow(leave_out)
    parked = order_paid_by(s, "paypal_paypal")
    assert s.run().counts["parked"] == 1
    assert "names a record that is no longer there" in s.problem(parked).what


def test_it_arrives_once_the_row_names_a_record_again(stage: MakeStage) -> None:
    s = stage(own_workspace=True)
    first = s.order()
    s.run()
    rename_terms(s)
    number = order_paid_by(s, "paypal_paypal")
    s.run()
    s.edit_flow(lambda flow: flow["lookups"]["payment_terms"]["rows"].update(paypal_paypal="14 dagen"))
    report = s.run()
    assert (report.counts["created"], report.warnings) == (1, [])
    s.assert_there_once([first, number])
