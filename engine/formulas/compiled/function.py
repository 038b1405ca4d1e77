"""From a formula to a Python function, by way of its plain tree and of source text. The only place that executes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from engine.errors import Json
from engine.formulas.compiled import bounds, expressions, kinds, nodes, runtime
from engine.formulas.compiled.growth import MOST_COPIES, copies, is_large
from engine.formulas.compiled.nodes import Node
from engine.formulas.compiled.plain import NotPlain, plain
from engine.formulas.compiled.source import Atom, Source
from engine.formulas.missing import MISSING
from engine.formulas.surroundings import Surroundings
from engine.formulas.syntax import tree_here

_SMALL = kinds.NUMBERS | kinds.TRUTH | kinds.NULL | kinds.NOTHING
Call = Callable[[Json, Mapping[str, Any], Surroundings], Any]

_NAMES: dict[str, Any] = {
    "__builtins__": {},
    "U": MISSING,
    "Defer": bounds.Defer,
    "NUMBERS": runtime.NUMBERS,
    "AS_IT_IS": runtime.AS_IT_IS,
    "LONGEST_TEXT": bounds.LONGEST_TEXT,
    **{each.__name__: each for each in (bool, dict, enumerate, float, int, len, list, round, str, type)},
    **{
        each.__name__: each
        for each in (
            *(runtime.at, runtime.below, runtime.chosen, runtime.collected, runtime.contained, bounds.counted),
            runtime.getter,
            *(
                runtime.grown,
                runtime.items,
                runtime.joined,
                bounds.measured,
                runtime.negative,
                runtime.no_sum,
                runtime.ordered,
            ),
            *(runtime.present, runtime.remainder, runtime.same, runtime.sorted_by, runtime.text, runtime.tidy),
            *(runtime.tidy_number, runtime.truth, bounds.weight),
        )
    },
}


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """A plain formula. call(record, variables, surroundings) gives a plain value or MISSING; any exception means
    that the guarded evaluator must be asked. calls: the functions it calls by name; asks: for each variable from
    outside the fields it reads of it, None where it may read all of it; source: what it was compiled from.
    """

    call: Call
    node: Node
    calls: frozenset[str]
    asks: Mapping[str, frozenset[str] | None]
    source: str = field(repr=False)


@lru_cache(maxsize=8_192)
def compiled(formula: str) -> Compiled | None:
    """The formula as a function; None where it is not plain, or does not parse."""
    found = _attempt(formula)
    return found if isinstance(found, Compiled) else None


def why_not_plain(formula: str) -> tuple[str, int | None] | None:
    """What makes the formula not plain, in half a sentence, with its column; None where it is plain."""
    if compiled(formula) is not None:
        return None
    found = _attempt(formula)
    return (found.why, found.position) if isinstance(found, NotPlain) else None


@lru_cache(maxsize=64)  # who hears that a formula is not plain asks why
def _attempt(formula: str) -> Compiled | NotPlain:
    tree = tree_here(formula)
    if tree is None:
        return NotPlain("it is too long or too deep, or does not parse")
    try:
        node = plain(tree)
        if copies(node) > MOST_COPIES:
            return NotPlain("it repeats what it is given very often")
        source = Source()
        written = write_result(source, node, source.begin())
        text = source.text("def formula(d, v, e):", written.code)
        call = load(text, "formula", source.constants)
    except NotPlain as reason:
        return reason
    except (RecursionError, SyntaxError, MemoryError):  # too many loops in each other, too deep
        return NotPlain("it is nested very deeply")
    all_nodes = list(nodes.parts(node))
    calls = frozenset(each.function for each in all_nodes if isinstance(each, nodes.Call | nodes.Walk))
    return Compiled(call, node, calls, _asks(all_nodes), text)


def write_result(source: Source, node: Node, at: Atom) -> Atom:
    """Put the whole formula, as its value goes out."""
    return expressions.tidied(source, write_value(source, node, at))


def write_value(source: Source, node: Node, at: Atom) -> Atom:
    """Put the whole formula, its value as it is held."""
    source.is_measured = False
    before = source.counts_all
    source.counts_all = before or is_large(node)
    made = expressions.write(source, node, at)
    source.counts_all = before
    if source.is_measured and not kinds.is_surely(made.kind, _SMALL):
        made = source.new(f"measured({made.code})", made.kind, made)
    return made


def load(text: str, name: str, constants: Mapping[str, Any]) -> Any:
    """The function that a source of ours defines; it sees what is in `_NAMES` and the constants, and no builtins."""
    space = {**_NAMES, **constants}
    exec(compile(text, "<formula>", "exec", dont_inherit=True), space)
    return space[name]


def _asks(all_nodes: list[object]) -> dict[str, frozenset[str] | None]:
    """By variable: the fields that are read of it right away, None where it is used otherwise."""
    fields: dict[str, set[str]] = {}
    firsts: list[int] = []
    for node in all_nodes:
        if isinstance(node, nodes.Path) and isinstance(node.steps[0].node, nodes.Variable) and len(node.steps) > 1:
            first, second = node.steps[0], node.steps[1].node
            if not first.stages and isinstance(second, nodes.Field) and isinstance(first.node, nodes.Variable):
                fields.setdefault(first.node.name, set()).add(second.name)
                firsts.append(id(first.node))
    whole = {node.name for node in all_nodes if isinstance(node, nodes.Variable) and id(node) not in firsts}
    return dict.fromkeys(whole) | {name: frozenset(held) for name, held in fields.items() if name not in whole}
