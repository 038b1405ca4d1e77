"""One thread a flow; wakes that meet become one run; a busy flow is tried again."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from engine.errors import FlowBusy
from engine.runs.serving import work as module
from engine.runs.serving.work import Wish, Work

SECONDS = 20.0


class Runs:
    """Runs that begin when they are let, and what they were wished."""

    def __init__(self) -> None:
        self.wished: list[tuple[str, bool, int]] = []
        self.begun = threading.Semaphore(0)
        self.let = threading.Semaphore(0)
        self.at_once = 0
        self.most: dict[str, int] = {}
        self.faults: list[str] = []
        self.raises: list[Exception] = []
        self._lock = threading.Lock()

    def go(self, flow: str, wish: Wish) -> None:
        with self._lock:
            if self.raises:
                raise self.raises.pop()
            self.at_once += 1
            self.most[flow] = max(self.most.get(flow, 0), self.at_once)
            self.wished.append((flow, wish.whole, len(wish.keys)))
        self.begun.release()
        self.let.acquire(timeout=SECONDS)
        with self._lock:
            self.at_once -= 1

    def fault(self, flow: str, fault: BaseException) -> None:
        self.faults.append(f"{flow} {type(fault).__name__}")


@pytest.fixture
def runs() -> Runs:
    return Runs()


@pytest.fixture
def work(runs: Runs) -> Iterator[Work]:
    made = Work(runs.go, runs.fault)
    yield made
    made.stop()
    runs.let.release(100)
    assert made.wait(SECONDS)


def test_wakes_that_come_during_a_run_are_one_run_more(runs: Runs, work: Work) -> None:
    work.wake("orders")
    assert runs.begun.acquire(timeout=SECONDS)
    for _ in range(10):
        work.wake("orders")
    runs.let.release(2)

    assert work.wait(SECONDS)
    assert runs.wished == [("orders", True, 0), ("orders", True, 0)]
    assert runs.most == {"orders": 1}


def test_flows_run_beside_each_other(runs: Runs, work: Work) -> None:
    work.wake("orders")
    work.wake("stock")

    assert runs.begun.acquire(timeout=SECONDS) and runs.begun.acquire(timeout=SECONDS)
    assert work.running() == {"orders", "stock"}


def test_named_records_come_first_in_portions_and_each_once(runs: Runs, work: Work) -> None:
    work.wake("orders")
    assert runs.begun.acquire(timeout=SECONDS)
    work.wake("orders")
    for n in range(120):
        work.wake("orders", [f"k{n}", "k0"])
    runs.let.release(100)

    assert work.wait(SECONDS)
    assert runs.wished[1:] == [("orders", False, 50), ("orders", False, 50), ("orders", False, 20), ("orders", True, 0)]


def test_a_busy_flow_is_tried_again(runs: Runs, work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BUSY_SECONDS", 0.001)
    runs.raises = [FlowBusy("busy"), FlowBusy("busy")]
    runs.let.release(1)
    work.wake("orders")

    assert work.wait(SECONDS)
    assert runs.wished == [("orders", True, 0)]


def test_a_fault_is_told_and_the_flow_runs_again_when_it_is_woken(runs: Runs, work: Work) -> None:
    runs.raises = [ArithmeticError("9")]
    work.wake("orders")
    assert work.wait(SECONDS)
    runs.let.release(1)
    work.wake("orders")

    assert work.wait(SECONDS)
    assert (runs.faults, runs.wished) == (["orders ArithmeticError"], [("orders", True, 0)])


def test_nothing_begins_once_it_stops(runs: Runs, work: Work) -> None:
    work.wake("orders")
    assert runs.begun.acquire(timeout=SECONDS)
    work.wake("orders")
    work.stop()
    work.wake("stock")
    assert not work.wait(0.01)
    runs.let.release(1)

    assert work.wait(SECONDS)
    assert runs.wished == [("orders", True, 0)]
