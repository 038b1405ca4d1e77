"""A workspace of its own, connected to both sandboxes, and the command line called as a person would."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from engine.commands.main import main
from sandbox.ccv_shop import CcvShop
from sandbox.clock import Clock
from sandbox.eaccounting import EAccounting
from sandbox.server import Serving
from tests import canary

ROOT = Path(__file__).resolve().parents[2]
FLOW = "ccv-orders-to-eaccounting"


@dataclass(frozen=True)
class Said:
    """What a command said: exit code, standard output and error."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


Call = Callable[..., Said]


def say(workspace: Path, *words: str) -> Said:
    """Call the command line on a workspace."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main([*words, "--workspace", str(workspace)])
        except SystemExit as ended:  # argparse's own refusals
            code = int(ended.code or 0)
    canary.assert_nothing(canary.secrets_in(out.getvalue() + err.getvalue(), f"the output of {words[0]}"))
    return Said(code, out.getvalue(), err.getvalue())


@pytest.fixture
def call() -> Call:
    return say


def make_workspace(folder: Path) -> Path:
    for name in ("connector_specs", "saved_mappings"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


def try_once(workspace: Path) -> None:
    """Let a failed request not be tried again, so that nobody waits for it."""
    path = workspace / "connector_specs" / "eaccounting" / "connector.json"
    document = json.loads(path.read_text())
    document["http"]["retry"] = {"attempts": 1}
    path.write_text(json.dumps(document))


def connect(call: Call, workspace: Path, serving: Serving, folder: Path) -> None:
    for name in ("ccv-shop", "eaccounting"):
        file = folder / f"{name}.json"
        file.write_text(json.dumps(serving.system(name).credentials(serving.addresses[name])))
        said = call(workspace, "connect", name, "--answers", str(file), "--allow-private")
        assert said.code == 0, said.err


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return make_workspace(tmp_path / "workspace")


@contextlib.contextmanager
def both_sandboxes() -> Iterator[Serving]:
    clock = Clock()
    shop, books = CcvShop(clock, seed=7, orders=40), EAccounting(clock, seed=7, orders=40)
    shop.limits_on = books.limits_on = False
    canary.orders_again(shop)
    with Serving([shop, books], clock=clock) as served:
        yield served


@pytest.fixture
def serving() -> Iterator[Serving]:
    with both_sandboxes() as served:
        yield served


@pytest.fixture
def connected(call: Call, workspace: Path, serving: Serving, tmp_path: Path) -> Path:
    connect(call, workspace, serving, tmp_path)
    return workspace


@dataclass(frozen=True)
class Ran:
    """A workspace whose flow has run once, what that run said, and the sandboxes it ran against."""

    workspace: Path
    said: Said
    serving: Serving


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    """For tests that only look: run once for all of them."""
    folder = tmp_path_factory.mktemp("ran")
    with both_sandboxes() as served:
        workspace = make_workspace(folder / "workspace")
        connect(say, workspace, served, folder)
        yield Ran(workspace, say(workspace, "run", FLOW), served)
