"""What a formula's paths are called: titles of fields, questions, lookups and steps, and which hold lists or yes/no."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from engine.errors import Json
from engine.formulas.paths import way_of
from engine.formulas.syntax import tree_here

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\dA-Z_]+|\d+|[^\w\s-]+")
_CAPITALS = {"vat", "sku", "ean", "iban", "bic", "url", "gtin", "eu", "pdf"}
_NO_PLURALS = ("ss", "us", "is", "address", "series", "news")
_YES_NO_NAMES = ("is ", "has ")

GivenTitles = Callable[[str], str | None] | Mapping[str, str]


def readable(name: str) -> str:
    """A name as words: first_name → first name, createdAt → created at."""
    if name in ("Id", "ID"):
        return name
    words = [word.upper() if word.lower() in _CAPITALS else word.lower() for word in _WORD.findall(name)]
    return " ".join(words) or name


def is_plural(name: str) -> bool:
    """Whether the words read as several things; a guess, for records without a schema."""
    last = readable(name).rsplit(" ", 1)[-1].lower()
    return last.endswith("s") and len(last) > 3 and not last.endswith(_NO_PLURALS)


@dataclass(frozen=True)
class Titles:
    """Titles by path: `customer.email`, `lines.price`, `$answers.unit`, `$lookups.terms`, `$steps.customer`.

    lists, yes_no: the paths known to hold several, or yes or no; known: those of which the opposite is known too.
    values: the formulas of the flow's values; one that only names a path is called what the path is called.
    under: the path whose items the formula sees.
    """

    given: GivenTitles
    lists: frozenset[str] = frozenset()
    yes_no: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    values: Mapping[str, str] = field(default_factory=dict)
    under: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        schema: Mapping[str, Json] | None = None,
        *,
        questions: Mapping[str, Json] | None = None,
        values: Mapping[str, str] | None = None,
        others: Mapping[str, str] | None = None,
    ) -> Titles:
        """Titles from the schema of the record and of the questions; `others` has paths of lookups and steps."""
        given, lists, yes_no, known = dict(others or {}), set(), set(), set()
        for prefix, root in (("", schema or {}), ("$answers.", questions or {})):
            for path, about in _fields(prefix, root):
                known.add(path)
                if about.get("title"):
                    given.setdefault(path, str(about["title"]))
                kinds = about.get("type", ())
                kinds = [kinds] if isinstance(kinds, str) else list(kinds)
                if "array" in kinds:
                    lists.add(path)
                if "boolean" in kinds:
                    yes_no.add(path)
        return cls(given, frozenset(lists), frozenset(yes_no), frozenset(known), values or {})

    def inside(self, formula: str) -> Titles:
        """The titles for formulas that see one item of what this formula names."""
        way = self.resolved(way_of(formula) or ("?",))
        return replace(self, under=way)

    def resolved(self, way: tuple[str, ...]) -> tuple[str, ...]:
        """The way with values that only name a path followed to it."""
        for _ in range(10):
            if len(way) < 2 or way[0] != "$values" or way[1] not in self.values:
                break
            target = way_of(self.values[way[1]])
            if target is None:
                break
            way = (*target, *way[2:])
        return way

    def says_yes_no(self, value: str) -> bool:
        """Whether a value of the flow is surely yes or no."""
        tree = tree_here(self.values.get(value, ""))
        return tree is not None and gives_yes_no(tree.root)

    def value_is_list(self, value: str) -> bool:
        """Whether a value of the flow holds several things, by its formula or else by its name."""
        tree = tree_here(self.values.get(value, ""))
        return is_plural(value) if tree is None else gives_list(tree.root)

    def title(self, way: tuple[str, ...]) -> str | None:
        """The title somebody gave the path, or None."""
        path = ".".join(way)
        if callable(self.given):
            return self.given(path) or None
        return self.given.get(path) or None

    def holds_list(self, way: tuple[str, ...]) -> bool:
        path = ".".join(way)
        return path in self.lists or (path not in self.known and is_plural(way[-1]))

    def holds_yes_no(self, way: tuple[str, ...]) -> bool:
        path = ".".join(way)
        return path in self.yes_no or (path not in self.known and readable(way[-1]).startswith(_YES_NO_NAMES))


_YES_NO_FUNCTIONS = {"not", "exists", "contains", "boolean"}
_COMPARISONS = {"=", "!=", "<", "<=", ">", ">=", "and", "or", "in"}


def gives_yes_no(node: Any) -> bool:
    """Whether a node surely gives true or false."""
    if node is None or node.predicate or node.group:
        return False
    if node.type == "binary":
        return str(node.value) in _COMPARISONS
    if node.type == "function":
        return node.procedure.type == "variable" and node.procedure.value in _YES_NO_FUNCTIONS
    if node.type == "value":
        return isinstance(node.value, bool)
    if node.type == "block":
        return len(node.expressions) == 1 and gives_yes_no(node.expressions[0])
    return node.type == "condition" and gives_yes_no(node.then) and gives_yes_no(node._else)


_LIST_FUNCTIONS = {"append", "map", "filter", "sort", "distinct", "reverse", "split", "distribute", "zip", "keys"}


def gives_list(node: Any) -> bool:
    """Whether a node surely gives a list."""
    if node.type == "path":
        return any(step.type != "name" for step in node.steps[1:]) or node.keep_singleton_array
    if node.type == "function":
        return node.procedure.type == "variable" and node.procedure.value in _LIST_FUNCTIONS
    return node.type == "unary" and str(node.value) == "["


def _fields(prefix: str, schema: Mapping[str, Json], depth: int = 0) -> Iterator[tuple[str, Mapping[str, Json]]]:
    properties = schema.get("properties", {})
    for name, about in properties.items() if isinstance(properties, Mapping) and depth < 8 else ():
        if isinstance(about, Mapping):
            yield prefix + name, about
            yield from _fields(f"{prefix}{name}.", about, depth + 1)
            items = about.get("items")
            if isinstance(items, Mapping):
                yield from _fields(f"{prefix}{name}.", items, depth + 1)
