"""Whatever stands in a reply, a record or a formula: the message says what is wrong, and the other records go on."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from typing import Any

import pytest

from engine.documents.workspace import Workspace
from engine.errors import DocumentError
from engine.flows.library import load_flow
from engine.runs.run import RunOptions

MakeStage = Callable[..., Any]
Once = Callable[[str, Callable[[], object]], Callable[[str], None]]
FLOW = "ccv-orders-to-eaccounting"
SHOP, BOOKS = "CCV Shop (127.0.0.1): ", "Visma eAccounting (127.0.0.1): "
LATER = "It will be tried again later; if it stays so, ask the system's support."
LOOK = "Look at the exchange; if it stays so, ask the system's support."


# --- what stands in the replies


def test_rows_that_shift_between_pages_lose_and_double_nothing(stage: MakeStage, once: Once) -> None:
    s = stage()
    for _ in range(110):
        s.order(paid=False, status=2)  # they wait, so only the reading costs time
    numbers = s.orders(4)
    front: list[str] = []

    def push() -> None:
        front.append(f"W-{s.shop.do('new_order_in_front', {})['ordernumber']}")

    opened = s.open()
    first = s.go(opened, seam=once("page read", push))
    second = s.run()

    pages = [t for _, t, *_ in s.requests("ccv-shop") if "min_create_date" in t]
    assert len(pages) >= 4
    assert (first.counts["read"], first.counts["created"]) == (114, 4)
    assert second.counts["created"] == 1
    s.assert_there_once(numbers + front)


UNREADABLE = {
    '"total_shipping":NaN': "it holds NaN, which is no number",
    '"total_shipping":1e999': "the number 1e999 is too large",
    '"total_shipping":6.95,"total_shipping":1.0': "the key 'total_shipping' stands twice in one object",
}


@pytest.mark.parametrize("text", UNREADABLE)
def test_reply_that_is_no_plain_json_is_refused_whole(stage: MakeStage, text: str, once: Once) -> None:
    s = stage()
    numbers = s.orders(3)
    opened = s.open()
    fault = {"kind": "body", "path": "/orders", "replace": [['"total_shipping":6.95', text]]}
    s.serving.arm("ccv-shop", [fault])
    report = s.go(opened)

    assert f"{SHOP}the reply cannot be used: {UNREADABLE[text]}. {LOOK}" == str(report.stopped)
    assert s.documents() == {}
    s.serving.arm("ccv-shop", [])
    s.run()
    s.assert_there_once(numbers)


def test_ids_of_twenty_digits_stay_exact(stage: MakeStage, once: Once) -> None:
    s = stage()
    numbers = s.orders(3)
    key = str(s.shop_orders()[numbers[1]]["id"])
    opened = s.open()
    long = "12345678901234567891"
    s.serving.arm("ccv-shop", [{"kind": "body", "path": "/orders/$", "replace": [[f'"id":{key}', f'"id":{long}']]}])
    report = s.go(opened)

    assert long == s.record(numbers[1]).key
    assert any(target.endswith(f"/orders/{long}/") for _, target in s.writes("ccv-shop"))
    assert report.counts["created"] == 2  # the shop does not know the long id when its number is written back
    assert s.state(numbers[1]) == "parked"
    s.assert_there_once(numbers)


def test_null_where_a_record_should_be_parks_that_order_only(stage: MakeStage, once: Once) -> None:
    s = stage()
    numbers = s.orders(4)
    customer = json.dumps(s.shop_orders()[numbers[1]]["customer"], ensure_ascii=False, separators=(",", ":"))
    opened = s.open()
    s.serving.arm("ccv-shop", [{"kind": "body", "path": "/orders", "replace": [[customer, "null"]]}])
    report = s.go(opened)

    assert (report.counts["created"], report.counts["parked"]) == (3, 1)
    assert numbers[1] == report.parked[0].number
    said = "the match value (e-mail or organisation number) is missing, so the record cannot be looked up"
    assert s.problem(numbers[1]).what == said
    s.serving.arm("ccv-shop", [])
    s.run()
    s.assert_there_once(numbers)


@pytest.mark.parametrize("rows", ["null", "[]", '{"items":null}'])
def test_rows_that_are_missing_park_or_are_asked_for(stage: MakeStage, rows: str, once: Once) -> None:
    """Rows that do not come with the order are fetched by a request of their own."""
    s = stage()
    numbers = s.orders(2)
    opened = s.open()
    original = '"orderrows":{"href":'
    s.serving.arm(
        "ccv-shop",
        [{"kind": "body", "path": "/orders/$", "replace": [[original, f'"orderrows":{rows},"was":{{"href":']]}],
    )
    report = s.go(opened)

    if report.counts["parked"]:
        assert {"the order has no rows"} == {parked.problems[0].what for parked in report.parked}
    else:
        s.assert_there_once(numbers)
    assert report.stopped is None


def test_order_the_books_refuse_is_parked_with_their_words(stage: MakeStage, once: Once) -> None:
    s = stage()
    numbers = s.orders(6)
    refused = s.order(lines=[{"productnumber": "ART-1001"}, {"productnumber": "ART-1029"}])  # not active there
    report = s.run()

    assert (report.counts["created"], report.counts["parked"]) == (6, 1)
    s.assert_there_once(numbers)
    problem = s.problem(refused)
    assert problem.where == "step order (Visma eAccounting, orders), field Rows[1].ArticleId"
    assert problem.what == "Visma eAccounting refused it: Rows[1].ArticleId: The article ART-1029 is not active."
    assert problem.code == "2000" and problem.what_to_do


def test_customer_who_cannot_be_told_apart_is_parked(stage: MakeStage, once: Once) -> None:
    s = stage()
    for name in ("Ans Een", "Ans Twee"):
        s.books.do("add_customer", {"Name": name, "EmailAddress": "ans@dubbel.example"})
    numbers = s.orders(3)
    number = s.order(email="ans@dubbel.example")
    s.run()

    s.assert_there_once(numbers)
    assert "2 records match (" in s.problem(number).what
    assert s.problem(number).what_to_do == "Merge them in Visma eAccounting, or match by another field."


# --- formulas and documents


def edited(stage: MakeStage, field: str, formula: str) -> Any:
    """A stage whose flow maps one field of its customer by a formula that is bad for one buyer."""
    s = stage(own_workspace=True)

    def change(flow: dict[str, Any]) -> None:
        fields = flow["steps"][0]["fields"]
        usual = fields[field]["formula"]
        fields[field]["formula"] = f'customer.email = "bad@buyer.example" ? ({formula}) : ({usual})'

    s.edit_flow(change)
    return s


def test_formula_that_fails_on_one_order(stage: MakeStage, once: Once) -> None:
    s = edited(stage, "Name", '$number("twelve")')
    numbers = s.orders(5)
    bad = s.order(email="bad@buyer.example")
    numbers += s.orders(2)
    report = s.run()

    assert (report.counts["created"], report.counts["parked"]) == (7, 1)
    s.assert_there_once(numbers)
    problem = s.problem(bad)
    assert problem.where == "step customer (Visma eAccounting, customers), field Name"
    assert problem.what == '$number needs a text that holds only a number (like "12.50"), but it got a text'
    assert problem.code == "D3030"
    assert '$number("twelve")' in problem.caret and "^" in problem.caret


ENDLESS = "$f := function($n) { $f($n + 1) }; $f(0)"


def test_endless_formula_ends_its_worker_and_parks_one_order(stage: MakeStage, once: Once) -> None:
    s = edited(stage, "Name", ENDLESS)
    bad = s.order(email="bad@buyer.example")
    numbers = s.orders(6)
    report = s.run(RunOptions(threads=2))

    assert (report.counts["created"], report.counts["parked"]) == (6, 1)
    s.assert_there_once(numbers)
    problem = s.problem(bad)
    assert problem.where == "step customer (Visma eAccounting, customers), field Name"
    assert problem.code.startswith("M10") and problem.what and problem.what_to_do
    assert s.run().counts["unchanged"] == 6  # and the pool is well


def test_formula_that_gives_no_plain_value_is_refused(stage: MakeStage, once: Once) -> None:
    s = edited(stage, "Name", "customer")
    numbers = s.orders(3)
    bad = s.order(email="bad@buyer.example")
    s.run()

    s.assert_there_once(numbers)
    assert s.problem(bad).what == "a record with fields cannot become text"
    assert s.problem(bad).what_to_do == "Name the field inside it, or write what text is meant."


def test_field_mapped_into_another_ones_value_parks_and_ends_no_run(stage: MakeStage) -> None:
    s = stage(own_workspace=True)
    formula = 'currency = "USD" ? "x"'
    s.edit_flow(lambda flow: flow["steps"][0]["fields"].update({"InvoiceCity.Part": {"formula": formula}}))
    numbers = s.orders(3)
    bad = s.order(fields={"currency": "USD"})
    s.run()

    s.assert_there_once(numbers)
    assert "InvoiceCity has a value of its own" in s.problem(bad).what


def test_condition_that_fails_parks_its_order(stage: MakeStage, once: Once) -> None:
    s = stage(own_workspace=True)
    s.edit_flow(
        lambda flow: flow["source"]["where"].append(
            {"condition": 'currency = "USD" ? $number("twelve") : true', "says": "it is odd"}
        )
    )
    numbers = s.orders(4)
    bad = s.order(fields={"currency": "USD"})
    report = s.run()

    assert (report.counts["created"], report.counts["parked"]) == (4, 1)
    s.assert_there_once(numbers)
    assert s.problem(bad).where == "the condition “it is odd”"
    assert "$number needs a text that holds only a number" in s.problem(bad).what


def test_value_of_the_flow_that_fails_parks_its_order(stage: MakeStage, once: Once) -> None:
    s = stage(own_workspace=True)
    s.edit_flow(lambda flow: flow["values"].update(bill='currency = "USD" ? $number("x") : customer.billingaddress'))
    numbers = s.orders(4)
    bad = s.order(fields={"currency": "USD"})
    s.run()

    s.assert_there_once(numbers)
    assert s.problem(bad).where == "value, bill"


def test_lookup_row_that_names_nothing_in_the_books(stage: MakeStage) -> None:
    s = stage(own_workspace=True)
    s.edit_flow(lambda flow: flow["lookups"]["payment_terms"]["rows"].update(paypal_paypal="Morgen"))
    with pytest.raises(DocumentError) as caught:
        s.run()

    [problem] = caught.value.problems
    assert f"saved_mappings/{FLOW}.json lookups.payment_terms.rows.paypal_paypal" == problem.where
    assert problem.what.startswith("Visma eAccounting has nothing called “Morgen” among its payment terms; it has “")
    assert "“30 dagen”" in problem.what
    assert problem.what_to_do == "Write one of these names in the row, or make it there."


def test_flows_whose_names_differ_only_by_case_keep_apart(stage: MakeStage, once: Once) -> None:
    s = stage(own_workspace=True)
    numbers = s.orders(3)
    path = s.workspace.flow_path(FLOW)
    other = FLOW.upper()
    shutil.copy(path, path.with_name(f"{other}.json"))
    if len(s.workspace.flow_names()) < 2:
        pytest.skip("this disk takes the two names for one file")
    s.run()
    s.loaded = load_flow(Workspace(s.workspace.root), other)
    opened = s.open()
    with s.ledger.claim_flow(FLOW, "default"):  # the first one's lock is not the other's
        report = s.go(opened)

    assert tuple(report.counts[name] for name in ("read", "created", "unchanged")) == (3, 0, 3)
    s.assert_there_once(numbers)
    assert {FLOW, other} == {record.flow for record in s.ledger.find_records(numbers[0])}
