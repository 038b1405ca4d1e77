"""Abicart's stand-in served here, with any of its choices, and the connector's connection to it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from engine.connectors.exchange import Exchange
from engine.connectors.system import System
from engine.documents.workspace import Workspace
from engine.flows.library import load_connector
from engine.formulas import Formulas
from engine.runs.clients import open_system, stored_connection
from sandbox.abicart import Abicart, Choices
from sandbox.clock import Clock
from sandbox.server import Serving
from tests.at_hand import new_ledger
from tests.connector_specs.conftest import specs
from tests.runs.conftest import REPOSITORY, SharedClock, formulas

__all__ = ["formulas", "specs"]


@dataclass
class Shop:
    """The stand-in, and the system as the engine reads and writes it."""

    stand_in: Abicart
    serving: Serving
    system: System
    connected: Callable[..., System]
    exchanges: list[Exchange] = field(default_factory=list)

    def calls(self) -> list[str]:
        """The methods that were called, in order."""
        return [json.loads(exchange.request_body)["method"] for exchange in self.exchanges]

    def every(self, resource: str, **variables: Any) -> list[dict[str, Any]]:
        """Every record of a read, with its children, page by page."""
        found: list[dict[str, Any]] = []
        for page in self.system.read(resource, variables, self.exchanges.append):
            done = self.system.complete(resource, "read", page.records, lambda _: self.exchanges.append)
            assert [one.problem for one in done if one.problem] == []
            found += [one.record for one in done]
        return found

    def order(self, number: str) -> dict[str, Any]:
        [found] = self.system.find("orders", "orderNumber", number)
        return self.system.get("orders", self.system.key_of("orders", found))

    def article(self, number: str) -> dict[str, Any]:
        [found] = self.system.find("articles", "articleNumber", number)
        return found


MakeShop = Callable[..., Shop]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, formulas: Formulas) -> Iterator[MakeShop]:
    """shop(orders=…, choices={…}, **answers): a stand-in of its own."""
    connector = load_connector(Workspace(REPOSITORY), "abicart")
    with ExitStack() as stack:

        def make(orders: int = 0, choices: dict[str, Any] | None = None, **answers: Any) -> Shop:
            folder: Path = tmp_path_factory.mktemp("shop")
            clock = Clock()
            stand_in = Abicart(clock, seed=7, orders=orders, choices=Choices(**(choices or {})))
            serving = stack.enter_context(Serving([stand_in], clock=clock))
            ledger = stack.enter_context(new_ledger(folder / "ledger.sqlite"))
            shared, secrets = SharedClock(clock), connector.secret_questions()

            def connected(**changes: Any) -> System:
                told = {**stand_in.credentials(serving.addresses["abicart"]), **answers, **changes}
                told = {name: value for name, value in told.items() if name in connector.every_question()}
                ledger.save_connection("abicart", "abicart", told, secrets, "127.0.0.1", True, shared.now())
                stored = stored_connection(ledger, connector, "abicart")
                system = open_system(
                    connector, stored, ledger=ledger, formulas=formulas, clock=shared, now=shared.now()
                )
                stack.callback(system.close)
                return system

            return Shop(stand_in, serving, connected(), connected)

        yield make


@pytest.fixture(scope="module")
def usual(shop: MakeShop) -> Shop:
    """A shop of a hundred orders, four carts among them."""
    return shop(orders=100)
