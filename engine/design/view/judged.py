"""What is to be said of each field of a step on the record, and of the step itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from engine.design.view.findings import Finding, of_error, of_lint, of_problem
from engine.design.view.finished import is_written
from engine.design.view.lint import Lint
from engine.design.view.memo import Memo
from engine.design.view.schema_nodes import Node
from engine.design.view.work import FieldWork, StepWork, write_of
from engine.documents.schemas import compiled_check
from engine.errors import Json, Problem
from engine.formulas import MISSING
from engine.mappings.faults import schema_problems
from engine.mappings.paths import list_of
from engine.runs.checks import check_problems

REQUIRED = "required"
UNKNOWN_FACT = "needs_connection"
_MOST_TOLD = 3  # findings of one kind for the items of one field
_PLACE = re.compile(r"\[\d+\]")
_DO = "Connect the system; what comes from elsewhere is shown all the same."


class Judge:
    """Judges one step. nodes: the target's fields; source, target: what the two systems are called."""

    def __init__(self, made: StepWork, nodes: Sequence[Node], lint: Lint, memo: Memo, source: str, target: str) -> None:
        self._made = made
        self._step = made.step
        self._nodes = nodes
        self._lint = lint
        self._memo = memo
        self._titles = source, target
        self._mapped = {mapping.path for mapping in made.step.fields}

    def findings(self) -> Iterator[Finding]:
        """Everything, field by field and then of the step."""
        for mapping in self._step.fields:
            for work in self._made.works(mapping.path)[:1] or ():
                yield from self._of_formula(work)
            for work in self._made.works(mapping.path):
                yield from self._of_values(work)
        yield from self._required()
        yield from self._of_step()
        if self._made.is_done:
            yield from self._of_schema()
            yield from self._of_checks()

    # --- fields

    def _of_formula(self, work: FieldWork) -> Iterator[Finding]:
        target, formula = work.mapping.path, work.mapping.formula
        for problem in self._lint.of_field(self._step, target, formula):
            yield of_lint(problem, formula, self._step.name, target)

    def _of_values(self, work: FieldWork) -> Iterator[Finding]:
        target = work.mapping.path
        name, is_inside = self._step.name, list_of(target) is not None or self._step.each is not None
        if work.lacks:
            yield Finding(name, target, "note", work.lacks, _DO, UNKNOWN_FACT)
        told: dict[str, int] = {}
        for number, each in enumerate(work.column):
            error = each.error
            if error is None or (work.lacks and not error.code.startswith("S")):
                continue
            told[error.what] = told.get(error.what, 0) + 1
            if told[error.what] == 1 and len(told) <= _MOST_TOLD:
                of_run = not self._made.is_done and not error.code.startswith("S")
                yield _in_item(of_error(error, name, target, "note" if of_run else "error"), number, is_inside)
        severity = "error" if self._made.is_done and not work.lacks else "note"
        for number, problem in work.done.problems[:_MOST_TOLD]:
            yield _in_item(of_problem(problem, name, target, severity), number, is_inside)
        for number, note in work.done.notes[:_MOST_TOLD]:
            what = note.what if note.where == target else f"{note.where}: {note.what}"
            yield _in_item(Finding(name, target, "note", what), number, is_inside)

    # --- what the target wants

    def _required(self) -> Iterator[Finding]:
        for node in self.wanted():
            if not self.is_mapped(node):
                what = f"{node.label} is required, and nothing is mapped to it"
                yield Finding(
                    self._step.name, node.id, "error", what, "Drop a field on it, or write a formula.", REQUIRED
                )
            elif self._made.is_done:
                yield from self._empty(node)

    def wanted(self) -> list[Node]:
        """The fields a creation must have."""
        if self._step.key is not None or self._step.policy in ("update", "must_exist"):
            return []
        return [node for node in self._nodes if node.required and not node.gone and self._is_wanted(node)]

    def _is_wanted(self, node: Node) -> bool:
        """Whether the object or the items it stands in are mapped at all."""
        return node.parent is None or any(path.startswith(node.parent + ".") for path in self._mapped)

    def required(self) -> tuple[int, int]:
        """How many fields a creation must have, and how many of them are mapped."""
        wanted = self.wanted()
        return len(wanted), sum(map(self.is_mapped, wanted))

    def is_mapped(self, node: Node) -> bool:
        """Whether something is mapped to a field, or to one inside it."""
        names = {node.id, node.id.removesuffix("[]")}
        return not names.isdisjoint(self._mapped) or any(path.startswith(node.id + ".") for path in self._mapped)

    def _empty(self, node: Node) -> Iterator[Finding]:
        for work in self._made.works(node.id):
            rule, write = work.mapping.write, write_of(self._step)
            is_inside = list_of(node.id) is not None
            if work.lacks or (not is_inside and not is_written(rule, write)) or work.error is not None:
                continue
            empty = [number for number, value in enumerate(work.done.values) if value is MISSING]
            if empty and not work.mapping.is_list:
                what = f"{node.label} is required, and the formula gives nothing for this record"
                advice = "Give a value for when the source has none, or map another field."
                found = Finding(self._step.name, node.id, "error", what, advice, "empty")
                yield _in_item(found, empty[0], is_inside or self._step.each is not None)
                return

    def _of_schema(self) -> Iterator[Finding]:
        """What only the whole schema tells: patterns, smallest and largest values, and the like."""
        lacking = any(work.lacks for path in self._mapped for work in self._made.works(path))
        schema = {**self._made.resource.schema, "type": "object", "required": []}
        if any(work.done.problems or work.error for path in self._mapped for work in self._made.works(path)):
            return  # as in a run: what the finish refuses is told, and the rest when that is mended
        is_right = self._memo.things.made(
            ("check", id(self._made.resource)), lambda: (compiled_check(schema), self._made.resource)
        )[0]
        for number, body in enumerate(self._made.bodies):
            if is_right(body) or lacking:
                continue
            for problem in schema_problems(body, schema, "")[:_MOST_TOLD]:
                target = self._target_of(problem)
                if not problem.what.endswith("is required"):
                    found = of_problem(replace(problem, where=""), self._step.name, target)
                    yield _in_item(found, number, self._step.each is not None)
            return

    def _target_of(self, problem: Problem) -> str:
        place = _PLACE.sub("[]", problem.where.partition("field ")[2])
        return next((p for p in (place, place + "[]", place.removesuffix("[]")) if p in self._mapped), place)

    # --- the step

    def _of_step(self) -> Iterator[Finding]:
        step, made = self._step, self._made
        for part in ("when", "each", "key", "instead"):
            formula = getattr(step, part)
            if formula:
                yield from self._of_part((part,), formula)
        if step.match is not None:
            yield from self._of_part(("match", "formula"), step.match.formula)
        for part, column in (("match", made.match), ("key", made.key)):
            error = next((each.error for each in column if each.error is not None), None)
            if made.is_done and error is not None:
                yield of_error(error, step.name, part)
        if made.why is not None:
            yield of_error(made.why, step.name, "when" if step.when else "each")
        if made.lacks:
            yield Finding(step.name, "when", "note", made.lacks, _DO, UNKNOWN_FACT)

    def _of_part(self, part: tuple[str, ...], formula: str) -> Iterator[Finding]:
        for problem in self._lint.of_part(self._step, part, formula):
            yield of_lint(problem, formula, self._step.name, part[0])

    def _of_checks(self) -> Iterator[Finding]:
        step, record = self._step, self._made.sight.variables["record"]
        for check in step.before:
            if any(self._made.lack(formula) for formula in check.formulas.values()):
                continue
            formulas = {f"0 {part}": text for part, text in check.formulas.items()}
            found = self._memo.columns_of(formulas, [record], self._made.sight)
            errors = [column[0].error for column in found.values() if column[0].error is not None]
            for error in errors[:1]:
                yield of_error(error, step.name, "before")
            values: Mapping[str, Json] = {name: column[0].value for name, column in found.items()}
            for problem in [] if errors else check_problems((check,), values, "", *self._titles):
                what = problem.what if problem.what == check.what else f"{check.what}: {problem.what}"
                yield of_problem(replace(problem, what=what, where=""), step.name, "before")


def _in_item(finding: Finding, number: int, is_inside: bool) -> Finding:
    """The finding, said of one item of several."""
    return replace(finding, what=f"Item {number + 1}: {finding.what}") if is_inside and number else finding
