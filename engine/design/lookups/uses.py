"""Which formulas of a flow ask a value table, and by what key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from engine.flows.library import LoadedFlow
from engine.formulas.lint.source import Source, within
from engine.formulas.lint.view import called_function
from engine.formulas.syntax import tree_here
from engine.runs.reading import flow_formulas

_MAY_ASK = re.compile(r"\$table\s*\(")
_PLACE = re.compile(r"steps\[(\d+)\]\.(?:fields\.(.+)\.(?:formula|each)|(.+))")


@dataclass(frozen=True, slots=True)
class Use:
    """A formula that asks a table. where: its place in the document; step, target: of a field mapping; key: the formula
    of the key, "" where it cannot be told apart.
    """

    lookup: str
    where: str
    step: str = ""
    target: str = ""
    key: str = ""


def may_ask(formula: str) -> bool:
    """Can the formula ask any table?"""
    return "$table" in formula and _MAY_ASK.search(formula) is not None


def uses(loaded: LoadedFlow, lookup: str) -> list[Use]:
    """Every formula that asks this table, in the order of the document."""
    return [use for use in _all(loaded) if use.lookup == lookup]


def _all(loaded: LoadedFlow) -> Iterator[Use]:
    for where, formula in flow_formulas(loaded.flow):
        for lookup, key in _asked(formula) if may_ask(formula) else ():
            place = _PLACE.fullmatch(where)
            step = loaded.flow.steps[int(place[1])].name if place else ""
            yield Use(lookup, where, step, (place[2] or "") if place else "", key)


@lru_cache(maxsize=1_024)
def _asked(formula: str) -> tuple[tuple[str, str], ...]:
    """The tables a formula names, each with the keys it asks for, each once."""
    tree = tree_here(formula)
    if tree is None:  # too long to be read here: the names are enough
        names = re.findall(r"""\$table\s*\(\s*["']([a-z][a-z0-9_]*)["']""", formula)
        return tuple((name, "") for name in dict.fromkeys(names))
    source = Source(formula, tree)
    found: dict[tuple[str, str], None] = {}
    for node in within(tree.root):
        if called_function(node) == "table" and node.arguments and node.arguments[0].type == "string":
            key = source.text(node.arguments[1]) if len(node.arguments) > 1 else ""
            found.setdefault((node.arguments[0].value, " ".join(key.split())))
    return tuple(found)
