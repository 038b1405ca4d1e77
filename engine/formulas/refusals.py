"""How a function of ours says no: a code, a sentence and what to do; whoever evaluates adds the place."""

from __future__ import annotations

from typing import Any

from engine.formulas.missing import MISSING


class Refused(Exception):
    """The formula cannot go on. `what` is a sentence without its full stop, and holds no personal data."""

    def __init__(self, code: str, what: str, what_to_do: str = "Mend the formula.") -> None:
        super().__init__(what)
        self.code = code
        self.what = what
        self.what_to_do = what_to_do


class TooDeep(Exception):
    """The formula calls itself too deeply."""


def kind(value: Any) -> str:
    """What sort of value it is, in words: the value itself may be personal."""
    if value is MISSING:
        return "nothing"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "an empty text" if value == "" else "a text"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "an object"
    return "a function"
