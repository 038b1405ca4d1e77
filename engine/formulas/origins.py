"""Where the values of formulas come from, field by field: through lists, records made on the way, and named values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.formulas.paths import ways_here
from engine.formulas.sources import NOTHING, RECORD, Found, Origin, Source, Way, together
from engine.formulas.syntax import children, tree_here

_PASSING = {
    "append",
    "distinct",
    "sort",
    "reverse",
    "filter",
    "first_filled",
    "single",
}  # items come out as they went in
_ALL_PASS = {"append", "first_filled"}
_TOGETHER = {"sum", "sum_money", "max", "min", "average", "join", "distinct", "distribute", "document_sums"}
_OF_ROWS = ("quantity", "price", "rate")  # what sums are made of
_MOST_NODES = 20_000


_VARIABLES = ("answers", "facts", "steps")

Names = Mapping[str, Source]


class Origins:
    """Follows formulas of one flow. lists: the ways that were seen to hold several things."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self._known: dict[Way, Found] = {}
        self._open: set[str] = set()  # the values that are just being followed
        self._nodes = 0
        self.lists: set[Way] = set()

    def of(self, formula: str, seen: Source = RECORD) -> list[Origin]:
        """All that a formula reads of what it sees; nothing where it cannot be read here."""
        self._nodes = 0
        self._open.clear()
        found = self.items(formula, seen).get(())
        return list({**found, **self._left_over(formula, seen, found)})

    def _left_over(self, formula: str, seen: Source, found: Found) -> Found:
        """What a formula reads although what it gives is made of other things."""
        known = {origin.way[:end] for origin in found for end in range(len(origin.way) + 1)}
        read: Found = {}
        for first, *rest in ways_here(formula) or ():
            start = self._variable(first[1:], seen, {"$": seen}) if first.startswith("$") else seen.below(first)
            read |= start.get(tuple(rest))
        return {origin: None for origin in read if origin.way not in known}

    def items(self, formula: str, seen: Source = RECORD) -> Source:
        """What a formula gives, or each item of it."""
        tree = tree_here(formula)
        if tree is None:
            return NOTHING
        source = self._source(tree.root, seen, {"$": seen})

        def get(rest: Way) -> Found:
            try:
                return source.get(rest)
            except RecursionError:  # a chain of thousands of operators is one node inside another
                return {}

        return Source(get)

    def _source(self, node: Any, here: Source, names: Names) -> Source:
        if node.type == "path":
            end, beside = self._path(node, here, names)
            return Source(lambda rest: end.get(rest) if rest else {**beside, **end.get(())}, end.above)
        if node.type == "variable":
            return self._variable(node.value, here, names)
        if node.type == "name":
            return here.below(node.value)
        return Source(lambda rest: self._gives(node, here, names, rest), here)

    def _variable(self, name: str, here: Source, names: Names) -> Source:
        if name == "":
            return here
        if name in names:
            return names[name]
        if name == "record":
            return RECORD
        if name == "values":
            return Source(self._value)
        if name in _VARIABLES:
            return Source(lambda rest: {Origin((f"${name}", *rest)): None})
        return NOTHING

    def _value(self, way: Way) -> Found:
        """A value of the flow, and where it comes from."""
        if not way or way[0] not in self._values or way[0] in self._open:
            return {}  # a value that reads itself gives nothing
        if way not in self._known:
            self._open.add(way[0])
            tree = tree_here(self._values[way[0]])
            source = self._source(tree.root, RECORD, {"$": RECORD}) if tree else NOTHING
            behind = {Origin(o.way, (way[0], *o.via)): None for o in source.get(way[1:])}
            self._known[way] = {Origin(("$values", *way)): None, **behind}
            self._open.discard(way[0])
        return self._known[way]

    # --- what one field of a node's value comes from

    def _gives(self, node: Any, here: Source, names: Names, rest: Way) -> Found:
        self._nodes += 1
        if self._nodes > _MOST_NODES:
            return {}
        if not rest or node.group:
            return self._reads(node, here, names)
        if node.type == "unary" and str(node.value) == "{":
            return self._field(node, here, names, rest)
        if node.type == "unary" and str(node.value) == "[":
            return together(self._source(item, here, names).get(rest) for item in node.expressions)
        if node.type == "condition":
            branches = [branch for branch in (node.then, node._else) if branch is not None]
            return together(self._source(branch, here, names).get(rest) for branch in branches)
        if node.type == "default":
            return together(self._source(side, here, names).get(rest) for side in (node.lhs, node.rhs))
        if node.type == "block" and node.expressions:
            inner = self._bound(node.expressions[:-1], here, names)
            return self._source(node.expressions[-1], here, inner).get(rest)
        if node.type == "lambda" and node.thunk:
            return self._source(node.body, here, names).get(rest)
        if node.type in ("function", "apply"):
            return self._call(node, here, names, rest)
        return self._reads_plainly(node, here, names)

    def _field(self, node: Any, here: Source, names: Names, rest: Way) -> Found:
        for key, value in node.lhs_object:
            if key.type == "string" and key.value == rest[0]:
                return self._source(value, here, names).get(rest[1:])
        return {}

    def _call(self, node: Any, here: Source, names: Names, rest: Way) -> Found:
        name, arguments = _called(node)
        if name in _PASSING and arguments:
            if name not in _ALL_PASS:
                self._note_list(self._source(arguments[0], here, names))
            passed = arguments if name in _ALL_PASS else arguments[:1]
            return together(self._source(argument, here, names).get(rest) for argument in passed)
        if name == "map" and len(arguments) > 1 and arguments[1].type == "lambda":
            return self._source(arguments[1].body, here, self._parameters(name, arguments, here, names)).get(rest)
        if name == "merge" and arguments:
            return self._merged(arguments[0], here, names, rest)
        if name == "lookup" and len(arguments) > 1:
            return {**self._source(arguments[0], here, names).get(rest), **self._reads(arguments[1], here, names)}
        return self._reads_plainly(node, here, names)

    def _merged(self, parts: Any, here: Source, names: Names, rest: Way) -> Found:
        """Of records put together the last that has the field gives it."""
        items = parts.expressions if parts.type == "unary" and str(parts.value) == "[" else [parts]
        found: list[Found] = []
        for item in reversed(items):
            found.append(self._source(item, here, names).get(rest))
            if item.type == "unary" and any(key.value == rest[0] for key, _ in item.lhs_object or ()):
                break
        return together(reversed(found))

    # --- everything a node reads

    def _reads(self, node: Any, here: Source, names: Names) -> Found:
        found = {**self._reads_plainly(node, here, names), **self._filters(node, here, names)}
        if node.group is not None and node.type != "path":
            parts = [part for pair in node.group.lhs_object for part in pair]
            found = {**found, **together(self._reads(part, here, names) for part in parts)}
        return found

    def _filters(self, node: Any, here: Source, names: Names) -> Found:
        """What the conditions behind a node read of its items."""
        items = Source(
            lambda rest: self._gives(node, here, names, rest) if rest else self._reads_plainly(node, here, names)
        )
        return together(self._reads(part.expr, items, names) for part in node.predicate or ())

    def _reads_plainly(self, node: Any, here: Source, names: Names) -> Found:
        """Without what stands in brackets behind it."""
        found: Found = {}
        if node.type in ("path", "variable", "name"):
            found = self._source(node, here, names).get(())
        elif node.type == "block":
            inner = self._bound(node.expressions[:-1], here, names)
            found = together(self._reads(part, here, inner) for part in node.expressions if part.type != "bind")
        elif node.type == "bind":
            found = self._reads(node.rhs, here, names)
        elif node.type == "lambda":
            inner = {**names, **{argument.value: NOTHING for argument in node.arguments}}
            found = self._reads(node.body, here, inner)
        elif node.type == "transform":
            at = self._source(node.pattern, here, names)
            self._note_list(at)
            changes = [part for part in (node.update, node.delete) if part is not None]
            found = {**self._reads(node.pattern, here, names), **together(self._reads(c, at, names) for c in changes)}
        elif node.type == "apply" and node.rhs.type == "transform":
            at = self._source(node.lhs, here, names)
            found = {**self._reads(node.lhs, here, names), **self._reads(node.rhs, at, names)}
        elif node.type in ("function", "partial", "apply"):
            found = self._arguments(node, here, names)
        else:
            found = together(self._reads(child, here, names) for child in children(node))
        return found

    def _path(self, node: Any, here: Source, names: Names) -> tuple[Source, Found]:
        """What a path ends at, and what its filters, orders and groupings read."""
        at, names = here, dict(names)
        extra: Found = {}
        for step in node.steps:
            if step.type == "sort":
                self._note_list(at)
                extra |= together(self._reads(term.expression, at, names) for term in step.terms)
            elif step.type == "parent":
                at = at.above or at
            elif step.type in ("wildcard", "descendant"):
                at = at.below("*")
            else:
                if step.type not in ("name", "variable"):
                    self._note_list(at)
                    extra |= self._decides(step, at, names)
                before, at = at, self._source(step, at, names)
                if step.focus is not None:
                    names[step.focus], at = at, before
            if step.index is not None:
                names[step.index] = NOTHING
            for stage in step.stages or ():
                if stage.type == "filter":
                    self._note_list(at)
                    extra |= self._reads(stage.expr, at, names)
                else:
                    names[stage.value] = NOTHING
        if node.group is not None:
            self._note_list(at)
            extra |= together(self._reads(part, at, names) for pair in node.group.lhs_object for part in pair)
        return at, extra

    def _decides(self, node: Any, here: Source, names: Names) -> Found:
        """What decides which of several things a node gives, where only a field of it is asked for."""
        found = self._filters(node, here, names)
        if node.type == "condition":
            found |= self._reads(node.condition, here, names)
            branches = [branch for branch in (node.then, node._else) if branch is not None]
            found |= together(self._decides(branch, here, names) for branch in branches)
        elif node.type == "block" and node.expressions:
            found |= self._decides(node.expressions[-1], here, self._bound(node.expressions[:-1], here, names))
        elif node.type in ("function", "apply"):
            name, arguments = _called(node)
            inner = self._parameters(name, arguments, here, names)
            found |= together(self._reads(part.body, here, inner) for part in arguments if part.type == "lambda")
        return found

    def _arguments(self, node: Any, here: Source, names: Names) -> Found:
        name, arguments = _called(node)
        found: Found = {}
        if name == "table" and arguments and arguments[0].type == "string":
            found[Origin(("$lookups", arguments[0].value))] = None
        inner = self._parameters(name, arguments, here, names)
        for number, argument in enumerate(arguments):
            if name == "document_sums" and number == 0:
                rows = self._source(argument, here, names)
                found |= together(rows.get((field,)) for field in _OF_ROWS)
            elif argument.type == "lambda":
                found |= self._reads(argument.body, here, inner)
            elif argument.type != "operator":
                found |= self._reads(argument, here, names)
        if name in _TOGETHER and arguments:
            self._note_column(self._source(arguments[0], here, names))
        return found

    def _parameters(self, name: str, arguments: list[Any], here: Source, names: Names) -> Names:
        """What the parameters of a function given to this one stand for."""
        if len(arguments) < 2 or arguments[1].type != "lambda":
            return names
        items = self._source(arguments[0], here, names)
        first = {"reduce": [NOTHING, items], "sort": [items, items]}.get(name, [items])
        parameters = [argument.value for argument in arguments[1].arguments]
        self._note_list(items)
        return {**names, **dict.fromkeys(parameters, NOTHING), **dict(zip(parameters, first, strict=False))}

    def _bound(self, expressions: list[Any], here: Source, names: Names) -> Names:
        names = dict(names)
        for expression in expressions:
            if expression.type == "bind":
                names[expression.lhs.value] = self._source(expression.rhs, here, dict(names))
        return names

    def _note_list(self, source: Source) -> None:
        ways = [origin.way for origin in source.get(()) if not origin.way[:1] or not origin.way[0].startswith("$")]
        if len(ways) == 1 and ways[0]:
            self.lists.add(ways[0])

    def _note_column(self, source: Source) -> None:
        """What is added up or counted: the list is what its last name is a field of."""
        ways = [origin.way for origin in source.get(()) if origin.way and not origin.way[0].startswith("$")]
        if len(ways) == 1:
            self.lists.add(ways[0][:-1] or ways[0])


def _called(node: Any) -> tuple[str, list[Any]]:
    """The name and the arguments of a call; `a ~> $f(b)` calls f with a and b."""
    if node.type != "apply":
        return (node.procedure.value if node.procedure.type == "variable" else ""), list(node.arguments)
    function = node.rhs
    if function.type == "function":
        name, others = _called(function)
        return name, [node.lhs, *others]
    if function.type == "variable":
        return str(function.value), [node.lhs]
    return "", [node.lhs, function]
