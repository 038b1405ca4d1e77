"""Runs of two bindings are killed in turn: in both books nothing is made twice, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from engine.documents.workspace import Workspace
from engine.flows.library import load_flow
from engine.runs.ledger import Ledger
from tests.bindings.conftest import CONNECTIONS, SECOND, save_second
from tests.runs.conftest import engine
from tests.runs.once import FLOW, REPOSITORY, Engine, World, duplicates, not_written_back, place_orders, world

__all__ = ["engine"]

ORDERS = 6


@contextmanager
def two_worlds(folder: Path) -> Iterator[tuple[World, World]]:
    """Two customers whose orders have the same numbers; the second one is bound in the first one's ledger."""
    with world(folder / "first") as first, world(folder / "second") as second:
        loaded = load_flow(Workspace(REPOSITORY), FLOW)
        with Ledger.open(first.folder / "ledger.sqlite") as ledger:
            for system in (second.shop, second.books):
                save_second(ledger, loaded, system, second.serving, second.clock.now())
            ledger.change_binding(FLOW, SECOND, lambda held: replace(held, connections=CONNECTIONS), first.clock.now())
        yield first, second


@pytest.mark.parametrize("place", ["intent stored: orders", "reply unread: orders", "reply received: customers"])
def test_killed_in_turn(engine: Engine, tmp_path: Path, place: str) -> None:
    with two_worlds(tmp_path) as (first, second):
        place_orders(first, ORDERS)
        place_orders(second, ORDERS)
        for later in (0, 1):
            for made in (first, second):
                place_orders(made, 1, first=ORDERS + later)  # a buyer of its own: one of each kind is still to be made
            for binding in ("default", SECOND):
                second.later()
                ended = engine.run(first.wish(binding=binding, place=place, offset_seconds=first.later()))
                assert ended["signal"] == 9, binding
        for binding in ("default", SECOND):
            second.later()
            ended = engine.run(first.wish(binding=binding, offset_seconds=first.later()))
            assert ended["said"]["state"] == "ended"
        for made in (first, second):
            assert duplicates(made) == []
            assert not_written_back(made) == []
            numbers = {order["ordernumber_full"] for order in made.shop.holdings.orders.values()}
            assert set(made.made("orders")) - {None, ""} == numbers
