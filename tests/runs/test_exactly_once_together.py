"""Several at once: two processes, two flows, two threads, and still one of everything."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from engine.runs.run import RunOptions
from tests.runs.once import FLOW, REPOSITORY, Engine, duplicates, place_orders, world

MakeStage = Callable[..., Any]
LONG_ENOUGH_SECONDS = 0.3  # for the other one to come as far as it gets; too short makes a test weaker, not wrong


@pytest.fixture(scope="module")
def engines() -> Iterator[tuple[Engine, Engine]]:
    first, second = Engine(), Engine()
    with ExitStack() as stack:
        stack.callback(first.close)
        stack.callback(second.close)
        yield first, second


def _wait_for(path: Path) -> None:
    until = time.monotonic() + 20
    while not path.exists():
        assert time.monotonic() < until, f"{path.name} never came"
        time.sleep(0.005)


def test_a_second_run_of_the_same_flow_leaves_at_once(engines: tuple[Engine, Engine], tmp_path: Path) -> None:
    first, second = engines
    go = tmp_path / "go"
    with world(tmp_path) as made:
        place_orders(made, 2)
        first.begin(made.wish(pause="page read", go=str(go)))
        _wait_for(Path(f"{go}.reached"))
        left = second.run(made.wish())
        go.touch()
        ended = first.ended()

        assert left["said"] == {
            "busy": f"{FLOW} (default): This flow is already being run: another run of it is under way. "
            "Wait until it ends; `history` shows how far it is."
        }
        assert ended["said"]["counts"]["created"] == 2
        assert duplicates(made) == []


def test_after_a_killed_run_the_flow_is_not_busy(engines: tuple[Engine, Engine], tmp_path: Path) -> None:
    first, second = engines
    with world(tmp_path) as made:
        place_orders(made, 1)
        assert first.run(made.wish(place="intent stored: orders"))["signal"] == 9

        assert second.run(made.wish())["said"]["counts"]["created"] == 1


def test_two_processes_with_two_flows_make_one_customer(engines: tuple[Engine, Engine], tmp_path: Path) -> None:
    """The first holds the customer's intent and has sent nothing when the second comes to the same customer."""
    root = tmp_path / "workspace"
    for name in ("connector_specs", "saved_mappings"):
        shutil.copytree(REPOSITORY / name, root / name)
    shutil.copy(root / "saved_mappings" / f"{FLOW}.json", root / "saved_mappings" / "drafts.json")
    first, second = engines
    go, pulled = tmp_path / "go", tmp_path / "pulled"
    with world(tmp_path, workspace=root) as made:
        place_orders(made, 1)
        first.begin(made.wish(pause="intent stored: customers", go=str(go)))
        _wait_for(Path(f"{go}.reached"))
        pulled.touch()
        second.begin(made.wish(flow="drafts", answers={"document": "draft"}, pause="page read", go=str(pulled)))
        _wait_for(Path(f"{pulled}.reached"))
        time.sleep(LONG_ENOUGH_SECONDS)
        go.touch()
        ended = first.ended(), second.ended()

        assert [one["said"]["counts"]["created"] for one in ended] == [1, 1]
        assert duplicates(made) == []
        assert [len(made.held(kind)) for kind in ("orders", "customerinvoicedrafts")] == [1, 1]


@pytest.mark.parametrize("kind", ["customers", "articles"])
def test_two_threads_with_one_new_thing_make_one(stage: MakeStage, kind: str) -> None:
    """One has stored its intent and sent nothing for a while; the other wants the same."""
    s = stage()
    line = {"productnumber": "NEW-1", "count": 1, "price": 10, "tax": 21}
    numbers = {s.order(email="new@orders.example", lines=[line]) for _ in range(2)}
    never, met = threading.Event(), []

    def slow(place: str) -> None:
        if place == f"intent stored: {kind}" and not met:
            met.append(place)
            never.wait(LONG_ENOUGH_SECONDS)

    report = s.go(s.open(), RunOptions(threads=2), seam=slow)

    assert [f"intent stored: {kind}"] == met
    assert report.counts["created"] == 2
    assert len([c for c in s.held("customers") if c["EmailAddress"] == "new@orders.example"]) == 1
    assert len([a for a in s.held("articles") if a["Number"] == "NEW-1"]) == 1
    assert numbers == set(s.documents())
