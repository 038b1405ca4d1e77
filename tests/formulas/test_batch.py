"""A batch goes on after a worker dies: the culprits are named, the rest is tried again, time is bounded."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from engine.formulas import MISSING, Environment, Program
from engine.formulas.guarded.batch import Batch, Common
from engine.formulas.guarded.process import WorkerGone

PROGRAM = Program.of({"good": "1", "crash": "2", "fine": "3"})
ENVIRONMENT = Environment(datetime(2026, 1, 1, tzinfo=UTC))


class FakeWorker:
    """Dies at the formulas it is told to; each death takes `seconds` of the clock."""

    def __init__(self, deadly: dict[Any, tuple[int, ...]], clock: list[float], seconds: float = 0.0) -> None:
        self.tired = False
        self.requests: list[Any] = []
        self._deadly = deadly
        self._clock = clock
        self._seconds = seconds

    def teach(self, program: Program, environment: Environment) -> None:
        pass

    def ask_text(self, request: str, answers: int, seconds: list[float]) -> Iterator[Any]:
        *_, jobs = json.loads(request)
        self.requests.append(jobs)
        for record, _, *again in jobs:
            skipped = again[0] if again else []
            fatal = [number for number in self._deadly.get(record, ()) if number not in skipped]
            if fatal or record == "unexplained":
                self._clock[0] += self._seconds
                raise WorkerGone(overran=self._seconds > 0, culprits=tuple(fatal[:1]))
            yield [[10, 20, 30], skipped, {}, False]


def worked(deadly: dict[Any, tuple[int, ...]], records: list[Any], seconds: float = 0.0) -> tuple[Batch, int]:
    """The finished batch and how many workers it took."""
    clock = [0.0]
    batch = Batch(PROGRAM, [(record, {}) for record in records], Common.of({}, ""), 1.0, 0.2, lambda: clock[0])
    workers = 0
    while not batch.done:
        workers += 1
        assert workers < 10
        batch.work(FakeWorker(deadly, clock, seconds), ENVIRONMENT)  # type: ignore[arg-type]
    return batch, workers


def codes(batch: Batch) -> list[dict[str, Any]]:
    return [
        {name: each.error.code if each.error else each.value for name, each in result.items()}
        for result in batch.results()
    ]


def test_crash_costs_only_the_formula_that_crashed() -> None:
    batch, workers = worked({"bad": (1,)}, ["a", "bad", "b"])

    assert codes(batch) == [
        {"good": 10, "crash": 20, "fine": 30},
        {"good": 10, "crash": "M1003", "fine": 30},
        {"good": 10, "crash": 20, "fine": 30},
    ]
    assert workers == 2 and batch.results()[1]["crash"].value is MISSING


def test_each_crashing_formula_is_named() -> None:
    batch, workers = worked({"bad": (0, 2)}, ["bad"])

    assert codes(batch) == [{"good": "M1003", "crash": 20, "fine": "M1003"}]
    assert workers == 3


def test_record_that_used_up_its_time_is_not_tried_for_ever() -> None:
    batch, workers = worked({"bad": (0, 1, 2)}, ["bad", "next"], seconds=1.2)

    assert codes(batch) == [
        {"good": "M1001", "crash": "M1001", "fine": "M1012"},
        {"good": 10, "crash": 20, "fine": 30},
    ]
    assert workers == 3


@pytest.mark.parametrize("seconds", [0.0, 1.2])
def test_death_without_a_known_formula_is_given_up_after_a_second_try(seconds: float) -> None:
    batch, workers = worked({}, ["unexplained", "next"], seconds)

    code = "M1001" if seconds else "M1003"
    assert codes(batch) == [
        {"good": code, "crash": code, "fine": code},
        {"good": 10, "crash": 20, "fine": 30},
    ]
    assert workers == 3


def test_records_go_out_in_portions() -> None:
    worker = FakeWorker({}, [0.0])
    batch = Batch(PROGRAM, [("x" * 200_000, {})] * 4 + [("y", {})] * 70, Common.of({}, ""), 1.0, 0.2, lambda: 0.0)

    batch.work(worker, ENVIRONMENT)  # type: ignore[arg-type]

    assert [len(jobs) for jobs in worker.requests] == [3, 64, 7]
    assert batch.done
