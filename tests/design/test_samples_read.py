"""The newest record of a source is read whole, with few requests, and nobody else loses anything by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from engine.design.desk import Desk, desk
from engine.design.samples import fetched, newest, record_of
from engine.formulas import Formulas
from tests.connectors.counting_shop import ITEMS, full_shop
from tests.runs.handing_out import CONNECTORS, FLOW, MOVEMENTS, Bench, bench
from tests.runs.naming_ids import Ids, orders
from tests.runs.warehouse import Systems

ORDERS = orders(get={"method": "GET", "path": "/orders/{$key}", "record": "$", "children": {"items": ITEMS}})
Make = Callable[..., tuple[Bench, Desk]]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """make(systems, connectors, source): the systems with a flow between them, and a desk of its own."""
    with ExitStack() as stack:
        formulas = stack.enter_context(Formulas())

        def made(systems: Systems, connectors: dict[str, dict[str, object]], source: str) -> tuple[Bench, Desk]:
            connector, _, resource = source.partition(".")
            flow = {**MOVEMENTS, "source": {"connector": connector, "resource": resource}}
            b = stack.enter_context(bench(tmp_path, formulas, connectors, {FLOW: flow}, systems))
            opened = stack.enter_context(desk(str(b.workspace.root)))
            for name in connectors:
                now = opened.clock.now()
                opened.ledger.save_connection(name, name, {"address": b.address}, set(), "127.0.0.1", True, now)
            return b, opened

        yield made


def test_of_the_newest_records_one_is_completed(make: Make) -> None:
    shop = full_shop(50)
    _, things = make(Ids(shop), {"origin": {"orders": ORDERS}, "shop": CONNECTORS["shop"]}, "origin.orders")

    sample = newest(things, FLOW)

    record = record_of(things, sample.id, flow_name=FLOW)
    assert [item["details"]["id"] == item["article"] for item in record["items"]] == [True] * 3
    assert [len(body["ids"]) for path, body in shop.asked if "ids" in body] == [3, 3]
    assert list(things.ledger.newest(FLOW, "default", 5)) == []


def test_a_record_that_cannot_be_completed_can_be_looked_at_with_the_reason(make: Make) -> None:
    shop = full_shop(1)
    shop.records["orders"][1]["items"] = [{"id": 11}]
    _, things = make(Ids(shop), {"origin": {"orders": ORDERS}, "shop": CONNECTORS["shop"]}, "origin.orders")

    sample = newest(things, FLOW)

    assert "neither text nor a number" in sample.note
    assert record_of(things, sample.id, flow_name=FLOW)["id"] == 1


def test_a_record_is_fetched_whole_by_its_key(make: Make) -> None:
    shop = full_shop(3)
    _, things = make(Ids(shop), {"origin": {"orders": ORDERS}, "shop": CONNECTORS["shop"]}, "origin.orders")

    sample = fetched(things, FLOW, "2")

    assert [item["id"] for item in record_of(things, sample.id, flow_name=FLOW)["items"]] == [21, 22, 23]


def test_looking_at_what_is_handed_out_once_takes_nothing_away(make: Make) -> None:
    b, things = make(Systems(), CONNECTORS, "warehouse.changes")
    b.warehouse.change(3)

    first, again = newest(things, FLOW), newest(things, FLOW)

    assert first.id == again.id
    assert b.count("POST /acknowledge") == 0
    with things.ledger.claim_flow(FLOW, "default"):
        pass  # nothing holds it
    held = b.warehouse.held
    assert [change["change"] for change in held] == [1, 2, 3]
