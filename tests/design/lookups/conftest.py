"""The shipped flow in a workspace of its own, orders in its ledger, and both sandboxes to connect to."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from engine.connectors.clock import SystemClock
from engine.design.desk import Desk
from engine.design.lookups.options import forget
from engine.documents.workspace import Workspace
from engine.flows.library import LoadedFlow, load_flow
from engine.formulas import Formulas
from engine.runs.ledger import PulledRecord
from sandbox.ccv_shop import CcvShop
from sandbox.clock import Clock
from sandbox.eaccounting import EAccounting
from sandbox.server import Serving
from tests.at_hand import new_ledger

ROOT = Path(__file__).resolve().parents[3]
FLOW = "ccv-orders-to-eaccounting"
ORDER = json.loads((ROOT / "connector_specs" / "ccv-shop" / "samples" / "orders.json").read_bytes())[0]


class Patience(SystemClock):
    """The machine's clock, with a second of ours for each time that somebody looks, where a test says so."""

    step = 0.0
    past = 0.0

    def monotonic(self) -> float:
        self.past += self.step
        return super().monotonic() + self.past


@dataclass
class Place:
    """A desk over a workspace of its own."""

    desk: Desk
    clock: Patience
    serving: Serving

    @property
    def loaded(self) -> LoadedFlow:
        return load_flow(self.desk.workspace, FLOW)

    def change(self, **parts: Any) -> None:
        """Change the flow's file: its top keys."""
        path = self.desk.workspace.flow_path(FLOW)
        path.write_text(json.dumps({**json.loads(path.read_bytes()), **parts}), encoding="utf-8")

    def lookups(self) -> dict[str, Any]:
        return dict(json.loads(self.desk.workspace.flow_path(FLOW).read_bytes())["lookups"])

    def set_rows(self, lookup: str, **rows: Any) -> None:
        held = self.lookups()
        held[lookup]["rows"] = rows
        self.change(lookups=held)

    def store(self, *orders: dict[str, Any], state: str = "due") -> None:
        """Put orders into the ledger, as a pull would."""
        for order in orders:
            number = order["ordernumber_full"]
            record = PulledRecord(number, number, "v", order, state=state, source_time=None)
            self.desk.ledger.store_page(FLOW, "default", None, [record], None, self.clock.now())

    def connect(self) -> None:
        for name, connector in self.loaded.connectors.items():
            answers = dict(self.serving.system(name).credentials(self.serving.addresses[name]))
            token = answers.pop("refresh_token", None)
            now = self.clock.now()
            ledger = self.desk.ledger
            ledger.save_connection(name, name, answers, connector.secret_questions(), "127.0.0.1", True, now)
            if token:
                ledger.write_tokens(name, {"refresh_token": token}, now)


def order(number: str, **parts: Any) -> dict[str, Any]:
    """The sample order under another number."""
    return {**copy.deepcopy(ORDER), "ordernumber_full": number, **parts}


@pytest.fixture(scope="module")
def formulas() -> Iterator[Formulas]:
    with Formulas(workers=1) as pool:
        yield pool


@pytest.fixture(scope="module")
def serving() -> Iterator[Serving]:
    clock = Clock()
    shop, books = CcvShop(clock, seed=7, orders=0), EAccounting(clock, seed=7, orders=0, rotate=False)
    shop.limits_on = books.limits_on = False
    with Serving([shop, books], clock=clock) as served:
        yield served


@pytest.fixture
def place(tmp_path: Path, formulas: Formulas, serving: Serving) -> Iterator[Place]:
    (tmp_path / "connector_specs").symlink_to(ROOT / "connector_specs")
    shutil.copytree(ROOT / "saved_mappings", tmp_path / "saved_mappings")
    workspace = Workspace(tmp_path)
    clock = Patience()
    with ExitStack() as stack:
        ledger = stack.enter_context(new_ledger(workspace.ledger_path))
        desk = Desk(workspace, ledger, formulas, clock)
        yield Place(desk, clock, serving)
        forget(desk)
