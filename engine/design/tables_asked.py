"""Which value tables a formula asks, and by what keys; and every place of a document, sound or not, that asks one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from engine.documents.formula_text import formula_text
from engine.errors import Json
from engine.formulas.lint.source import Source, within
from engine.formulas.lint.view import called_function
from engine.formulas.syntax import tree_here

_MAY_ASK = re.compile(r"\$table\s*\(")
_NAMES = re.compile(r"""\$table\s*\(\s*["']([a-z][a-z0-9_]*)["']""")
_WORDS = ("title", "note")  # of steps and their fields: they may speak of a table, and ask none


def may_ask(formula: str) -> bool:
    """Can the formula ask any table?"""
    return "$table" in formula and _MAY_ASK.search(formula) is not None


@lru_cache(maxsize=1_024)
def tables_asked(formula: str) -> tuple[tuple[str, str], ...]:
    """The tables a formula names, each with the keys it asks for, each once; "" where a key cannot be told apart."""
    tree = tree_here(formula)
    if tree is None:  # too long to be read here, or not a formula yet: the names are enough
        return tuple((name, "") for name in dict.fromkeys(_NAMES.findall(formula)))
    source = Source(formula, tree)
    found: dict[tuple[str, str], None] = {}
    for node in within(tree.root):
        if called_function(node) == "table" and node.arguments and node.arguments[0].type == "string":
            key = source.text(node.arguments[1]) if len(node.arguments) > 1 else ""
            found.setdefault((node.arguments[0].value, " ".join(key.split())))
    return tuple(found)


def places_asking(document: Mapping[str, Json], lookup: str) -> list[str]:
    """Where a document asks a table, in short words: “customer: TermsId”, “the named value priced”."""
    found: dict[str, None] = {}
    for part in ("source", "values", "steps"):
        for path, formula in _formulas(document.get(part), (part,)):
            if may_ask(formula) and any(name == lookup for name, _key in tables_asked(formula)):
                found.setdefault(_said(document, path))
    examples = document.get("examples")
    for example in examples if isinstance(examples, list) else ():
        held = example.get("lookups") if isinstance(example, Mapping) else None
        if isinstance(held, Mapping) and lookup in held:
            found.setdefault(f"the example “{str(example.get('title', ''))[:60]}”")
    return list(found)


def _formulas(held: Json, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every text of a part that may be a formula: a text, or a list of lines."""
    if isinstance(held, str):
        yield path, held
    elif isinstance(held, list) and held and all(isinstance(line, str) for line in held):
        yield path, formula_text(held)
    elif isinstance(held, list):
        for number, item in enumerate(held):
            yield from _formulas(item, (*path, number))
    elif isinstance(held, Mapping):
        for name, item in held.items():
            is_named_by_people = path[0] == "values" or path[-1] == "fields"
            if is_named_by_people or name not in _WORDS:
                yield from _formulas(item, (*path, name))


def _said(document: Mapping[str, Json], path: tuple[str | int, ...]) -> str:
    if path[0] == "values" and len(path) > 1:
        return f"the named value {path[1]}"
    if path[0] != "steps" or len(path) < 3:
        return "a condition of the source"
    step = document["steps"][path[1]]
    name = str(step.get("step", path[1])) if isinstance(step, Mapping) else str(path[1])
    return f"{name}: {path[3]}" if path[2] == "fields" and len(path) > 3 else f"{name}: its {path[2]}"
