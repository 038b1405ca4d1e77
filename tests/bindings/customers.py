"""A workspace of two customers, for the command line: two shops, two books, and one flow."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.runs.ledger import Ledger
from sandbox.ccv_shop import CcvShop
from sandbox.clock import Clock
from sandbox.eaccounting import EAccounting
from sandbox.server import Serving
from tests.bindings.conftest import CONNECTIONS, SECOND
from tests.commands.conftest import FLOW, make_workspace, say


@dataclass
class Customers:
    """A workspace with two customers connected; no orders but those that are placed."""

    workspace: Path
    first: Serving
    second: Serving

    @contextmanager
    def ledger(self) -> Iterator[Ledger]:
        with Ledger.open(self.workspace / ".studio" / "ledger.sqlite") as opened:
            yield opened

    def bind(self, name: str = SECOND, **changes: Any) -> None:
        with self.ledger() as ledger:
            changes = {"connections": CONNECTIONS, **changes}
            ledger.change_binding(FLOW, name, lambda held: replace(held, **changes), datetime.now(UTC))

    def order(self, of: Serving) -> str:
        shop: Any = of.system("ccv-shop")
        return f"W-{shop.do('new_order', {})['ordernumber']}"

    def secrets(self) -> set[str]:
        """Everything that signs in to one of the four systems."""
        found = set()
        for serving in (self.first, self.second):
            for system in ("ccv-shop", "eaccounting"):
                answers = serving.system(system).credentials(serving.addresses[system])
                found |= {str(value) for name, value in answers.items() if not name.endswith("address")}
        return found

    def documents(self, of: Serving) -> list[str]:
        books: Any = of.system("eaccounting")
        return [each["BuyersOrderReference"] for each in books.state()["orders"]]


@contextmanager
def two_customers(tmp_path: Path) -> Iterator[Customers]:
    with ExitStack() as stack:
        clock = Clock()
        served = []
        for _ in range(2):
            shop, books = CcvShop(clock, 7, 0), EAccounting(clock, 7, 0)
            shop.limits_on = books.limits_on = False
            served.append(stack.enter_context(Serving([shop, books], clock=clock)))
        workspace = make_workspace(tmp_path / "workspace")
        for serving, names in ((served[0], {}), (served[1], CONNECTIONS)):
            for system in ("ccv-shop", "eaccounting"):
                file = tmp_path / f"{system}.json"
                file.write_text(json.dumps(serving.system(system).credentials(serving.addresses[system])))
                named = ["--as", names[system]] if names else []
                said = say(workspace, "connect", system, *named, "--answers", str(file), "--allow-private", "--no-test")
                assert said.code == 0, said.err
        yield Customers(workspace, *served)


@pytest.fixture
def customers(tmp_path: Path) -> Iterator[Customers]:
    with two_customers(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Customers]:
    """For tests after which nothing is changed: made once for all of them."""
    with two_customers(tmp_path_factory.mktemp("customers")) as made:
        yield made
