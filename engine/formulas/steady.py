"""Formulas that give the same for all records of a run, told by their words alone."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"[^"\\]*"|'[^'\\]*')|(?P<number>\d+(?:\.\d+)?)|(?P<variable>\$[A-Za-z_]\w*)
    |(?P<step>\.[A-Za-z_]\w*)|(?P<word>[A-Za-z_]\w*)|(?P<sign>!=|<=|>=|[=<>?:&+()-]))\s*""",
    re.VERBOSE | re.ASCII,
)
_BETWEEN = {"and", "or", "in"}  # fields of the record where no operand stands before them
_VALUES = {"true", "false", "null"}


def steady(formula: str) -> frozenset[str] | None:
    """The variables a formula depends on, if it surely depends on nothing else; None where that is not certain.

    Certain are paths below variables, texts, numbers, comparisons and conditions; no name of the record's and no
    function may occur. What such a formula gives is asked of the evaluator once for each environment.
    """
    names: set[str] = set()
    end, last, operand = 0, "", False
    while end < len(formula):
        token = _TOKEN.match(formula, end)
        if token is None:
            return None
        kind = str(token.lastgroup)
        text = token[kind]
        if kind == "word" and not (text in _BETWEEN if operand else text in _VALUES):
            return None
        if kind == "step" and last not in ("variable", "step"):
            return None
        if text == "(" and operand:  # a call
            return None
        if kind == "variable":
            names.add(text[1:])
        operand = text == ")" if kind == "sign" else text not in _BETWEEN or kind != "word"
        end, last = token.end(), kind
    return frozenset(names) if last else None
