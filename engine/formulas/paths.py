"""Which paths a formula reads, from its syntax tree, and what stands there in a record."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from engine.errors import Json
from engine.formulas.missing import MISSING, Missing
from engine.formulas.syntax import children, tree_here

_PLAIN_NAME = re.compile(r"[^\W\d]\w*")
_STEP = re.compile(r"`([^`]*)`|([^.`]+)")
_KEYWORDS = {"and", "or", "in", "true", "false", "null", "function"}
_OVER_LISTS = {"map", "filter", "single", "each", "sift", "reduce", "sort"}
_MOST_ITEMS = 10

Place = tuple[str, ...] | None  # the names from the record down (or from a variable); None: a computed value


def written(place: tuple[str, ...]) -> str:
    """The path as a formula would write it."""
    return ".".join(_name(step) for step in place)


def _name(step: str) -> str:
    simple = step.startswith("$") or step in ("*", "**") or (_PLAIN_NAME.fullmatch(step) and step not in _KEYWORDS)
    return step if simple else f"`{step}`"


def way_of(formula: str) -> tuple[str, ...] | None:
    """The names of a formula that only names a place (`customer.email`, `$values.bill.city`); None for any other."""
    tree = tree_here(formula)
    root = tree.root if tree else None
    if root is None or root.predicate or root.group:
        return None
    steps = root.steps if root.type == "path" else [root]
    names: list[str] = []
    for number, step in enumerate(steps):
        if step.stages or step.predicate or step.focus or step.index or step.keep_array:
            return None
        if step.type == "variable" and number == 0:
            names += [] if step.value in ("", "$") else [f"${step.value}"]
        elif step.type == "name":
            names.append(step.value)
        else:
            return None
    return tuple(names) or None


def reads_here(formula: str) -> list[str] | None:
    """Every path a formula reads, told in this process; None where a worker must parse it, or say why it cannot."""
    known = _reads_here(formula)
    return None if known is None else list(known)


@lru_cache(maxsize=4_096)
def _reads_here(formula: str) -> tuple[str, ...] | None:
    ways = ways_here(formula)
    return None if ways is None else tuple(written(way) for way in ways)


def ways_here(formula: str) -> list[tuple[str, ...]] | None:
    """The same as names."""
    tree = tree_here(formula)
    try:
        return None if tree is None else _ways(tree.root)
    except RecursionError:  # a chain of thousands of operators is one node inside another
        return None


def reads(tree: Any) -> list[str]:
    """Every path the formula reads, in the order it is written, each once; `$name.…` for variables."""
    return [written(way) for way in _ways(tree)]


def _ways(tree: Any) -> list[tuple[str, ...]]:
    walk = _Walk()
    end = walk.visit(tree, (), {})
    walk.note(end)
    return list(walk.found)


class _Walk:
    """Follows a tree as an evaluation would, with places instead of values."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, ...], None] = {}

    def note(self, place: Place) -> None:
        """Note a place that is read; the record as a whole is `$`."""
        if place is not None:
            self.found.setdefault(place or ("$",))

    def visit(self, node: Any, context: Place, names: dict[str, Place]) -> Place:
        """Where the node's value stands; None when it is computed (what it was computed from is noted)."""
        if node is None:
            return None
        place = self._plain(node, context, names)
        for predicate in node.predicate or ():
            self._used(predicate.expr, place, names)
        if node.group is not None and node.type != "path":
            self._pairs(node.group.lhs_object, place, names)
        return place

    def _used(self, node: Any, context: Place, names: dict[str, Place]) -> None:
        self.note(self.visit(node, context, names))

    def _pairs(self, pairs: Any, context: Place, names: dict[str, Place]) -> None:
        for name, value in pairs:
            self._used(name, context, names)
            self._used(value, context, names)

    def _plain(self, node: Any, context: Place, names: dict[str, Place]) -> Place:
        sort = node.type
        if sort == "path":
            return self._path(node, context, names)
        if sort in ("name", "wildcard", "descendant"):
            return None if context is None else (*context, node.value)
        if sort == "variable":
            return self._variable(node.value, context, names)
        if sort == "block":
            inner, last = dict(names), None
            for number, expression in enumerate(node.expressions, 1):
                last = self.visit(expression, context, inner)
                if number < len(node.expressions):
                    self.note(last)
            return last
        if sort == "bind":
            place = self.visit(node.rhs, context, names)
            self.note(place)
            names[node.lhs.value] = place
            return place
        if sort == "lambda":
            self._used(node.body, context, {**names, **{arg.value: None for arg in node.arguments}})
            return None
        if sort in ("function", "partial"):
            self._call(node, [], context, names)
            return None
        if sort == "transform":
            changed = self.visit(node.pattern, context, names)
            self.note(changed)
            for part in (node.update, node.delete):
                self._used(part, changed, names)
            return None
        if sort == "apply":
            return self._apply(node, context, names)
        for child in children(node):
            self._used(child, context, names)
        return None

    def _variable(self, name: str, context: Place, names: dict[str, Place]) -> Place:
        if name == "":
            return context
        if name == "$":
            return ()
        return names.get(name, (f"${name}",))

    def _path(self, node: Any, context: Place, names: dict[str, Place]) -> Place:
        place: Place = context
        for step in node.steps:
            if step.type == "sort":
                for term in step.terms:
                    self._used(term.expression, place, names)
            elif step.type == "parent":
                place = place[:-1] if place else None
            else:
                before, known = place, len(self.found)
                place = self.visit(step, before, names)
                if place is None and before and len(self.found) == known:
                    self.note(before)  # a computed step that reads nothing of its own
                if step.focus is not None:
                    self.note(place)
                    names[step.focus], place = place, before
                if step.index is not None:
                    names[step.index] = None
            for stage in step.stages or ():
                if stage.type == "filter":
                    self._used(stage.expr, place, names)
                else:
                    names[stage.value] = None
        if node.group is not None:
            self._pairs(node.group.lhs_object, place, names)
            return None
        return place

    def _call(self, node: Any, before: list[Place], context: Place, names: dict[str, Place]) -> None:
        procedure = node.procedure
        function = procedure.value if procedure.type == "variable" else None
        if function is None:
            self._used(procedure, context, names)
        elif function in names:
            self.note(names[function])
        places = list(before)
        for argument in node.arguments:
            if argument.type == "lambda" and function in _OVER_LISTS:
                self._over_list(function, argument, places[0] if places else None, context, names)
            elif argument.type == "lambda" or not (argument.type == "operator" and argument.value == "?"):
                places.append(self.visit(argument, context, names))
        for place in places:
            self.note(place)

    def _over_list(self, function: str, lambda_: Any, items: Place, context: Place, names: dict[str, Place]) -> None:
        """The parameters that stand for an item of the list read beneath the list's path."""
        self.note(items)
        first = {"reduce": (None, items), "sort": (items, items)}.get(function, (items,))
        given = {
            argument.value: first[number] if number < len(first) else None
            for number, argument in enumerate(lambda_.arguments)
        }
        self._used(lambda_.body, context, {**names, **given})

    def _apply(self, node: Any, context: Place, names: dict[str, Place]) -> Place:
        place = self.visit(node.lhs, context, names)
        self.note(place)
        if node.rhs.type == "function":
            self._call(node.rhs, [place], context, names)
        elif node.rhs.type == "transform":
            self._used(node.rhs, place, names)
        elif node.rhs.type != "variable" or node.rhs.value in names:
            self._used(node.rhs, context, names)
        return None


def found(path: str, record: Json, variables: Mapping[str, Json]) -> tuple[Any | Missing, int]:
    """What stands at a path that `reads` gave, and how many; MISSING and 0 for nothing. No filters."""
    if path == "$":
        return record, 1
    steps = [quoted or plain for quoted, plain in _STEP.findall(path)]
    if steps and steps[0].startswith("$"):
        values = [variables[steps[0][1:]]] if steps[0][1:] in variables else []
        steps = steps[1:]
    else:
        values = [record]
    for step in steps:
        values = [below for value in values for below in _below(value, step)]
    if not values:
        return MISSING, 0
    items = values[0] if len(values) == 1 else values
    count = len(items) if isinstance(items, list) else 1
    return (items[:_MOST_ITEMS] if isinstance(items, list) else items), count


def _below(value: Json, step: str) -> Iterator[Json]:
    if isinstance(value, list):
        for item in value:
            yield from _below(item, step)
    elif isinstance(value, dict):
        if step in value:
            yield value[step]
        elif step == "*":
            yield from value.values()
