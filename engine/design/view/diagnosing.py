"""A formula as it is being typed: what it gives on the record, and what is wrong with it and where."""

from __future__ import annotations

from collections.abc import Iterator

from engine.design.view.findings import span
from engine.design.view.finished import finished_column
from engine.design.view.lint import Lint
from engine.design.view.memo import Memo
from engine.design.view.shown import shown
from engine.design.view.work import StepWork
from engine.documents.workspace import Document, Workspace
from engine.errors import Json
from engine.flows.check_formulas import LintProblem
from engine.flows.check_names import NameChecks, PointedProblem
from engine.flows.library import LoadedFlow
from engine.formulas import MISSING, Evaluation
from engine.formulas.names import FUNCTION_NAMES
from engine.formulas.paths import reads_here
from engine.mappings.paths import list_of, schema_at

MOST_ITEMS = 3
_KINDS = ("answers", "values", "steps", "facts", "record", "index")


class Diagnosis:
    """Diagnoses formulas of one step."""

    def __init__(self, loaded: LoadedFlow, workspace: Workspace, made: StepWork, lint: Lint, memo: Memo) -> None:
        self._loaded = loaded
        self._workspace = workspace
        self._made = made
        self._lint = lint
        self._memo = memo

    def of(self, target: str, formula: str) -> dict[str, Json]:
        """value: of the first item, None where there is none; shown: of the first ones; diagnostics: by range."""
        error = self._memo.parse_errors({"": formula}).get("")
        if error is not None:
            start, end = span(formula, error.position)
            told = _diagnostic(start, end, formula, "error", f"{error.what}. {error.what_to_do}")
            return {"value": None, "shown": None, "diagnostics": [told], "reads": [], "lacks": ""}
        column = self._column(target, formula)
        lacks = self._made.lack(formula)
        schema = None if target.endswith("[]") else schema_at(self._made.resource.schema, target)
        done = finished_column(self._memo, column, schema, target)
        told_of = [*self._of_names(target, formula), *self._of_lint(target, formula)]
        errors = [each.error for each in column if each.error is not None]
        if errors and not lacks:
            start, end = span(formula, errors[0].position)
            told_of.append(_diagnostic(start, end, formula, "error", f"{errors[0].what}. {errors[0].what_to_do}"))
        for _, problem in done.problems[:1]:
            told_of.append(_diagnostic(0, len(formula), formula, "error", f"{problem.what}. {problem.what_to_do}"))
        values = [value for value in done.values if value is not MISSING]
        return {
            "value": values[0] if values else None,
            "shown": " · ".join(shown(value) or "" for value in values) if values else None,
            "diagnostics": _each_place_once(told_of),
            "reads": reads_here(formula) or [],
            "lacks": lacks,
        }

    def _column(self, target: str, formula: str) -> list[Evaluation]:
        """What the formula gives for the first items."""
        made, inside = self._made, list_of(target)
        records, by = made.items[:MOST_ITEMS], None
        if inside is not None:
            lists = [each for work in made.works(inside[0]) for each in work.column[:1]]
            value = lists[0].value if lists else MISSING
            many = [] if value is MISSING or value is None else value if isinstance(value, list) else [value]
            records = many[:MOST_ITEMS]
        found = self._memo.columns_of({"": formula}, records, made.sight, numbered=inside is not None, by=by)
        return list(found[""])

    def _of_lint(self, target: str, formula: str) -> Iterator[dict[str, Json]]:
        for problem in self._lint.of_field(self._made.step, target, formula):
            start, end = span(formula, problem.position)
            said = f"{problem.what}. {problem.what_to_do}"
            yield _diagnostic(start, end, formula, "warning", said) | _mended(problem)

    def _of_names(self, target: str, formula: str) -> Iterator[dict[str, Json]]:
        """Names nobody knows. One that may still be typed on is a warning only."""
        place = self._workspace.flow_place(self._loaded.flow.name)
        checks = NameChecks(self._loaded, Document(place, "{}", {}, ""), "")
        for problem in checks.of_formula(self._lint.place(self._made.step, target), formula):
            position = problem.position if isinstance(problem, PointedProblem) else None
            start, end = span(formula, position)
            half_written = end is not None and end >= len(formula.rstrip()) and _begins(formula[start or 0 : end])
            severity = "warning" if half_written else problem.severity
            yield _diagnostic(start, end, formula, severity, f"{problem.what}. {problem.what_to_do}")


def _begins(text: str) -> bool:
    """Whether a known name begins like this."""
    name = text.lstrip("$")
    return any(known.startswith(name) for known in (*FUNCTION_NAMES, *_KINDS)) or not text.startswith("$")


def _mended(problem: LintProblem) -> dict[str, Json]:
    return {"proposal": problem.proposal, "rule": problem.rule} if problem.proposal else {"rule": problem.rule}


def _diagnostic(start: int | None, end: int | None, formula: str, severity: str, message: str) -> dict[str, Json]:
    return {
        "from": 0 if start is None else start,
        "to": len(formula) if end is None else end,
        "severity": severity,
        "message": message.replace("..", "."),
    }


def _each_place_once(told: list[dict[str, Json]]) -> list[dict[str, Json]]:
    """One finding for each place, the error before the warning."""
    kept: dict[tuple[Json, Json], dict[str, Json]] = {}
    for each in sorted(told, key=lambda each: str(each["severity"])):
        kept.setdefault((each["from"], each["to"]), each)
    return sorted(kept.values(), key=lambda each: (each["from"], each["to"]))
