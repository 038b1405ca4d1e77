"""A workspace with the flow of docs/flows.md, and its drafts at a clock that stands still."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.connectors.clock import FakeClock
from engine.design.drafts import Draft, Drafts
from engine.documents.workspace import Workspace
from tests.design.operations.pair import FLOW, SCHEMAS

NAME = "orders-to-books"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "connector_specs").mkdir()
    (tmp_path / "saved_mappings").mkdir()
    (tmp_path / f"saved_mappings/{NAME}.json").write_text(FLOW, encoding="utf-8")
    return Workspace(tmp_path)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def drafts(workspace: Workspace, clock: FakeClock) -> Drafts:
    return Drafts(workspace, clock, SCHEMAS)


@pytest.fixture
def titled(drafts: Drafts) -> Callable[..., Draft]:
    """titled("A", by="Anna"): the flow gets another title."""

    def give(title: str, by: str = "Anna", **more: Any) -> Draft:
        given = {"revision": drafts.open(NAME).revision, **more}
        applied = drafts.apply(NAME, [{"op": "set_title", "title": title}], by=by, **given)
        assert applied.refused == []
        return applied.draft

    return give
