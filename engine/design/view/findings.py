"""What is wrong in a draft, each finding with the step and the field it belongs to, in the order of the flow."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.documents.positions import path_text
from engine.errors import FormulaError, Json, Problem
from engine.flows.check_formulas import LintProblem
from engine.flows.check_names import PointedProblem
from engine.flows.flow import Flow

SEVERITIES = ("error", "warning", "note")
_TOKEN = re.compile(r"\$?[\w$]+|\"[^\"\n]*\"?|'[^'\n]*'?|`[^`\n]*`?|\S", re.UNICODE)
_IN_FILE = re.compile(r"\.json(?::\d+)? (.+)", re.DOTALL)
_STEP = re.compile(r"steps\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. step: its name, "" for what belongs to the whole flow; target: a target path, or `$values.x`,
    `$lookups.x`, or a part of the step (`match`, `when`, `before`), "" for the step itself; start, end: the range in
    the formula, None where there is none; proposal: the formula mended.
    """

    step: str
    target: str
    severity: str
    what: str
    what_to_do: str = ""
    code: str = ""
    where: str = ""
    start: int | None = None
    end: int | None = None
    proposal: str | None = None

    def as_json(self) -> dict[str, Json]:
        said: dict[str, Json] = {
            "step": self.step,
            "target": self.target,
            "severity": self.severity,
            "what": self.what,
            "what_to_do": self.what_to_do,
        }
        more = {"code": self.code, "where": self.where, "from": self.start, "to": self.end, "proposal": self.proposal}
        return said | {name: held for name, held in more.items() if held not in (None, "")}


def of_error(error: FormulaError, step: str, target: str, severity: str = "error") -> Finding:
    """A formula that does not parse, or failed."""
    start, end = span(error.formula, error.position)
    return Finding(step, target, severity, error.what, error.what_to_do, error.code, "", start, end)


def of_lint(problem: LintProblem, formula: str, step: str, target: str) -> Finding:
    """A finding of the lint."""
    start, end = span(formula, problem.position)
    return Finding(
        step, target, "warning", problem.what, problem.what_to_do, problem.rule, "", start, end, problem.proposal
    )


def of_problem(problem: Problem, step: str, target: str, severity: str = "", formula: str = "") -> Finding:
    """A problem of the finish, of a check, of a document; formula: the one that a name in it is told of."""
    graveness = severity or problem.severity
    start, end = span(formula, problem.position) if isinstance(problem, PointedProblem) else (None, None)
    return Finding(step, target, graveness, problem.what, problem.what_to_do, problem.code, problem.where, start, end)


def span(formula: str, position: int | None) -> tuple[int | None, int | None]:
    """The token that begins at a column, or the last one before it where the formula ends there."""
    if position is None:
        return None, None
    at = min(max(position, 0), len(formula))
    if at >= len(formula):
        tokens = list(_TOKEN.finditer(formula[-400:]))
        before = max(len(formula) - 400, 0)
        return (before + tokens[-1].start(), before + tokens[-1].end()) if tokens else (0, len(formula))
    token = _TOKEN.match(formula, at)
    return at, token.end() if token else at + 1


def of_path(path: tuple[str | int, ...]) -> Problem:
    """A problem at a place of the document, of which nothing but the place is known."""
    return Problem(path_text(path), "", "")


def placed(problem: Problem, flow: Flow) -> Finding:
    """A problem of a document, with the step and the field that its place names."""
    named = _IN_FILE.search(problem.where)
    path = named[1] if named else problem.where
    found = _STEP.match(path)
    if found is not None and int(found[1]) < len(flow.steps):
        step = flow.steps[int(found[1])]
        targets = [m.path for m in step.fields if _names(path, found[0], "fields", m.path)]
        part = path[found.end() + 1 :].split(".")[0].split("[")[0]
        target = max(targets, key=len, default="") or ("" if part == "fields" else part)
        formula = next((m.formula for m in step.fields if m.path == target), "")
        return of_problem(problem, step.name, target, formula=formula)
    for kind, names in (("values", flow.values), ("lookups", flow.lookups)):
        known = [name for name in names if _names(path, kind, name)]
        if known:
            name = max(known, key=len)
            return of_problem(problem, "", f"${kind}.{name}", formula=flow.values.get(name, ""))
    return of_problem(problem, "", "")


def _names(path: str, *parts: str) -> bool:
    """Whether a place begins with these parts, written as places are."""
    written = path_text(tuple(parts[1:]))
    begin = f"{parts[0]}.{written}" if not written.startswith("[") else parts[0] + written
    return path == begin or path.startswith((begin + ".", begin + "["))


def in_order(findings: Iterable[Finding], flow: Flow) -> list[Finding]:
    """Each once, in the order of the flow: of the whole, of its values, step by step and field by field."""
    steps = {step.name: number for number, step in enumerate(flow.steps)}
    fields = {(s.name, m.path): number for s in flow.steps for number, m in enumerate(s.fields)}
    kept: dict[tuple[str, str, str, int | None], Finding] = {}
    for finding in findings:
        kept.setdefault((finding.step, finding.target, finding.what, finding.start), finding)

    def place(finding: Finding) -> tuple[int, int, int]:
        last = len(fields) if finding.target in ("before", "after") else -1
        field = fields.get((finding.step, finding.target), last)
        return steps.get(finding.step, -1), field, SEVERITIES.index(finding.severity)

    return sorted(kept.values(), key=place)


def worst(findings: Sequence[Finding]) -> Finding | None:
    """The gravest of these, the first of several."""
    return min(findings, key=lambda finding: SEVERITIES.index(finding.severity), default=None)
