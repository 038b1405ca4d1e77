"""From the evaluator's values to plain JSON and back, within a bound of size."""

from __future__ import annotations

import math
from typing import Any

from engine.errors import Json
from engine.formulas.missing import MISSING
from engine.formulas.refusals import Refused

_EXACT = 2**53


class Plain:
    """Makes plain JSON of what an evaluation gave. `room` is what is left, in bytes of JSON, roughly."""

    __slots__ = ("_null", "room")

    def __init__(self, null: Any, room: int = 64_000_000) -> None:
        self._null = null
        self.room = room

    def of(self, value: Any) -> Json:
        """Lists become plain lists, null None, 3.0 becomes 3. Refused: functions, NaN, infinity, too much."""
        sort = type(value)
        if sort is str:
            self._spend(len(value) + 2 if value.isascii() else 3 * len(value))
            return value
        if sort is bool:
            return value
        if sort is int or sort is float:
            return self._number(value)
        if value is None or value is self._null:
            return None
        if isinstance(value, list):
            self._spend(8 + 2 * len(value))
            return [self.of(item) for item in value]
        if isinstance(value, dict):
            self._spend(8 + 8 * len(value))
            return {str(name): self.of(item) for name, item in value.items()}
        raise Refused(
            "M1007",
            "The result is or holds a function, not data",
            "Call the function with (…), or leave it out of the result.",
        )

    def _number(self, value: Any) -> Json:
        self._spend(8)
        if not math.isfinite(value):
            raise Refused(
                "M1007",
                "The result is not a number that can be written (it is infinite or undefined)",
                "Check what the formula divides by, and which texts it reads as numbers.",
            )
        if value == int(value) and -_EXACT < value < _EXACT:
            return int(value)
        # Arithmetic on large numbers gives whole floats as huge integers, digits that were never there.
        return float(value) if isinstance(value, int) and int(float(value)) == value else value

    def _spend(self, size: int) -> None:
        self.room -= size
        if self.room < 0:
            raise Refused(
                "M1006",
                "The result is too large",
                "Check that the formula does not repeat a list inside itself.",
            )


def inward(value: Any, null: Any) -> Any:
    """A plain value for the evaluator: null becomes its sentinel in every depth, MISSING becomes None."""
    if value is None:
        return null
    if value is MISSING:
        return None
    if isinstance(value, list):
        return [inward(item, null) for item in value]
    if isinstance(value, dict):
        return {name: inward(item, null) for name, item in value.items()}
    return value
