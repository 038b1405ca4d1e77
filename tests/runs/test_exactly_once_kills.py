"""Killed at any place and run again: nothing is made twice, nothing is lost, and every outcome is told once."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.runs.results import UNKNOWN
from tests.runs.killing import RESOURCES
from tests.runs.once import (
    REPOSITORY,
    Engine,
    Truth,
    World,
    assert_once,
    duplicates,
    missing,
    numbers,
    place_orders,
    reasons,
    states,
    truth_of,
    world,
)

ORDERS = 15
MIXED_ORDERS = 26
KILLS = 20
PLACES = ("intent stored", "reply unread", "reply received")


def _workspace(root: Path, connector: str, change: Callable[[dict[str, Any]], None]) -> Path:
    """A copy of the repository's connectors and flows with one connector changed."""
    for name in ("connector_specs", "saved_mappings"):
        shutil.copytree(REPOSITORY / name, root / name)
    path = root / "connector_specs" / connector / "connector.json"
    document = json.loads(path.read_bytes())
    change(document["resources"]["orders"]["operations"])
    path.write_text(json.dumps(document), encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def small_pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose connector reads five orders a page."""

    def five_a_page(operations: dict[str, Any]) -> None:
        operations["read"]["paging"]["page_size"] = 5

    return _workspace(tmp_path_factory.mktemp("small_pages"), "ccv-shop", five_a_page)


@pytest.fixture(scope="module")
def no_search(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose books cannot be searched for orders."""
    return _workspace(tmp_path_factory.mktemp("no_search"), "eaccounting", lambda operations: operations.pop("find"))


@pytest.fixture(scope="module")
def truth(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Truth:
    """What a run that nobody disturbs makes of the orders of `place_orders`."""
    with world(tmp_path_factory.mktemp("truth")) as made:
        place_orders(made, ORDERS)
        engine.run(made.wish())
        truth = truth_of(made)
    assert {"created"} == set(truth.states.values())
    return truth


def _left(made: World, truth: Truth, kind: str, placed: int) -> int:
    """How many of a kind are still to be made for the orders placed so far: each of the others brings one."""
    return (truth.made[kind] - made.made(kind)).total() - (ORDERS - placed)


@pytest.mark.parametrize("place", PLACES)
def test_killed_at_the_first_a_middle_and_the_last_of_each_kind(
    engine: Engine, truth: Truth, tmp_path: Path, place: str
) -> None:
    """Nine kills against one ledger, a new order before each, so that one of each kind is still to be made."""
    placed = ORDERS - 9
    with world(tmp_path) as made:
        place_orders(made, placed)
        for share in (0.0, 0.5, 1.0):
            for kind in RESOURCES:
                place_orders(made, 1, first=placed)
                placed += 1
                nth = max(1, int(_left(made, truth, kind, placed) * share))
                ended = engine.run(made.wish(place=f"{place}: {kind}", nth=nth, offset_seconds=made.later()))
                assert ended["signal"] == 9, f"{kind} {nth} was not reached"
        ended = engine.run(made.wish(offset_seconds=made.later()))

        assert ended["said"]["state"] == "ended"
        assert_once(made, truth)


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_killed_before_a_page_is_stored(
    engine: Engine, truth: Truth, small_pages: Path, tmp_path: Path, nth: int
) -> None:
    with world(tmp_path, workspace=small_pages) as made:
        place_orders(made, ORDERS, apart_seconds=7_200)  # each page begins beyond the cursor's overlap
        assert engine.run(made.wish(place="page read", nth=nth))["signal"] == 9
        engine.run(made.wish(offset_seconds=made.later()))

        assert_once(made, truth)


@pytest.mark.parametrize("place", PLACES)
def test_killed_where_nothing_can_be_searched_an_order_is_parked_and_not_sent_again(
    engine: Engine, truth: Truth, no_search: Path, tmp_path: Path, place: str
) -> None:
    with world(tmp_path, workspace=no_search) as made:
        place_orders(made, ORDERS)
        assert engine.run(made.wish(place=f"{place}: orders", nth=5))["signal"] == 9
        for _ in range(2):
            engine.run(made.wish(offset_seconds=made.later()))

        assert duplicates(made) == []
        found = states(made)
        unknown = [key for key, state in found.items() if state == "parked"]
        assert 1 <= len(unknown) <= 4  # what the four threads were at
        assert {state for key, state in found.items() if key not in unknown} == {"created"}
        assert len(found) == ORDERS
        assert all(reason.startswith(UNKNOWN) for reason in reasons(made, unknown))
        assert set(missing(made, truth)) <= {("orders", number) for number in numbers(made, unknown)}


def test_twenty_kills_in_a_row_while_replies_are_lost(engine: Engine, tmp_path: Path) -> None:
    until = 400.0 * (KILLS + 10)
    with world(tmp_path / "truth", orders=MIXED_ORDERS) as made:
        made.later(until)  # some orders are paid late
        engine.run(made.wish())
        truth = truth_of(made)
    assert {"created", "parked", "waiting", "skipped"} == set(truth.states.values())

    dice = random.Random(7)
    with world(tmp_path / "killed", orders=MIXED_ORDERS) as made:
        lose = {"kind": "lose_reply", "method": "POST", "path": "/v2/", "chance": 0.15}
        cut = {"kind": "cut", "method": "POST", "path": "/v2/", "chance": 0.1, "seed": 3}
        made.serving.arm("eaccounting", [lose, cut])
        made.serving.arm("ccv-shop", [{"kind": "lose_reply", "method": "PATCH", "chance": 0.1}])
        for _ in range(KILLS):
            nth = dice.randint(5, 80)
            assert engine.run(made.wish(place="anything", nth=nth, offset_seconds=made.later()))["signal"] == 9
        while engine.run(made.wish(offset_seconds=made.later()))["said"]["counts"]["created"]:
            pass
        made.later(until - made.clock.offset_seconds)
        engine.run(made.wish())

        assert_once(made, truth)
