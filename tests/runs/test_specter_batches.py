"""Batches of Specter's stand-in, with each of its choices and killed at each place: every level arrives, none twice."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.formulas import Formulas
from engine.runs.ledger.batches import QueuePlace
from sandbox.specter.pulling import PULLS
from tests.runs.killing import Wish
from tests.runs.once import Engine
from tests.runs.specter import Make, OrdersStage, stages

FLOW = "specter-stock-to-abicart"
ANSWERS = {"stock_site": "1"}
KILLS = 20
SEAMS = ("batch begun", "page read", "batch stored", "batch acknowledged")


@pytest.fixture
def stage(tmp_path: Path, formulas: Formulas) -> Iterator[Make]:
    """The shop keeps the stock of some articles; what waits in Specter since the first day is taken already."""
    with stages(tmp_path, formulas, begun=True, flow=FLOW, **ANSWERS) as make:

        def with_an_empty_queue(**options: Any) -> OrdersStage:
            s = make(**options)
            with s.books.lock:
                queue_of(s).changed.clear()
            return s

        yield with_an_empty_queue


def queue_of(s: OrdersStage) -> Any:
    shop = s.books.credentials(s.serving.addresses["specter"])["webshopId"]
    return s.books.books.queues.of("stock", str(shop))


def numbers(s: OrdersStage) -> list[str]:
    """Articles of the shop whose stock it keeps, each once."""
    with s.shop.lock:
        kept = [a["articleNumber"] for a in s.shop.records.all("Article") if a["stock"]["useStock"]]
    return sorted({number for number in kept if number and kept.count(number) == 1})


def levels(s: OrdersStage, levels: dict[str, int]) -> None:
    for number, level in levels.items():
        if number not in s.books.books.articles:
            s.books.do("new_article", {"articleNo": number, "name": number})
        s.books.do("set_stock", {"articleNo": number, "level": level, "site": "1"})


def shown(s: OrdersStage, wanted: dict[str, int]) -> dict[str, int]:
    with s.shop.lock:
        held = {a["articleNumber"]: a["stock"]["stock"] for a in s.shop.records.all("Article")}
    return {number: held[number] for number in wanted}


def assert_all_there(s: OrdersStage, wanted: dict[str, int]) -> None:
    """The shop shows these levels, and nothing waits in Specter or here."""
    assert shown(s, wanted) == wanted
    queue, place = queue_of(s), s.ledger.queue(QueuePlace("specter", "stock_changes"))
    assert (queue.changed, queue.held) == ([], [])
    assert place is not None and place.number == ""


def delivered(s: OrdersStage, number: str) -> list[str]:
    return [line.outcome for line in s.ledger.outcomes(FLOW, "default", f"{number} @1")]


@pytest.mark.parametrize("empty_batches_wait", [True, False])
@pytest.mark.parametrize("unknown_batch", ["refuse", "accept"])
def test_a_batch_that_another_program_left_is_taken_first(
    stage: Make, empty_batches_wait: bool, unknown_batch: str
) -> None:
    s = stage(books={"empty_batches_wait": empty_batches_wait, "unknown_batch": unknown_batch})
    first, second, *_ = numbers(s)
    levels(s, {first: 7})
    with s.books.lock:
        queue_of(s).fetch("another", lambda key: _shown(s, key), None, s.books.choices)
    levels(s, {second: 9})
    report = s.run()

    assert report.stopped is None
    assert_all_there(s, {first: 7, second: 9})


def _shown(s: OrdersStage, key: str) -> dict[str, Any]:
    return PULLS["getArticleExternalNeedUpdate"].shown(s.books.books, key, s.books.choices)


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ({"endless": True}, "There is no end to what is handed out"),
        ({"acknowledgement_holds": False}, "was acknowledged, and is said to be waiting all the same"),
    ],
    ids=["batches without end", "an acknowledgement that does not hold"],
)
def test_what_does_not_come_to_an_end_is_told_and_sets_each_level_once(
    stage: Make, choice: dict[str, Any], said: str
) -> None:
    s = stage(books=choice)
    wanted = dict(zip(numbers(s)[:3], (5, 6, 7), strict=True))
    levels(s, wanted)
    for _ in range(2):
        report = s.run()
        assert said in str(report.stopped)

    assert shown(s, wanted) == wanted
    assert {number: len(delivered(s, number)) for number in wanted} == dict.fromkeys(wanted, 1)


# --- killed


def wish(s: OrdersStage, **more: Any) -> Wish:
    ledger = str(s.ledger.database.path)
    offset = s.sandbox_clock.offset_seconds
    return Wish(str(s.workspace.root), FLOW, ledger, offset_seconds=offset, answers=ANSWERS, **more)


def test_killed_at_each_seam(engine: Engine, stage: Make) -> None:
    s = stage()
    wanted: dict[str, int] = {}
    for place, number in zip(SEAMS, numbers(s), strict=False):
        wanted[number] = 10 + len(wanted)
        levels(s, {number: wanted[number]})
        assert engine.run(wish(s, place=place))["signal"] == 9, place
        s.sandbox_clock.advance(400)
    engine.run(wish(s))

    assert_all_there(s, wanted)
    assert {number: len(delivered(s, number)) for number in wanted} == dict.fromkeys(wanted, 1)


def test_twenty_kills_in_a_row_while_replies_are_lost(engine: Engine, stage: Make) -> None:
    s, dice = stage(), random.Random(3)
    s.serving.arm("specter", [{"kind": "lose_reply", "holds": "getInfo", "chance": 0.15, "seed": 4}])
    known, wanted = numbers(s), dict[str, int]()
    for kill in range(KILLS):
        changed = {number: kill * 10 + i + 1 for i, number in enumerate(dice.sample(known, 2))}
        wanted |= changed
        levels(s, changed)
        engine.run(wish(s, place="anything", nth=dice.randint(6, 26)))
        s.sandbox_clock.advance(400)
    s.serving.arm("specter", [])
    for _ in range(2):
        ended = engine.run(wish(s))
        s.sandbox_clock.advance(400)

    assert (ended["said"]["state"], ended["said"]["stopped"]) == ("ended", "")
    assert_all_there(s, wanted)
