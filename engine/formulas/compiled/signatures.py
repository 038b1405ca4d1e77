"""The functions of ours as compiled formulas call them: how many arguments, of which kind, and what they give."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.formulas.compiled import kinds
from engine.formulas.compiled.bounds import LONGEST_LIST, LONGEST_TEXT, defer, measured
from engine.formulas.compiled.runtime import NUMBERS
from engine.formulas.functions import FUNCTIONS, Function
from engine.formulas.missing import MISSING

_PARAMETER = re.compile(r"([a-z]|\([a-z]+\))(?:<[a-z()]+>)?([-?+]*)")
_GIVES = {
    "n": kinds.NUMBER | kinds.NOTHING,
    "s": kinds.TEXT | kinds.NOTHING,
    "b": kinds.TRUTH | kinds.NOTHING,
}


@dataclass(frozen=True, slots=True)
class Own:
    """A function of ours. checks: for each parameter what makes its argument fit, None where anything does; the
    last one's holds for all that follow where `repeats`.
    """

    function: Function
    checks: tuple[Callable[[Any], Any] | None, ...]
    fewest: int
    most: int
    repeats: bool
    from_context: bool
    gives: int


def _number(value: Any) -> Any:
    return value if type(value) in NUMBERS or value is MISSING else defer()


def _text(value: Any) -> Any:
    return value if type(value) is str or value is MISSING else defer()


def _truth(value: Any) -> Any:
    return value if type(value) is bool or value is MISSING else defer()


def _object(value: Any) -> Any:
    return value if type(value) is dict or value is MISSING else defer()


def _list(value: Any) -> Any:
    """A parameter that is a list takes one value as a list of it."""
    if type(value) is list:
        return value if len(value) <= LONGEST_LIST else defer()
    return value if value is MISSING else [value]


# functions that look long at each character or item
SLOW = frozenset(
    "split_name split_street transliterate spelled safe_number truncate join_filled digest sum_money document_sums "
    "distribute".split()
)


def ordinary(value: Any) -> Any:
    """What is asked of a slow function must be of an ordinary size."""
    if type(value) is str:
        return value if len(value) <= LONGEST_TEXT else defer()
    if type(value) is not list and type(value) is not dict:
        return value
    return measured(value) if len(value) <= LONGEST_LIST else defer()


def short(value: Any) -> Any:
    """A text that stands between the items of a list must be short: it is repeated for each."""
    return value if value is MISSING or (type(value) is str and len(value) <= 1_000) else defer()


CHECKED_KIND: dict[Callable[[Any], Any], int] = {
    _number: kinds.NUMBERS,
    _text: kinds.TEXT,
    _truth: kinds.TRUTH,
    _object: kinds.OBJECT | kinds.TIDY_OBJECT,
    _list: kinds.LISTS,
}
_CHECKS: dict[str, Callable[[Any], Any] | None] = {
    "n": _number,
    "s": _text,
    "b": _truth,
    "o": _object,
    "a": _list,
    "x": None,
    "j": None,
}


def _read(function: Function) -> Own | None:
    """The function by its signature; None for a signature that is not understood here."""
    written, _, gives = function.signature.strip("<>").partition(":")
    found = _PARAMETER.findall(written)
    if "".join(letter + marks for letter, marks in found) != written or any(
        letter not in _CHECKS for letter, _ in found
    ):
        return None
    fewest = sum("?" not in marks for _, marks in found)
    return Own(
        function,
        tuple(_CHECKS[letter] for letter, _ in found),
        fewest,
        len(found),
        bool(found) and "+" in found[-1][1],
        bool(found) and "-" in found[0][1],
        _GIVES.get(gives[:1], kinds.ANY),
    )


OWN: dict[str, Own] = {
    function.name: own for function in FUNCTIONS if not function.in_jsonata and (own := _read(function)) is not None
}
