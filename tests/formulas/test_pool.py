"""Workers are warm, replaced when they die, shared by threads, and know nothing secret."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import pytest

from engine.formulas import MISSING, Environment, Formulas, Limits, LookupTable
from engine.formulas.guarded.process import WorkerGone, WorkerProcess

ROOT = Path(__file__).parents[2]


class Clock:
    """Stands still until told to jump ahead at each look."""

    def __init__(self) -> None:
        self.now = 0.0
        self.step = 0.0

    def __call__(self) -> float:
        self.now += self.step
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def worker(clock: Clock) -> Iterator[WorkerProcess]:
    process = WorkerProcess(Limits(), clock)
    yield process
    process.end()


def test_library_whose_inside_is_used_is_the_one_that_was_read() -> None:
    assert version("jsonata-python") == "0.7.1", "read its changes, then run the tests, then change this line"


def test_dead_worker_is_replaced(pool: Formulas, environment: Environment) -> None:
    program = pool.program({"a": "$power(a, 2)"})  # not plain
    pool.evaluate(program, environment, [({"a": 1}, {})])
    [idle] = pool._idle
    os.kill(idle.pid, 9)

    assert pool.evaluate(program, environment, [({"a": 1}, {})])[0]["a"].value == 1
    assert [worker.pid for worker in pool._idle] != [idle.pid]


def test_warm_worker_is_used_again(pool: Formulas, environment: Environment) -> None:
    program = pool.program({"a": "$power(a, 2)"})
    pool.evaluate(program, environment, [({"a": 1}, {})])
    before = [worker.pid for worker in pool._idle]

    pool.evaluate(program, environment, [({"a": 2}, {})])

    assert [worker.pid for worker in pool._idle] == before


def test_worker_has_an_empty_environment(worker: WorkerProcess) -> None:
    worker.greet()
    if Path("/proc").exists():
        assert Path(f"/proc/{worker.pid}/environ").read_bytes() == b""


def test_worker_leaves_when_its_input_closes(worker: WorkerProcess) -> None:
    worker.greet()
    assert worker._child.stdin is not None
    worker._child.stdin.close()

    assert worker._child.wait(timeout=5) == 0


def test_worker_is_ended_when_the_clock_says_so(worker: WorkerProcess, clock: Clock) -> None:
    worker.greet()
    clock.step = 100

    with pytest.raises(WorkerGone) as caught:
        next(worker.ask(["reads", "a"], 1, 1.0))

    assert caught.value.overran and not worker.alive


def test_worker_forgets_the_programs_it_used_least(pool: Formulas, environment: Environment) -> None:
    programs = [pool.program({"a": f"{number}"}) for number in range(70)]
    environments = [Environment(environment.now, variables={"n": number}) for number in range(20)]
    ask = pool.program({"n": "$n"})

    for number, program in [*enumerate(programs), *enumerate(programs)]:
        assert pool.evaluate(program, environment, [({}, {})])[0]["a"].value == number
    for number, each in [*enumerate(environments), *enumerate(environments)]:
        assert pool.evaluate(ask, each, [({}, {})])[0]["n"].value == number


def test_threads_share_the_workers() -> None:
    environment = Environment(datetime(2026, 1, 1, tzinfo=UTC))
    with Formulas(workers=2) as pool, ThreadPoolExecutor(6) as threads:
        program = pool.program({"twice": "n * 2"})
        batches = [[({"n": 100 * batch + job}, {}) for job in range(70)] for batch in range(12)]
        results = list(threads.map(lambda jobs: pool.evaluate(program, environment, jobs), batches))

    for jobs, answers in zip(batches, results, strict=True):
        assert [answer["twice"].value for answer in answers] == [record["n"] * 2 for record, _ in jobs]


def test_large_records_and_batches_pass_through(pool: Formulas, environment: Environment) -> None:
    program = pool.program({"size": "$length(text)", "text": "text"})
    jobs = [({"text": "å" * 300_000}, {}) for _ in range(5)]

    results = pool.evaluate(program, environment, jobs)

    assert [result["size"].value for result in results] == [300_000] * 5
    assert results[4]["text"].value == "å" * 300_000


def test_many_formulas_do_not_fill_the_pipe_of_marks(pool: Formulas, environment: Environment) -> None:
    program = pool.program({str(number): "1" for number in range(3_000)})

    results = pool.evaluate(program, environment, [({}, {})] * 15)

    assert all(evaluation.value == 1 for result in results for evaluation in result.values())


def test_no_jobs_and_no_formulas_are_no_trouble(pool: Formulas, environment: Environment) -> None:
    assert pool.evaluate(pool.program({"a": "1"}), environment, []) == []
    assert pool.evaluate(pool.program({}), environment, [({}, {})]) == [{}]


def test_closed_pool_leaves_no_process() -> None:
    pool = Formulas()
    pool.check("1 +")
    [worker] = pool._idle
    pool.close()

    assert not worker.alive
    with pytest.raises(RuntimeError):
        pool.check("1 +")


def test_plain_formulas_start_no_process(environment: Environment) -> None:
    with Formulas() as formulas:
        program = formulas.program({"a": "a + 1", "b": "$uppercase(b)"})
        found = formulas.evaluate(program, environment, [({"a": 1, "b": "x"}, {})])
        traced = formulas.trace("a + 1", environment, {"a": 1}, {})

        assert [found[0]["a"].value, found[0]["b"].value, traced.value] == [2, "X", 2]
        assert formulas.reads("a + b.c") == ["a", "b.c"] and formulas._idle == []


def test_program_is_known_by_what_it_says(pool: Formulas) -> None:
    assert pool.program({"a": "1"}) == pool.program({"a": "1"})
    assert hash(pool.program({"a": "1"})) != hash(pool.program({"b": "1"}))


def test_environment_needs_a_zone() -> None:
    with pytest.raises(ValueError):
        Environment(datetime(2026, 1, 1))


def test_trace_says_what_was_read_and_looked_up(pool: Formulas) -> None:
    environment = Environment(
        datetime(2026, 1, 1, tzinfo=UTC),
        variables={"answers": {"prefix": "W"}},
        lookups={"terms": LookupTable("terms", "Terms", {"card": 0}, otherwise="leave_out")},
    )
    record = {"pay": "card", "lines": [{"sku": str(number)} for number in range(30)], "none": None}

    trace = pool.trace(
        "{'p': $answers.prefix & $steps.id, 't': $table('terms', pay), 'u': $table('terms', 'x'),"
        " 's': lines.sku, 'n': none, 'm': nowhere}",
        environment,
        record,
        {"steps": {"id": 7}},
    )

    assert trace.error is None and trace.value["p"] == "W7" and trace.value["t"] == 0
    seen = {read.path: (read.value, read.count) for read in trace.reads}
    assert seen["$answers.prefix"] == ("W", 1) and seen["$steps.id"] == (7, 1) and seen["pay"] == ("card", 1)
    assert seen["lines.sku"] == ([str(number) for number in range(10)], 30)
    assert seen["none"] == (None, 1) and seen["nowhere"] == (MISSING, 0)
    assert [(use.table, use.key, use.value) for use in trace.lookups] == [
        ("terms", "card", 0),
        ("terms", "x", MISSING),
    ]


def test_trace_of_a_failure_carries_its_error(pool: Formulas, environment: Environment) -> None:
    failed = pool.trace("a + 'x'", environment, {"a": 1}, {})
    unread = pool.trace("a +", environment, {"a": 1}, {})

    assert failed.value is MISSING and failed.error is not None and failed.error.position == 2
    assert [read.value for read in failed.reads] == [1]
    assert unread.error is not None and unread.error.code == "S0207"
