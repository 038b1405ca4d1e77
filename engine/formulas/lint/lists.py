"""A list where the target's field takes one value."""

from __future__ import annotations

from collections.abc import Iterator

from engine.formulas.lint.view import Finding, View

RULE = "list_for_one"


def list_for_one(view: View) -> Iterator[Finding]:
    target, result = view.scope.target, view.result
    if target is None or target.many or not target.types or target.types & {"object"} or not result.many:
        return
    formula = view.source.formula.strip()
    in_brackets = formula if formula.startswith("(") and view.root.type == "block" else f"({formula})"
    if target.kind in ("money", "quantity") or result.kind in ("money", "quantity"):
        proposal = f"$sum_money({formula})"
        advice = "If the sum is meant, use $sum_money; if the first, put [0] behind brackets."
    elif target.types == frozenset({"string"}) and target.kind in ("", "text", "name"):
        proposal = f'$join({formula}, ", ")'
        advice = "Join them with $join; or take the first: [0] behind brackets."
    else:
        proposal = f"{in_brackets}[0]"
        advice = "If the first is meant, say so with [0] behind brackets."
    name = f" “{view.scope.target_path}”" if view.scope.target_path else ""
    what = f"this may give several values, and the field{name} takes one"
    yield Finding(RULE, view.start(view.root), what, advice, proposal)
