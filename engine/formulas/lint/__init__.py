"""Lint: what in a formula works, but hardly as it was meant; each finding with its column and the formula mended.

    scope = Scope(record=record_shape(schema, samples), target=from_schema(target_field))
    for finding in lint("price * count", scope): ...

It reads the syntax tree only: no record, no worker, no flow. What is not known of a value gives no finding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from engine.formulas.lint.accepted import without_accepted
from engine.formulas.lint.branches import never_reached
from engine.formulas.lint.guards import Guards
from engine.formulas.lint.inference import Inference, Sight
from engine.formulas.lint.lists import list_for_one
from engine.formulas.lint.money import money_arithmetic
from engine.formulas.lint.nulls import null_in_text, null_is_no_default
from engine.formulas.lint.paths import unknown_paths
from engine.formulas.lint.people import personal_data
from engine.formulas.lint.plain import not_plain
from engine.formulas.lint.shape import UNKNOWN, Shape, from_schema, of_fields, record_shape
from engine.formulas.lint.source import Source, within
from engine.formulas.lint.times import day_in_utc, time_without_zone
from engine.formulas.lint.view import Finding, Scope, View
from engine.formulas.syntax import tree_here

__all__ = [
    "RULES",
    "UNKNOWN",
    "Finding",
    "Rule",
    "Scope",
    "Shape",
    "from_schema",
    "lint",
    "of_fields",
    "record_shape",
    "shape_of",
]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its name, what it finds, and how."""

    name: str
    title: str
    look: Callable[[View], Iterable[Finding]]


RULES: tuple[Rule, ...] = (
    Rule("unknown_path", "a field that neither the schema nor a sample has", unknown_paths),
    Rule("money_arithmetic", "money worked out in binary numbers", money_arithmetic),
    Rule("null_in_text", "a text made of what may be null", null_in_text),
    Rule("null_is_no_default", "a default that lets null through", null_is_no_default),
    Rule("time_without_zone", "a time without a zone taken for UTC", time_without_zone),
    Rule("day_in_utc", "the day of a moment as it is in UTC", day_in_utc),
    Rule("list_for_one", "a list where one value is wanted", list_for_one),
    Rule("personal_data", "personal data sent where they need not be", personal_data),
    Rule("never_reached", "a part that no record reaches", never_reached),
    Rule("not_plain", "a formula that cannot be compiled", not_plain),
)


def lint(formula: str, scope: Scope) -> list[Finding]:
    """Every finding, in the order of the columns; none for a formula that does not parse or is very large."""
    view = _view(formula, scope)
    if view is None:
        return []
    try:
        found = [_sound(finding, formula) for rule in RULES for finding in rule.look(view)]
    except RecursionError:
        return []  # a sum of thousands of terms, say: nobody wrote it by hand
    kept = without_accepted(found, view.source, [rule.name for rule in RULES])
    return sorted(kept, key=lambda finding: finding.position)


def _sound(finding: Finding, formula: str) -> Finding:
    """The finding; a proposal that would not parse, or changes nothing, is none."""
    if finding.proposal is None or (finding.proposal != formula and tree_here(finding.proposal) is not None):
        return finding
    return replace(finding, proposal=None)


def shape_of(formula: str, scope: Scope) -> Shape:
    """What is known of the value a formula gives."""
    view = _view(formula, scope)
    return view.result if view is not None else UNKNOWN


def _view(formula: str, scope: Scope) -> View | None:
    tree = tree_here(formula)
    if tree is None:
        return None
    source = Source(formula, tree)
    inference = Inference(source, scope.record)
    try:
        filled = frozenset(text for formula in scope.holding for text in _certain(formula))
        result = inference.visit(tree.root, Sight(scope.record, dict(scope.variables), filled))
    except RecursionError:
        return None
    return View(source, tree.root, tuple(within(tree.root)), inference, result, scope)


def _certain(formula: str) -> frozenset[str]:
    """What is surely filled where this formula is true."""
    tree = tree_here(formula)
    return Guards(Source(formula, tree).key).certain(tree.root, True) if tree is not None else frozenset()
