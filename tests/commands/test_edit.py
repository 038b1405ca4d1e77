"""`edit` and `drafts`: operations from a file or a pipe, and what is told of them."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import FLOW, ROOT, Call

LINK = {"op": "link", "step": "customer", "target": "Name", "source": "customer.email"}
TITLE = {"op": "set_title", "title": "Other"}


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Any:
    """told(a, b): these operations stand on standard input."""

    def put(*operations: Any) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(json.dumps(o) + "\n" for o in operations)))

    return put


def test_operations_change_the_draft_and_not_the_flow(call: Call, workspace: Path, told: Any) -> None:
    published = (workspace / f"saved_mappings/{FLOW}.json").read_text(encoding="utf-8")
    told(LINK, TITLE)

    said = call(workspace, "edit", FLOW, "--by", "Anna")

    assert said.code == 0, said.err
    assert said.out.splitlines()[:3] == [
        "Name is now customer.email.",
        "The flow is called “Other”.",
        f"2 changes; the draft of {FLOW} is at revision 2.",
    ]
    shown = call(workspace, "edit", FLOW, "--show")
    assert json.loads(shown.out)["title"] == "Other"
    assert (workspace / f"saved_mappings/{FLOW}.json").read_text(encoding="utf-8") == published


def test_one_that_is_refused_is_told_by_its_number_and_the_others_are_done(
    call: Call, workspace: Path, told: Any
) -> None:
    told(LINK, {**LINK, "target": "Nme"}, TITLE)

    said = call(workspace, "edit", FLOW)

    assert said.code == 2
    assert "operation 2, Nme: there is no field “Nme”\n  → Did you mean “Name”?" in said.err
    assert "2 changes" in said.out


def test_a_line_that_is_no_json_stops_all(call: Call, workspace: Path, tmp_path: Path) -> None:
    file = tmp_path / "operations.ndjson"
    file.write_text(json.dumps(LINK) + "\n\n{nonsense\n")

    said = call(workspace, "edit", FLOW, str(file))

    assert said.code == 2
    assert "operation in line 3" in said.err
    assert call(workspace, "drafts").out == "There are no drafts.\n"


def test_a_file_that_is_not_there_is_said(call: Call, workspace: Path) -> None:
    said = call(workspace, "edit", FLOW, "none.ndjson")

    assert (said.code, said.out) == (2, "")
    assert "none.ndjson: the file cannot be read: no such file" in said.err


def test_somebody_elses_change_is_told_and_may_be_topped(call: Call, workspace: Path, told: Any) -> None:
    told(LINK)
    call(workspace, "edit", FLOW, "--by", "Anna")
    told(TITLE)
    late = call(workspace, "edit", FLOW, "--by", "Bo", "--revision", "0")
    told(TITLE)
    over = call(workspace, "edit", FLOW, "--by", "Bo", "--revision", "0", "--over")

    assert late.code == 1
    assert "Anna changed this draft meanwhile: Name is now customer.email" in late.err
    assert over.code == 0


def test_what_is_so_already_is_told(call: Call, workspace: Path, told: Any) -> None:
    told(LINK, LINK)

    said = call(workspace, "edit", FLOW)

    assert "Name is now customer.email (as it was already)." in said.out
    assert "1 change; the draft" in said.out


def test_drafts_are_listed_and_dropped(call: Call, workspace: Path, told: Any) -> None:
    told(LINK)
    call(workspace, "edit", FLOW, "--by", "Anna")
    path = workspace / f"saved_mappings/{FLOW}.json"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")

    listed = call(workspace, "drafts")
    [about] = call(workspace, "drafts", "--json").lines
    dropped = call(workspace, "edit", FLOW, "--discard", "--by", "Anna")

    assert "Anna" in listed.out and "the published flow has changed meanwhile" in listed.out
    assert (about["flow"], about["last"], about["published_changed"]) == (FLOW, "Name is now customer.email", True)
    assert dropped.out == f"The draft of {FLOW} was dropped.\n"
    assert call(workspace, "edit", FLOW, "--discard").out == f"{FLOW} has no draft.\n"
    assert call(workspace, "drafts").out == "There are no drafts.\n"


def test_for_scripts_each_line_is_an_object(call: Call, workspace: Path, told: Any) -> None:
    told(LINK, {"op": "undo"}, {"op": "undo"})

    said = call(workspace, "edit", FLOW, "--json")

    assert [line["kind"] for line in said.lines] == ["operation", "operation", "problem", "draft"]
    assert said.lines[-1] | {"changed_at": "", "changed_by": ""} == {
        "kind": "draft",
        "flow": FLOW,
        "revision": 2,
        "changed_by": "",
        "changed_at": "",
        "can_undo": False,
        "can_redo": True,
        "is_stored": True,
        "published_changed": False,
    }


def test_a_damaged_file_of_drafts_is_said_and_no_failure(call: Call, workspace: Path) -> None:
    (workspace / ".studio").mkdir()
    (workspace / ".studio/drafts.json").write_text("{")

    first, second = call(workspace, "drafts"), call(workspace, "drafts")

    assert (first.code, second.code) == (0, 0)
    assert ".studio/drafts.json.broken-" in second.err


def test_bytes_come_through_a_real_pipe_unchanged(workspace: Path) -> None:
    call = [sys.executable, "-m", "engine", "edit", FLOW, "--workspace", str(workspace)]
    title = {"op": "set_title", "title": "Bestellingen – één ✓"}
    line = (json.dumps(title, ensure_ascii=False) + "\r\n").encode()

    done = subprocess.run(call, cwd=ROOT, input=line, capture_output=True, check=True)
    shown = subprocess.run([*call, "--show"], cwd=ROOT, capture_output=True, check=True)

    assert done.returncode == 0
    published = (workspace / f"saved_mappings/{FLOW}.json").read_bytes()
    assert shown.stdout == published.replace(b"Orders from CCV Shop to eAccounting", title["title"].encode(), 1)
