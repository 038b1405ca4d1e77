"""The jobs of one `evaluate` call: sent in portions, answered one by one, taken up again after a death."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.errors import FormulaError, Json
from engine.formulas import failures
from engine.formulas.frames import encoded
from engine.formulas.missing import MISSING
from engine.formulas.process import WorkerGone, WorkerProcess
from engine.formulas.terms import Environment, Evaluation, Program

_PORTION_JOBS = 64
_PORTION_CHARS = 500_000
_LEAST_SECONDS = 0.08  # what a record's other formulas get after one used up its time


@dataclass(frozen=True, slots=True)
class Common:
    """What all jobs of a call share, written as JSON once: variables, and the name of the chained one."""

    text: str

    @classmethod
    def of(cls, variables: Mapping[str, Json], chain: str) -> Common:
        return cls(f"{encoded(_bound(variables))},{encoded(chain)}")


class Batch:
    """What is answered so far, and what the job under way has already cost."""

    def __init__(
        self,
        program: Program,
        jobs: Sequence[tuple[Json, Mapping[str, Json]]],
        common: Common,
        seconds: float,
        grace_seconds: float,
        monotonic: Callable[[], float],
    ) -> None:
        self._program = program
        self._jobs = jobs
        self._common = common
        self._seconds = seconds
        self._grace = grace_seconds
        self._monotonic = monotonic
        self._answered: list[dict[str, Evaluation]] = []
        self._spent = 0.0  # seconds the next job has cost in workers that died
        self._deaths = 0  # how many workers died of it
        self._culprits: dict[int, str] = {}  # its formulas that ended a worker, with the error's code

    @property
    def done(self) -> bool:
        return len(self._answered) == len(self._jobs)

    def results(self) -> list[dict[str, Evaluation]]:
        return self._answered

    def work(self, worker: WorkerProcess, environment: Environment) -> None:
        """Let the worker answer as much as it can; returns when all is done or the worker is no more."""
        while not self.done and not worker.tired:
            request, seconds = self._portion(environment)
            started = self._monotonic()
            try:
                worker.teach(self._program, environment)
                for answer in worker.ask_text(request, len(seconds), seconds):
                    self._take(answer, worker)
                    started = self._monotonic()
            except WorkerGone as gone:
                worker.tired = True
                self._mourn(gone, self._monotonic() - started)

    def _portion(self, environment: Environment) -> tuple[str, list[float]]:
        """The next jobs as one request, and the seconds each answer may take."""
        if self._culprits:
            record, variables = self._jobs[len(self._answered)]
            left = max(self._seconds - self._spent, _LEAST_SECONDS)
            jobs = [encoded([record, _bound(variables), list(self._culprits), left])]
            seconds = [left + min(self._grace, _LEAST_SECONDS)]
        else:
            jobs, size = [], 0
            for record, variables in self._jobs[len(self._answered) :][:_PORTION_JOBS]:
                jobs.append(encoded([record, _bound(variables)]))
                size += len(jobs[-1])
                if size > _PORTION_CHARS:
                    break
            seconds = [self._seconds + self._grace] * len(jobs)
        head = encoded(["jobs", self._program.id, environment.number])
        return f"{head[:-1]},{self._common.text},[{','.join(jobs)}]]", seconds

    def _take(self, answer: Any, worker: WorkerProcess) -> None:
        """Turn a worker's answer into the job's evaluations."""
        values, missing, errors, tired = answer
        worker.tired = worker.tired or tired
        evaluations = [Evaluation(value) for value in values]
        for index in missing:
            evaluations[index].value = MISSING
        for index, failure in errors.items():
            evaluations[int(index)] = self._failed(int(index), failure)
        for index, code in self._culprits.items():
            evaluations[index] = self._failed(index, failures.of_code(code))
        self._finish(evaluations)

    def _mourn(self, gone: WorkerGone, seconds: float) -> None:
        """Note which formulas ended the worker. A record that has used up its time gets no further try."""
        self._spent += seconds
        self._deaths += 1
        code = "M1001" if gone.overran else "M1003"
        known = len(self._culprits)
        for culprit in gone.culprits:
            self._culprits.setdefault(culprit, code)
        learned = len(self._culprits) > known or self._deaths == 1
        if learned and self._spent <= self._seconds + self._grace + _LEAST_SECONDS:
            return
        rest = "M1012" if self._culprits else code
        self._finish(
            [
                self._failed(index, failures.of_code(self._culprits.get(index, rest)))
                for index in range(len(self._program.names))
            ]
        )

    def _failed(self, index: int, failure: Mapping[str, Any]) -> Evaluation:
        name, formula = self._program.names[index], self._program.formulas[index]
        error: FormulaError = failures.as_error(failure, formula, name)
        return Evaluation(MISSING, error)

    def _finish(self, evaluations: list[Evaluation]) -> None:
        self._answered.append(dict(zip(self._program.names, evaluations, strict=True)))
        self._spent, self._deaths = 0.0, 0
        self._culprits = {}


def _bound(variables: Mapping[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in variables.items() if value is not MISSING}
