"""A desk over a workspace of its own, copied from the repository, with the first examples of its flow only."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.design.desk import Desk
from engine.design.differences import Change, Side, changes_between
from engine.design.drafts import Drafts
from engine.documents.workspace import Workspace
from engine.formulas import Formulas
from tests.at_hand import new_ledger

REPOSITORY = Path(__file__).parents[3]
FLOW = "ccv-orders-to-eaccounting"


class StandingClock:
    """A clock that goes on one minute each time it is looked at."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        self.at += timedelta(minutes=1)
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture(scope="session")
def formulas() -> Iterator[Formulas]:
    with Formulas() as opened:
        yield opened


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    for name in ("connector_specs", "saved_mappings"):
        shutil.copytree(REPOSITORY / name, tmp_path / name)
    flow = tmp_path / "saved_mappings" / f"{FLOW}.json"
    document = json.loads(flow.read_bytes())
    del document["examples"][2:]  # each takes its time whenever something is published
    flow.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return Workspace(tmp_path)


@pytest.fixture
def things(workspace: Workspace, formulas: Formulas) -> Iterator[Desk]:
    with new_ledger(workspace.ledger_path) as ledger:
        yield Desk(workspace, ledger, formulas, StandingClock())


@pytest.fixture
def file(workspace: Workspace) -> Path:
    return workspace.flows / f"{FLOW}.json"


@pytest.fixture
def edit(file: Path) -> Callable[[Callable[[Any], object]], None]:
    """edit(change): change the document of the flow's file, as an editor outside does."""

    def change_file(change: Callable[[Any], object]) -> None:
        document = json.loads(file.read_bytes())
        change(document)
        file.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

    return change_file


@pytest.fixture
def drafts(things: Desk) -> Drafts:
    return Drafts(things.workspace, things.clock)


@pytest.fixture
def change(drafts: Drafts) -> Callable[..., str]:
    """change(operation): make it in the draft; the draft's text."""

    def apply(*operations: Any, by: str = "anna") -> str:
        applied = drafts.apply(FLOW, list(operations), by=by, revision=drafts.open(FLOW).revision)
        assert applied.refused == []
        return applied.draft.text

    return apply


@pytest.fixture
def text(workspace: Workspace) -> str:
    return (workspace.flows / f"{FLOW}.json").read_bytes().decode()


@pytest.fixture
def differ(workspace: Workspace, text: str) -> Callable[[Callable[[Any], object]], list[Change]]:
    def changed(edit: Callable[[Any], object]) -> list[Change]:
        document = json.loads(text)
        edit(document)
        sides = (Side.of(workspace, FLOW, held) for held in (text, json.dumps(document)))
        return changes_between(*sides)

    return changed
