"""Compiles a `$filter` to a Python closure and to the index entries that hold every match."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.eaccounting import choices
from sandbox.eaccounting.comparisons import Operand, compare, field_operand
from sandbox.eaccounting.errors import invalid
from sandbox.eaccounting.filter_tokens import Token, cut
from sandbox.eaccounting.models import Model, Record

Test = Callable[[Record], bool]
Entries = tuple[tuple[str, Any], ...]

_COMPARISONS = frozenset({"eq", "ne", "gt", "ge", "lt", "le"})
_TEXT_TESTS: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda whole, part: part in whole,
    "startswith": str.startswith,
    "endswith": str.endswith,
}


@dataclass(frozen=True, slots=True)
class Filter:
    """A test, and index entries of which every matching record has at least one (None: unknown)."""

    test: Test
    entries: Entries | None = None


def compile_filter(text: str, model: Model) -> Filter:
    """Compile, or refuse with what is wrong."""
    parser = _Parser(cut(text), model)
    result = parser.either(0)
    parser.expect("end")
    return result


class _Parser:
    """Recursive descent; `or` binds weakest, then `and`, `not`, comparison."""

    def __init__(self, tokens: list[Token], model: Model) -> None:
        self._tokens = tokens
        self._at = 0
        self._model = model

    def either(self, depth: int) -> Filter:
        if depth > choices.FILTER_DEPTH:
            raise invalid("$filter: The expression is nested too deeply.")
        parts = [self._both(depth)]
        while self._take_word("or"):
            parts.append(self._both(depth))
        if len(parts) == 1:
            return parts[0]
        tests = [p.test for p in parts]
        known = [p.entries for p in parts if p.entries is not None]
        entries = sum(known, ()) if len(known) == len(parts) else None
        return Filter(lambda record: any(test(record) for test in tests), entries)

    def _both(self, depth: int) -> Filter:
        parts = [self._single(depth)]
        while self._take_word("and"):
            parts.append(self._single(depth))
        if len(parts) == 1:
            return parts[0]
        tests = [p.test for p in parts]
        known = [p.entries for p in parts if p.entries is not None]
        return Filter(lambda record: all(test(record) for test in tests), min(known, key=len, default=None))

    def _single(self, depth: int) -> Filter:
        if depth > choices.FILTER_DEPTH:
            raise invalid("$filter: The expression is nested too deeply.")
        if self._take_word("not"):
            inner = self._single(depth + 1).test
            return Filter(lambda record: not inner(record))
        if self._peek() == Token("sign", "("):
            self._at += 1
            grouped = self.either(depth + 1)
            self.expect("sign", ")")
            return grouped
        left = self._operand(depth)
        operator = self._peek()
        if operator.kind == "word" and operator.value in _COMPARISONS:
            self._at += 1
            test, entry = compare(operator.value, left, self._operand(depth))
            return Filter(test, (entry,) if entry else None)
        if left.kind != "bool":
            raise invalid("$filter: The expression is no condition.")
        get = left.get
        return Filter(lambda record: get(record) is True)

    def _operand(self, depth: int) -> Operand:
        if depth > choices.FILTER_DEPTH:
            raise invalid("$filter: The expression is nested too deeply.")
        token = self._peek()
        self._at += 1
        if token.kind in ("end", "sign"):
            raise invalid("$filter: A field or a value is missing.")
        if token.kind != "word":
            value = token.value
            return Operand(token.kind, lambda record: value, literal=True, value=value)
        if self._peek() == Token("sign", "("):
            return self._call(token.value, depth)
        return field_operand(self._model, token.value)

    def _call(self, name: str, depth: int) -> Operand:
        self.expect("sign", "(")
        arguments = [self._operand(depth + 1)]
        while self._peek() == Token("sign", ","):
            self._at += 1
            arguments.append(self._operand(depth + 1))
        self.expect("sign", ")")
        wanted = 1 if name == "tolower" else 2 if name in _TEXT_TESTS else 0
        if wanted == 0:
            raise invalid(f"$filter: The function {name} is not known.")
        if len(arguments) != wanted or any(a.kind not in ("text", "null") for a in arguments):
            raise invalid(f"$filter: The function {name} takes {wanted} text(s).")
        first = arguments[0].get
        if name == "tolower":
            return Operand("text", lambda r: _lower(first(r)), arguments[0].field)
        second, holds = arguments[1].get, _TEXT_TESTS[name]

        def test(record: Record) -> bool:
            whole, part = first(record), second(record)
            return whole is not None and part is not None and holds(whole.lower(), part.lower())

        return Operand("bool", test)

    def _peek(self) -> Token:
        return self._tokens[self._at]

    def _take_word(self, word: str) -> bool:
        if self._tokens[self._at] != Token("word", word):
            return False
        self._at += 1
        return True

    def expect(self, kind: str, value: str | None = None) -> None:
        if self._peek() != Token(kind, value):
            found = self._peek()
            shown = "the end" if found.kind == "end" else repr(found.value)
            raise invalid(f"$filter: Expected {value or 'the end'} but found {shown}.")
        self._at += 1


def _lower(value: str | None) -> str | None:
    return None if value is None else value.lower()
