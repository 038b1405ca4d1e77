"""`check`: every problem of a workspace, each at its place and with what to do."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import FLOW, Call


def change(workspace: Path, edit: Callable[[dict[str, Any]], None], file: str = f"saved_mappings/{FLOW}.json") -> None:
    path = workspace / file
    document = json.loads(path.read_text())
    edit(document)
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False))


@pytest.fixture
def alone(workspace: Path) -> Path:
    """The workspace with this flow and its connectors only: to check all of it takes a tenth of the time."""
    for flow in (workspace / "saved_mappings").glob("*.json"):
        if flow.stem != FLOW:
            flow.unlink()
    for connector in (workspace / "connector_specs").glob("*/"):
        if connector.name not in ("ccv-shop", "eaccounting"):
            shutil.rmtree(connector)
    return workspace


def test_the_shipped_workspace_has_no_problem(call: Call, workspace: Path) -> None:
    said = call(workspace, "check")

    assert said.code == 0
    found = [line for line in said.err.splitlines() if not line.startswith("  →")]
    assert all(line.endswith("records match through our ledger") for line in found)  # one of the systems has no search
    flows = [path.stem for path in (workspace / "saved_mappings").glob("*.json")]
    assert f"{len(flows)} flows checked: 0 errors, {len(found)} warnings." in said.out


def test_every_problem_is_found_in_one_go_with_its_line_and_what_to_do(call: Call, alone: Path) -> None:
    def spoil(flow: dict[str, Any]) -> None:
        flow["titel"] = flow.pop("title")
        flow["source"]["overlap_minutes"] = "an hour"
        flow["steps"][0]["policy"] = "create_or_change"

    change(alone, spoil)

    said = call(alone, "check")

    assert said.code == 2
    assert said.err.count("→") >= 3
    assert "“title”" in said.err or "`title`" in said.err
    assert "overlap_minutes" in said.err and "policy" in said.err
    assert f"saved_mappings/{FLOW}.json:" in said.err


def test_a_formula_that_does_not_parse_gets_a_caret_under_its_column(call: Call, workspace: Path) -> None:
    change(workspace, lambda flow: flow["values"].update(country="$uppercase(customer.country"))

    said = call(workspace, "check", FLOW)

    assert said.code == 2
    line, caret = said.err.split("\n")[1:3]
    assert line.strip() == "$uppercase(customer.country"
    assert caret.strip() == "^"
    assert "values.country" in said.err


def test_names_that_point_nowhere_get_a_suggestion(call: Call, workspace: Path) -> None:
    def spoil(flow: dict[str, Any]) -> None:
        order = flow["steps"][2]
        order["fields"]["CurencyCode"] = order["fields"].pop("CurrencyCode")
        order["fields"]["Amount"] = {"formula": "total_price"}
        order["fields"]["Status"] = {"formula": "$answers.order_state"}
        order["fields"]["YourReference"] = {"formula": "$steps.custmer.Name"}
        flow["steps"][0]["fields"]["TermsOfPaymentId"] = {"formula": '$table("payment_term", paymethod)'}
        flow["source"]["where"][0]["condition"] = "is_complete = true"

    change(workspace, spoil)

    said = call(workspace, "check", FLOW)

    assert said.code == 2
    for sentence in (
        "there is no field of orders “CurencyCode”\n  → Did you mean “CurrencyCode”?",
        "the target sets this field itself; it cannot be written",
        "Orders need CurrencyCode (Currency), which no mapping gives",
        "there is no question “order_state”\n    $answers.order_state\n             ^\n"
        "  → Did you mean “order_status”?",
        "there is no step “custmer”\n    $steps.custmer.Name\n           ^\n  → Did you mean “customer”?",
        '    $table("payment_term", paymethod)\n            ^\n  → Did you mean “payment_terms”?',
        "there is no field in the source “is_complete”\n    is_complete = true\n    ^\n"
        "  → Did you mean “is_completed”?",
    ):
        assert sentence in said.err


def test_a_connector_whose_template_names_no_question_is_told(call: Call, alone: Path) -> None:
    change(alone, lambda c: c["http"].update(base="{shop_adress}/api"), "connector_specs/ccv-shop/connector.json")

    said = call(alone, "check")

    assert said.code == 2
    assert "there is no question “shop_adress”\n  → Did you mean “shop_address”?" in said.err


def test_two_flows_whose_names_are_one_to_the_file_system_are_told(call: Call, alone: Path) -> None:
    path = alone / "saved_mappings" / f"{FLOW}.json"
    (path.parent / "CCV-Orders-to-eAccounting.json").write_bytes(path.read_bytes())

    said = call(alone, "check")

    assert said.code == 2
    assert "two flows have one id" in said.err


def test_json_of_check_gives_each_problem_as_data(call: Call, workspace: Path) -> None:
    warned = call(workspace, "check", "--json").lines[-1]["warnings"]
    change(workspace, lambda flow: flow.update(tittle="x"))

    lines = call(workspace, "check", "--json").lines

    assert lines[0]["kind"] == "problem" and lines[0]["where"] and lines[0]["what_to_do"]
    flows = sorted(path.stem for path in (workspace / "saved_mappings").glob("*.json"))
    assert lines[-1] == {"kind": "checked", "flows": flows, "errors": 1, "warnings": warned}


def test_a_folder_that_is_no_workspace_is_said(call: Call, tmp_path: Path) -> None:
    said = call(tmp_path, "check")

    assert said.code == 2
    assert "this is no workspace: it has no folder connector_specs" in said.err


def test_check_connected_names_a_lookup_row_the_books_do_not_have(call: Call, connected: Path) -> None:
    change(connected, lambda flow: flow["lookups"]["payment_terms"]["rows"].update(paypal_paypal="Paypall"))

    said = call(connected, "check", "--connected")

    assert said.code == 2
    assert "Visma eAccounting has nothing called “Paypall” among its payment terms; it has “14 dagen”" in said.err


def test_a_flow_that_is_not_there_does_not_count_as_checked(call: Call, workspace: Path) -> None:
    assert "0 flows checked: 1 error, 0 warnings." in call(workspace, "check", "nosuch").out
    assert "1 flow checked: 1 error, 0 warnings." in call(workspace, "check", "nosuch", FLOW).out


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (5, "must be an object, not a number"),
        ({"type": "strng"}, "is no JSON Schema"),
        ({"type": "string", "pattern": "(a+"}, "is no regular expression"),
        ({"$ref": "http://elsewhere.example/x"}, "refers to another schema"),
    ],
)
def test_a_question_that_is_no_schema_is_told_and_nothing_runs(
    call: Call, alone: Path, question: Any, sentence: str
) -> None:
    change(alone, lambda flow: flow["questions"]["properties"].update(document=question))

    for said in (call(alone, "check"), call(alone, "run", FLOW)):
        assert said.code == 2
        assert sentence in said.err and "questions.properties.document" in said.err


def test_an_answer_that_does_not_fit_its_question_keeps_a_run_from_beginning(call: Call, connected: Path) -> None:
    change(connected, lambda flow: flow["questions"]["properties"]["document"].update(default="ordr"))

    said = call(connected, "run", FLOW)

    assert said.code == 2
    assert "questions.properties.document.default: the answer does not fit" in said.err
    assert "Nothing has run yet." in call(connected, "history").out


def test_a_condition_on_a_field_that_is_not_there_is_an_error(call: Call, alone: Path) -> None:
    change(alone, lambda flow: flow["source"]["where"][0].update(condition="is_complted = true"))

    said = call(alone, "check")

    assert said.code == 2
    assert "Did you mean “is_completed”?" in said.err


def test_options_that_are_read_from_nowhere_are_told(call: Call, alone: Path) -> None:
    def ask(document: dict[str, Any], **where: str) -> None:
        about = {"type": "string", "title": "Unit", "default": "", "x-options": {"gives": "Id", **where}}
        document["questions"]["properties"]["unit"] = about

    connector = "connector_specs/eaccounting/connector.json"
    change(alone, lambda flow: ask(flow, connector="eacounting", resource="units"))
    change(alone, lambda c: ask(c, resource="unit"), connector)
    said = call(alone, "check")

    assert said.code == 2
    assert "x-options.resource: there is no resource “unit”\n  → Did you mean “units”?" in said.err
    change(alone, lambda c: ask(c, resource="units", by="Name &"), connector)
    assert "x-options.by" in call(alone, "check").err
    change(alone, lambda c: c["questions"]["properties"].pop("unit"), connector)
    assert "Did you mean “eaccounting”?" in call(alone, "check").err
