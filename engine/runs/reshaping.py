"""Reshaping without writing: what the flow's steps would send for a record, from text to text. For `map` and `test`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

from engine.connectors.connector import Resource
from engine.documents.quick_json import read_line, write_line
from engine.documents.schemas import explain
from engine.documents.strict_json import StrictJsonError
from engine.documents.workspace import Workspace
from engine.errors import DocumentError, FormulaError, Json, Problem, RecordProblem
from engine.flows.check import load_sound_flow
from engine.flows.flow import Step
from engine.flows.library import LoadedFlow
from engine.formulas import MISSING, Environment, Formulas, LookupTable, Program
from engine.mappings.mapping import Body, Write
from engine.mappings.mapping import Mapping as FieldMappings
from engine.runs.checks import check_problems, checks_program, given_values, zone_of
from engine.runs.plan import placeholders
from engine.runs.reading import flow_formulas

_ONE_A_LINE = "One JSON object stands on each line; `jq -c '.[]' FILE` makes such lines of a file that is one list."
_FACTS = re.compile(r"\$facts\b")
_NO_ANSWERS: Mapping[str, Mapping[str, Json]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class _Shape:
    """A step as it reshapes a record."""

    step: Step
    resource: Resource
    system: str
    where: str
    fields: FieldMappings
    gates: Program
    match: Program | None
    before: Program | None
    write: Write


class Reshaping:
    """A flow's steps, or one of them, over any number of records. environment: the clock, answers, facts, lookups."""

    def __init__(self, loaded: LoadedFlow, formulas: Formulas, environment: Environment, step: str | None) -> None:
        self._formulas = formulas
        self.environment = environment
        self._values = formulas.program(loaded.flow.values)
        self._source = loaded.connectors[loaded.flow.source.connector].title
        self._shapes = [_shape(each, loaded, formulas) for each in loaded.flow.steps]
        self._only = _chosen(loaded, step)
        self._lone = self._shapes[0] if len(self._shapes) == 1 and not loaded.flow.values else None
        if self._lone is not None and (self._lone.gates.names or self._lone.before is not None):
            self._lone = None

    def chunk(self, lines: bytes, first: int) -> tuple[bytes, bytes, int]:
        """Whole lines, the number of the first → NDJSON of the results, NDJSON of the failures, how many failed."""
        results: list[bytes] = []
        failures: list[bytes] = []
        numbered = enumerate(lines.split(b"\n"), first)
        at_once = self._lone.fields.function(self.environment, self._lone.write) if self._lone is not None else None
        if at_once is None:
            made = self._together(numbered)
        else:
            made = ((number, self._alone(line)) for number, line in _left(numbered, at_once, results))
        for number, body in made:
            if type(body) is RecordProblem:
                failures.append(_failure(number, body))
            elif body is not MISSING:
                results.append(write_line(body))
        return b"".join(results), b"".join(failures), len(failures)

    def _alone(self, line: bytes) -> Json | RecordProblem:
        return self._guarded(_record(line))

    def _together(self, numbered: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, Json | RecordProblem]]:
        """What became of each line, what is not plain asked for all of them together."""
        read = [(number, _record(line)) for number, line in numbered if line and not line.isspace()]
        bodies = self._bodies([record for _, record in read if type(record) is dict])
        for number, record in read:
            body = next(bodies) if type(record) is dict else None
            if body is None:
                yield number, self._guarded(record)
            else:
                yield number, RecordProblem(body.problems) if body.problems else body.fields

    def _bodies(self, records: list[Json]) -> Iterator[Body | None]:
        """What the compiled mapping makes of each; None for one that takes a closer look."""
        if self._lone is None:
            return iter([None] * len(records))
        return iter(self._lone.fields.many(records, self.environment, self._lone.write))

    def _guarded(self, record: Json | RecordProblem) -> Json | RecordProblem:
        if isinstance(record, RecordProblem):
            return record
        try:
            made = self.record(record)
        except RecordProblem as problem:
            return problem
        except FormulaError as error:
            return RecordProblem([error.as_problem()])
        return made if self._only is None else made.get(self._only, MISSING)

    def under(self, environment: Environment) -> Reshaping:
        """The same flow at another clock, with other answers, facts and lookups; nothing is compiled anew."""
        other = copy(self)
        other.environment = environment
        return other

    def record(self, record: Json, answered: Mapping[str, Mapping[str, Json]] = _NO_ANSWERS) -> dict[str, Json]:
        """What each step would send, by its name; a list for a step that is done for several items, nothing for one
        that would not be done. RecordProblem names what is wrong.

        answered: by step what the target is said to answer, over the placeholders; by match value for several items.
        """
        values = self._evaluated(self._values, record, {"record": record}, "value", chain="values")
        steps: dict[str, Json] = {}
        found: dict[str, Json] = {}
        for shape in self._shapes:
            variables = {"record": record, "values": values, "steps": steps}
            gates = self._evaluated(shape.gates, record, variables, shape.where)
            if shape.step.when is not None and gates.get("when") is not True:
                continue
            if shape.before is not None:
                seen = self._evaluated(shape.before, record, variables, shape.where, keeps_missing=True)
                problems = check_problems(shape.step.before, seen, shape.where, self._source, shape.system)
                if problems:
                    raise RecordProblem(problems)
            told = answered.get(shape.step.name, {})
            if shape.step.only_looks:
                steps[shape.step.name] = dict(told)  # what is not told is not there
            elif shape.step.each is None:
                found[shape.step.name], answer, _ = self._sent(shape, record, variables)
                steps[shape.step.name] = {**answer, **told}
            else:
                each = gates.get("each")
                items = [] if each is None else each if isinstance(each, list) else [each]
                made = [self._sent(shape, item, variables) for item in items]
                found[shape.step.name] = [fields for fields, _, _ in made]
                steps[shape.step.name] = {match: {**answer, **told.get(match, {})} for _, answer, match in made}
        return found

    def _sent(
        self, shape: _Shape, item: Json, variables: dict[str, Json]
    ) -> tuple[dict[str, Json], dict[str, Json], str]:
        """The fields, what the target would answer with placeholders for what it gives itself, and the match value."""
        body = shape.fields.made(item, variables, self.environment, shape.write)
        if body.problems:
            raise RecordProblem(body.problems)
        match: Json = ""
        if shape.match is not None:
            match = self._evaluated(shape.match, item, variables, shape.where).get("match", "")
        return body.fields, {**placeholders(shape.resource, match), **body.fields}, str(match)

    def _evaluated(
        self,
        program: Program,
        record: Json,
        variables: Mapping[str, Json],
        where: str,
        *,
        chain: str = "",
        keeps_missing: bool = False,
    ) -> dict[str, Json]:
        found = self._formulas.evaluate(program, self.environment, [(record, {})], shared=variables, chain=chain)[0]
        given = given_values(found, where)
        return given if keeps_missing else {name: value for name, value in given.items() if value is not MISSING}


def _shape(step: Step, loaded: LoadedFlow, formulas: Formulas) -> _Shape:
    connector = loaded.connectors[step.connector]
    resource = connector.resources[step.resource]
    where = f"step {step.name} ({connector.title}, {resource.title.lower()})"
    gates = {name: text for name, text in (("when", step.when), ("each", step.each)) if text is not None}
    return _Shape(
        step,
        resource,
        connector.title,
        where,
        FieldMappings(formulas, step.fields, resource.schema, where),
        formulas.program(gates),
        formulas.program({"match": step.match.formula}) if step.match else None,
        checks_program(step.before, formulas),
        "update" if step.key is not None or step.policy == "update" else "create",
    )


def _chosen(loaded: LoadedFlow, step: str | None) -> str | None:
    names = [each.name for each in loaded.flow.steps]
    if step is None:
        return names[0] if len(names) == 1 else None
    if step not in names:
        what = f"the flow has no step “{step}”"
        raise DocumentError([Problem("--step", what, f"Its steps are: {', '.join(names)}.")])
    return step


@contextmanager
def open_reshaping(
    workspace: Workspace, flow_name: str, step: str | None, answers: Mapping[str, Json] | None = None
) -> Iterator[Reshaping]:
    """A flow made ready. Only a flow whose formulas ask for facts, or whose lookups name records of the target, needs
    its systems connected. DocumentError, FormulaError, ConnectionMissing or ExchangeError where it cannot be opened.
    """
    with Formulas() as formulas:
        loaded = load_sound_flow(workspace, flow_name, formulas)
        unknown = [name for name in answers or () if name not in loaded.flow.questions.get("properties", {})]
        if unknown:
            asked = ", ".join(loaded.flow.questions.get("properties", {})) or "none"
            what = f"the flow has no question “{unknown[0]}”"
            raise DocumentError([Problem("the answers", what, f"Its questions are: {asked}.")])
        given = loaded.flow.answers(answers)
        wrong = explain(loaded.flow.questions, given)
        if wrong:
            name = str(wrong[0][0][0]) if wrong[0][0] else ""
            what = f"the answer does not fit its question: {wrong[0][1]}"
            raise DocumentError([Problem(f"answer {name}".strip(), what, "Mend the answer.")])
        if needs_systems(loaded):
            from engine.runs.connected import connected_environment  # loads the ledger and HTTP: seldom needed

            environment = connected_environment(workspace, loaded, formulas, given)
        else:
            environment = offline_environment(loaded, given)
        yield Reshaping(loaded, formulas, environment, step)


def needs_systems(loaded: LoadedFlow) -> bool:
    """Whether the flow's formulas cannot be worked out without asking its systems."""
    refers = any(lookup.refers is not None for lookup in loaded.flow.lookups.values())
    return refers or any(_FACTS.search(formula) for _, formula in flow_formulas(loaded.flow))


def offline_environment(loaded: LoadedFlow, answers: Mapping[str, Json]) -> Environment:
    """The environment of a flow that needs no system: answers, and lookups as they are written."""
    tables = {
        name: LookupTable(name, lookup.title, dict(lookup.rows), lookup.otherwise, lookup.value)
        for name, lookup in loaded.flow.lookups.items()
    }
    return Environment(datetime.now(UTC), {"answers": dict(answers), "facts": {}}, tables, zone=zone_of(loaded))


def _left(
    numbered: Iterable[tuple[int, bytes]],
    at_once: Callable[[dict[str, Json]], dict[str, Json]],
    results: list[bytes],
) -> Iterator[tuple[int, bytes]]:
    """Put what each line becomes among the results, and give the lines where that takes a closer look, in order."""
    for number, line in numbered:
        try:
            record = read_line(line)
            if type(record) is dict:
                results.append(write_line(at_once(record)))
                continue
        except Exception:  # whatever it is, the closer look comes to it again, and says it
            if not line or line.isspace():
                continue
        yield number, line


def _record(line: bytes) -> dict[str, Json] | RecordProblem:
    """The record on a line, or why there is none."""
    try:
        record = read_line(line)
    except StrictJsonError as error:
        problem = error.problems[0]
        place = problem.where.removeprefix("line 1, ")
        what = f"{problem.what} ({place})" if place else problem.what
    else:
        if type(record) is dict:
            return record
        what = "it is valid JSON, but no record: an object { … } is needed"
    return RecordProblem([Problem("the line", what, _ONE_A_LINE)])


def _failure(line: int, problem: RecordProblem) -> bytes:
    told = [{name: text for name, text in each.as_json().items() if name != "severity"} for each in problem.problems]
    return write_line({"kind": "failure", "line": line, "problems": told})
