"""The functions and variables a formula asks for by name, those aside that it makes itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from engine.formulas.compiled.table import NAMES
from engine.formulas.functions import FUNCTIONS
from engine.formulas.syntax import tree_here

FUNCTION_NAMES = NAMES | {function.name for function in FUNCTIONS}


@dataclass(frozen=True, slots=True)
class Asked:
    """A name without its $; whether it is called as a function, and whether its $ was forgotten; its column."""

    name: str
    is_called: bool
    lacks_dollar: bool
    position: int


@lru_cache(maxsize=4_096)
def names_asked(formula: str) -> tuple[Asked, ...]:
    """Every name that somebody else must know, in the order they are written; none where it does not parse."""
    tree = tree_here(formula)
    if tree is None:
        return ()
    nodes = list(_nodes(tree.root))
    own = {name for node in nodes for name in _given(node)}
    asked: dict[Asked, None] = {}
    procedures: set[int] = set()
    for node in nodes:
        if node.type not in ("function", "partial") or node.procedure is None:
            continue
        called, lacks_dollar = node.procedure, False
        if called.type == "path" and len(called.steps) == 1 and called.steps[0].type == "name":
            called, lacks_dollar = called.steps[0], True
        if called.type in ("variable", "name") and isinstance(called.value, str):
            procedures.add(id(called))
            if called.value not in own:
                asked[Asked(called.value, True, lacks_dollar, tree.starts.get(called.position, 0))] = None
    for node in nodes:
        if (
            node.type == "variable"
            and id(node) not in procedures
            and node.value not in ("", "$")
            and node.value not in own
        ):
            asked[Asked(node.value, False, False, tree.starts.get(node.position, 0))] = None
    return tuple(sorted(asked, key=lambda each: each.position))


def _given(node: Any) -> Iterator[str]:
    """The names that a node gives a value."""
    if node.type == "bind":
        yield node.lhs.value
    elif node.type == "lambda":
        yield from (argument.value for argument in node.arguments)
    for name in (getattr(node, "focus", None), getattr(node, "index", None)):
        if isinstance(name, str):
            yield name


def _nodes(root: Any) -> Iterator[Any]:
    """Every node of a tree."""
    waiting, met = [root], set()
    while waiting:
        node = waiting.pop()
        if node is None or id(node) in met:
            continue
        met.add(id(node))
        if isinstance(node, list | tuple):
            waiting.extend(node)
        elif hasattr(node, "type") and hasattr(node, "__dict__"):
            yield node
            waiting.extend(
                held
                for name, held in vars(node).items()
                if not name.startswith("_outer") and (isinstance(held, list | tuple) or hasattr(held, "type"))
            )
