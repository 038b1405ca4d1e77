"""What a view is worked out from, each part when it is first asked for: draft, record, and all that is found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import cached_property

from engine.design.desk import Desk
from engine.design.view import trees
from engine.design.view.around import Around, Live, environment_of, unknown_of
from engine.design.view.findings import Finding, in_order, of_error, of_lint, of_path, of_problem, placed
from engine.design.view.judged import Judge
from engine.design.view.kept import Shelf
from engine.design.view.lint import Lint
from engine.design.view.newcomers import Newcomers
from engine.design.view.reading import ReadFlow, with_unknown
from engine.design.view.schema_nodes import Node
from engine.design.view.work import Work, work_out
from engine.design.wording import Wording
from engine.documents.workspace import Document
from engine.errors import Json, RecordProblem
from engine.flows.check import flow_formula_paths
from engine.flows.check_names import NameChecks
from engine.flows.flow import Step
from engine.flows.library import LoadedFlow
from engine.formulas.words import Speech, Translations
from engine.runs.checks import condition_formulas, verdict

_CLOCK = timedelta(minutes=10)  # how long $now() stands still, so that not all is worked out again with every key


class Basis:
    """A draft and a record. Nothing in it raises for what stands in them."""

    def __init__(
        self, desk: Desk, shelf: Shelf, read: ReadFlow, record: Json, live: Live, translations: Translations | None
    ) -> None:
        self.desk = desk
        self.shelf = shelf
        self.read = read
        self.live = live
        self.translations = translations
        self.say = Speech(translations)
        self.newcomers = Newcomers(translations)
        self.loaded: LoadedFlow = with_unknown(read.loaded)
        self.record: Json = shelf.memo.same(record)

    @cached_property
    def around(self) -> Around:
        """Answers, facts and lookups."""
        now = self.desk.clock.now()
        slot = int(now.timestamp() // _CLOCK.total_seconds())
        flow, live = self.loaded.flow, self.live
        zone = self.loaded.connectors[flow.source.connector].http.get("zone", "")
        lookups = [[n, t.title, dict(t.rows), t.otherwise, t.value, bool(t.refers)] for n, t in flow.lookups.items()]
        systems = [flow.source.connector, flow.target(), [*self.loaded.connectors]]
        said = self.shelf.memo.same([systems, flow.answers(), zone, live.said(), lookups])
        environment = self.shelf.environments.made(
            (id(said), slot), lambda: (environment_of(self.loaded, live, now), said)
        )[0]
        return Around(environment, unknown_of(self.loaded, live))

    @cached_property
    def work(self) -> Work:
        """The draft worked out on the record."""
        return work_out(self.loaded, self.record, self.around, self.shelf.memo, self.newcomers)

    @cached_property
    def lint(self) -> Lint:
        return Lint(self.loaded, self.shelf.connectors, self.shelf.findings, self.record)

    @cached_property
    def wording(self) -> Wording:
        return Wording(self.loaded, self.translations)

    def step(self, name: str) -> Step | None:
        return next((step for step in self.loaded.flow.steps if step.name == name), None)

    # --- rows of the trees

    def source_nodes(self, step: Step) -> list[Node]:
        """The rows of what can be mapped from."""
        number = self.loaded.flow.steps.index(step)
        values = [each.value for each in self.work.values.values()]
        held = [each for each in values if isinstance(each, dict | list)]
        made_of = (tuple(self.loaded.flow.values.items()), tuple(map(id, held)), tuple(map(type, values)))
        titles = tuple((name, lookup.title) for name, lookup in self.loaded.flow.lookups.items())
        key = ("source", self.lint.frame, number, titles, made_of, id(self.record), id(self.translations))
        return self.shelf.findings.made(key, lambda: (self._source_nodes(step, number), held, self.record))[0]

    def _source_nodes(self, step: Step, number: int) -> list[Node]:
        values = self.lint.scope(("steps", number, "when")).variables.get("values")
        shapes = (values and values.fields) or {}
        return trees.source_tree(self.wording.loaded, step, self.record, self.work, shapes, self.say)

    def target_nodes(self, step: Step) -> list[Node]:
        """The rows of what can be mapped to."""
        schema = self.wording.loaded.connectors[step.connector].resources[step.resource].schema
        key = ("target", id(schema), tuple(mapping.path for mapping in step.fields))
        return self.shelf.findings.made(key, lambda: (trees.target_tree(step, schema), schema))[0]

    # --- what is wrong

    def judge(self, step: Step) -> Judge:
        source = self.loaded.connectors[self.loaded.flow.source.connector].title
        target = self.loaded.connectors[step.connector].title
        made = self.work.steps[step.name]
        return Judge(made, self.target_nodes(step), self.lint, self.shelf.memo, source, target)

    @cached_property
    def findings(self) -> list[Finding]:
        """Errors, warnings and notes of the whole flow, in its order."""
        flow = self.loaded.flow
        found = [placed(problem, flow) for problem in (*self.read.problems, *self.live.problems)]
        found += [*self._of_parsing(), *self._of_names(), *self._of_conditions()]
        for name, formula in flow.values.items():
            evaluation, lacks = self.work.values[name], self.work.lacks[name]
            if evaluation.error is not None and not lacks:
                found.append(of_error(evaluation.error, "", f"$values.{name}"))
            found += [of_lint(each, formula, "", f"$values.{name}") for each in self.lint.of_value(name, formula)]
        for step in flow.steps:
            found += self.judge(step).findings()
        return in_order(found, flow)

    @cached_property
    def held_back(self) -> str:
        """Why a run would not take the record now; "" where it would, or where that cannot be told."""
        source = self.loaded.flow.source
        formulas = {name: text for name, text in condition_formulas(source).items() if not self._lacks(text)}
        if len(formulas) < len(source.where) + len(source.never) or not self.record:
            return ""
        columns = self.shelf.memo.columns_of(formulas, [self.record], self.work.sight)
        try:
            _, why = verdict(source, {name: column[0] for name, column in columns.items()})
        except RecordProblem as problem:
            why = problem.what
        return why

    def _lacks(self, formula: str) -> str:
        return self.around.lacks(formula, self.loaded.flow.values)

    def _of_parsing(self) -> Iterator[Finding]:
        """Formulas that do not parse, also where none is worked out: after a step, in a lookup, for the source."""
        paths = dict(flow_formula_paths(self.read.document)) if isinstance(self.read.document, dict) else {}
        errors = self.shelf.memo.parse_errors({text: text for text in paths.values()})
        for path, formula in paths.items() if errors else ():
            error = errors.get(formula)
            if error is not None:
                place = placed(of_path(path), self.loaded.flow)
                yield of_error(error, place.step, place.target)

    def _of_names(self) -> Iterator[Finding]:
        """Names that nobody knows, operations that a system does not have."""
        loaded, read = self.read.loaded, self.read
        if not isinstance(read.document, dict):
            return
        place = self.desk.workspace.flow_place(loaded.flow.name)
        problems = NameChecks(loaded, Document(place, read.text, read.document, ""), "").problems()
        for problem in problems:
            finding = placed(problem, loaded.flow)
            if not problem.where.endswith(".fields") and not self._is_told(finding):
                yield finding

    def _is_told(self, finding: Finding) -> bool:
        """Whether a finding only repeats that the draft is broken: it speaks of a system or resource nobody knows."""
        step = self.step(finding.step)
        if self.read.is_whole:
            return False
        return step is None or not self.loaded.connectors[step.connector].resources[step.resource].operations

    def _of_conditions(self) -> Iterator[Finding]:
        source = self.loaded.flow.source
        for part, conditions in (("where", source.where), ("never", source.never)):
            for number, condition in enumerate(conditions):
                for problem in self.lint.of_source((part, number, "condition"), condition.formula):
                    yield of_problem(problem, "", "source", problem.severity)
