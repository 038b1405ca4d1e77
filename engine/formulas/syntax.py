"""The grammar: a formula's text as a syntax tree whose nodes know where they stand.

What differs from the library's parser, and why: tokens keep where they start, for the caret; `a ?: b` and `a ?? b`
have a node of their own, since the library processes their shared left side twice; a character written as two
\\u escapes is one character; names that are refused (`$eval`, …) are refused here, before anything runs.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from engine.formulas.functions import REFUSED
from engine.formulas.functions.texts import whole
from engine.formulas.jsonata_library import JException, Parser, Tokenizer
from engine.formulas.regular_expressions import expression

_SPACE = re.compile(r"\s*(?:/\*.*?\*/\s*)*", re.DOTALL)
_MOST_CHARS_HERE = 8_000  # parsed in a few hundredths of a second
_MOST_DEPTH_HERE = 60  # far from the interpreter's own bound on nesting


@dataclass(frozen=True)
class Tree:
    """A parsed formula; `starts` tells, for the end of each token, where it starts."""

    root: Any
    starts: dict[int, int]


class Lexer(Tokenizer):  # type: ignore[misc]
    """The library's tokenizer, which knows only where a token ends; this one keeps where it starts."""

    position: int

    def __init__(self, formula: str, regex_engine: Any, *, blank: bool) -> None:
        super().__init__(formula, regex_engine)
        self.start = 0
        self.starts: dict[int, int] = {}
        self._blank = blank

    def next(self, prefix: bool) -> Any:
        space = _SPACE.match(self.path, self.position)
        self.start = self.position = space.end() if space else self.position
        if self.path.startswith("/*", self.start):
            raise JException("S0106", self.start)
        token = super().next(prefix)
        if token is None:
            return None
        if token.type == "variable" and token.value in REFUSED:
            raise REFUSED[token.value]
        self.starts[token.position] = self.start
        if self._blank:
            token.position = 0
        if token.type == "string":
            token.value = whole(token.value)
        return token


class _Default(Parser.Infix):  # type: ignore[misc]
    """`a ?: b` (a unless it counts as false) and `a ?? b` (a unless it is missing)."""

    def led(self, left: Any) -> Any:
        self.type, self.lhs = "default", left
        self.rhs = self._outer_instance.expression(0)
        return self


class FormulaParser(Parser):  # type: ignore[misc]
    """The library's parser with our lexer and our node for defaults."""

    def __init__(self) -> None:
        super().__init__()
        for operator in ("?:", "??"):
            symbol = _Default(self, operator)
            symbol.lbp = symbol.bp
            self.symbol_table[operator] = symbol

    def parse(self, formula: str, regex_engine: Any = None, *, blank: bool = True) -> Any:
        """The syntax tree. `blank` trees, which the library makes while evaluating, carry no positions."""
        self.source = formula
        self.ancestor_label = self.ancestor_index = 0
        self.ancestry: list[Any] = []
        self.lexer = Lexer(formula, regex_engine or expression, blank=blank)
        self.advance()
        tree = self.expression(0)
        if self.node.id != "(end)":
            raise JException("S0201", self.node.position, self.node.value)
        tree = self.process_ast(tree)
        if tree.type == "parent" or tree.seeking_parent is not None:
            raise JException("S0217", tree.position, tree.type)
        return tree

    def expression(self, rbp: int) -> Any:
        """The library's, but every node knows its token: minus, {…} and others forget it there."""
        token = self.node
        self.advance(None, True)
        left = token.nud()
        left.position = left.position or token.position
        while rbp < self.node.lbp:
            token = self.node
            self.advance(None, False)
            left = token.led(left)
            left.position = left.position or token.position
        return left

    def process_ast(self, expr: Any) -> Any:
        if expr is None or expr.type != "default":
            return super().process_ast(expr)
        result = Parser.Symbol(self)
        result.type, result.value, result.position = "default", expr.value, expr.position
        result.lhs, result.rhs = self.process_ast(expr.lhs), self.process_ast(expr.rhs)
        self.push_ancestry(result, result.lhs)
        self.push_ancestry(result, result.rhs)
        result.keep_array = expr.keep_array
        return result

    def tail_call_optimize(self, expr: Any) -> Any:
        if expr.type == "default":
            expr.rhs = self.tail_call_optimize(expr.rhs)
            return expr
        return super().tail_call_optimize(expr)


_readers = threading.local()  # one parser for each thread: it holds the formula it is at


@lru_cache(maxsize=4_096)
def tree_here(formula: str) -> Tree | None:
    """The tree of a formula that is surely parsed in an instant, in this process; None for any other.

    None says nothing about whether the formula is right: whoever needs that asks a worker (`Formulas.check`).
    """
    if len(formula) > _MOST_CHARS_HERE or _depth(formula) > _MOST_DEPTH_HERE:
        return None
    parser = getattr(_readers, "parser", None)
    if parser is None:
        parser = _readers.parser = FormulaParser()
    try:
        root = parser.parse(formula, blank=False)
    except Exception:  # whatever it is, the worker finds it too, and says why in words
        return None
    return Tree(root, parser.lexer.starts)


def _depth(formula: str) -> int:
    """How deeply brackets nest, those in texts counted as well."""
    depth = deepest = 0
    for character in formula:
        if character in "([{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in ")]}":
            depth -= 1
    return deepest


def children(node: Any) -> Iterator[Any]:
    """The parts of an operator, a condition or a constructor, in the order they are written."""
    for pair in node.lhs_object or ():
        yield from pair
    yield from node.expressions or ()
    for name in ("condition", "then", "_else", "lhs", "rhs", "expression"):
        child = getattr(node, name)
        if child is not None and hasattr(child, "type"):
            yield child
