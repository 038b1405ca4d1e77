"""A process that takes batches is killed, anywhere and again and again: each change is there once, and none is lost."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.formulas import Formulas
from tests.runs.handing_out import FLOW, Bench, bench, look
from tests.runs.killing import Wish
from tests.runs.once import Engine

KILLS = 8
SEAMS = ("batch begun", "page read", "batch stored", "batch acknowledged")


@pytest.fixture
def b(tmp_path: Path, formulas: Formulas) -> Iterator[Bench]:
    with bench(tmp_path, formulas) as made:
        yield made


def wish(b: Bench, **more: Any) -> Wish:
    return Wish(str(b.workspace.root), FLOW, str(b.workspace.ledger_path), **more)


def assert_once(b: Bench, changes: list[str]) -> None:
    assert b.moved() == dict.fromkeys(changes, 1)
    assert sorted(b.warehouse.taken, key=int) == changes
    told = [[line.outcome for line in b.ledger.outcomes(FLOW, "default", change)] for change in changes]
    assert told == [["created"]] * len(changes)
    assert (b.queue.number, b.warehouse.number) == ("", None)


def test_killed_at_each_seam(engine: Engine, b: Bench) -> None:
    """One ledger, with new changes after each kill; in the first batch, or in the second."""
    changes: list[str] = []
    for nth, place in enumerate(SEAMS):
        changes += b.warehouse.change(8)
        assert engine.run(wish(b, place=place, nth=1 + nth % 2))["signal"] == 9, f"{place} was not reached"
    ended = engine.run(wish(b))

    assert (ended["said"]["state"], ended["said"]["stopped"]) == ("ended", "")
    assert_once(b, changes)


def test_killed_again_and_again_while_replies_are_lost(engine: Engine, b: Bench) -> None:
    dice = random.Random(11)
    changes: list[str] = []
    for i in range(KILLS):
        changes += b.warehouse.change(dice.randint(4, 9))
        b.warehouse.empty_waits = bool(i % 2)
        b.shop.lose = i % 3 == 0
        clock = {"offset_seconds": 400.0 * i}
        assert engine.run(wish(b, place="anything", nth=dice.randint(2, 20), **clock))["signal"] == 9
    b.shop.lose = 0
    for i in (KILLS, KILLS + 1):
        ended = engine.run(wish(b, offset_seconds=400.0 * i))

    assert (ended["said"]["state"], ended["said"]["stopped"]) == ("ended", "")
    assert_once(b, changes)


def test_killed_while_somebody_looks_in_between(engine: Engine, b: Bench) -> None:
    dice = random.Random(5)
    changes: list[str] = []
    for _ in range(4):
        changes += b.warehouse.change(5)
        assert engine.run(wish(b, place="anything", nth=dice.randint(2, 16)))["signal"] == 9
        look(b)
    engine.run(wish(b))

    assert_once(b, changes)


def test_a_run_of_another_process_waits_its_turn_at_the_queue(engine: Engine, b: Bench, tmp_path: Path) -> None:
    """Somebody looks while a run is between its pull and its acknowledgement."""
    changes = b.warehouse.change(2)
    go = tmp_path / "go"
    engine.begin(wish(b, pause="batch stored", go=str(go)))
    while not Path(f"{go}.reached").exists():
        time.sleep(0.005)
    seen: list[str] = []
    looking = threading.Thread(target=lambda: seen.extend(look(b)))
    looking.start()
    looking.join(0.2)
    assert looking.is_alive()  # it waits for the acknowledgement
    go.touch()
    assert engine.ended()["said"]["state"] == "ended"
    looking.join()
    engine.run(wish(b))

    assert seen == []
    assert_once(b, changes)
