"""The jobs of one `evaluate` call: sent in portions, answered one by one, taken up again after a death."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.errors import FormulaError, Json
from engine.formulas import failures
from engine.formulas.guarded.frames import encoded
from engine.formulas.guarded.process import WorkerGone, WorkerProcess
from engine.formulas.missing import MISSING
from engine.formulas.shared import Shared
from engine.formulas.terms import Environment, Evaluation, Program

_PORTION_JOBS = 64
_PORTION_CHARS = 500_000
_LEAST_SECONDS = 0.08  # what a record's other formulas get after one used up its time


@dataclass(frozen=True, slots=True)
class Common:
    """What all jobs of a call share, written as JSON once: variables, and the name of the chained one.

    held: values a worker is sent once; `text` then has, of the variables, only the others.
    """

    text: str
    held: Shared | None = None
    names: str = "{}"  # of the variables held, with their numbers

    @classmethod
    def of(cls, variables: Mapping[str, Json], chain: str) -> Common:
        if not isinstance(variables, Shared):
            return cls(f"{encoded(_bound(variables))},{encoded(chain)}")
        numbers = {n: held.number for n, v in variables.items() if (held := variables.held_as(v)) is not None}
        others = {n: v for n, v in variables.items() if n not in numbers}
        return cls(f"{encoded(_bound(others))},{encoded(chain)}", variables, encoded(numbers))


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
        at_hand: Sequence[Mapping[int, Any]] | None = None,
    ) -> None:
        self._at_hand = at_hand  # for each job, what need not be asked, by the formula's number
        self.program = program
        self._jobs = jobs
        self._common = common
        self._seconds = seconds
        self._grace = grace_seconds
        self.monotonic = monotonic
        self._answered: list[dict[str, Evaluation]] = []
        self._spent = 0.0  # seconds the next job has cost in workers that died
        self._deaths = 0  # how many workers died of it
        self._culprits: dict[int, str] = {}  # its formulas that ended a worker, with the error's code

    @property
    def done(self) -> bool:
        return len(self._answered) == len(self._jobs)

    def results(self) -> list[dict[str, Evaluation]]:
        return self._answered

    @property
    def held(self) -> Shared | None:
        return self._common.held

    def work(self, worker: WorkerProcess, environment: Environment) -> None:
        """Let the worker answer as much as it can; returns when all is done or the worker is no more."""
        while not self.done and not worker.tired:
            work_together([self], worker, environment)

    def portion(self, environment: Environment) -> tuple[str, list[float]]:
        """The next jobs as a request (without held values) or part of one, and the seconds of each answer."""
        jobs, size = [], 0
        at = len(self._answered)
        if self._culprits:
            left = max(self._seconds - self._spent, _LEAST_SECONDS)
            skipped = [*self._culprits, *(i for i in self._known(at) if i not in self._culprits)]
            jobs, seconds = [self._written(at, skipped, left)], [left + min(self._grace, _LEAST_SECONDS)]
        else:
            for number in range(at, min(len(self._jobs), at + _PORTION_JOBS)):
                jobs.append(self._written(number, list(self._known(number))))
                size += len(jobs[-1])
                if size > _PORTION_CHARS:
                    break
            seconds = [self._seconds + self._grace] * len(jobs)
        if self._common.held is None:
            head = encoded(["jobs", self.program.id, environment.number])
            return f"{head[:-1]},{self._common.text},[{','.join(jobs)}]]", seconds
        records = encoded([self._number(self._jobs[at + i][0]) for i in range(len(jobs))])
        head = encoded(self.program.id)
        return f"[{head},{self._common.names},{self._common.text},{records},[{','.join(jobs)}]]", seconds

    def _written(self, number: int, skipped: list[int], seconds: float | None = None) -> str:
        record, variables = self._jobs[number]
        job: list[Any] = [None if self._number(record) else record, _bound(variables)]
        if skipped or seconds is not None:
            job += [skipped, seconds]
        return encoded(job)

    def _number(self, record: Json) -> int:
        """The number of a record that is held; 0 for one that goes along."""
        held = self._common.held.held_as(record) if self._common.held is not None else None
        return held.number if held is not None else 0

    def _known(self, number: int) -> Mapping[int, Any]:
        return self._at_hand[number] if self._at_hand is not None else {}

    def take(self, answer: Any, worker: WorkerProcess) -> None:
        """Turn a worker's answer into the job's evaluations."""
        values, missing, errors, tired = answer
        worker.tired = worker.tired or tired
        evaluations = [Evaluation(value) for value in values]
        for index in missing:
            evaluations[index].value = MISSING
        for index, failure in errors.items():
            evaluations[int(index)] = self._failed(int(index), failure)
        for index, value in self._known(len(self._answered)).items():
            evaluations[index] = Evaluation(value)
        for index, code in self._culprits.items():
            evaluations[index] = self._failed(index, failures.of_code(code))
        self._finish(evaluations)

    def mourn(self, gone: WorkerGone, seconds: float) -> None:
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
                for index in range(len(self.program.names))
            ]
        )

    def _failed(self, index: int, failure: Mapping[str, Any]) -> Evaluation:
        name, formula = self.program.names[index], self.program.formulas[index]
        error: FormulaError = failures.as_error(failure, formula, name)
        return Evaluation(MISSING, error)

    def _finish(self, evaluations: list[Evaluation]) -> None:
        self._answered.append(dict(zip(self.program.names, evaluations, strict=True)))
        self._spent, self._deaths = 0.0, 0
        self._culprits = {}


def work_together(batches: Sequence[Batch], worker: WorkerProcess, environment: Environment) -> None:
    """The next portion of each batch in one request; the batches share one set of held values, or there is one.

    When the worker dies, the batch whose answer was awaited learns of it and the ones after it stay as they are.
    """
    monotonic = batches[0].monotonic
    portions = [batch.portion(environment) for batch in batches]
    started = monotonic()
    current = batches[0]
    try:
        for batch in batches:
            worker.teach(batch.program, environment)
        request = portions[0][0]
        if batches[0].held is not None:
            request = _with_held(batches[0].held, [text for text, _ in portions], worker, environment)
        seconds = [each for _, allowed in portions for each in allowed]
        owners = [batch for batch, (_, allowed) in zip(batches, portions, strict=True) for _ in allowed]
        current = owners[0]
        for number, answer in enumerate(worker.ask_text(request, len(seconds), seconds)):
            owners[number].take(answer, worker)
            current = owners[min(number + 1, len(owners) - 1)]
            started = monotonic()
    except WorkerGone as gone:
        worker.tired = True
        current.mourn(gone, monotonic() - started)


def _with_held(held: Shared, groups: list[str], worker: WorkerProcess, environment: Environment) -> str:
    """The request with those values in front that the worker does not know yet."""
    new, old = worker.hold({each.number: len(each.text) for each in held.held.values() if each.is_small})
    texts = ",".join(f'"{each.number}":{each.text}' for each in held.held.values() if each.number in new)
    return f'["held",{{{texts}}},{encoded(old)},{environment.number},[{",".join(groups)}]]'


def _bound(variables: Mapping[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in variables.items() if value is not MISSING}
