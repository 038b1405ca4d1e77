"""`Formulas`: the one door to evaluating formulas. Callers never learn who evaluates.

Plain formulas are compiled and answered where they are asked (`at_hand`); what is not plain, and what a compiled
formula defers, goes to a warm worker process, all such formulas of a record together.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Self

from engine.errors import FormulaError, Json
from engine.formulas import failures, paths
from engine.formulas.at_hand import answers, chained_answers, trace_here
from engine.formulas.guarded.batch import Batch, Common, work_together
from engine.formulas.guarded.frames import MOST_FORMULAS
from engine.formulas.guarded.process import WorkerGone, WorkerProcess
from engine.formulas.missing import MISSING
from engine.formulas.shared import Ask, Jobs, Shared
from engine.formulas.syntax import tree_here
from engine.formulas.terms import Environment, Evaluation, Limits, LookupUse, PathRead, Program, Trace

GRACE_SECONDS = 0.2  # beyond the worker's own timer, before it is ended


class Formulas:
    """Evaluates formulas: plain ones here, others in guarded worker processes, started at first use, replaced when
    they die.

    workers: how many at most; limits: what a record may cost; monotonic: the clock the limits are kept by;
    compiles: False asks the workers always (the tests hold the two against each other).
    Any number of threads may call at once; each call has a worker to itself and waits for one if need be.
    """

    def __init__(
        self,
        *,
        workers: int = 1,
        limits: Limits = Limits(),  # noqa: B008 (frozen)
        monotonic: Callable[[], float] = time.monotonic,
        compiles: bool = True,
    ) -> None:
        self._limits = limits
        self._monotonic = monotonic
        self._idle: list[WorkerProcess] = []
        self._slots = threading.BoundedSemaphore(workers)
        self._lock = threading.Lock()
        self._closed = False
        self.compiles = compiles

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        self.close()

    def close(self) -> None:
        """End the workers. Calls still under way end their own."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.end()

    def check(self, formula: str) -> FormulaError | None:
        """Why the formula does not parse, or None. It is not evaluated."""
        return self.check_all({"": formula}).get("")

    def check_all(self, formulas: Mapping[str, str]) -> dict[str, FormulaError]:
        """The formulas that do not parse, by name, each with `where` set to its name."""
        errors = {
            name: failures.as_error(failures.of_code("M1005"), formula[:200], name)
            for name, formula in formulas.items()
            if len(formula) > self._limits.formula_chars
        }
        # what is plain, or was read here, parses: only the rest is asked of a worker
        names = [name for name in formulas if name not in errors and tree_here(formulas[name]) is None]
        found = self._each("check", [formulas[name] for name in names])
        for name, failure in zip(names, found, strict=True):
            if failure:
                errors[name] = failures.as_error(failure, formulas[name], name)
        return {name: errors[name] for name in formulas if name in errors}

    def program(self, formulas: Mapping[str, str]) -> Program:
        """The formulas made ready. FormulaError, with `where` its name, for the first that does not parse."""
        if len(formulas) > MOST_FORMULAS:
            raise ValueError(f"a program holds {MOST_FORMULAS} formulas at most")
        for error in self.check_all(formulas).values():
            raise error
        return Program.of(formulas)

    def evaluate(
        self,
        program: Program,
        environment: Environment,
        jobs: Sequence[tuple[Json, Mapping[str, Json]]],
        *,
        shared: Mapping[str, Json] | None = None,
        chain: str = "",
    ) -> list[dict[str, Evaluation]]:
        """For each job (a record and its own variables), what each formula gave, by the formula's name.

        shared: variables of every job, sent once; `$record` is the job's record unless somebody binds it.
        chain: name of a variable, an object that each formula sees with what those before it gave.

        Never raises for what a formula or record does: the error stands in its Evaluation. ValueError or
        TypeError when a record is not JSON.
        """
        if not program.names:
            return [{} for _ in jobs]
        if isinstance(shared, Shared) and not chain:
            known = shared.take(program, jobs)
            if known is not None:
                return known
        batch = self._batch(program, environment, jobs, shared or {}, chain)
        if isinstance(batch, list):
            return batch
        return self._finished(batch, environment)

    def at_hand(
        self, program: Program, environment: Environment, jobs: Jobs, shared: Mapping[str, Json]
    ) -> list[dict[str, Evaluation]] | None:
        """The same as `evaluate` where no worker is needed for it; else None."""
        if not program.names:
            return [{} for _ in jobs]
        batch = self._batch(program, environment, jobs, shared, "")
        return batch if isinstance(batch, list) else None

    def ask_ahead(self, environment: Environment, asks: Sequence[Ask], shared: Shared) -> None:
        """Evaluate several programs in one journey; `evaluate` with the same program and jobs then has them ready.

        Each program is evaluated as if alone, with its own time, and nothing is raised.
        """
        pending = []
        for program, jobs in asks:
            batch = self._batch(program, environment, jobs, shared, "") if program.names and jobs else []
            if isinstance(batch, Batch):
                pending.append((batch, program, jobs))
        if len(pending) > 1:
            with self._worker(shared) as worker:
                work_together([batch for batch, _, _ in pending], worker, environment)
        for batch, program, jobs in pending:
            shared.remember(program, jobs, self._finished(batch, environment))

    def _batch(
        self, program: Program, environment: Environment, jobs: Jobs, shared: Mapping[str, Json], chain: str
    ) -> Batch | list[dict[str, Evaluation]]:
        """The jobs for a worker, or the answers where all are at hand."""
        if not self.compiles:
            return Batch(
                program, jobs, Common.of(shared, chain), self._limits.seconds, GRACE_SECONDS, self._monotonic, None
            )
        known = []
        for record, variables in jobs:
            seen = {**shared, **variables}
            if chain:
                known.append(chained_answers(program, environment, record, seen, chain))
            else:
                known.append(answers(program, environment, record, seen))
        if all(len(found) == len(program.names) for found in known):
            return [{name: Evaluation(found[i]) for i, name in enumerate(program.names)} for found in known]
        if chain:
            jobs = [_with_known(program, job, found, chain) for job, found in zip(jobs, known, strict=True)]
        common = Common.of(shared, chain)
        return Batch(program, jobs, common, self._limits.seconds, GRACE_SECONDS, self._monotonic, known)

    def _finished(self, batch: Batch, environment: Environment) -> list[dict[str, Evaluation]]:
        while not batch.done:
            with self._worker(batch.held) as worker:
                batch.work(worker, environment)
        return batch.results()

    def reads(self, formula: str) -> list[str]:
        """Every path the formula reads, in the order it is written. FormulaError when it does not parse."""
        here = paths.reads_here(formula)
        if here is not None:
            return here
        answer = self._one(["reads", formula], formula)
        if isinstance(answer, dict):
            raise failures.as_error(answer, formula)
        return list(answer)

    def trace(self, formula: str, environment: Environment, record: Json, variables: Mapping[str, Json]) -> Trace:
        """The value or error of one formula on one record, with what it read and looked up on the way."""
        bound = {name: value for name, value in variables.items() if value is not MISSING}
        if self.compiles:
            traced = trace_here(formula, environment, record, bound)
            if traced is not None:
                return traced
        answer = self._one(["trace", formula, environment.number, record, bound], formula, environment)
        if "code" in answer:
            answer = {"error": answer, "reads": [], "lookups": []}
        return Trace(
            value=answer.get("value", MISSING),
            error=failures.as_error(answer["error"], formula) if "error" in answer else None,
            reads=tuple(
                PathRead(path, value[0] if value else MISSING, count) for path, count, *value in answer["reads"]
            ),
            lookups=tuple(
                LookupUse(table, key, value[0] if value else MISSING) for table, key, *value in answer["lookups"]
            ),
        )

    def _one(self, request: list[Any], formula: str, environment: Environment | None = None) -> Any:
        """One answer about one formula; a failure when it is too long or the worker dies of it."""
        if len(formula) > self._limits.formula_chars:
            return failures.of_code("M1005")
        try:
            with self._worker() as worker:
                if environment is not None:
                    worker.teach_environment(environment)
                return next(worker.ask(request, 1, 2 * self._limits.seconds + GRACE_SECONDS))
        except WorkerGone as gone:
            return failures.of_code("M1001" if gone.overran else "M1003")

    def _each(self, what: str, formulas: list[str]) -> list[Any]:
        """One answer for each formula; a worker that dies of one goes on with the next in a fresh one."""
        answers: list[Any] = []
        while len(answers) < len(formulas):
            rest = formulas[len(answers) :]
            try:
                with self._worker() as worker:
                    answers.extend(worker.ask([what, rest], len(rest), self._limits.seconds + GRACE_SECONDS))
            except WorkerGone as gone:
                answers.append(failures.of_code("M1001" if gone.overran else "M1003"))
        return answers

    @contextmanager
    def _worker(self, held: Shared | None = None) -> Iterator[WorkerProcess]:
        """A worker for this call alone; it comes back to the pool only when all went well.

        held: values that are to be sent; of the idle workers, the one that knows most of them is taken.
        """
        with self._slots:
            with self._lock:
                if self._closed:
                    raise RuntimeError("these Formulas are closed")
                worker = self._best(held)
            if worker is not None and not worker.alive:
                worker.end()
                worker = None
            worker = worker or WorkerProcess(self._limits, self._monotonic)
            try:
                yield worker
            except BaseException:
                worker.end()
                raise
            self._give_back(worker)

    def _best(self, held: Shared | None) -> WorkerProcess | None:
        if not self._idle:
            return None
        if held is None or len(self._idle) == 1:
            return self._idle.pop()
        numbers = [each.number for each in held.held.values()]
        best = max(range(len(self._idle)), key=lambda i: (self._idle[i].knows(numbers), i))
        return self._idle.pop(best)

    def _give_back(self, worker: WorkerProcess) -> None:
        with self._lock:
            if not self._closed and not worker.tired:
                self._idle.append(worker)
                return
        worker.end()


def _with_known(
    program: Program, job: tuple[Json, Mapping[str, Json]], found: Mapping[int, Any], chain: str
) -> tuple[Json, Mapping[str, Json]]:
    """The job of a chain with what is known of it already."""
    record, variables = job
    known = {program.names[index]: value for index, value in found.items() if value is not MISSING}
    before = variables.get(chain)
    return record, {**variables, chain: {**(before if isinstance(before, dict) else {}), **known}}
