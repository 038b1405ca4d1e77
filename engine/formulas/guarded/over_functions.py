"""The language's functions that call functions ($map, $sort, …), as the reference implementation has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.formulas.guarded import standard_texts
from engine.formulas.guarded.kinds import boolean
from engine.formulas.javascript import less
from engine.formulas.jsonata_library import Functions, JException, Jsonata, Parser, Utils
from engine.formulas.regular_expressions import Expression

# How many arguments each function takes when another one calls it: what JavaScript counts as its parameters.
ARITY = dict.fromkeys(("random", "zip", "millis"), 0)
ARITY |= dict.fromkeys(
    "substringBefore substringAfter contains join formatBase formatInteger parseInteger toMillis round power map "
    "filter single sift lookup append each assert sort now".split(),
    2,
)
ARITY |= dict.fromkeys("substring pad match split formatNumber fromMillis reduce".split(), 3)
ARITY["replace"] = 4


def arity(function: Any) -> int:
    if isinstance(function, Parser.Symbol):
        return len(function.arguments)
    if isinstance(function, Expression):
        return 2
    if isinstance(function, Jsonata.JNativeFunction):
        return ARITY.get(function.function_name, 1)
    if isinstance(function, Jsonata.JFunction):
        return max(1, int(function.signature.get_min_number_of_args()))
    return int(getattr(function, "arity", 0))


class OverFunctions:
    """call: applies a function of the language to arguments."""

    def __init__(self, call: Callable[[Any, list[Any]], Any]) -> None:
        self._call = call

    def table(self) -> dict[str, Callable[..., Any]]:
        return {
            "map": self.map,
            "filter": self.filter,
            "single": self.single,
            "reduce": self.reduce,
            "each": self.each,
            "sift": self.sift,
            "sort": self.sort,
            "replace": self.replace,
        }

    def _given(self, function: Any, value: Any, place: Any, all_of_it: Any) -> Any:
        return self._call(function, [value, place, all_of_it][: max(1, min(arity(function), 3))])

    def map(self, values: list[Any] | None, function: Any) -> Any:
        if values is None:
            return None
        found = (self._given(function, value, place, values) for place, value in enumerate(values))
        return Utils.create_sequence_from_iter(value for value in found if value is not None)

    def filter(self, values: list[Any] | None, function: Any) -> Any:
        if values is None:
            return None
        return Utils.create_sequence_from_iter(
            value for place, value in enumerate(values) if boolean(self._given(function, value, place, values))
        )

    def single(self, values: list[Any] | None, function: Any = None) -> Any:
        if values is None:
            return None
        found: list[Any] = []
        for place, value in enumerate(values):
            if function is None or boolean(self._given(function, value, place, values)):
                if found:
                    raise JException("D3138", -1)
                found.append(value)
        if not found:
            raise JException("D3139", -1)
        return found[0]

    def reduce(self, values: list[Any] | None, function: Any, start: Any = None) -> Any:
        if values is None:
            return None
        takes = arity(function)
        if takes < 2:
            raise JException("D3050", -1)
        result, first = (values[0], 1) if start is None and values else (start, 0)
        for place in range(first, len(values)):
            result = self._call(function, [result, values[place], place, values][: min(takes, 4)])
        return result

    def each(self, value: dict[str, Any] | None, function: Any) -> Any:
        found = (self._given(function, below, name, value) for name, below in (value or {}).items())
        return Utils.create_sequence_from_iter(below for below in found if below is not None)

    def sift(self, value: dict[str, Any] | None, function: Any = None) -> Any:
        kept = {
            name: below for name, below in (value or {}).items() if boolean(self._given(function, below, name, value))
        }
        return kept or None

    def sort(self, values: Any, comparator: Any = None) -> Any:
        if values is None or len(values) <= 1:
            return values
        if comparator is not None:
            return merge_sorted(list(values), lambda left, right: _is_true(self._call(comparator, [left, right])))
        if not Utils.is_array_of_numbers(values) and not Utils.is_array_of_strings(values):
            raise JException("D3070", -1)
        return merge_sorted(list(values), lambda left, right: less(right, left))

    def replace(self, text: str | None, pattern: Any, replacement: Any, limit: float | None = None) -> str | None:
        new = replacement if isinstance(replacement, str | None) else lambda match: self._call(replacement, [match])
        return standard_texts.replace(text, pattern, new, limit)


def _is_true(value: Any) -> bool:
    """What JavaScript counts as true: lists and objects always, also empty ones."""
    if isinstance(value, list | dict) or Functions.is_lambda(value):
        return True
    return value is not Utils.NULL_VALUE and bool(value) and value == value


def merge_sorted(values: list[Any], is_after: Callable[[Any, Any], bool]) -> list[Any]:
    """The values in order, asking for the same pairs in the same order as the reference implementation."""
    if len(values) <= 1:
        return values
    middle = len(values) // 2
    left, right = merge_sorted(values[:middle], is_after), merge_sorted(values[middle:], is_after)
    result, here, there = [], 0, 0
    while here < len(left) and there < len(right):
        if is_after(left[here], right[there]):
            result.append(right[there])
            there += 1
        else:
            result.append(left[here])
            here += 1
    return [*result, *left[here:], *right[there:]]
