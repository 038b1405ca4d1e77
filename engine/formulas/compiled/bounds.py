"""How large a value a compiled formula may make, and how much it may cost: beyond that the evaluator is asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn

MOST_WORK = 1_500_000  # steps of all loops of one formula, mostly a fraction of a second
LONGEST_LIST = 50_000
LONGEST_TEXT = 250_000
_LARGEST_RESULT = 4_000_000
_STEP_CHARS = 16  # so many characters are looked at in one step


class Defer(Exception):
    """Not to be answered here: the guarded evaluator knows."""


def defer() -> NoReturn:
    raise Defer


def counted(value: Any) -> int:
    """How much going along a list or text costs, in steps."""
    kind = type(value)
    return len(value) if kind is list else 1 + len(value) // _STEP_CHARS if kind is str else 1


def weight(value: Any) -> int:
    """How much looking through all that is in a value costs, in steps."""
    if type(value) is str:
        return 1 + len(value) // _STEP_CHARS
    if type(value) is not list and type(value) is not dict:
        return 1
    left = _room_after(value, MOST_WORK * _STEP_CHARS, _STEP_CHARS)
    return MOST_WORK - left // _STEP_CHARS if left >= 0 else defer()


def measured(value: Any, most: int = _LARGEST_RESULT) -> Any:
    """The same value, if written out it is of a size that a record may have."""
    if _room_after(value, most, 8) < 0:
        raise Defer
    return value


def _room_after(value: Any, room: int, each: int) -> int:
    """What is left of a room of characters, below 0 when it was not enough. each: what a value takes by itself."""
    kind = type(value)
    room -= len(value) + each if kind is str else each
    if room < 0:
        return room
    inner: Iterable[Any] = ()
    if kind is list:
        inner = value
    elif kind is dict:
        inner = value.values()
        room -= sum(map(len, value))
    for item in inner:
        room = _room_after(item, room, each)
        if room < 0:
            return room
    return room
