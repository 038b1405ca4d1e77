"""The text a node of a syntax tree was written as, and formulas with parts of their text replaced."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from engine.formulas.syntax import Tree

_OPEN = {"(": ")", "[": "]", "{": "}"}
_GAP = re.compile(r"\s+")
_UNCERTAIN = ("parent", "transform", "partial")  # nodes whose own tokens the library forgets


class Source:
    """A formula with the places of its tokens."""

    def __init__(self, formula: str, tree: Tree) -> None:
        self.formula = formula
        self._starts = tree.starts
        self._tokens = sorted((start, end) for end, start in tree.starts.items())
        self._by_start = {start: number for number, (start, _) in enumerate(self._tokens)}
        self._spans: dict[int, tuple[int, int] | None] = {}
        self._keys: dict[int, str] = {}
        self._ends = {end: number for number, (_, end) in enumerate(self._tokens)}

    def at(self, node: Any) -> int:
        """Where the node's own token begins; where it begins with others, for a path."""
        start = self._starts.get(node.position) if node.position else None
        if start is None or node.type == "path":
            span = self.span(node)
            return span[0] if span else 0
        return start

    def token(self, node: Any) -> tuple[int, int]:
        """From where to where the node's own token stands: a name without its filters."""
        return self._starts.get(node.position, node.position), node.position

    def text(self, node: Any) -> str:
        """What the node was written as; empty where that cannot be told."""
        span = self.span(node)
        return self.formula[span[0] : span[1]] if span else ""

    def name(self, node: Any) -> str:
        """The name of a path's last field, without its filters; the text of anything else."""
        node = node.steps[-1] if node.type == "path" else node
        start, end = self.token(node)
        return self.formula[start:end] if node.type == "name" else self.text(node)

    def key(self, node: Any) -> str:
        """The text without spaces, to tell whether two nodes name the same."""
        if id(node) not in self._keys:
            self._keys[id(node)] = _GAP.sub("", self.text(node))
        return self._keys[id(node)]

    def span(self, node: Any) -> tuple[int, int] | None:
        """From where to where the node was written; None where that cannot be told."""
        if id(node) not in self._spans:
            self._spans[id(node)] = self._find(node)
        return self._spans[id(node)]

    def _find(self, node: Any) -> tuple[int, int] | None:
        first, last = len(self._tokens), -1
        for inner in within(node):
            if inner.type in _UNCERTAIN:
                return None
            number = self._ends.get(inner.position) if inner.position else None
            if number is None:
                continue
            first, last = min(first, self._before(inner, number)), max(last, number)
        if last < 0:
            return None
        closed = self._closed(first, last)
        return None if closed is None else (self._tokens[first][0], self._tokens[closed][1])

    def _token(self, number: int) -> str:
        if not 0 <= number < len(self._tokens):
            return ""
        start, end = self._tokens[number]
        return self.formula[start:end]

    def _before(self, node: Any, number: int) -> int:
        """Tokens before its own that belong to it: `function` of a lambda, the minus of a number."""
        if node.type == "lambda" and self._token(number - 1) in ("function", "λ"):
            return number - 1
        is_below_zero = node.type == "number" and isinstance(node.value, int | float) and node.value < 0
        if is_below_zero and self._token(number - 1) == "-":
            return number - 1
        return number

    def _closed(self, first: int, last: int) -> int | None:
        """The last token with the brackets that are open closed, and with what stands behind: [], @$x, #$i."""
        open_: list[str] = []
        number = first
        while number <= last or open_ or self._goes_on(number):
            token = self._token(number)
            if not token:
                return None
            if token in _OPEN:
                open_.append(_OPEN[token])
            elif open_ and token == open_[-1]:
                open_.pop()
            elif not open_ and token in _OPEN.values():
                return None
            last = max(last, number)
            number += 1
        return last

    def _goes_on(self, number: int) -> bool:
        token, next_ = self._token(number), self._token(number + 1)
        if (token, next_) == ("[", "]") or (token in ("@", "#") and next_.startswith("$")):
            return True
        return self._token(number - 1) in ("@", "#") and token.startswith("$")

    def comments(self) -> Iterator[tuple[int, str]]:
        """What stands between the tokens, with its place."""
        end = 0
        for start, after in [*self._tokens, (len(self.formula), len(self.formula))]:
            if self.formula[end:start].strip():
                yield end, self.formula[end:start]
            end = max(end, after)

    def rewritten(self, builders: Mapping[int, Builder], root: Any) -> str | None:
        """The formula with some nodes written anew, by their identity; None where that cannot be done."""
        try:
            text = Writing(self, builders).text(root)
        except CannotWrite:
            return None
        start, end = self.span(root) or (0, 0)
        return self.formula[:start] + text + self.formula[end:]


class CannotWrite(Exception):
    """It cannot be told where a part of the formula begins or ends."""


class Writing:
    """Texts of nodes in which some nodes are written anew."""

    def __init__(self, source: Source, builders: Mapping[int, Builder]) -> None:
        self._source = source
        self._builders = builders

    def text(self, node: Any) -> str:
        """The node as it is to be written."""
        builder = self._builders.get(id(node))
        return builder(self) if builder is not None else self.inside(node)

    def inside(self, node: Any) -> str:
        """The node as it was written, the changes below it made."""
        span = self._source.span(node)
        if span is None:
            raise CannotWrite
        text, shift = self._source.formula[span[0] : span[1]], span[0]
        changes = []
        for inner in self._topmost(node):
            where = self._source.span(inner)
            if where is None:
                raise CannotWrite
            changes.append((where, self.text(inner)))
        for (start, end), new in sorted(changes, reverse=True):
            text = text[: start - shift] + new + text[end - shift :]
        return text

    def _topmost(self, node: Any) -> Iterator[Any]:
        stack = list(children(node))
        while stack:
            inner = stack.pop()
            if id(inner) in self._builders:
                yield inner
            else:
                stack += children(inner)


Builder = Callable[[Writing], str]


def within(node: Any) -> Iterator[Any]:
    """The node and everything below it."""
    stack = [node]
    while stack:
        here = stack.pop()
        yield here
        stack += reversed(list(children(here)))


def children(node: Any) -> Iterator[Any]:
    """The parts of a node, in the order they are written, near enough."""
    for pair in node.lhs_object or ():
        yield from pair
    for part in ("steps", "expressions", "arguments", "predicate", "stages"):
        yield from getattr(node, part, None) or ()
    for part in ("procedure", "condition", "then", "_else", "lhs", "rhs", "expression", "body", "expr", "group"):
        child = getattr(node, part, None)
        if child is not None and hasattr(child, "type"):
            yield child
    for part in ("pattern", "update", "delete"):
        child = getattr(node, part, None)
        if child is not None and hasattr(child, "type"):
            yield child
    for term in node.terms or ():
        yield term.expression
