"""What a flow's names point at: systems, resources, fields, questions, lookups, steps, values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass

from engine.connectors.connector import Resource
from engine.documents.positions import place_text
from engine.documents.schemas import explain
from engine.documents.workspace import Document
from engine.errors import FormulaError, Json, Problem
from engine.flows.check_batches import batch_problems
from engine.flows.check_connector import unknown
from engine.flows.check_preconditions import precondition_problems
from engine.flows.check_reconcile import reconcile_problems
from engine.flows.flow import Lookup, Step
from engine.flows.library import LoadedFlow
from engine.flows.schedules import schedule_problems
from engine.formulas.names import FUNCTION_NAMES, names_asked
from engine.mappings.paths import list_of, schema_at

Path = tuple[str | int, ...]
OPEN = "open_question"  # the code of a question that must be answered and is not
_TABLE = re.compile(r"""\$table\(\s*["']([^"']*)["']""")
_NAME = "[A-Za-z_][A-Za-z0-9_]*"
_PART = re.compile(rf"\$(answers|values|steps|facts)\.({_NAME})(?:\.({_NAME}))?")


@dataclass(frozen=True, slots=True)
class PointedProblem(Problem):
    """A name in a formula that nobody knows. position: its column in the formula."""

    position: int = 0

    def as_json(self) -> dict[str, Json]:
        said = {name: value for name, value in asdict(self).items() if isinstance(value, str) and value}
        return {**said, "position": self.position}


class NameChecks:
    """Checks one flow whose files keep their schemas and whose formulas parse."""

    def __init__(self, loaded: LoadedFlow, document: Document, where: str) -> None:
        self._loaded = loaded
        self._flow = loaded.flow
        self._document = document
        self._where = where

    def problems(self) -> list[Problem]:
        """Errors first, then warnings."""
        found = [*self._source(), *self._questions(), *self._lookups(), *self._steps(), *self._variables()]
        for place, what, what_to_do in schedule_problems(self._flow.schedules):
            found.append(Problem(self._at("schedules", *place), what, what_to_do))
        for place, what, what_to_do in precondition_problems(self._loaded):
            found.append(Problem(self._at("preconditions", *place), what, what_to_do))
        for place, what, what_to_do in batch_problems(self._loaded):
            found.append(Problem(self._at(*place), what, what_to_do))
        for place, what, what_to_do in reconcile_problems(self._loaded):
            found.append(Problem(self._at("reconcile", *place), what, what_to_do))
        return sorted(found, key=lambda problem: problem.severity)

    def _at(self, *path: str | int) -> str:
        return place_text(self._where, path, self._document.text)

    def _unknown(self, path: Path, kind: str, name: str, known: Iterable[str], severity: str = "error") -> Problem:
        return unknown(self._at(*path), kind, name, known, severity)

    # --- source, questions, lookups

    def _source(self) -> Iterator[Problem]:
        source = self._flow.source
        connector = self._loaded.connectors[source.connector]
        if source.resource not in connector.resources:
            yield self._unknown(
                ("source", "resource"), f"resource of {connector.title}", source.resource, connector.resources
            )
        elif connector.resources[source.resource].operation("read") is None:
            yield Problem(
                self._at("source", "resource"),
                f"{connector.title} has no way to read {source.resource}",
                "Choose a resource that can be read.",
            )

    def _questions(self) -> Iterator[Problem]:
        questions, answers = self._flow.questions, self._flow.answers()
        properties = questions.get("properties", {})
        missing = [name for name in questions.get("required", ()) if name not in answers]
        for name in missing:
            title = properties.get(name, {}).get("title", name)
            at = self._at("questions", "properties", name)
            yield Problem(
                at, f"the question “{title}” is not answered", "Answer it: the flow cannot run without.", OPEN
            )
        for path, sentence in explain(questions, answers):
            if path:
                at, what = self._at("questions", "properties", path[0], "default"), "the answer does not fit"
                yield Problem(at, f"{what}: {sentence}", "Mend the answer or the question.")
            elif not missing:  # what lacks was said by name, as far as it is always needed
                what = "the answers do not fit together"
                yield Problem(self._at("questions"), f"{what}: {sentence}", "Answer what is asked.", OPEN)
        for name, about in properties.items():
            yield from self._live_options(name, about.get("x-options") if isinstance(about, Mapping) else None)

    def _live_options(self, question: str, about: Json) -> Iterator[Problem]:
        """The system and the resource that a question's options are read from."""
        if about is None:
            return
        path: Path = ("questions", "properties", question, "x-options")
        connector = self._loaded.connectors.get(about.get("connector", ""))
        if connector is None:
            known = self._loaded.connectors
            yield self._unknown((*path, "connector"), "system of this flow", about.get("connector", ""), known)
        elif about["resource"] not in connector.resources:
            kind = f"resource of {connector.title}"
            yield self._unknown((*path, "resource"), kind, about["resource"], connector.resources)

    def _lookups(self) -> Iterator[Problem]:
        for lookup in self._flow.lookups.values():
            yield from self._reference(lookup)

    def _reference(self, lookup: Lookup) -> Iterator[Problem]:
        refers = lookup.refers
        if refers is None:
            return
        at: Path = ("lookups", lookup.name, "refers")
        if refers.connector not in self._loaded.connectors:
            yield self._unknown((*at, "connector"), "system in this flow", refers.connector, self._loaded.connectors)
            return
        resources = self._loaded.connectors[refers.connector].resources
        if refers.resource not in resources:
            yield self._unknown((*at, "resource"), "resource", refers.resource, resources)

    # --- steps

    def _steps(self) -> Iterator[Problem]:
        seen: set[str] = set()
        for i, step in enumerate(self._flow.steps):
            if step.name in seen:
                yield Problem(
                    self._at("steps", i, "step"), f"two steps are called “{step.name}”", "Rename one of them."
                )
            seen.add(step.name)
            resources = self._loaded.connectors[step.connector].resources
            if step.resource not in resources:
                yield self._unknown(("steps", i, "resource"), "resource", step.resource, resources)
                continue
            yield from self._step(i, step, resources[step.resource])

    def _step(self, i: int, step: Step, resource: Resource) -> Iterator[Problem]:
        yield from self._fields(i, step, resource)
        yield from self._operations(i, step, resource)

    def _fields(self, i: int, step: Step, resource: Resource) -> Iterator[Problem]:
        mapped = {mapping.path for mapping in step.fields}
        for mapping in step.fields:
            path: Path = ("steps", i, "fields", mapping.path)
            field = schema_at(resource.schema, mapping.path)
            if field is None:
                yield self._unknown(
                    path, f"field of {resource.title.lower()}", mapping.path, field_paths(resource.schema)
                )
            elif field.get("x-write") == "never":
                yield Problem(
                    self._at(*path), "the target sets this field itself; it cannot be written", "Remove the mapping."
                )
            if mapping.path.count("[]") > 1:
                where = self._at(*path)
                yield Problem(where, "a list inside a list cannot be mapped field by field", "Build it in one formula.")
            inside = list_of(mapping.path)
            if inside and mapping.write != "always":
                advice = f"Put the rule on “{inside[0]}”: a list is written as a whole."
                yield Problem(
                    self._at(*path, "write"), "a field of a list's items has no write rule of its own", advice
                )
            if inside and inside[0] not in mapped:
                yield Problem(
                    self._at(*path),
                    f"nothing says what the items of {inside[0]} are",
                    f"Add “{inside[0]}” with the formula of its items under `each`.",
                )
        if step.key is None and self._may_create(step):
            yield from self._required(i, resource, mapped)

    @staticmethod
    def _may_create(step: Step) -> bool:
        return step.policy not in ("update", "must_exist")

    def _required(self, i: int, resource: Resource, mapped: set[str]) -> Iterator[Problem]:
        fields = resource.schema.get("properties", {})
        missing = [
            name for name in resource.schema.get("required", ()) if name not in mapped and name + "[]" not in mapped
        ]
        if missing:
            titles = ", ".join(f"{name} ({fields.get(name, {}).get('title', name)})" for name in missing)
            yield Problem(
                self._at("steps", i, "fields"),
                f"{resource.title} need {titles}, which no mapping gives",
                "Map each of them.",
            )

    def _operations(self, i: int, step: Step, resource: Resource) -> Iterator[Problem]:
        create = resource.operation("create")
        changes_too = create is not None and create.at_most > 1  # what makes several records changes them, too
        needed = {
            "create": ["create"],
            "update": [] if step.only_looks else ["update"],
            "create_or_update": ["create"] if changes_too else ["create", "update"],
            "skip_if_exists": ["create"],
            "must_exist": [],
        }.get(step.policy, [])
        for name in needed:
            if resource.operation(name) is None:
                yield Problem(
                    self._at("steps", i, "policy"),
                    f"{resource.title} cannot be {name}d: the connector declares no such operation",
                    "Choose another policy or another resource.",
                )
        if step.key is None and step.match is None:
            yield Problem(
                self._at("steps", i),
                "the step says neither how a record is found (match) nor which one it is (key)",
                "Add a match, so that nothing is made twice.",
            )
        if step.match is not None:
            if schema_at(resource.schema, step.match.field) is None:
                yield self._unknown(
                    ("steps", i, "match", "field"), "field", step.match.field, resource.schema.get("properties", {})
                )
            elif not resource.can_find_by(step.match.field) and step.policy in ("update", "must_exist"):
                yield Problem(
                    self._at("steps", i, "policy"),
                    f"{resource.title} cannot be searched by {step.match.field}, so what is there cannot be told",
                    "Match by a field the system can search, or choose a policy that makes the record.",
                )
            elif not resource.can_find_by(step.match.field):
                unknown = "is parked"
                if changes_too:
                    unknown = "is sent again"
                elif create is not None and create.guarded_by == step.match.field:
                    unknown = "is sent once more, and parked if that is refused"
                yield Problem(
                    self._at("steps", i, "match", "field"),
                    f"{resource.title} cannot be searched by {step.match.field}: records match through our ledger",
                    f"Match by a field the system can search; else know that an unknown outcome {unknown}.",
                    severity="warning",
                )

    # --- names inside formulas

    def _variables(self) -> Iterator[Problem]:
        from engine.flows.check import flow_formula_paths

        for path, formula in flow_formula_paths(self._document.value):
            yield from self.of_formula(path, formula)

    def of_formula(self, path: Path, formula: str) -> Iterator[Problem]:
        """The names in one formula that nobody knows where it stands; each finding knows its column."""
        yield from self._asked(path, formula)
        for found in _PART.finditer(formula):
            yield from self._part(path, formula, found)
        for found in _TABLE.finditer(formula):
            if found[1] not in self._flow.lookups:
                yield self._in(path, formula, found.start(1), "lookup", found[1], self._flow.lookups)

    def _asked(self, path: Path, formula: str) -> Iterator[Problem]:
        """Functions and variables that nobody knows: such a formula fails, or gives nothing, for every record."""
        for asked in names_asked(formula):
            if asked.lacks_dollar:
                what, advice = f"“{asked.name}” is called without its $", f"Write ${asked.name}(…)."
                yield self._pointed(Problem(self._at(*path), what, advice), formula, asked.position)
            elif asked.is_called and asked.name not in FUNCTION_NAMES:
                known = [f"${name}" for name in FUNCTION_NAMES]
                yield self._in(path, formula, asked.position, "function", f"${asked.name}", known)
            elif not asked.is_called and asked.name not in FUNCTION_NAMES and asked.name not in _VARIABLES:
                known = [f"${name}" for name in _VARIABLES]
                yield self._in(path, formula, asked.position, "variable", f"${asked.name}", known)

    def _part(self, path: Path, formula: str, found: re.Match[str]) -> Iterator[Problem]:
        """What stands behind $answers, $values, $steps or $facts."""
        kind, name, fact = found.groups()
        known: dict[str, Iterable[str]] = {
            "answers": self._flow.questions.get("properties", {}),
            "values": self._flow.values,
            "steps": [step.name for step in self._flow.steps],
            "facts": {"source", "target", *self._loaded.connectors},
        }
        if name not in known[kind]:
            yield self._in(path, formula, found.start(2), _KINDS[kind], name, known[kind])
        elif kind == "steps" and name not in self._answered(path):
            what = f"the step “{name}” has no answer yet where this is worked out"
            advice = "Move that step before this one, or work the value out of the record."
            yield self._pointed(Problem(self._at(*path), what, advice), formula, found.start(2))
        elif kind == "facts" and fact is not None:
            system = {"source": self._flow.source.connector, "target": self._flow.target()}.get(name, name)
            connector = self._loaded.connectors[system]
            if fact not in connector.facts:
                yield self._in(path, formula, found.start(3), f"fact of {connector.title}", fact, connector.facts)

    def _answered(self, path: Path) -> set[str]:
        """The steps whose answers are there where the formula at this path is worked out."""
        if path[0] != "steps":
            return set()
        end = int(path[1]) + (1 if path[2] == "after" else 0)
        return {step.name for step in self._flow.steps[:end]}

    def _in(self, path: Path, formula: str, at: int, kind: str, name: str, known: Iterable[str]) -> Problem:
        return self._pointed(self._unknown(path, kind, name, known), formula, at)

    @staticmethod
    def _pointed(problem: Problem, formula: str, at: int) -> PointedProblem:
        """The problem with a caret under its place in the formula."""
        caret = FormulaError("", code="", formula=formula, position=at).caret
        return PointedProblem(
            problem.where, problem.what, problem.what_to_do, problem.code, caret, problem.severity, position=at
        )


_VARIABLES = ("answers", "facts", "values", "steps", "record", "index", "match", "scope", "answer")
_KINDS = {"answers": "question", "values": "value", "steps": "step", "facts": "system whose facts are known"}


def field_paths(schema: Mapping[str, Json], prefix: str = "") -> list[str]:
    """Every path of a target schema: `Name`, `Rows[]`, `Rows[].UnitPrice`."""
    found: list[str] = []
    for name, about in schema.get("properties", {}).items():
        if about.get("type") == "array" or "items" in about:
            found += [f"{prefix}{name}[]", *field_paths(about.get("items", {}), f"{prefix}{name}[].")]
        else:
            found += [prefix + name, *field_paths(about, f"{prefix}{name}.")]
    return found
