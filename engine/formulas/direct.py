"""Formulas that only name a value, answered where they are asked: `items`, `Meta.TotalNumberOfPages`, `$fields`.

They make up most holes of a request, and a worker would spend more on the journey than on the answer. Only what is
certain is answered here: a way through objects by plain names (a list at its end stays as it is), or a text as it
is written. A list or anything else on the way goes to the worker, which knows JSONata's rules for it. This
is also the place where compiled formulas will be asked first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from engine.errors import Json
from engine.formulas.missing import MISSING

_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_WAY = re.compile(rf"\s*(?P<start>\$\$?|\${_NAME}|{_NAME})(?P<rest>(?:\.{_NAME})*)\s*")
_TEXT = re.compile(r"""\s*(?:"([^"\\]*)"|'([^'\\]*)')\s*""")
_WORDS = {"and", "or", "in", "true", "false", "null", "function"}

Direct = Callable[[Json, Mapping[str, Json]], Any]
ASK = object()  # the worker must be asked


def direct(formula: str) -> Direct | None:
    """The formula as a function of record and variables that gives a value, MISSING or ASK; None if it is no way."""
    text = _TEXT.fullmatch(formula)
    if text:
        written = text[1] if text[1] is not None else text[2]
        return lambda record, variables: written
    way = _WAY.fullmatch(formula)
    if way is None:
        return None
    start = way["start"]
    names = tuple(way["rest"].split(".")[1:])
    if _WORDS & {start, *names}:
        return None
    if start in ("$", "$$"):
        return lambda record, variables: _found(record, names)
    if start.startswith("$"):
        variable = start[1:]
        return lambda record, variables: _found(variables[variable], names) if variable in variables else ASK
    return lambda record, variables: _found(record, (start, *names))


def _found(value: Json, names: tuple[str, ...]) -> Any:
    for name in names:
        if type(value) is not dict:
            return MISSING if value is MISSING else ASK
        value = value.get(name, MISSING)
    if not names and type(value) is list:
        return ASK
    return _out(value) if type(value) in _HOLDERS else value


_HOLDERS = frozenset((float, list, dict))


def _out(value: Json) -> Json:
    """A value as it comes out of a formula: 1.0 is 1, inside lists and objects too."""
    kind = type(value)
    if kind is float:
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    if kind is list:
        return [_out(item) if type(item) in _HOLDERS else item for item in value]
    return {name: _out(item) if type(item) in _HOLDERS else item for name, item in value.items()}
