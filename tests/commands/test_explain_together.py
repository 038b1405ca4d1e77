"""`explain` of a record that was read together with others: the requests are named, the others' data is not shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.formulas import Formulas
from engine.runs.ledger import Ledger
from tests.commands.conftest import say
from tests.connectors.counting_shop import full_shop
from tests.runs.handing_out import CONNECTORS, FLOW, Bench, bench
from tests.runs.naming_ids import STEP, Ids, orders

READS = ["orders", "items", "articles"]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Path]:
    """A workspace whose ledger has a run over three orders that name their items by ids."""
    shop = full_shop(3)
    shop.records["orders"] = {7_000 + n: {**order, "id": 7_000 + n} for n, order in shop.records["orders"].items()}
    flow = {"title": "Orders", "source": {"connector": "origin", "resource": "orders"}, "steps": [STEP]}
    connectors = {"origin": {"orders": orders()}, "shop": CONNECTORS["shop"]}
    with Formulas() as formulas, bench(tmp_path, formulas, connectors, {FLOW: flow}, Ids(shop)) as b:
        root = b.workspace.root
        with Ledger.open(root / ".studio" / "ledger.sqlite") as ledger:
            own = Bench(b.systems, b.workspace, ledger, formulas, b.address)
            own.connect()
            assert own.run(FLOW).counts["created"] == 3
        yield root


def test_the_requests_are_named_and_what_they_say_of_others_is_not_shown(workspace: Path) -> None:
    told = say(workspace, "explain", "W-7002").out

    shared = told.partition("read together with other records")[2].partition("what was sent and answered")[0]
    assert [line.split("POST ")[1].split(" ")[0] for line in shared.strip().splitlines()] == READS
    assert "7001" not in told


def test_what_they_say_is_shown_where_it_is_asked_for(workspace: Path) -> None:
    assert "7001" in say(workspace, "explain", "W-7002", "--requests").out


def test_for_programs_they_are_marked_and_hold_no_bodies(workspace: Path) -> None:
    lines = [line for line in say(workspace, "explain", "W-7002", "--json").lines if line["kind"] == "exchange"]

    shared = [line for line in lines if line.get("shared")]
    assert [line["url"].rpartition("/")[2] for line in shared] == READS
    assert not any("request" in line or "reply" in line for line in shared)
    own = [line for line in lines if not line.get("shared")]
    assert own and all("request" in line for line in own)
