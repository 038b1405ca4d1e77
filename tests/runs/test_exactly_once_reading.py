"""Reading that fails or is stopped in the middle, and conditions that are mended: no record is lost or hurried."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from signal import SIGTERM
from typing import Any

import pytest

from engine.errors import TryAgain
from engine.flows.library import load_flow
from engine.runs.run import Run, RunOptions
from tests.runs.once import FLOW, Engine, duplicates, not_written_back, place_orders, world

MakeStage = Callable[..., Any]
PAGE = 5


def _small_pages(stage: MakeStage, **about: Any) -> Any:
    """A stage whose orders are read five a page; about: more to set in the connector's read operation."""
    s = stage(own_workspace=True)
    path = s.workspace.connector_folder("ccv-shop") / "connector.json"
    document = json.loads(path.read_bytes())
    read = document["resources"]["orders"]["operations"]["read"]
    read["paging"]["page_size"] = PAGE
    read |= about
    path.write_text(json.dumps(document), encoding="utf-8")
    s.loaded = load_flow(s.workspace, FLOW)
    return s


def _orders(s: Any, count: int) -> list[str]:
    """Orders placed two hours apart, so that each page begins beyond the cursor's overlap."""
    numbers = []
    for _ in range(count):
        numbers.append(s.order())
        s.sandbox_clock.advance(7_200)
    return numbers


@pytest.mark.parametrize("ordered", [True, False])
@pytest.mark.parametrize("fault", [{"kind": "status", "status": 500}, {"kind": "cut"}, {"kind": "html"}])
def test_a_page_that_fails_leaves_the_cursor_before_it(stage: MakeStage, fault: dict[str, Any], ordered: bool) -> None:
    s = _small_pages(stage, ordered=ordered)
    numbers = _orders(s, 2 * PAGE + 2)
    s.serving.arm("ccv-shop", [{**fault, "method": "GET", "path": "/orders/$", "after": 1}])
    report = s.run()

    assert report.stopped is not None
    assert set(numbers[:PAGE]) == set(s.documents())
    cursor = s.ledger.cursor(FLOW, "default")
    last = datetime.fromisoformat(s.shop_orders()[numbers[PAGE - 1]]["create_date"])
    assert (datetime.fromisoformat(cursor["until"]) == last) if ordered else not cursor

    s.serving.arm("ccv-shop", [])
    s.run()

    assert dict.fromkeys(numbers, 1) == {number: len(held) for number, held in s.documents().items()}


def test_a_page_that_cannot_be_stored_ends_the_run_and_is_read_again(stage: MakeStage) -> None:
    s = _small_pages(stage)
    numbers = _orders(s, PAGE + 1)

    def crash(place: str) -> None:
        if place == "page read" and len(pages) == 1:
            raise RuntimeError("a fault of our own")
        pages.append(place)

    pages: list[str] = []
    with pytest.raises(RuntimeError, match="a fault of our own"):
        s.go(s.open(), seam=crash)
    assert s.ledger.runs()[0].state == "failed"
    s.run()

    assert set(numbers) == set(s.documents())


def test_stop_finishes_what_is_under_way_and_the_next_run_goes_on(stage: MakeStage) -> None:
    s = stage()
    numbers = [s.order() for _ in range(12)]
    opened, stopped = s.open(), threading.Event()
    runs: list[Any] = []

    def stop(place: str) -> None:
        if place == "reply received: orders" and not stopped.is_set():
            stopped.set()
            runs[0].stop()

    runs.append(Run(opened, s.ledger, s.clock, RunOptions(threads=2), seam=stop))
    runs[0].go()
    made = s.documents()

    assert s.ledger.runs()[0].state == "stopped"
    assert 1 <= len(made) <= 3
    assert set(made) == {number for number in numbers if s.shop_orders()[number]["reservationnumber"]}
    assert set(made) == {number for number in numbers if s.state(number) == "created"}

    s.run()

    assert dict.fromkeys(numbers, 1) == {number: len(held) for number, held in s.documents().items()}


def test_stop_reads_no_further_page(stage: MakeStage) -> None:
    s = _small_pages(stage)
    numbers = _orders(s, 3 * PAGE)
    pages: list[str] = []
    runs: list[Any] = []

    def stop(place: str) -> None:
        if place == "page read":
            pages.append(place)
            runs[0].stop()

    runs.append(Run(s.open(), s.ledger, s.clock, RunOptions(threads=2), seam=stop))
    runs[0].go()

    assert pages == ["page read"]
    assert s.documents() == {}
    s.run()
    assert set(numbers) == set(s.documents())


def test_sigterm_finishes_what_is_under_way(engine: Engine, tmp_path: Path) -> None:
    with world(tmp_path) as made:
        place_orders(made, 12)
        ended = engine.run(made.wish(place="reply received: orders", signal=int(SIGTERM), threads=2))

        assert (ended["signal"], ended["said"]["state"]) == (0, "stopped")
        assert not_written_back(made) == []
        done = len(made.held("orders"))
        assert 1 <= done < 12
        ended = engine.run(made.wish(offset_seconds=made.later()))
        assert 12 - done == ended["said"]["counts"]["created"]
        assert duplicates(made) == []


def test_five_failures_in_a_row_stop_the_run_and_lose_nothing(stage: MakeStage) -> None:
    s = stage()
    numbers = [s.order() for _ in range(8)]
    s.serving.arm("eaccounting", [{"kind": "status", "status": 503, "method": "POST", "path": "/v2/orders$"}])
    report = s.run(RunOptions(threads=1))

    assert isinstance(report.stopped, TryAgain)
    assert s.ledger.runs()[0].state == "stopped"
    s.serving.arm("eaccounting", [])
    s.sandbox_clock.advance(400)
    s.run()

    assert dict.fromkeys(numbers, 1) == {number: len(held) for number, held in s.documents().items()}


def test_a_mended_condition_judges_the_parked_record_before_it_is_delivered(stage: MakeStage) -> None:
    s = stage(own_workspace=True)
    number = s.order(paid=False, status=1)
    unpaid = {"condition": "paid = true", "says": "it is not paid yet"}
    s.edit_flow(lambda flow: flow["source"].update(where=[{**unpaid, "condition": "$number(currency) > 0"}]))
    s.run()
    assert s.state(number) == "parked"

    s.sandbox_clock.advance(86_400 * 2)  # beyond the overlap: it is not read again
    s.edit_flow(lambda flow: flow["source"].update(where=[unpaid]))
    s.run()

    assert (s.state(number), s.record(number).reason) == ("waiting", "it is not paid yet")
    assert s.documents() == {}
    s.shop.do("pay_order", {"ordernumber": number})
    s.run()
    assert [number] == list(s.documents())
