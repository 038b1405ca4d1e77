"""Deliver: take one record through the steps of its flow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.connectors.clock import Clock
from engine.errors import Json, Problem, RecordProblem
from engine.flows.flow import Check
from engine.formulas import MISSING, Ask, Evaluation, Jobs, Program, Shared
from engine.runs.aim import Aim, Place, Remembered, Seam, no_seam, nothing_else
from engine.runs.checks import check_problems, given_values
from engine.runs.gathering import Member
from engine.runs.ledger import Ledger
from engine.runs.made_otherwise import MadeOtherwise, OtherDocuments
from engine.runs.opening import OpenFlow, OpenStep
from engine.runs.places import in_step
from engine.runs.plan import Plan
from engine.runs.results import CREATED, PARKED, SKIPPED, UNCHANGED, UPDATED, Delivered, MadeWithError, StepResult
from engine.runs.writing import Writer

OnExchange = Callable[[str, Any], None]  # (step, exchange)


@dataclass(slots=True)
class UnderWay:
    """One record on its way through the steps. variables: what formulas see beside it: values, and the steps' answers
    so far; done: what came of it so far.
    """

    key: str
    record: dict[str, Json]
    writer: Writer
    on_exchange: OnExchange
    variables: Shared
    done: Delivered

    def see(self, **variables: Json) -> None:
        self.variables = self.variables.changed(**variables)


class Delivery:
    """Delivers records of one opened flow; shared by the run's threads.

    as_well: somebody wants a document although another kind of it is there; updates: what the record became is
    updated where it is there; compares: a dry one also notes what it leaves alone; anew: and what it would
    make a second time, since it is not found any more; made_as: the number under which somebody has found what has an
    unknown outcome; not_there: somebody has found that it is not there; resend: what would be sent as it was sent last
    is sent all the same.
    """

    def __init__(
        self,
        opened: OpenFlow,
        ledger: Ledger,
        clock: Clock,
        *,
        dry: bool = False,
        as_well: bool = False,
        updates: bool = False,
        compares: bool = False,
        anew: bool = False,
        made_as: str = "",
        not_there: bool = False,
        resend: bool = False,
        seam: Seam = no_seam,
    ) -> None:
        self._opened = opened
        self._ledger = ledger
        self._clock = clock
        self._dry = dry
        self._as_well = as_well
        self._updates = updates
        self._compares = compares
        self._anew = anew
        self._made_as = made_as
        self._not_there = not_there
        self._resend = resend
        self._seam = seam
        self._remembered = Remembered()

    def deliver(
        self, key: str, record: dict[str, Json], on_exchange: OnExchange, member: Member | None = None
    ) -> Delivered:
        """Run the steps in order; a record that cannot be delivered comes back parked, with its problems. member: of
        those that are written in one request.

        Raises TryAgain (later) and SignInNeeded, AddressRefused or LedgerError (the run cannot go on).
        """
        plan = Plan(compares=self._compares, anew=self._anew) if self._dry else None
        writer = Writer(
            self._ledger,
            self._opened.formulas,
            self._opened.environment,
            self._clock,
            self._remembered,
            plan,
            self._seam,
            member=member,
            made_as=self._made_as,
            not_there=self._not_there,
            resend=self._resend,
        )
        done = Delivered(UNCHANGED)
        variables = Shared({"record": record})  # the record goes to a formula worker once
        one = UnderWay(key, record, writer, on_exchange, variables, done)
        try:
            one.see(values=self._values(record, variables), steps={})
            self._steps(self._opened.steps, one)
            _conclude(done, self._opened)
        except RecordProblem as problem:
            done.outcome, done.reason = PARKED, problem.problems[0].what
            done.problems = list(problem.problems)
            if isinstance(problem, MadeWithError):
                done.results.append(problem.result)
            main = _main_result(done, self._opened)
            done.target_number = (main.number or main.key) if main else None
        done.seen = {"steps": self._read_later(one.variables.get("steps", {}))}
        if plan is not None:
            done.planned, done.left = plan.requests, plan.left
        return done

    def _values(self, record: Json, variables: Shared) -> dict[str, Json]:
        found = self._opened.formulas.evaluate(
            self._opened.values, self._opened.environment, [(record, {})], shared=variables, chain="values"
        )[0]
        return {name: value for name, value in given_values(found, "value").items() if value is not MISSING}

    def _read_later(self, answers: Json) -> Json:
        """The answers without the fields that no formula of the flow names."""
        if not isinstance(answers, dict):
            return answers
        return {
            name: self._read_later(held)
            for name, held in answers.items()
            if isinstance(held, dict) or name in self._opened.words
        }

    def _steps(self, steps: list[OpenStep], one: UnderWay) -> None:
        for i, step in enumerate(steps):
            try:
                self._step(step, one)
            except RecordProblem as problem:
                problem.problems = tuple(in_step(each, step.step.name) for each in problem.problems)
                raise
            except MadeOtherwise as there:
                one.done.reason = str(there)
                self._take(there.made, there.result, one)
                source = self._opened.loaded.flow.source.connector
                back = [each for each in steps[i + 1 :] if each.step.connector == source]
                if there.result.done == CREATED:  # nobody was told yet, so neither was the source
                    self._steps(back, one)
                return

    def _step(self, step: OpenStep, one: UnderWay) -> None:
        record, variables = one.record, one.variables
        self._ask_ahead(step, record, variables)
        gates = self._evaluate(step.gates, record, variables, step.where)
        if step.step.when is not None and gates["when"] is not True:
            return
        if step.before is not None:
            self._check(step.step.before, step.before, record, variables, step)
        place = Place(
            self._opened.name,
            self._opened.binding,
            one.key,
            step.is_main,
            lambda exchange: one.on_exchange(step.step.name, exchange),
        )
        place.before_creating = self._no_second(step, one, place)
        if step.step.each is None:
            result = one.writer.write(step, record, variables, self._aim(step, record, variables), place)
            self._take(step, result, one)
            return
        answers: dict[str, Json] = {}
        met: set[str] = set()
        for item, aim in self._items(step, gates["each"], variables):
            if aim.identity in met:
                continue
            met.add(aim.identity)
            result = one.writer.write(step, item, variables, aim, place)
            answers[str(aim.match)] = result.record
            one.done.results.append(result)
        one.see(steps={**variables["steps"], step.step.name: answers})

    def _take(self, step: OpenStep, result: StepResult, one: UnderWay) -> None:
        """A step for the record itself is over: its answer is seen from now on, and checked."""
        one.see(steps={**one.variables["steps"], step.step.name: result.record})
        one.done.results.append(result)
        if step.after is not None and result.done in (CREATED, UPDATED) and not self._dry:
            seen = one.variables.changed(answer=result.record)
            self._check(step.step.after, step.after, one.record, seen, step)

    def _no_second(self, step: OpenStep, one: UnderWay, place: Place) -> Callable[[], None]:
        """What is looked at before this step makes the record's document: whether it has one of another kind."""
        others = [other for other in self._opened.steps if other.is_main and other is not step]
        if not (step.is_main and others) or self._as_well:
            return nothing_else
        record, variables = one.record, one.variables
        other = OtherDocuments(
            self._ledger,
            one.writer,
            place,
            lambda each: self._aim(each, record, variables),
            lambda each: self._is_wanted(each, record, variables),
            self._dry,
        )
        return lambda: other.refuse_second(step, others)

    def _is_wanted(self, step: OpenStep, record: Json, variables: Mapping[str, Json]) -> bool:
        """Does the flow do this step for the record, as far as it can be told by now?"""
        found = self._opened.formulas.evaluate(
            step.gates, self._opened.environment, [(record, {})], shared=Shared(variables)
        )
        return _opens(found[0])

    def _ask_ahead(self, step: OpenStep, record: Json, variables: Shared) -> None:
        """Let a step for one item ask all it will ask of the formulas in one journey to a worker."""
        formulas, environment = self._opened.formulas, self._opened.environment
        jobs: Jobs = [(record, {})]
        gates = formulas.at_hand(step.gates, environment, jobs, variables)
        if step.step.each is not None or (gates is not None and not _opens(gates[0])):
            return
        asks: list[Ask] = [(step.gates, jobs), (step.aims, jobs)]
        if step.before is not None:
            asks.append((step.before, jobs))
        formulas.ask_ahead(environment, asks + step.fields.asks(record, variables, environment), variables)

    def _items(self, step: OpenStep, each: Json, variables: Mapping[str, Json]) -> list[tuple[Json, Aim]]:
        items = [] if each is MISSING or each is None else each if isinstance(each, list) else [each]
        results = self._opened.formulas.evaluate(
            step.aims, self._opened.environment, [(i, {}) for i in items], shared=variables
        )
        return [
            (item, self._aimed(step, given_values(result, step.where)))
            for item, result in zip(items, results, strict=True)
        ]

    def _aim(self, step: OpenStep, item: Json, variables: Mapping[str, Json]) -> Aim:
        return self._aimed(step, self._evaluate(step.aims, item, variables, step.where))

    def _aimed(self, step: OpenStep, found: Mapping[str, Json]) -> Aim:
        aim = _aim(step, found)
        makes = step.is_main and aim.policy in ("skip_if_exists", "create")
        return replace(aim, policy="create_or_update") if self._updates and makes else aim

    def _evaluate(self, program: Program, record: Json, variables: Mapping[str, Json], where: str) -> dict[str, Json]:
        results = self._opened.formulas.evaluate(program, self._opened.environment, [(record, {})], shared=variables)[0]
        return given_values(results, where)

    def _check(
        self,
        checks: tuple[Check, ...],
        program: Program,
        record: Json,
        variables: Mapping[str, Json],
        step: OpenStep,
    ) -> None:
        found = self._evaluate(program, record, variables, step.where)
        problems = check_problems(checks, found, step.where, self._opened.source.title, step.system.title)
        if problems:
            raise RecordProblem(problems)


def _opens(gates: Mapping[str, Evaluation]) -> bool:
    return "when" not in gates or gates["when"].value is True


def _aim(step: OpenStep, found: Mapping[str, Json]) -> Aim:
    def value(name: str) -> Json:
        held = found.get(name)
        return None if held is MISSING or held == "" else held

    return Aim(
        value("match"),
        value("scope"),
        value("key"),
        str(value("policy") or step.step.policy),
        value("instead"),
    )


def _main_result(done: Delivered, opened: OpenFlow) -> StepResult | None:
    """What made the record's own in the target, else the last that met it there."""
    main = {s.step.name for s in opened.steps if s.is_main}
    results = [r for r in reversed(done.results) if r.step in main]
    return next((r for r in results if r.done == CREATED), results[0] if results else None)


def _conclude(done: Delivered, opened: OpenFlow) -> None:
    """The record's outcome: that of its main step, or updated where only something beside it changed."""
    main = _main_result(done, opened)
    if main is None:
        advice = "Look at the conditions (when) of the flow's steps, and at its answers."
        raise RecordProblem([Problem("the flow's steps", "no step of the flow applies to it", advice)])
    source = opened.loaded.flow.source.connector
    outward = {s.step.name for s in opened.steps if s.step.connector != source}
    done.target_number = main.number or main.key
    changed = any(r.done in (CREATED, UPDATED) for r in done.results if r.step in outward)
    done.outcome = main.done if main.done != UNCHANGED or not changed else UPDATED
    if done.outcome == SKIPPED:
        done.reason = "; ".join(dict.fromkeys(r.reason for r in done.results if r.reason))
