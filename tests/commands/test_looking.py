"""`samples` and `preview` of drafts and samples: what the screen shows can be had without one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.conftest import FLOW, Call


@pytest.fixture
def draft(call: Call, workspace: Path, tmp_path: Path) -> Path:
    """A workspace whose flow has a draft that calls the buyer otherwise."""
    operations = tmp_path / "operations.json"
    change = {"op": "set_formula", "step": "customer", "target": "Name", "formula": '"Buyer " & customer.email'}
    operations.write_text(json.dumps(change))
    said = call(workspace, "edit", FLOW, str(operations), "--by", "anna")
    assert said.code == 0, said.err
    return workspace


def test_samples_lists_what_a_flow_can_be_looked_at_with(call: Call, workspace: Path) -> None:
    listed = call(workspace, "samples", FLOW, "--json").lines

    assert {each["origin"] for each in listed} == {"example", "sample"}
    assert call(workspace, "samples", FLOW, "--find", listed[-1]["title"]).out.count("\n") == 1


def test_a_record_can_be_kept_shown_and_deleted(call: Call, workspace: Path, tmp_path: Path) -> None:
    file = tmp_path / "record.json"
    file.write_text('{"ordernumber_full": "W-9"}')
    [kept] = call(workspace, "samples", FLOW, "--paste", str(file), "--title", "Mine", "--json").lines

    assert (kept["title"], kept["origin"]) == ("Mine", "pasted")
    assert json.loads(call(workspace, "samples", FLOW, "--show", kept["id"]).out) == {"ordernumber_full": "W-9"}
    gone = call(workspace, "samples", FLOW, "--forget", kept["id"], "--json")
    assert (gone.code, gone.lines) == (0, [{"kind": "forgotten", "id": kept["id"]}])
    assert call(workspace, "samples", FLOW, "--show", kept["id"]).code == 2
    assert call(workspace, "samples", FLOW, "--forget", kept["id"]).code == 2


def test_only_what_was_kept_by_hand_can_be_deleted(call: Call, workspace: Path) -> None:
    said = call(workspace, "samples", FLOW, "--forget", "example:0")

    assert (said.code, said.out) == (2, "")
    assert "only a record that was kept by hand can be deleted" in said.err


def test_the_newest_record_is_read_for_scripts_too(call: Call, connected: Path) -> None:
    [told] = call(connected, "samples", FLOW, "--newest", "--json").lines

    assert told["record"]["ordernumber_full"] == told["title"]


def test_samples_of_what_is_not_there_say_so(call: Call, workspace: Path) -> None:
    assert call(workspace, "samples", "no-such-flow").code == 2
    assert call(workspace, "samples", FLOW, "--show", "example:999").code == 2
    assert call(workspace, "samples", FLOW, "--paste", "no-such-file").code == 2
    assert "python -m engine connect" in call(workspace, "samples", FLOW, "--newest").err


def test_preview_offline_shows_a_sample_and_what_needs_a_system(call: Call, workspace: Path) -> None:
    said = call(workspace, "preview", FLOW, "--sample", "sample:0", "--offline", "--json")
    fields = {(each["step"], each["path"]): each for each in said.lines if each["kind"] == "field"}

    assert said.code == 0, said.err
    assert fields["customer", "Name"]["finished"]
    assert any(each["kind"] == "needs" and "Needs a connection" in each["what"] for each in said.lines)
    assert [each["method"] for each in said.lines if each["kind"] == "request" and each["step"] == "order"] == ["POST"]


def test_preview_of_the_draft_shows_what_the_draft_gives(call: Call, draft: Path) -> None:
    def name(*words: str) -> str:
        said = call(draft, "preview", FLOW, "--sample", "sample:0", "--offline", "--json", *words)
        [found] = [each for each in said.lines if each["kind"] == "field" and each["path"] == "Name"][:1]
        return str(found["finished"])

    assert name("--draft").startswith("Buyer ")
    assert not name().startswith("Buyer ")


def test_offline_without_a_record_says_what_is_missing(call: Call, workspace: Path) -> None:
    said = call(workspace, "preview", FLOW, "--offline")

    assert said.code == 2
    assert "--sample" in said.err


def test_preview_asks_the_systems_for_a_sample_too(call: Call, connected: Path) -> None:
    said = call(connected, "preview", FLOW, "--sample", "sample:0", "--json")

    assert [each["kind"] for each in said.lines].count("request") >= 2, said.err


def test_a_number_is_no_id_of_a_sample(call: Call, workspace: Path) -> None:
    said = call(workspace, "preview", FLOW, "--sample", "1", "--offline")

    assert said.code == 2
    assert "1: this is no id of a sample\n  → Take one as `samples` lists them, such as sample:0." in said.err
