"""Settings as commands: for how long things are kept, and the audit log by person and deed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.documents.workspace import Workspace
from engine.runs.ledger import Exchange, Ledger
from tests.commands.conftest import FLOW, Call


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAPPING_STUDIO_RETENTION_DAYS", raising=False)


def exchanged(workspace: Path, days_ago: int) -> None:
    at = datetime.now(UTC) - timedelta(days=days_ago)
    with Ledger.open(Workspace(workspace).ledger_path) as ledger:
        ledger.keep_exchange(None, FLOW, "default", "k", "order", Exchange("create", "POST", "u"), at)


def test_what_purge_keeps_is_obeyed_by_the_next_run(call: Call, connected: Path) -> None:
    exchanged(connected, days_ago=20)
    assert call(connected, "run", FLOW, "--limit", "1").code in (0, 1)
    assert call(connected, "purge", "--dry-run", "--days", "15", "--json").lines[0]["exchanges"] == 1

    said = call(connected, "purge", "--keep", "14", "--by", "Anna")
    assert (said.code, said.out) == (
        0,
        "Kept for 14 days from now on. The next run forgets what is older; so does `purge`.\n",
    )
    assert call(connected, "purge", "--dry-run", "--json").lines[0]["exchanges"] == 1  # nothing is forgotten by itself
    assert call(connected, "run", FLOW, "--limit", "1").code in (0, 1)

    assert call(connected, "purge", "--dry-run", "--json").lines == [
        {"kind": "purge", "days": 14, "dry_run": True, **dict.fromkeys(GOES, 0)}
    ]
    [line] = call(connected, "audit", "--did", "retention set", "--json").lines
    assert (line["who"], line["details"]) == ("Anna", {"days": 14})


GOES = ("exchanges", "records", "answers", "deliveries", "settings", "hints")


def test_the_environment_wins_and_nothing_is_kept_against_it(
    call: Call, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert call(workspace, "purge", "--keep", "14").code == 0
    monkeypatch.setenv("MAPPING_STUDIO_RETENTION_DAYS", "60")

    said = call(workspace, "purge", "--keep", "7")
    assert said.code == 2 and "goes before what is set here" in said.err
    assert call(workspace, "purge", "--dry-run", "--json").lines[0]["days"] == 60
    monkeypatch.setenv("MAPPING_STUDIO_RETENTION_DAYS", "a month")
    for words in (("purge",), ("run", FLOW), ("serve", "--once")):
        assert "is no number of days" in call(workspace, *words).err


def test_keeping_and_purging_at_once_is_refused(call: Call, workspace: Path) -> None:
    assert call(workspace, "purge", "--keep", "14", "--days", "3").code == 2
    assert call(workspace, "purge", "--keep", "many").code == 2


def test_the_log_is_asked_by_person_and_deed_and_page_by_page(call: Call, workspace: Path) -> None:
    with Ledger.open(Workspace(workspace).ledger_path) as ledger:
        for number in range(6):
            at = datetime(2026, 3, 2, 12, number, tzinfo=UTC)
            ledger.note(("published", "paused")[number % 2], ("anna", "bo")[number % 3 == 0], at, subject=str(number))

    def subjects(*words: str) -> list[str]:
        return [line["subject"] for line in call(workspace, "audit", "--json", *words).lines]

    assert subjects("--who", "bo") == ["3", "0"]
    assert subjects("--who", "anna", "--did", "paused") == ["5", "1"]
    first = call(workspace, "audit", "--json", "--limit", "2").lines
    assert subjects("--limit", "2", "--before", str(first[-1]["id"])) == ["3", "2"]
    assert call(workspace, "audit", "--who", "nobody").out == "No such line.\n"


def test_connecting_and_disconnecting_stand_in_the_log_without_a_secret(call: Call, connected: Path) -> None:
    assert call(connected, "disconnect", "ccv-shop").code == 0

    lines = call(connected, "audit", "--json").lines
    assert [(line["what"], line["subject"]) for line in lines] == [
        ("disconnected", "ccv-shop"),
        ("connected", "eaccounting"),
        ("connected", "ccv-shop"),
    ]
    assert lines[1]["details"] == {"host": "127.0.0.1"}
    assert "secret" not in json.dumps(lines)
