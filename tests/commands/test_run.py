"""`run`, `history` and `explain`, as a person calls them."""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from engine.commands.main import tell_error
from engine.commands.output import Output
from engine.errors import LedgerError
from sandbox.server import Serving
from tests.commands.conftest import FLOW, ROOT, Call, Ran, try_once


def writes(serving: Serving, system: str) -> list[str]:
    with urllib.request.urlopen(serving.addresses[system] + "/_sandbox/requests") as answer:
        log = json.loads(answer.read())
    sent = log["requests"] if isinstance(log, dict) else log
    return [
        one["target"] for one in sent if one["method"] in ("POST", "PUT", "PATCH") and "/connect/" not in one["target"]
    ]


def test_a_run_ends_with_a_table_and_each_parked_record_with_its_reason(ran: Ran) -> None:
    assert ran.said.code == 1
    assert "created" in ran.said.out and "parked" in ran.said.out
    assert "The lookup «Payment terms by payment method» has no row for ‹klarna_later›" in ran.said.out
    assert "explain W-" in ran.said.out


def test_a_second_run_creates_nothing(call: Call, ran: Ran) -> None:
    first = call(ran.workspace, "history", "--json").lines[-1]
    sent = len(writes(ran.serving, "eaccounting"))
    second = call(ran.workspace, "run", FLOW, "--json").lines[0]

    assert first["counts"]["created"] > 20
    assert second["counts"]["created"] == second["counts"]["updated"] == 0
    assert len(writes(ran.serving, "eaccounting")) == sent


def test_json_gives_one_object_a_line_and_counts_that_add_up(call: Call, connected: Path) -> None:
    lines = call(connected, "run", FLOW, "--json").lines

    counts = lines[0]["counts"]
    assert counts["read"] == sum(counts[name] for name in counts if name != "read")
    parked = [line for line in lines if line["kind"] == "parked"]
    assert len(parked) == counts["parked"]
    assert all(line["problems"][0]["what_to_do"] for line in parked)


def test_a_dry_run_shows_the_requests_with_placeholders_and_sends_none(
    call: Call, connected: Path, serving: Serving
) -> None:
    said = call(connected, "run", FLOW, "--dry-run", "--limit", "5", "--json")

    requests = [line for line in said.lines if line["kind"] == "request"]
    orders = [line for line in requests if line["step"] == "order"]
    assert orders and all(order["body"]["CustomerId"] for order in orders)
    assert any("«Id of the new customer" in mark for line in requests for mark in line["placeholders"])
    assert writes(serving, "eaccounting") == writes(serving, "ccv-shop") == []
    assert "Nothing has run yet." in call(connected, "history").out


def test_only_delivers_the_chosen_order_first(call: Call, connected: Path) -> None:
    number = next(
        line["number"]
        for line in call(connected, "run", FLOW, "--dry-run", "--json").lines
        if line["kind"] == "record" and line["outcome"] == "created"
    )

    counts = call(connected, "run", FLOW, "--only", number, "--json").lines[0]["counts"]

    assert (counts["read"], counts["created"]) == (1, 1)


def test_an_order_nobody_knows_is_said_and_the_call_is_wrong(call: Call, connected: Path) -> None:
    said = call(connected, "run", FLOW, "--only", "W-99999")

    assert said.code == 2
    assert "CCV Shop has no such record" in said.err


def test_a_flow_nobody_knows_gets_a_suggestion(call: Call, workspace: Path) -> None:
    said = call(workspace, "run", "ccv-order-to-eacounting")

    assert said.code == 2
    assert "Did you mean 'ccv-orders-to-eaccounting'?" in said.err


def test_a_run_of_nothing_says_which_flows_there_are(call: Call, workspace: Path) -> None:
    said = call(workspace, "run")

    assert said.code == 2
    assert "no flow is named" in said.err and FLOW in said.err


def test_systems_that_are_not_connected_are_named_with_the_command_that_connects_them(
    call: Call, workspace: Path
) -> None:
    said = call(workspace, "run", FLOW)

    assert said.code == 2
    assert "CCV Shop is not connected" in said.err
    assert "python -m engine connect ccv-shop --answers FILE" in said.err


def test_a_system_that_is_down_gives_exit_code_3(call: Call, connected: Path, serving: Serving) -> None:
    serving.arm("eaccounting", [{"method": "GET", "path": "/v2/", "times": 1000, "kind": "refuse"}])
    try_once(connected)

    said = call(connected, "run", FLOW)

    assert said.code == 3
    assert f"{FLOW}, Visma eAccounting" in said.err


def test_each_flow_that_could_not_begin_is_named_where_nobody_reads_the_rest(
    call: Call, connected: Path, serving: Serving
) -> None:
    serving.arm("eaccounting", [{"method": "GET", "path": "/v2/", "times": 1000, "kind": "refuse"}])
    try_once(connected)

    flows = (FLOW, "ccv-customers-to-eaccounting")
    said = call(connected, "run", *flows)

    assert [line.partition(",")[0] for line in said.err.splitlines() if "broke off" in line] == list(flows), said.err


@pytest.mark.parametrize("columns", [96, 160])
def test_the_name_that_begins_a_row_is_whole_where_a_third_of_the_width_holds_it(
    columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("COLUMNS", str(columns))
    stream, name = Terminal(), "ccv-cancellations-to-eaccounting"
    Output(False, stream).table(["flow", *"abcd"], [[name, *["some words that fold"] * 4]] * 2)

    assert stream.getvalue().count(name) == 2


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("", "flow, live"),
        ("Books", "flow, live, Books"),
        ("flow (live)", "flow (live)"),
        ("flow, a question", "flow, a question (live)"),
    ],
)
def test_what_names_its_flow_or_binding_already_is_not_told_twice(where: str, told: str) -> None:
    out, kept = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(kept), contextlib.redirect_stderr(out):
        tell_error(LedgerError("it did not answer", where=where), Output(as_json=False), "flow, live")

    assert out.getvalue().partition(": ")[0] == told


def test_a_wrong_date_is_said_with_the_right_spelling(call: Call, connected: Path) -> None:
    said = call(connected, "run", FLOW, "--since", "yesterday")

    assert said.code == 2
    assert "“yesterday” is no date" in said.err and "2026-01-31" in said.err


def test_history_lists_runs_and_finds_records_by_number(call: Call, ran: Ran) -> None:
    found = call(ran.workspace, "history", "--find", "W-1", "--limit", "100", "--json").lines
    created = [line for line in found if line["state"] == "created"]

    first = call(ran.workspace, "history", "--json").lines[-1]

    assert first["state"] == "ended"
    assert first["counts"]["created"] == len(created)
    assert created[0]["number"] in call(ran.workspace, "history", "--find", created[0]["number"]).out


def test_the_story_of_an_arrived_order_has_its_steps_fields_and_exchanges(call: Call, ran: Ran) -> None:
    found = call(ran.workspace, "history", "--find", "W-1", "--json").lines
    created = next(line for line in found if line["state"] == "created")
    number = created["number"]

    said = call(ran.workspace, "explain", number)
    lines = call(ran.workspace, "explain", number, "--json").lines

    assert said.code == 0
    assert f"{number} arrived as {created['target_number']}." in said.out
    fields = {(line["step"], line["path"]): line for line in lines if line["kind"] == "field"}
    assert fields["order", "BuyersOrderReference"]["value"] == number
    assert fields["order", "BuyersOrderReference"]["reads"] == [{"path": "ordernumber_full", "value": number}]
    assert fields["order", "CustomerId"]["value"]
    sent = [
        line for line in lines if line["kind"] == "exchange" and (line["step"], line["method"]) == ("order", "POST")
    ]
    assert sent[0]["status"] == 201 and sent[0]["request"]["BuyersOrderReference"] == number


def test_a_flow_gets_its_version_at_its_first_run_and_every_outcome_bears_it(call: Call, ran: Ran) -> None:
    found = call(ran.workspace, "history", "--find", "W-1", "--json").lines
    number = next(line["number"] for line in found if line["state"] == "created")
    version, flow = call(ran.workspace, "versions", FLOW, "--json").lines
    outcomes = [line for line in call(ran.workspace, "explain", number, "--json").lines if line["kind"] == "outcome"]

    assert (version["number"], version["published"], version["runs"] >= 1) == (1, True, True)
    assert flow["edited_in_its_file"] is False and flow["draft"] is None
    assert {(o["version"], o["version_number"]) for o in outcomes} == {(version["hash"], 1)}
    assert "(version 1 of the flow): created" in call(ran.workspace, "explain", number).out


def test_the_story_of_a_parked_order_says_why_and_what_to_do(call: Call, ran: Ran) -> None:
    found = call(ran.workspace, "history", "--find", "W-1", "--limit", "100", "--json").lines
    parked = next(line["number"] for line in found if "klarna_later" in line["reason"])

    said = call(ran.workspace, "explain", parked)

    assert f"{parked} is parked: The lookup «Payment terms by payment method» has no row for ‹klarna_later›" in said.out
    assert '$table("payment_terms", paymethod)\n' in said.out and "^" in said.out
    assert f"--only {parked}" in said.out


def test_the_story_of_an_order_never_seen_tells_which_time_was_read_and_what_holds_back(call: Call, ran: Ran) -> None:
    said = call(ran.workspace, "explain", "W-77777")

    assert said.code == 1
    assert "No record is known by “W-77777”." in said.out
    assert "Read so far: everything made since" in said.out
    assert "waits while it is not paid yet" in said.out
    assert "is skipped where it was cancelled in the shop" in said.out


def test_no_command_writes_a_secret(call: Call, ran: Ran) -> None:
    secrets = [
        str(ran.serving.system("ccv-shop").credentials("http://x")["secret"]),
        str(ran.serving.system("eaccounting").credentials("http://x")["client_secret"]),
    ]
    number = call(ran.workspace, "history", "--find", "W-1", "--json").lines[0]["number"]
    told = call(ran.workspace, "explain", number, "--requests", "--json")

    for said in (ran.said, told, call(ran.workspace, "doctor")):
        for secret in secrets:
            assert secret not in said.out + said.err
    everything = b"".join(file.read_bytes() for file in (ran.workspace / ".studio").iterdir() if file.is_file())
    for secret in secrets:
        assert secret.encode() not in everything


def test_a_reader_that_leaves_early_ends_a_command_quietly(ran: Ran) -> None:
    words = [sys.executable, "-m", "engine", "explain", "W-10002", "--json", "--workspace", str(ran.workspace)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as child:
        assert child.stdout and child.stderr
        child.stdout.close()
        complaint = child.stderr.read().decode()

    assert child.returncode in (0, 1)
    assert "Traceback" not in complaint and "BrokenPipe" not in complaint


def test_history_lists_what_is_parked_with_its_reason(call: Call, ran: Ran) -> None:
    lines = call(ran.workspace, "history", "--parked", "--json").lines

    assert {line["state"] for line in lines} == {"parked"}
    assert any("klarna_later" in line["reason"] for line in lines)
    assert len(lines) == call(ran.workspace, "history", "--json").lines[-1]["counts"]["parked"]


def test_of_several_flows_one_that_cannot_begin_does_not_keep_the_others(call: Call, connected: Path) -> None:
    (connected / "saved_mappings" / "a-broken-one.json").write_text('{"title": 1}')

    said = call(connected, "run", "--all", "--limit", "3")

    assert said.code == 2
    assert "saved_mappings/a-broken-one.json" in said.err
    assert "\nOrders from CCV Shop to eAccounting (run " in said.out


def test_all_leaves_out_what_nobody_has_begun_and_tells_what_lost_its_connection(call: Call, connected: Path) -> None:
    said = call(connected, "run", "--all", "--limit", "1")

    assert said.code in (0, 1)  # the one order may be parked
    assert "abicart-orders-to-specter is left out: a system of it is not connected, and it has never run." in said.out

    call(connected, "disconnect", "ccv-shop")
    said = call(connected, "run", "--all")

    assert said.code == 2 and "CCV Shop is not connected" in said.err


def test_a_retention_time_that_is_no_number_of_days_is_refused_before_anything_is_sent(
    call: Call, connected: Path, serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    for text in ("soon", "1000000"):
        monkeypatch.setenv("MAPPING_STUDIO_RETENTION_DAYS", text)

        said = call(connected, "run", FLOW)

        assert said.code == 2
        assert f"“{text}” is no number of days" in said.err
    assert writes(serving, "eaccounting") == []
