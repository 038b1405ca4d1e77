"""`lookups` on the shipped flow: what it shows, what it finds missing, and rows to a spreadsheet and back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from engine.design.lookups import table_of
from tests.commands.conftest import FLOW, Call, Ran


def draft_rows(call: Call, workspace: Path, lookup: str) -> dict[str, Any]:
    shown = call(workspace, "edit", FLOW, "--show", "--json")
    return dict(table_of(shown.lines[0]["text"], lookup).rows)


def test_coverage_names_the_key_without_a_row_and_proposes_one(call: Call, ran: Ran) -> None:
    said = call(ran.workspace, "lookups", FLOW, "payment_terms", "--coverage", "--json")

    missing = [line for line in said.lines if line["kind"] == "missing"]
    assert said.code == 1
    assert [line["key"] for line in missing] == ["klarna_later"]
    assert missing[0]["proposal"] == {"value": "Betaaldienst", "why": "“klarna_pay_now” gives this"}
    assert next(line for line in said.lines if line["kind"] == "looked_at")["source"] == "stored"


def test_options_are_read_from_the_connected_target(call: Call, ran: Ran) -> None:
    said = call(ran.workspace, "lookups", FLOW, "payment_terms", "--options", "--json")

    assert said.code == 0
    assert "Pin" in [line["value"] for line in said.lines]


def test_rows_read_from_the_target_are_shown(call: Call, ran: Ran) -> None:
    said = call(ran.workspace, "lookups", FLOW, "units", "--json")

    assert "Stuk" in [line["key"] for line in said.lines if line["kind"] == "row"]


def test_rows_go_to_a_file_and_back_into_the_draft(call: Call, workspace: Path, tmp_path: Path) -> None:
    file = tmp_path / "terms.csv"
    before = draft_rows(call, workspace, "payment_terms")

    assert call(workspace, "lookups", FLOW, "payment_terms", "--export", str(file)).code == 0
    assert call(workspace, "lookups", FLOW, "payment_terms", "--import", str(file)).code == 0
    assert draft_rows(call, workspace, "payment_terms") == before

    file.write_bytes(file.read_bytes() + b"klarna_later;30 dagen\r\n")
    said = call(workspace, "lookups", FLOW, "payment_terms", "--import", str(file), "--json")
    assert said.lines[-1]["changed"] is True
    assert draft_rows(call, workspace, "payment_terms") == {**before, "klarna_later": "30 dagen"}


def test_a_bad_file_changes_nothing(call: Call, workspace: Path, tmp_path: Path) -> None:
    file = tmp_path / "terms.csv"
    file.write_text("ideal;A\nideal;B\n", encoding="utf-8")
    said = call(workspace, "lookups", FLOW, "payment_terms", "--import", str(file))

    assert said.code == 2
    assert f"{file}, lines 1 and 2: the key “ideal” stands more than once" in said.err
    assert "sandboxpay_ideal" in draft_rows(call, workspace, "payment_terms")


def test_without_a_connection_tables_are_shown_and_what_is_missing_is_said(call: Call, workspace: Path) -> None:
    shown = call(workspace, "lookups", FLOW)
    asked = call(workspace, "lookups", FLOW, "payment_terms", "--options")

    assert shown.code == 0
    assert "Payment terms by payment method" in shown.out
    assert asked.code == 2
    assert "is not connected" in asked.err


def test_what_cannot_be_done_is_said(call: Call, workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a;b", encoding="utf-8")
    wrong = {
        "Did you mean “units”?": ("unit",),
        "Name one of: payment_terms": ("--export", "x.csv"),
        "none can be written": ("units", "--import", str(tmp_path / "x.csv")),
        "the file cannot be read": ("codings", "--import", str(tmp_path / "none.csv")),
        "the file cannot be written": ("codings", "--export", str(tmp_path / "none" / "x.csv")),
    }
    for says, words in wrong.items():
        said = call(workspace, "lookups", FLOW, *words)
        assert (said.code, says in said.err) == (2, True), said.err


def test_json_has_the_same(call: Call, workspace: Path) -> None:
    lines = call(workspace, "lookups", FLOW, "article_endings", "--json").lines

    assert lines[0]["otherwise"] == {"do": "value", "value": ""}
    assert json.loads(json.dumps(lines[1])) == {"kind": "row", "lookup": "article_endings", "key": "25", "value": "-25"}
