"""Every flow with its title; files that cannot be flows stand among them with what is wrong, and nothing is hidden."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.connectors.clock import SystemClock
from engine.design.drafts import Drafts
from engine.design.flow_list import ListedFlow, flow_list
from engine.documents.workspace import Workspace


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "connector_specs").mkdir()
    (tmp_path / "saved_mappings").mkdir()
    (tmp_path / "saved_mappings" / "good.json").write_text(json.dumps({"title": " Orders to the books "}))
    return tmp_path


def listed(folder: Path) -> dict[str, ListedFlow]:
    workspace = Workspace(folder)
    return {each.name: each for each in flow_list(workspace, Drafts(workspace, SystemClock()))}


def test_a_flow_is_called_by_its_title_and_by_its_name_where_it_has_none(folder: Path) -> None:
    (folder / "saved_mappings" / "bare.json").write_text('{"title": 7}')

    assert listed(folder) == {"good": ListedFlow("good", "Orders to the books"), "bare": ListedFlow("bare", "bare")}


def test_a_draft_without_a_file_is_listed(folder: Path) -> None:
    workspace = Workspace(folder)
    drafts = Drafts(workspace, SystemClock())
    drafts.create("new", '{"title": "New"}', by="Anna")

    assert [each.title for each in flow_list(workspace, drafts)] == ["Orders to the books", "New"]


def test_broken_files_are_listed_with_what_and_where_beside_the_good_one(folder: Path) -> None:
    flows = folder / "saved_mappings"
    (flows / "broken.json").write_text('{"title": "A",')
    (flows / "list.json").write_text("[]")
    (flows / "folder.json").mkdir()
    (flows / "lost.json").symlink_to(folder / "nowhere")
    (flows / "bytes.json").write_bytes(b"\xff\xfe\x00")
    (flows / "two\nlines.json").write_text("{}")
    (flows / "abc\u202edef.json").write_text("{}")
    found = listed(folder)

    assert found.pop("good").problems == ()
    assert set(found) == {"broken", "list", "folder", "lost", "bytes", "two\\nlines", "abc\\u202edef"}
    for each in found.values():
        assert each.problems
        assert all(problem.where.startswith("saved_mappings") and problem.what_to_do for problem in each.problems)
    assert "line 1" in found["broken"].problems[0].where
    assert "Rename the file" in found["two\\nlines"].problems[0].what_to_do


def test_a_name_that_is_no_text_is_written_out(folder: Path) -> None:
    (folder / "saved_mappings" / "odd\udcff.json").write_text("{}")

    assert "odd\\udcff" in listed(folder)
