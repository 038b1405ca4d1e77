"""Formulas with holes, `{{order.total}}`, filled from what two systems have; what cannot be filled is left out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files

from engine.documents.formula_text import formula_text
from engine.errors import Json

Resolve = Callable[[str], str | None]

_HOLE = re.compile(r"\{\{([^{}]+)\}\}")
_LEFT_OUT = "\0"
_EMPTY_ARGUMENT = re.compile(rf",\s*{_LEFT_OUT}|{_LEFT_OUT}\s*,\s*|{_LEFT_OUT}")
_SIMPLE = re.compile(r"""[\w.$`]+|"[^"\\]*"|-?\d+(\.\d+)?""")
_FILTERED = re.compile(r"[\w.$`]+\[[^\[\]]*\]")
_CALL = re.compile(r"\$\w+\(")
_FIRST = "$first_filled("


class Unfilled(Exception):
    """A hole that nothing fills; its name is the argument."""


@cache
def document(name: str) -> Json:
    """A file of `processes/`, read once; it is not to be changed."""
    text = files(__package__).joinpath("processes", f"{name}.json").read_text(encoding="utf-8")
    return json.loads(text)


def filled(template: Json, resolve: Resolve) -> str:
    """The formula of a template: a text, a list of lines, or {"first": [templates]} of which the first that can be
    filled counts. Unfilled where none can.
    """
    if isinstance(template, Mapping):
        missing = "nothing"
        for one in template["first"]:
            try:
                return filled(one, resolve)
            except Unfilled as unfilled:
                missing = str(unfilled)
        raise Unfilled(missing)
    return _filled(formula_text(template), resolve)


def _filled(text: str, resolve: Resolve) -> str:
    whole = _HOLE.fullmatch(text)

    def put(found: re.Match[str]) -> str:
        name = found[1].strip()
        value = resolve(name.removesuffix("?"))
        if value is None:
            if name.endswith("?"):
                return _LEFT_OUT
            raise Unfilled(name)
        stands_alone = whole is not None or _is_argument(text, found.start(), found.end())
        return value if stands_alone or is_atom(value) else f"({value})"

    return _flat(_EMPTY_ARGUMENT.sub("", _HOLE.sub(put, text)))


def _flat(formula: str) -> str:
    """`$first_filled($first_filled(a, b), c)` said once."""
    doubled = f"{_FIRST}{_FIRST}"
    while doubled in formula:
        start = formula.index(doubled) + len(_FIRST)
        end = start + _end_of_call(formula[start:])
        formula = formula[:start] + formula[start + len(_FIRST) : end] + formula[end + 1 :]
    return formula


def said(text: str, words: Mapping[str, str]) -> str:
    """A sentence with its holes filled; one that nothing fills stays empty."""
    return _HOLE.sub(lambda found: words.get(found[1].strip(), ""), text)


def _is_argument(text: str, start: int, end: int) -> bool:
    """Does a hole stand between brackets, commas or behind a colon, so that its value needs no brackets?"""
    before, behind = text[:start].rstrip()[-1:], text[end:].lstrip()[:1]
    return before in ("(", "[", ",", ":", "{") and behind in (")", "]", ",", "}")


def is_atom(formula: str) -> bool:
    """Is it one path, literal or call, that can stand beside any operator?"""
    if _SIMPLE.fullmatch(formula) or _FILTERED.fullmatch(formula):
        return True
    return _CALL.match(formula) is not None and _end_of_call(formula) == len(formula) - 1


def _end_of_call(formula: str) -> int:
    """Where the bracket closes that the call at the beginning opens."""
    depth = 0
    for place, character in enumerate(formula):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth == 0 and character == ")":
            return place
    return len(formula)


def as_written(formula: str) -> Json:
    """The formula as documents hold it: one text, or a list of lines."""
    lines = formula.split("\n")
    return lines[0] if len(lines) == 1 else lines
