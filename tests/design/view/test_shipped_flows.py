"""Every flow that is shipped can be looked at, step by step, with the records of its examples."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.design.desk import Desk, desk
from engine.design.view import View

ROOT = Path(__file__).resolve().parents[3]
FLOWS = sorted(path.stem for path in (ROOT / "saved_mappings").glob("*.json"))


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("shipped")
    (folder / "connector_specs").symlink_to(ROOT / "connector_specs", target_is_directory=True)
    with desk(str(folder)) as opened:
        yield opened


@pytest.mark.parametrize("flow", FLOWS)
def test_each_step_of_a_shipped_flow_has_a_picture_and_a_result(shipped: Desk, flow: str) -> None:
    text = (ROOT / "saved_mappings" / f"{flow}.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    view = View.of(shipped, flow, text, document["examples"][0]["given"])

    assert view.loaded is not None
    for step in document["steps"]:
        picture = view.picture(step["step"])
        assert {path for path in step.get("fields", {}) if "[]" not in path} <= picture["fields"].keys(), step["step"]
        assert view.request(step["step"]) is not None
