"""JSONata's own functions that are compiled: how many arguments each takes and what it gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.formulas.compiled import kinds, standard, standard_lists


@dataclass(frozen=True, slots=True)
class Standard:
    """fewest and most arguments; the kind it gives; whether a missing first argument is the value at hand."""

    call: Callable[..., Any]
    fewest: int
    most: int
    gives: int
    from_context: bool = False


_TEXT = kinds.TEXT | kinds.NOTHING
_NUMBER = kinds.NUMBER | kinds.NOTHING
_LOOSE = kinds.LOOSE | kinds.NOTHING
_TRUTH = kinds.TRUTH | kinds.NOTHING

STANDARD: dict[str, Standard] = {
    "string": Standard(standard.string, 1, 1, _TEXT, True),
    "length": Standard(standard.length, 1, 1, _NUMBER, True),
    "uppercase": Standard(standard.uppercase, 1, 1, _TEXT, True),
    "lowercase": Standard(standard.lowercase, 1, 1, _TEXT, True),
    "trim": Standard(standard.trim, 1, 1, _TEXT, True),
    "substring": Standard(standard.substring, 2, 3, _TEXT, True),
    "substringBefore": Standard(standard.substring_before, 2, 2, _TEXT, True),
    "substringAfter": Standard(standard.substring_after, 2, 2, _TEXT, True),
    "contains": Standard(standard.contains, 2, 2, _TRUTH, True),
    "replace": Standard(standard.replace, 3, 4, _TEXT, True),
    "split": Standard(standard.split, 2, 3, kinds.TIDY_LIST | kinds.NOTHING, True),
    "join": Standard(standard.join, 1, 2, _TEXT),
    "pad": Standard(standard.pad, 2, 3, _TEXT, True),
    "number": Standard(standard.number, 1, 1, _LOOSE, True),
    "abs": Standard(standard.absolute, 1, 1, _LOOSE, True),
    "floor": Standard(standard.floor, 1, 1, _NUMBER, True),
    "ceil": Standard(standard.ceil, 1, 1, _NUMBER, True),
    "sqrt": Standard(standard.square_root, 1, 1, _LOOSE, True),
    "round": Standard(standard.round_, 1, 2, _NUMBER, True),
    "sum": Standard(standard.sum_, 1, 1, _LOOSE),
    "max": Standard(standard.largest, 1, 1, _LOOSE),
    "min": Standard(standard.smallest, 1, 1, _LOOSE),
    "average": Standard(standard.average, 1, 1, _LOOSE),
    "not": Standard(standard.not_, 1, 1, _TRUTH, True),
    "boolean": Standard(standard.boolean, 1, 1, _TRUTH, True),
    "exists": Standard(standard.exists, 1, 1, kinds.TRUTH),
    "count": Standard(standard_lists.count, 1, 1, kinds.NUMBER),
    "append": Standard(standard_lists.append, 2, 2, kinds.ANY),
    "reverse": Standard(standard_lists.reverse, 1, 1, kinds.LIST | kinds.NOTHING),
    "distinct": Standard(standard_lists.distinct, 1, 1, kinds.ANY),
    "sort": Standard(standard_lists.sort, 1, 1, kinds.LIST | kinds.NOTHING),
    "keys": Standard(standard_lists.keys, 1, 1, kinds.TEXT | kinds.TIDY_LIST | kinds.NOTHING, True),
    "lookup": Standard(standard_lists.lookup, 2, 2, kinds.ANY, True),
    "merge": Standard(standard_lists.merge, 1, 1, kinds.OBJECT | kinds.NOTHING),
    "type": Standard(standard_lists.type_of, 1, 1, _TEXT),
    "fromMillis": Standard(standard.from_millis, 1, 1, _TEXT, True),
}

# Named in the language, and no value of their own: a formula that uses one of these as a value is not plain.
NAMES = frozenset(
    [
        *STANDARD,
        *"assert base64decode base64encode clone decodeUrl decodeUrlComponent each encodeUrl".split(),
        *"encodeUrlComponent".split(),
        *"error eval filter formatBase formatInteger formatNumber map match millis now parseInteger power".split(),
        *"random reduce shuffle sift single spread toMillis zip".split(),
    ]
)
