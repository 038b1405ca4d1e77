"""The help, `connect`, `preview` and `doctor`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.commands.arguments import GROUPS, build_parser
from sandbox.server import Serving
from tests.commands.conftest import FLOW, ROOT, Call, try_once

COMMANDS = [name for names in GROUPS.values() for name in names]


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


def test_arguments_that_are_no_text_are_refused_in_words(call: Call, workspace: Path) -> None:
    for words in (("explain", "\udcff"), ("run", FLOW, "--only", "\udcff\udcfe"), ("run", FLOW, "--only", " ")):
        said = call(workspace, *words)

        assert said.code == 2
        assert "UTF-8" in said.err or "a number or a key is needed" in said.err
