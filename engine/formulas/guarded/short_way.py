"""Short ways to what the library finds by long ones: paths of plain names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.formulas.missing import MISSING

LONG_WAY = ()


class ShortWay:
    """sequence: the evaluator's own list type; make_sequence: makes an empty one; null: its sentinel."""

    def __init__(self, sequence: Any, make_sequence: Callable[[], Any], null: object) -> None:
        self._sequence = sequence
        self._make_sequence = make_sequence
        self._null = null

    def at(self, names: tuple[str, ...], value: Any) -> Any:
        """What stands at the path below a value, None for nothing; LONG_WAY where lists lie in lists."""
        for number, name in enumerate(names, 1):
            if type(value) is dict:
                value = value.get(name, MISSING)
            elif type(value) is list or (type(value) is self._sequence and value.sequence and not value.outer_wrapper):
                value = self._each(name, value, last=number == len(names))
                if value is LONG_WAY:
                    return LONG_WAY
            else:
                return LONG_WAY if isinstance(value, list) else None
            if value is MISSING:
                return None
            if value is None:  # null that a function of the library made
                value = self._null
        return LONG_WAY if type(value) is self._sequence and not value.sequence else value

    def _each(self, name: str, items: list[Any], *, last: bool) -> Any:
        """The step on a list: what each object has there, lists end to end, a lone last list as it is."""
        found: list[Any] = []
        for item in items:
            if type(item) is not dict:
                return LONG_WAY
            below = item.get(name, MISSING)
            if below is not MISSING:
                found.append(self._null if below is None else below)
        if last and len(found) == 1 and type(found[0]) is list:
            return found[0]
        result = self._make_sequence()
        for below in found:
            if not isinstance(below, list):
                result.append(below)
            elif type(below) is list:
                result.extend(below)
            else:
                return LONG_WAY
        return result


def names_of(path: Any) -> tuple[str, ...]:
    """The names a path consists of, or LONG_WAY when it is or has anything else."""
    if path.keep_singleton_array or path.group or path.tuple is not None:
        return LONG_WAY
    for step in path.steps:
        if step.type != "name" or step.predicate or step.stages or step.group or step.keep_array:
            return LONG_WAY
        if any(part is not None for part in (step.tuple, step.focus, step.index, step.ancestor)):
            return LONG_WAY
    return tuple(step.value for step in path.steps)
