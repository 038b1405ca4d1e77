"""Two customers: for each a shop and the books as sandboxes of their own, and one flow that is bound to both."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from engine.flows.library import LoadedFlow
from engine.runs.ledger import Ledger
from engine.runs.ledger.bindings import StoredBinding
from engine.runs.opening import OpenFlow, open_flow
from engine.runs.run import Run, RunOptions, RunReport
from sandbox.ccv_shop import CcvShop
from sandbox.eaccounting import EAccounting
from sandbox.server import Serving
from tests.runs.conftest import FLOW, Stage, build_stage, formulas

__all__ = ["formulas"]

SECOND = "customer_b"
CONNECTIONS = {"ccv-shop": "shop_b", "eaccounting": "books_b"}


@dataclass
class Two:
    """`first` works under the default binding, `second` under SECOND; both share one ledger."""

    first: Stage
    second: Stage

    def bind(self, name: str = SECOND, **changes: Any) -> StoredBinding:
        """Save a binding to the second customer's connections, with some parts changed."""

        def change(before: StoredBinding) -> StoredBinding:
            return replace(before, **{"connections": CONNECTIONS, **changes})

        return self.first.ledger.change_binding(FLOW, name, change, self.first.clock.now())

    def open(self, binding: str, **answers: Any) -> OpenFlow:
        stage = self.first
        opened = open_flow(
            stage.loaded,
            ledger=stage.ledger,
            formulas=stage.formulas,
            clock=stage.clock,
            now=stage.clock.now(),
            binding=binding,
            answers=answers,
        )
        stage.opened.append(opened)
        return opened

    def reconnect(self) -> None:
        """Sign in to the second customer's books anew."""
        connect_second(self.second, self.second.books)

    def run(self, binding: str, options: RunOptions | None = None, **more: Any) -> RunReport:
        options = options or RunOptions(threads=4)
        stage = self.first
        return Run(self.open(binding), stage.ledger, stage.clock, options, rng=random.Random(1), **more).go()


def second_customer(stack: ExitStack, first: Stage, orders: int = 0, seed: int = 7) -> Stage:
    """A shop and books of their own on the first one's clock, connected under other names in the first one's ledger."""
    shop, books = CcvShop(first.sandbox_clock, seed, orders), EAccounting(first.sandbox_clock, seed, orders)
    shop.limits_on = books.limits_on = False
    serving = stack.enter_context(Serving([shop, books], clock=first.sandbox_clock))
    second = replace(first, shop=shop, books=books, serving=serving, opened=[])
    for system in (shop, books):
        connect_second(second, system)
    return second


def connect_second(second: Stage, system: Any) -> None:
    """Save a system of the second customer under the name of its connection."""
    save_second(second.ledger, second.loaded, system, second.serving, second.clock.now())


def save_second(ledger: Ledger, loaded: LoadedFlow, system: Any, serving: Serving, now: datetime) -> None:
    """Keep a system under the name of its connection in CONNECTIONS, as `connect --as` does."""
    answers: dict[str, Any] = {**system.credentials(serving.addresses[system.name])}
    token = answers.pop("refresh_token", None)
    secrets = loaded.connectors[system.name].secret_questions()
    name = CONNECTIONS[system.name]
    ledger.save_connection(name, system.name, answers, secrets, "127.0.0.1", True, now)
    if token:
        ledger.write_tokens(name, {"refresh_token": token}, now)


MakeTwo = Callable[..., Two]


@pytest.fixture
def two(tmp_path: Path, formulas: Any) -> Iterator[MakeTwo]:
    """two(orders=…, own_workspace=…): the second customer's shop has the same order numbers, since its seed is."""
    with ExitStack() as stack:

        def make(**options: Any) -> Two:
            first = build_stage(stack, tmp_path / "stage", formulas, **options)
            return Two(first, second_customer(stack, first, options.get("orders", 0)))

        yield make
