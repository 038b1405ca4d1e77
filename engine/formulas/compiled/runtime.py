"""What compiled formulas call while they run: JSONata's rules for sequences, truth, comparison and text.

Whatever is out of the ordinary (an error, a list in a list, a number past 2^53, more than a formula may cost) is not
worked out here: `Defer` is raised, and the guarded evaluator is asked, which also knows the error's name.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import Any

from engine.formulas.compiled.bounds import LONGEST_LIST, LONGEST_TEXT, Defer, defer, measured
from engine.formulas.functions.texts import number_text
from engine.formulas.missing import MISSING, Missing

EXACT = 2.0**53  # from here on a double no longer holds every whole number
NUMBERS = frozenset((int, float))
AS_IT_IS = frozenset((str, int, bool, type(None), Missing))  # what goes out as it is held
_SINGLE = AS_IT_IS | {float}
MOST_COMPARED = 20_000  # values in lists and objects that are compared with each other
_PLAIN_TEXT = re.compile(r'[^"\\\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]*')


# --- sequences


def collected(found: list[Any]) -> Any:
    """What a path step found for each item, as its value: flattened once; nothing and one thing are no list."""
    if len(found) == 1:
        return found[0]
    for item in found:
        if type(item) is list:
            break
    else:
        return found or MISSING
    flat: list[Any] = []
    for item in found:
        if type(item) is list:
            flat.extend(item)
        else:
            flat.append(item)
    if len(flat) > 1:
        return flat if len(flat) <= LONGEST_LIST else defer()
    if flat and type(flat[0]) is list:
        raise Defer
    return flat[0] if flat else MISSING


def below(value: Any, name: str) -> Any:
    """The field of a value that is no object: of each object in a list, nothing of anything else."""
    if type(value) is not list:
        return without_fields(value)
    if len(value) > LONGEST_LIST:
        raise Defer
    found = []
    has_lists = False
    for item in value:
        if type(item) is dict:
            held = item.get(name, MISSING)
            if held is not MISSING:
                found.append(held)
                if type(held) is list:
                    has_lists = True
        elif type(item) not in _SINGLE:
            raise Defer
    if has_lists:
        return collected(found)
    return found if len(found) > 1 else found[0] if found else MISSING


def without_fields(value: Any) -> Any:
    """Nothing, of a value that has no fields. What is no plain JSON, such as an object of a kind of its own, may have
    some.
    """
    return MISSING if type(value) in _SINGLE else defer()


def getter(value: Any) -> Callable[[str, Any], Any]:
    """`below` as the `get` of an object is called."""
    return lambda name, _: below(value, name)


def items(value: Any) -> Sequence[Any]:
    """What a path step or a filter goes through, of a value that is no list."""
    return value if type(value) is list else () if value is MISSING else (value,)


def at(value: Any, index: int) -> Any:
    """The item at a place, counted from the end where it is negative."""
    if type(value) is not list:
        return value if index in (0, -1) else MISSING
    if not -len(value) <= index < len(value):
        return MISSING
    return value[index] if type(value[index]) is not list else defer()


def chosen(condition: Any, place: int, count: int) -> bool:
    """Whether a filter takes the item at this place: its condition is true, or names the place."""
    if type(condition) in NUMBERS:
        condition = [condition]
    if type(condition) is list and condition and all(type(each) in NUMBERS for each in condition):
        hits = sum((math.floor(each) + count if each < 0 else math.floor(each)) == place for each in condition)
        if hits > 1:
            raise Defer
        return bool(hits == 1)
    return truth(condition)


def truth(value: Any) -> bool:
    """Whether it counts as true: a list does where some item of it does."""
    if type(value) is list:
        return any(map(truth, value))
    return bool(value)


def as_list(value: Any) -> list[Any]:
    """An argument that is taken as a list: one value is a list of it."""
    if type(value) is not list:
        return [value]
    return value if len(value) <= LONGEST_LIST else defer()


# --- what goes out


def present(made: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in made.items() if value is not MISSING}


def tidy_number(value: float) -> float | int:
    """A number as it is written: 1.0 is 1."""
    if not -EXACT < value < EXACT:
        raise Defer
    whole = int(value)
    return whole if whole == value else value


def tidy(value: Any) -> Any:
    """A value that goes out as it came in, with 1 for each 1.0 in it."""
    kind = type(value)
    if kind is float:
        return tidy_number(value)
    if kind is list:
        return [item if type(item) in AS_IT_IS else tidy(item) for item in value]
    if kind is dict:
        return {name: item if type(item) in AS_IT_IS else tidy(item) for name, item in value.items()}
    return value if kind in AS_IT_IS else defer()


# --- text


def text(value: Any) -> str:
    """A value as `&` and `$string` write it; nothing is an empty text."""
    kind = type(value)
    if kind is str:
        return value  # type: ignore[no-any-return]
    if value is MISSING:
        return ""
    if kind is int and -EXACT < value < EXACT:
        return str(value)
    if kind is list or kind is dict:
        measured(value, 4 * LONGEST_TEXT)
    written = _written(value, 0)
    return written if len(written) <= LONGEST_TEXT else defer()


def _written(value: Any, depth: int) -> str:
    kind = type(value)
    if kind is str:
        return f'"{value}"' if _PLAIN_TEXT.fullmatch(value) else defer()
    if value is None:
        return "null"
    if kind is bool:
        return "true" if value else "false"
    if kind is int or kind is float:
        if not -1e15 < value < 1e15:
            raise Defer
        return number_text(value)
    if depth > 50:
        raise Defer
    if kind is list:
        return "[" + ",".join([_written(item, depth + 1) for item in value]) + "]"
    if kind is dict:
        members = []
        for name, item in value.items():
            if name.isdigit():  # JavaScript moves such names to the front
                raise Defer
            members.append(_written(name, depth + 1) + ":" + _written(item, depth + 1))
        return "{" + ",".join(members) + "}"
    raise Defer


def joined(parts: list[str]) -> str:
    """Many texts as one, unless that were too long."""
    return "".join(parts) if sum(map(len, parts)) <= LONGEST_TEXT else defer()


# --- comparison and arithmetic


def no_sum(*operands: Any) -> Any:
    """Arithmetic with something that is no number: nothing gives nothing, the rest is an error."""
    for operand in operands:
        if operand is not MISSING and type(operand) not in NUMBERS:
            raise Defer
    return MISSING


def exact(value: Any) -> Any:
    """The same number; one that a double does not hold is what the evaluator makes of it."""
    return defer() if type(value) is int and not -EXACT < value < EXACT else value


def negative(value: Any) -> Any:
    return -exact(value) if type(value) in NUMBERS else no_sum(value)


def remainder(left: float, right: float) -> float:
    return math.fmod(left, right)


def same(left: Any, right: Any) -> bool:
    """`=`: equal in kind and value, through lists and objects; nothing equals nothing."""
    if left is MISSING or right is MISSING:
        return False
    kind = type(left)
    if kind is list or kind is dict:
        return type(right) is kind and alike(left, right, [MOST_COMPARED])
    if kind is not type(right):
        return kind in NUMBERS and type(right) in NUMBERS and left == right
    return bool(left == right)


def alike(left: Any, right: Any, room: list[int]) -> bool:
    """The same of two values that are there. room: so many values in them may still be compared."""
    kind = type(left)
    if kind is not type(right):
        return kind in NUMBERS and type(right) in NUMBERS and left == right
    if kind is list or kind is dict:
        room[0] -= len(left) + 1
        if room[0] < 0:
            raise Defer
        if kind is list:
            return len(left) == len(right) and all(alike(a, b, room) for a, b in zip(left, right, strict=True))
        return left.keys() == right.keys() and all(alike(item, right[name], room) for name, item in left.items())
    return bool(left == right)


def ordered(left: Any, right: Any) -> tuple[Any, Any] | None:
    """Both sides of < <= > >= as Python may compare them; None where one is missing."""
    if type(left) in NUMBERS and type(right) in NUMBERS:
        return left, right
    if type(left) is str and type(right) is str:
        return (left, right) if left.isascii() and right.isascii() else (utf16(left), utf16(right))
    for value in (left, right):
        if value is not MISSING and type(value) is not str and type(value) not in NUMBERS:
            raise Defer
    return None if left is MISSING or right is MISSING else defer()


def utf16(value: str) -> bytes:
    """The text as JavaScript compares it: by halves of characters."""
    return value.encode("utf-16-be", "surrogatepass")


def contained(item: Any, value: Any) -> bool:
    """`in`: whether a list has the item, or a single value is it."""
    if item is MISSING or value is MISSING:
        return False
    kind = type(item)
    if kind is list or kind is dict:  # JavaScript asks whether it is the very same list
        raise Defer
    if type(value) is not list:
        return same(item, value)
    if len(value) > LONGEST_LIST:
        raise Defer
    if kind is str:
        return item in value
    return any(type(each) is not list and type(each) is not dict and same(item, each) for each in value)


# --- lists walked with a function


def sorted_by(value: list[Any], comes_after: Callable[[Any, Any], Any]) -> list[Any]:
    """The list merged as JSONata does it, so that also a comparison that contradicts itself gives the same order."""
    if len(value) < 2:
        return value
    if len(value) > LONGEST_LIST:
        raise Defer
    middle = len(value) // 2
    left, right = sorted_by(value[:middle], comes_after), sorted_by(value[middle:], comes_after)
    merged, i, j = [], 0, 0
    while i < len(left) and j < len(right):
        after = comes_after(left[i], right[j])
        if after is True:
            merged.append(right[j])
            j += 1
        elif after is False or after is MISSING:
            merged.append(left[i])
            i += 1
        else:
            raise Defer
    return merged + left[i:] + right[j:]


def grown(value: Any) -> Any:
    """What a $reduce has gathered so far, while it is of a size that a text or list may have."""
    if type(value) is str and len(value) > LONGEST_TEXT:
        raise Defer
    if type(value) is list and len(value) > LONGEST_LIST:
        raise Defer
    return exact(value)
