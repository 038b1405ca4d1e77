"""A workspace whose flow runs by itself, connected to both sandboxes; and its ledger to look into."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.runs.ledger import Ledger
from sandbox.ccv_shop import CcvShop
from sandbox.clock import Clock
from sandbox.eaccounting import EAccounting
from sandbox.server import Serving
from tests import canary
from tests.commands.conftest import FLOW, connect, make_workspace, say

FIVE_MINUTES = [{"every_minutes": 5}]


@dataclass
class Place:
    """A workspace and the sandboxes it is connected to."""

    workspace: Path
    shop: CcvShop
    books: EAccounting
    serving: Serving
    _orders: int = 0

    def edit(self, **keys: Any) -> None:
        """Change keys of the flow's file."""
        path = self.workspace / "saved_mappings" / f"{FLOW}.json"
        document = {**json.loads(path.read_text(encoding="utf-8")), **keys}
        path.write_text(json.dumps({k: v for k, v in document.items() if v is not None}), encoding="utf-8")

    def begin(self, binding: str = "default") -> None:
        """As if a person had let the flow run once."""
        with self.ledger() as ledger:
            run = ledger.start_run(FLOW, binding, "", "all", datetime.now(UTC))
            ledger.end_run(run, datetime.now(UTC), {}, "ended")

    def order(self, **wishes: Any) -> dict[str, Any]:
        """Somebody orders: the canary person, where no other is asked for."""
        self._orders += 1
        buyer = {**canary.BUYER, "email": canary.EMAIL.replace("@", f"{self._orders}@")}
        made: Any = self.shop.do("new_order", {**buyer, **wishes})
        return dict(made)

    def booked(self) -> list[str]:
        """The shop's order numbers in the books, each as often as it is there."""
        return sorted(o["BuyersOrderReference"] for o in self.books.state()["orders"] if o["BuyersOrderReference"])  # type: ignore[attr-defined]

    @contextmanager
    def ledger(self) -> Iterator[Ledger]:
        with Ledger.open(self.workspace / ".studio" / "ledger.sqlite") as opened:
            yield opened


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    clock = Clock()
    shop, books = CcvShop(clock, 7, 0), EAccounting(clock, 7, 0, False)
    shop.limits_on = books.limits_on = False
    with Serving([shop, books], clock=clock) as serving:
        made = Place(make_workspace(tmp_path / "workspace"), shop, books, serving)
        for other in (made.workspace / "saved_mappings").glob("*.json"):
            if other.stem != FLOW:
                other.unlink()
        connect(say, made.workspace, serving, tmp_path)
        made.edit(schedules=FIVE_MINUTES)
        made.begin()
        yield made
