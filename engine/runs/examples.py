"""Examples of a flow, tried: each given record goes through the flow as in a run, without any system.

What a system would have said stands in the example: facts, lookups, answers. What it leaves out is as it is where
nothing is known yet: no facts, lookups as they are written, ids as «placeholders», nothing found in the target.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from engine.errors import FormulaError, Json, Problem, RecordProblem
from engine.flows.flow import Example, Flow
from engine.flows.library import LoadedFlow
from engine.formulas import Environment, Formulas, LookupTable
from engine.mappings.finish import PLACEHOLDER
from engine.runs.checks import condition_formulas, verdict
from engine.runs.reshaping import Reshaping, offline_environment

USUAL_NOW = "2026-01-01T12:00:00Z"  # a fixed clock: an example that names none gives the same every day
NO_STEP = "no step is done"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an example's record. kind: one of OUTCOMES; steps: by step the fields sent, for `expected`;
    problems: why it is parked; reason: why it waits or is skipped.
    """

    kind: str
    steps: Mapping[str, Json] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    reason: str = ""

    def as_document(self) -> dict[str, Json]:
        """As it stands in an example."""
        if self.kind == "expected":
            return {"expected": dict(self.steps)}
        if self.kind == "parked":
            reasons = [problem.what for problem in self.problems]
            return {"parked": reasons[0] if len(reasons) == 1 else reasons}
        return {self.kind: self.reason}


def tried_examples(loaded: LoadedFlow, formulas: Formulas, having: str = "") -> Iterator[tuple[Example, Outcome]]:
    """Each example whose title has this text, with what became of its record.

    FormulaError or DocumentError where the flow cannot be opened.
    """
    wanted = [example for example in loaded.flow.examples if having.casefold() in example.title.casefold()]
    if not wanted:
        return
    conditions = Conditions(loaded.flow, formulas)
    reshaping = Reshaping(loaded, formulas, example_environment(loaded, wanted[0]), None)  # compiled once for all
    for example in wanted:
        yield example, _tried(example, reshaping.under(example_environment(loaded, example)), conditions)


def example_environment(loaded: LoadedFlow, example: Example) -> Environment:
    """The clock, answers, facts and lookups an example is tried with."""
    flow = loaded.flow
    usual = offline_environment(loaded, flow.answers(example.answers))
    tables = {
        name: LookupTable(name, table.title, dict(example.lookups.get(name, table.rows)), table.otherwise, table.value)
        for name, table in usual.lookups.items()
    }
    variables = {**usual.variables, "facts": _facts(flow, example)}
    now = datetime.fromisoformat((example.now or USUAL_NOW).replace("Z", "+00:00"))
    return Environment(now, variables, tables, usual.zone)


def _facts(flow: Flow, example: Example) -> dict[str, Json]:
    """By connector, and again as `source` and `target`, whichever of the two names the example uses."""
    facts: dict[str, Json] = {name: dict(example.facts.get(name, {})) for name in flow.connectors()}
    sides = {"source": flow.source.connector, "target": flow.target()}
    for side, name in sides.items():
        facts[name] |= example.facts.get(side, {})
    return facts | {side: facts[name] for side, name in sides.items()}


def _tried(example: Example, reshaping: Reshaping, conditions: Conditions) -> Outcome:
    outcome = outcome_of(example.given, example.steps, reshaping, conditions)
    if outcome.kind == "expected" and not outcome.steps:
        return Outcome("skipped", reason=NO_STEP)
    return outcome


def outcome_of(
    record: Json, answered: Mapping[str, Mapping[str, Json]], reshaping: Reshaping, conditions: Conditions
) -> Outcome:
    """What becomes of a record that is due, even where no step is done; answered: as `Reshaping.record` has it."""
    try:
        held_back = conditions.verdict(record, reshaping.environment)
        if held_back is not None:
            return held_back
        return Outcome("expected", steps=as_written(reshaping.record(record, answered)))
    except RecordProblem as problem:
        return Outcome("parked", problems=tuple(map(_plain_problem, problem.problems)))
    except FormulaError as error:
        return Outcome("parked", problems=(_plain_problem(error.as_problem()),))


class Conditions:
    """What the source's conditions say of a record, as a run reads them."""

    def __init__(self, flow: Flow, formulas: Formulas) -> None:
        self._formulas = formulas
        self._source = flow.source
        self._program = formulas.program(condition_formulas(flow.source))

    def verdict(self, record: Json, environment: Environment) -> Outcome | None:
        """Why the record is skipped or waits; None where it is due. RecordProblem where a condition fails on it."""
        found = self._formulas.evaluate(self._program, environment, [(record, {})])[0]
        state, reason = verdict(self._source, found)
        return None if state == "due" else Outcome(state, reason=reason)


def as_written(value: Json) -> Json:
    """A value as people write it: placeholders as «placeholders», without the sign that tells them from texts."""
    if isinstance(value, dict):
        return {name: as_written(held) for name, held in value.items()}
    if isinstance(value, list):
        return [as_written(held) for held in value]
    return value.replace(PLACEHOLDER, "«") if isinstance(value, str) else value


def _plain_problem(problem: Problem) -> Problem:
    return replace(problem, what=as_written(problem.what))
