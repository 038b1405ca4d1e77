"""What each formula of a flow sees and where its value goes, and the lint's findings there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property

from engine.connectors.connector import Resource
from engine.documents.positions import place_text
from engine.errors import FormulaError, Json, Problem
from engine.flows.flow import Step
from engine.flows.library import LoadedFlow
from engine.formulas.lint import UNKNOWN, Finding, Scope, Shape, from_schema, lint, of_fields, record_shape, shape_of
from engine.mappings.paths import list_of, schema_at

Path = tuple[str | int, ...]
Samples = Callable[[str, str], list[Json]]  # connector, resource → its sample records
_MOST_SHOWN = 120  # characters of a proposal that a message shows
_OF_ITEMS = ("match", "key", "instead", "policy", "fields")  # parts of a step with `each` that see an item


@dataclass(frozen=True, slots=True)
class LintProblem(Problem):
    """A finding of the lint. rule: its name; position: the column in the formula; proposal: the formula mended."""

    rule: str = ""
    position: int = 0
    proposal: str | None = None

    def as_json(self) -> dict[str, Json]:
        said = {name: value for name, value in asdict(self).items() if isinstance(value, str) and value}
        return {**said, "position": self.position}


def lint_problems(formula: str, scope: Scope, where: str, severity: str = "warning") -> Iterator[LintProblem]:
    """The findings of one formula, as problems with a caret."""
    for finding in lint(formula, scope):
        caret = FormulaError("", code="", formula=formula, position=finding.position).caret
        is_error = severity == "error" and finding.rule == "unknown_path"
        yield LintProblem(
            where,
            finding.what,
            finding.what_to_do + _written(formula, finding),
            caret=caret,
            severity="error" if is_error else "warning",
            rule=finding.rule,
            position=finding.position,
            proposal=finding.proposal,
        )


def _written(formula: str, finding: Finding) -> str:
    """The proposal where it fits on a line; else only its line that differs."""
    if finding.proposal is None or finding.rule == "unknown_path":
        return ""
    old = formula.split("\n")
    new = [line for line in finding.proposal.split("\n") if line not in old]
    return f" Written: {new[0].strip()}" if len(new) == 1 and len(new[0]) <= _MOST_SHOWN else ""


class FormulaChecks:
    """Lints the formulas of one flow, whose names are known to be right."""

    def __init__(
        self,
        loaded: LoadedFlow,
        text: str,
        where: str,
        samples: Samples,
        known: dict[tuple[str, str], Shape] | None = None,
    ) -> None:
        """known: shapes of records by connector and resource, where several flows of the same connectors share them."""
        self._loaded = loaded
        self._flow = loaded.flow
        self._text = text
        self._where = where
        self._samples = samples
        self._records = {} if known is None else known

    def problems(self, formulas: Iterator[tuple[Path, str]]) -> Iterator[Problem]:
        """formulas: (path, formula) as they stand in the flow's file."""
        for path, formula in formulas:
            # a condition on a field that is not there would hold every record back, in silence
            severity = "error" if path[0] == "source" else "warning"
            found = list(lint_problems(formula, self.scope(path), "", severity))
            if found:
                place = place_text(self._where, path, self._text)
                yield from (replace(problem, where=place) for problem in found)

    def scope(self, path: Path) -> Scope:
        """What the formula at this path of the file sees, and its target."""
        if path[0] == "lookups":
            return self._lookup_scope(str(path[1]))
        if path[0] == "values":
            return self._value_scope(str(path[1]))
        if path[0] == "steps":
            return self._step_scope(self._flow.steps[int(path[1])], path)
        if path[0] == "preconditions":
            return self._precondition_scope(int(path[1]))
        if path[0] == "reconcile":
            is_target = path[1] == "target_sum"  # of several resources: which fields there are is checked elsewhere
            return Scope(variables=self._steady) if is_target else self._record_scope({"values": _open(self._values)})
        if path == ("source", "since"):
            return Scope(variables=self._steady)
        return replace(self._record_scope({}), holding=())

    # --- records

    def _record(self, connector: str, resource: str) -> Shape:
        """The shape of a resource's record; unknown where there is no such resource."""
        key = (connector, resource)
        if key not in self._records:
            held = self._resource(connector, resource)
            samples = self._samples(connector, resource) if held else []
            self._records[key] = record_shape(held.schema, samples) if held else UNKNOWN
        return self._records[key]

    def _resource(self, connector: str, resource: str) -> Resource | None:
        known = self._loaded.connectors.get(connector)
        return known.resources.get(resource) if known else None

    @cached_property
    def _source(self) -> Shape:
        return self._record(self._flow.source.connector, self._flow.source.resource)

    @cached_property
    def _steady(self) -> dict[str, Shape]:
        """What is the same for all records: answers and facts."""
        facts = {name: self._facts(name) for name in self._loaded.connectors}
        facts |= {"source": facts[self._flow.source.connector], "target": facts[self._flow.target()]}
        return {"answers": self._answers, "facts": of_fields(facts)}

    @cached_property
    def _answers(self) -> Shape:
        """The answers; a question with a default is always answered. A name that is none is told of elsewhere."""
        questions = self._flow.questions.get("properties", {})
        fields = {name: from_schema(about) for name, about in questions.items()}
        answered = {n: replace(s, may_be_missing="default" not in questions[n]) for n, s in fields.items()}
        return replace(of_fields(answered), rest=UNKNOWN)

    def _facts(self, connector: str) -> Shape:
        facts = self._loaded.connectors[connector].facts
        shapes = {n: shape_of(f.value, Scope(record=self._record(connector, f.resource))) for n, f in facts.items()}
        # a fact is of the whole account: that it could be null is no concern of each formula
        return of_fields({name: replace(shape.perhaps(), may_be_null=False) for name, shape in shapes.items()})

    # --- values and steps

    def _record_scope(self, variables: Mapping[str, Shape]) -> Scope:
        seen = {**self._steady, "record": self._source, **variables}
        return Scope(self._source, "the source", seen, holding=tuple(c.formula for c in self._flow.source.where))

    @cached_property
    def _values(self) -> dict[str, Shape]:
        """The shape of each named value, from its formula and those before it."""
        found: dict[str, Shape] = {}
        for name, formula in self._flow.values.items():
            shape = shape_of(formula, self._record_scope({"values": _open(found)}))
            # a value that is written out is a setting: comparing with it is no mistake
            settled = shape.choices is not None and len(shape.choices) == 1
            found[name] = replace(shape, choices=None if settled else shape.choices, constant=UNKNOWN.constant)
        return found

    def _value_scope(self, name: str) -> Scope:
        names = list(self._values)
        before = {n: self._values[n] for n in names[: names.index(name)]} if name in names else {}
        return self._record_scope({"values": _open(before)})

    def _steps_before(self, step: Step) -> Shape:
        found: dict[str, Shape] = {}
        for earlier in self._flow.steps:
            if earlier is step:
                break
            record = self._record(earlier.connector, earlier.resource).perhaps()
            found[earlier.name] = replace(of_fields({}), rest=record) if earlier.each is not None else record
        return _open(found)

    def _step_scope(self, step: Step, path: Path) -> Scope:
        seen: dict[str, Shape] = {"values": _open(self._values), "steps": self._steps_before(step)}
        record = self._record(step.connector, step.resource)
        part = str(path[2])
        if path[2:] == ("match", "where"):
            seen |= {"match": UNKNOWN, "scope": UNKNOWN}
            return Scope(record, "the target's records", {**self._steady, "record": self._source, **seen})
        if part == "after":
            seen["answer"] = record
        scope = self._record_scope(seen)
        if step.when and part != "when":
            scope = replace(scope, holding=(*scope.holding, step.when))
        if step.each is not None and part in _OF_ITEMS:
            scope = _for_items(scope, step.each)
        if part == "match" and path[3] == "formula" and step.match:
            return self._aimed(scope, step, step.match.field)
        return self._field_scope(scope, step, str(path[3]), str(path[4])) if part == "fields" else scope

    def _field_scope(self, scope: Scope, step: Step, field: str, part: str) -> Scope:
        inside = list_of(field)
        if inside is not None:
            lists = {mapping.path: mapping.formula for mapping in step.fields if mapping.is_list}
            scope = _for_items(scope, lists.get(inside[0], ""))
        return scope if part == "each" else self._aimed(scope, step, field)

    def _aimed(self, scope: Scope, step: Step, field: str) -> Scope:
        resource = self._resource(step.connector, step.resource)
        schema = schema_at(resource.schema, field) if resource else None
        return scope if schema is None else replace(scope, target=from_schema(schema), target_path=field)

    def _precondition_scope(self, place: int) -> Scope:
        each = self._flow.preconditions[place].each
        if each is None:
            return Scope(variables=self._steady)
        return Scope(self._record(each.connector, each.resource), f"{each.resource} of {each.connector}", self._steady)

    def _lookup_scope(self, name: str) -> Scope:
        refers = self._flow.lookups[name].refers
        record = self._record(refers.connector, refers.resource) if refers else UNKNOWN
        return Scope(record, f"{refers.resource} of {refers.connector}" if refers else "the record", self._steady)


def _for_items(scope: Scope, each: str) -> Scope:
    """What the formulas of a list's items see: the item, as far as the list's formula tells."""
    item = replace(shape_of(each, scope).one(), may_be_missing=False, may_be_null=False) if each else UNKNOWN
    number = from_schema({"type": "integer"})
    variables = {"record": scope.record, **scope.variables, "index": replace(number, may_be_missing=False)}
    return replace(scope, record=item, called="the items", variables=variables, holding=())


def _open(fields: Mapping[str, Shape]) -> Shape:
    """An object whose unknown names are told of elsewhere."""
    return replace(of_fields(fields), rest=UNKNOWN)
