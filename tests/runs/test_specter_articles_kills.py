"""Killed at any place, a run that hands in articles is simply run again: each is there, told once, none is parked."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.formulas import Formulas
from tests.runs.killing import Wish
from tests.runs.once import REPOSITORY, Engine
from tests.runs.specter import Make, OrdersStage
from tests.runs.specter_articles import ARTICLES, add, change, hand_ins, handed_in, shops

MANY = 8
PLACES = (
    "page read",
    "intent stored: articles",
    "reply unread: putInfo.asp",
    "reply received: articles",
    "anything",
)


@pytest.fixture
def stage(tmp_path: Path, formulas: Formulas) -> Iterator[Make]:
    """A shop that sells nothing yet."""
    with shops(tmp_path, formulas, ("nothing",), begun=True) as make:
        yield make


def run(engine: Engine, s: OrdersStage, place: str = "", nth: int = 1) -> int:
    """Run the flow in a process of its own; the signal that ended it."""
    s.clock.sleep(400)  # whoever held a lock is gone
    wish: dict[str, Any] = {"place": place, "nth": nth, "offset_seconds": s.sandbox_clock.offset_seconds}
    said = engine.run(Wish(str(REPOSITORY), ARTICLES, str(s.ledger.database.path), **wish))
    return int(said["signal"])


def assert_all_are_there(s: OrdersStage, engine: Engine, names: dict[str, str]) -> None:
    """Each as the shop has it, told as created once and never parked; one more run sends nothing."""
    assert {number: article["name"] for number, article in handed_in(s).items()} == names
    for number in names:
        outcomes = s.outcomes(number)
        assert outcomes.count("created") == 1
        assert "parked" not in outcomes
    before = hand_ins(s)
    run(engine, s)
    assert hand_ins(s) == before


@pytest.mark.parametrize("place", PLACES)
def test_killed_at_a_seam_and_run_again(engine: Engine, stage: Callable[[], OrdersStage], place: str) -> None:
    s = stage()
    for n in range(MANY):
        add(s, f"VARA-{n}")
    nth = 1 if place in ("page read", "reply unread: putInfo.asp") else 5
    assert run(engine, s, place, nth) == 9, f"{place} was not reached"
    run(engine, s)

    assert_all_are_there(s, engine, {f"VARA-{n}": f"VARA-{n}" for n in range(MANY)})


def test_killed_again_and_again_while_the_shop_changes(engine: Engine, stage: Callable[[], OrdersStage]) -> None:
    s, dice, names, killed = stage(), random.Random(7), {}, 0
    for n in range(8):
        add(s, f"VARA-{n}")
        names[f"VARA-{n}"] = f"VARA-{n}"
        if n:
            number = f"VARA-{dice.randrange(n)}"
            names[number] = f"Ny {n}"
            change(s, number, name={"sv": names[number]})
        killed += run(engine, s, "anything", dice.randint(3, 12)) == 9
    run(engine, s)

    assert killed > 3
    assert_all_are_there(s, engine, names)
