"""Formulas that put several sources into one field, `$join_filled([a, b])` and `$first_filled(a, b)`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from engine.formulas.lint.source import Source
from engine.formulas.lint.view import called_function
from engine.formulas.syntax import tree_here

How = Literal["join", "first"]

_GAP = re.compile(r"\s+")
_FUNCTIONS: dict[str, How] = {"join_filled": "join", "first_filled": "first"}


@dataclass(frozen=True, slots=True)
class Combined:
    """A formula that is such a call, or one cut to a length (`$truncate(…, 50)`). spans: where each part stands;
    whole: where the call itself stands."""

    formula: str
    how: How
    spans: tuple[tuple[int, int], ...]
    whole: tuple[int, int]

    @property
    def parts(self) -> list[str]:
        return [self.formula[start:end] for start, end in self.spans]


def combined(formula: str) -> Combined | None:
    """The parts of such a formula; None for any other."""
    tree = tree_here(formula)
    if tree is None:
        return None
    source, call = Source(formula, tree), tree.root
    if called_function(call) == "truncate" and call.arguments and not call.predicate:
        call = call.arguments[0]
    how = _FUNCTIONS.get(called_function(call))
    if how is None or call.predicate or call.group or not call.arguments:
        return None
    parts = _parts(call, how)
    spans = [source.span(part) for part in parts]
    whole = source.span(call)
    if not spans or whole is None or not all(spans):
        return None
    return Combined(formula, how, tuple(span for span in spans if span), whole)


def _parts(call: Any, how: How) -> list[Any]:
    if how == "first":
        return list(call.arguments)
    listed = call.arguments[0]
    is_list = listed.type == "unary" and str(listed.value) == "[" and not listed.predicate
    return list(listed.expressions) if is_list else []


def with_part(formula: str, part: str, how: How) -> str:
    """The formula with one part more, at the end; the same where it has that part already."""
    if not formula.strip() or _key(formula) == _key(part):
        return part
    held = combined(formula)
    if held is None or held.how != how:
        return f"$join_filled([{formula}, {part}])" if how == "join" else f"$first_filled({formula}, {part})"
    if _key(part) in map(_key, held.parts):
        return formula
    end = held.spans[-1][1]
    return f"{formula[:end]}{_gap(held)}{part}{formula[end:]}"


def _gap(held: Combined) -> str:
    """What stands between the last two parts, where it is nothing but a comma and space."""
    if len(held.spans) > 1:
        between = held.formula[held.spans[-2][1] : held.spans[-1][0]]
        if not between.replace(",", "", 1).strip():
            return between
    return ", "


def without_parts(held: Combined, goes: Callable[[str], bool]) -> str:
    """The formula without the parts of which that is true: "" where none is left, the part alone where one is."""
    stays = [number for number, part in enumerate(held.parts) if not goes(part)]
    if not stays:
        return ""
    start, end = held.whole
    if len(stays) == 1:
        return held.formula[:start] + held.parts[stays[0]] + held.formula[end:]
    formula = held.formula
    for number in reversed(range(len(held.spans))):
        if number not in stays:
            cut = _cut(held, number, number > max(stays))
            formula = formula[: cut[0]] + formula[cut[1] :]
    return formula


def _cut(held: Combined, number: int, is_behind: bool) -> tuple[int, int]:
    """The part with the comma behind it, or with the one before where all that stays stands before it."""
    if is_behind:
        return held.spans[number - 1][1], held.spans[number][1]
    return held.spans[number][0], held.spans[number + 1][0]


def _key(formula: str) -> str:
    return _GAP.sub("", formula)
