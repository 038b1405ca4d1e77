"""What a condition makes certain: in `x ? "a" & x : …` the second x is not null."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_ORDER = ("<", ">", "<=", ">=")
_NEED_A_TEXT = ("length", "trim", "contains")
_NONE: frozenset[str] = frozenset()


class Guards:
    """The texts of what is surely filled where a condition holds, or does not. key: the text of a node."""

    def __init__(self, key: Callable[[Any], str]) -> None:
        self._key = key
        self._known: dict[tuple[int, bool], frozenset[str]] = {}

    def certain(self, node: Any, holds: bool) -> frozenset[str]:
        asked = (id(node), holds)
        if asked not in self._known:
            self._known[asked] = self._find(node, holds) - {""}
        return self._known[asked]

    def _find(self, node: Any, holds: bool) -> frozenset[str]:
        if node.type == "block" and len(node.expressions) == 1:
            return self.certain(node.expressions[0], holds)
        if node.type in ("path", "variable"):
            return frozenset({self._key(node)}) if holds else _NONE
        if node.type == "binary":
            return self._binary(node, holds)
        if node.type == "function" and node.procedure.type == "variable" and node.arguments:
            return self._call(node.procedure.value, node.arguments, holds)
        return _NONE

    def _binary(self, node: Any, holds: bool) -> frozenset[str]:
        sign, one, other = node.value, node.lhs, node.rhs
        if sign == ("and" if holds else "or"):
            return self.certain(one, holds) | self.certain(other, holds)
        if sign == ("!=" if holds else "=") and (_is_null(one) or _is_null(other)):
            return frozenset({self._key(one), self._key(other)})
        if not holds:
            return _NONE
        if sign == "=" and not (_is_null(one) or _is_null(other)):
            return frozenset(self._key(a) for a, b in ((one, other), (other, one)) if _is_literal(b))
        if sign in _ORDER:
            return frozenset({self._key(one), self._key(other)})
        return frozenset({self._key(one)}) if sign == "in" else _NONE

    def _call(self, name: str, arguments: list[Any], holds: bool) -> frozenset[str]:
        first = arguments[0]
        if name == "not":
            return self.certain(first, not holds)
        if not holds:
            return _NONE
        if name == "boolean":
            return self.certain(first, True)
        if name == "exists" and _is_first_filled(first):
            return frozenset({self._key(first.arguments[0])})
        fills = name in _NEED_A_TEXT or (name == "first_filled" and len(arguments) == 1)
        return frozenset({self._key(first)}) if fills else _NONE


def _is_first_filled(node: Any) -> bool:
    is_call = node.type == "function" and node.procedure.value == "first_filled"
    return is_call and len(node.arguments) == 1


def _is_literal(node: Any) -> bool:
    return node.type in ("string", "number", "value")


def _is_null(node: Any) -> bool:
    return bool(node.type == "value" and node.value is None)
