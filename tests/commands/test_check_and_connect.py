"""`check`, `connect`, `preview`, `doctor` and the help."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.commands.arguments import GROUPS, build_parser
from sandbox.server import Serving
from tests.commands.conftest import FLOW, ROOT, Call, try_once

COMMANDS = [name for names in GROUPS.values() for name in names]


def change(workspace: Path, edit: Callable[[dict[str, Any]], None], file: str = f"saved_mappings/{FLOW}.json") -> None:
    path = workspace / file
    document = json.loads(path.read_text())
    edit(document)
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False))


@pytest.mark.parametrize("command", COMMANDS)
def test_each_commands_help_teaches_with_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        build_parser().parse_args([command, "--help"])

    said = capsys.readouterr().out

    assert f"Example:\n  python -m engine {command}" in said
    assert "--json" in said and "--workspace" in said


def test_help_lists_every_command_once_by_what_one_wants() -> None:
    grouped = [name for names in GROUPS.values() for name in names]
    modules = {path.stem for path in (ROOT / "engine/commands").glob("*.py")}

    assert sorted(grouped) == sorted(set(grouped)) and set(grouped) <= modules
    with pytest.raises(SystemExit):
        build_parser().parse_args(["no-such-command"])
    listed = build_parser().format_help()
    assert all(f"\n  {name} " in listed for name in grouped)
    assert all(f"\n{title}:\n" in listed for title in GROUPS)


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


def test_connect_without_answers_shows_the_questions_and_where_to_find_them(call: Call, workspace: Path) -> None:
    said = call(workspace, "connect", "ccv-shop")

    assert said.code == 2
    assert "public_key: Public key." in said.out
    assert "3. Open My webshop, Settings, API settings." in said.out


def test_connect_tells_what_it_found(call: Call, workspace: Path, serving: Serving, tmp_path: Path) -> None:
    file = tmp_path / "answers.json"
    file.write_text(json.dumps(serving.system("eaccounting").credentials(serving.addresses["eaccounting"])))

    said = call(workspace, "connect", "eaccounting", "--answers", str(file), "--allow-private")

    assert said.code == 0
    assert "Visma eAccounting is connected and answers.\n  It is “Voorbeeldwinkel De Linde B.V.”." in said.out
    assert "  Currency of the books: EUR." in said.out and "  Articles: 31." in said.out


def test_a_wrong_secret_is_told_at_once_and_without_the_secret(
    call: Call, workspace: Path, serving: Serving, tmp_path: Path
) -> None:
    answers = serving.system("ccv-shop").credentials(serving.addresses["ccv-shop"]) | {"secret": "not-the-secret"}
    file = tmp_path / "answers.json"
    file.write_text(json.dumps(answers))

    said = call(workspace, "connect", "ccv-shop", "--answers", str(file), "--allow-private")

    assert said.code == 3
    assert "CCV Shop: it does not accept “Public key” or “Secret key”" in said.err
    assert "not-the-secret" not in said.err + said.out


def test_a_flow_that_is_not_there_does_not_count_as_checked(call: Call, workspace: Path) -> None:
    assert "0 flows checked: 1 error, 0 warnings." in call(workspace, "check", "nosuch").out
    assert "1 flow checked: 1 error, 0 warnings." in call(workspace, "check", "nosuch", FLOW).out


def test_a_system_that_is_down_gives_check_exit_code_3_and_the_trying_again_to_the_reader(
    call: Call, connected: Path, serving: Serving
) -> None:
    serving.arm("eaccounting", [{"method": "GET", "path": "/v2/", "times": 1000, "kind": "refuse"}])
    try_once(connected)

    for words in (("check", FLOW, "--connected"), ("doctor",), ("preview", FLOW)):
        said = call(connected, *words)
        told = said.out + said.err
        assert (said.code, "Try again later; if it stays so" in told, "will be tried" in told) == (3, True, False), told


def test_a_private_address_is_refused_unless_it_is_allowed(
    call: Call, workspace: Path, serving: Serving, tmp_path: Path
) -> None:
    file = tmp_path / "answers.json"
    file.write_text(json.dumps(serving.system("ccv-shop").credentials(serving.addresses["ccv-shop"])))

    said = call(workspace, "connect", "ccv-shop", "--answers", str(file))

    assert said.code == 3
    assert "https" in said.err or "private" in said.err


def test_answers_to_no_question_get_a_suggestion(call: Call, workspace: Path, tmp_path: Path) -> None:
    file = tmp_path / "answers.json"
    file.write_text('{"shop_address": "https://shop.example", "public_kye": "a", "secret": "b"}')

    said = call(workspace, "connect", "ccv-shop", "--answers", str(file))

    assert said.code == 2
    assert "public_kye" in said.err and "public_key" in said.err


def test_preview_shows_fields_with_formula_and_value_and_sends_nothing(call: Call, connected: Path) -> None:
    lines = call(connected, "preview", FLOW, "--json").lines
    field = next(line for line in lines if line["kind"] == "field" and line["path"] == "IsPrivatePerson")

    said = call(connected, "preview", FLOW)

    assert field["formula"] == "$not($values.is_company)" and field["value"] in (True, False)
    assert "← $not($values.is_company)" in said.out
    assert "Nothing was sent." in said.out


def test_preview_takes_a_record_from_a_file(call: Call, connected: Path, tmp_path: Path) -> None:
    record = json.loads((connected / "connector_specs/ccv-shop/samples/orders.json").read_text())[0]
    file = tmp_path / "order.json"
    file.write_text(json.dumps(record))

    lines = call(connected, "preview", FLOW, "--record", str(file), "--json").lines

    order = next(line for line in lines if line["kind"] == "request" and line["step"] == "order")
    assert order["body"]["BuyersOrderReference"] == record["ordernumber_full"]


def test_doctor_says_what_is_well_and_what_is_not(call: Call, connected: Path, serving: Serving) -> None:
    well = call(connected, "doctor")
    serving.arm("eaccounting", [{"method": "GET", "path": "/v2/", "times": 1000, "kind": "refuse"}])
    try_once(connected)
    ill = call(connected, "doctor")

    assert well.code == 0 and "well  connections: CCV Shop answers" in well.out
    assert "well  connections: Specter is not connected, and no flow that has run needs it" in well.out
    assert "nothing has run by the clock yet" in well.out
    assert ill.code == 3 and "ILL   connections: " in ill.out


def test_doctor_tells_of_drafts_that_were_put_aside(call: Call, connected: Path) -> None:
    well = call(connected, "doctor")
    (connected / ".studio/drafts.json").write_text('{"drafts": {"1": ')
    ill = call(connected, "doctor")

    assert "well  drafts: there are none" in well.out
    assert ill.code == 2
    assert "ILL   drafts: .studio/drafts.json.broken-" in ill.out


def test_doctor_names_what_is_not_connected(call: Call, workspace: Path) -> None:
    said = call(workspace, "doctor")

    assert said.code == 3
    assert "CCV Shop is not connected" in said.out


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


def test_arguments_that_are_no_text_are_refused_in_words(call: Call, workspace: Path) -> None:
    for words in (("explain", "\udcff"), ("run", FLOW, "--only", "\udcff\udcfe"), ("run", FLOW, "--only", " ")):
        said = call(workspace, *words)

        assert said.code == 2
        assert "UTF-8" in said.err or "a number or a key is needed" in said.err


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
