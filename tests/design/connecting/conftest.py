"""A workspace of its own, an open desk over it, and both stand-ins."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.connectors.connector import Connector
from engine.design.desk import Desk, desk
from engine.flows.library import load_connector
from sandbox.ccv_shop import CcvShop
from sandbox.clock import Clock
from sandbox.eaccounting import EAccounting
from sandbox.server import Serving

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    for name in ("connector_specs", "saved_mappings"):
        shutil.copytree(ROOT / name, tmp_path / "workspace" / name)
    return tmp_path / "workspace"


@pytest.fixture
def things(workspace: Path) -> Iterator[Desk]:
    with desk(str(workspace)) as opened:
        yield opened


@pytest.fixture
def clock() -> Clock:
    """The stand-ins' clock, which can be moved away from ours."""
    return Clock()


@pytest.fixture
def serving(clock: Clock) -> Iterator[Serving]:
    shop, books = CcvShop(clock, seed=7, orders=40), EAccounting(clock, seed=7, orders=40)
    shop.limits_on = books.limits_on = False
    with Serving([shop, books], clock=clock) as served:
        yield served


@pytest.fixture
def shop(things: Desk) -> Connector:
    return load_connector(things.workspace, "ccv-shop")


@pytest.fixture
def books(things: Desk) -> Connector:
    return load_connector(things.workspace, "eaccounting")


Answers = Callable[..., dict[str, Any]]


@pytest.fixture
def answers(serving: Serving) -> Answers:
    """What a person would type in for a stand-in, with some answers changed."""

    def typed(name: str, **changes: Any) -> dict[str, Any]:
        held = {**serving.system(name).credentials(serving.addresses[name]), **changes}
        return {question: answer for question, answer in held.items() if answer is not None}

    return typed


def change(workspace: Path, connector: str, edit: Callable[[dict[str, Any]], None]) -> None:
    """Change a connector's file."""
    path = workspace / "connector_specs" / connector / "connector.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    edit(document)
    path.write_text(json.dumps(document), encoding="utf-8")
