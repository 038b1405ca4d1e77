"""Follows a formula as an evaluation would, with shapes instead of values: what is known of each part of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from engine.formulas.lint.guards import Guards
from engine.formulas.lint.results import OVER_LISTS, merged, result_of
from engine.formulas.lint.shape import (
    MONEY,
    NOTHING,
    NUMBER,
    TEXT,
    TRUTH,
    UNKNOWN,
    Shape,
    any_of,
    either,
    of_constant,
    of_fields,
)
from engine.formulas.lint.source import Source

_SINGLE_OUT = ("", "id", "code", "name", "text", "email", "number")  # kinds by which one item is picked
_ARITHMETIC = ("+", "-", "*", "/", "%")
_COMPARED = ("=", "!=", "<", ">", "<=", ">=", "in")
_NO_NAMES: Mapping[str, Shape] = {}


@dataclass(frozen=True, slots=True)
class Sight:
    """What a part of a formula sees: its context, variables, and the texts that are surely filled here.

    of: the part whose value the context is; None for the record the formula is about.
    """

    context: Shape
    names: dict[str, Shape]
    filled: frozenset[str] = frozenset()
    of: Any = None

    def inside(self, context: Shape, of: Any) -> Sight:
        """Another context: only what hangs on a variable still means the same."""
        kept = frozenset(t for t in self.filled if t.startswith("$") and not t.startswith("$.") and t != "$")
        return Sight(context, self.names, kept, of)

    def knowing(self, filled: frozenset[str]) -> Sight:
        return replace(self, names=dict(self.names), filled=self.filled | filled) if filled else self

    def block(self) -> Sight:
        return replace(self, names=dict(self.names))


@dataclass(frozen=True, slots=True)
class Unknown:
    """A step of a path that leads nowhere.

    held: what it is looked for in, and of: the part that gives that (None: the record the formula is about); known:
    the fields there are, None where it is no record at all.
    """

    node: Any
    held: Shape
    of: Any
    known: tuple[str, ...] | None


@dataclass(slots=True)
class Inference:
    """The shapes of a formula's parts, by the part's identity, and the paths that lead nowhere."""

    source: Source
    root: Shape
    shapes: dict[int, Shape] = field(default_factory=dict)
    unknown: dict[int, Unknown] = field(default_factory=dict)
    guards: Guards = field(init=False)

    def __post_init__(self) -> None:
        self.guards = Guards(self.source.key)

    def shape(self, node: Any) -> Shape:
        return self.shapes.get(id(node), UNKNOWN)

    def visit(self, node: Any, sight: Sight) -> Shape:
        found = self._plain(node, sight)
        for predicate in node.predicate or ():
            found = self._filtered(predicate.expr, found, sight.inside(found.one(), node))
        if node.group is not None and node.type != "path":
            found = self._grouped(node.group, found, sight.inside(found.one(), node))
        if node.keep_array:
            found = found.several()
        if sight.filled and node.type in ("path", "variable") and self.source.key(node) in sight.filled:
            found = found.filled()
        seen = self.shapes.get(id(node))
        self.shapes[id(node)] = found if seen is None else either(seen, found)
        return found

    # --- by type

    def _plain(self, node: Any, sight: Sight) -> Shape:
        match node.type:
            case "string" | "number" | "value":
                return of_constant(node.value)
            case "path":
                return self._path(node, sight)
            case "name":
                return self._field(node, sight)
            case "variable":
                return self._variable(node.value, sight)
            case "block":
                return self._block(node, sight)
            case "bind":
                sight.names[node.lhs.value] = found = self.visit(node.rhs, sight)
                return found
            case "condition":
                return self._condition(node, sight)
            case "default":
                return self._default(node, sight)
            case "binary":
                return self._binary(node, sight)
            case "unary":
                return self._unary(node, sight)
            case "function":
                return self._call(node, [], sight)
            case "apply":
                return self._apply(node, sight)
            case "lambda":
                return self._lambda(node, {}, sight)
        return self._other(node, sight)

    def _other(self, node: Any, sight: Sight) -> Shape:
        """Partial calls, changes of records and the like: what they give is not known."""
        if node.type == "transform":
            changed = self.visit(node.pattern, sight).one()
            for part in (node.update, node.delete):
                if part is not None:
                    self.visit(part, sight.inside(changed, node.pattern))
        if node.type == "partial":
            for argument in node.arguments:
                if argument.type != "operator":
                    self.visit(argument, sight)
        return UNKNOWN.several() if node.type in ("wildcard", "descendant") else UNKNOWN

    def _variable(self, name: str, sight: Sight) -> Shape:
        if name == "":
            return sight.context
        return self.root if name == "$" else sight.names.get(name, UNKNOWN)

    def _field(self, node: Any, sight: Sight) -> Shape:
        """The field of a record; notes a name that is not there."""
        held, name = sight.context, str(node.value)
        if held.fields is None:
            if held.types and held.rest is None and not held.types & {"object"}:
                self.unknown.setdefault(id(node), Unknown(node, held, sight.of, None))
            return held.rest.perhaps() if held.rest is not None else UNKNOWN
        found = held.fields.get(name) or held.rest
        if found is None:
            self.unknown.setdefault(id(node), Unknown(node, held, sight.of, tuple(held.fields)))
            return UNKNOWN
        return found.perhaps() if held.may_be_missing or held.may_be_null else found

    def _block(self, node: Any, sight: Sight) -> Shape:
        inner, found = sight.block(), NOTHING
        for expression in node.expressions:
            found = self.visit(expression, inner)
        return found

    def _condition(self, node: Any, sight: Sight) -> Shape:
        self.visit(node.condition, sight)
        then = self.visit(node.then, sight.knowing(self.guards.certain(node.condition, True)))
        if node._else is None:
            return then.perhaps()
        return either(then, self.visit(node._else, sight.knowing(self.guards.certain(node.condition, False))))

    def _default(self, node: Any, sight: Sight) -> Shape:
        first = self.visit(node.lhs, sight)
        other = self.visit(node.rhs, sight)
        if node.value == "??":
            return either(replace(first, may_be_missing=False), other)
        return either(first.filled(), other)

    def _binary(self, node: Any, sight: Sight) -> Shape:
        sign = str(node.value)
        one = self.visit(node.lhs, sight)
        if sign in ("and", "or"):
            self.visit(node.rhs, sight.knowing(self.guards.certain(node.lhs, sign == "and")))
            return TRUTH
        other = self.visit(node.rhs, sight)
        if sign in _COMPARED:
            return TRUTH
        if sign == "&":
            return replace(TEXT, may_be_missing=False, personal=one.all_personal() | other.all_personal())
        if sign == "..":
            return NUMBER.several()
        missing = one.may_be_missing or other.may_be_missing
        is_share = sign == "/" and other.kind == "money"
        kind = "money" if sign in _ARITHMETIC and not is_share and "money" in (one.kind, other.kind) else ""
        return replace(MONEY if kind else NUMBER, may_be_missing=missing)

    def _unary(self, node: Any, sight: Sight) -> Shape:
        sign = str(node.value)
        if sign == "[":
            return any_of(self.visit(item, sight).one() for item in node.expressions).several()
        if sign == "{":
            return self._object(node.lhs_object, sight)
        held = self.visit(node.expression, sight)
        return replace(NUMBER, kind=held.kind, may_be_missing=held.may_be_missing)

    def _object(self, pairs: Any, sight: Sight) -> Shape:
        fields: dict[str, Shape] | None = {}
        for name, value in pairs:
            self.visit(name, sight)
            shape = self.visit(value, sight)
            if name.type != "string":
                fields = None
            elif fields is not None:
                fields[str(name.value)] = shape
        return of_fields(fields) if fields is not None else Shape(types=frozenset({"object"}), may_be_missing=False)

    def _grouped(self, group: Any, held: Shape, sight: Sight) -> Shape:
        self._object(group.lhs_object, sight)
        return Shape(types=frozenset({"object"}), may_be_missing=held.may_be_missing)

    # --- paths

    def _path(self, node: Any, sight: Sight) -> Shape:
        held, before, sight = sight.context, sight.of, sight.block()
        for number, step in enumerate(node.steps):
            if step.type == "sort":
                for term in step.terms:
                    self.visit(term.expression, sight.inside(held.one(), before))
                continue
            if step.type == "parent":
                return UNKNOWN.several()
            seen = sight if number == 0 else sight.inside(held.one(), before)
            found = self._staged(step, self.visit(step, seen), sight)
            before = step
            if step.focus is not None:
                sight.names[step.focus] = found.one()
                held = held.several()
                continue
            if step.index is not None:
                sight.names[step.index] = NUMBER
            held = found.several() if held.many and number > 0 else found
        if node.group is not None:
            return self._grouped(node.group, held, sight.inside(held.one(), before))
        return held.several() if node.keep_singleton_array else held

    def _staged(self, step: Any, found: Shape, sight: Sight) -> Shape:
        for stage in step.stages or ():
            if stage.type == "filter":
                found = self._filtered(stage.expr, found, sight.inside(found.one(), step))
            else:
                sight.names[stage.value] = NUMBER
        return found

    def _filtered(self, expression: Any, held: Shape, sight: Sight) -> Shape:
        """What is left: one item for a position or for an identity, the same list for anything else."""
        item = held.one()
        asked = self.visit(expression, sight)
        known = self.guards.certain(expression, True)
        if item.fields and known & set(item.fields):
            fields = {n: s.filled() if n in known else s for n, s in item.fields.items()}
            item = replace(item, fields=fields)
        is_position = asked.types == frozenset({"number"}) and not asked.many
        if is_position or self._picks(expression):
            return item.perhaps()
        return replace(item, many=held.many).perhaps()

    def _picks(self, expression: Any) -> bool:
        """Does it pick one by its identity, as [type = "billing"] does and [tax = 21] does not?"""
        if expression.type == "binary" and expression.value == "and":
            return self._picks(expression.lhs) or self._picks(expression.rhs)
        if expression.type != "binary" or expression.value != "=":
            return False
        return all(
            self.shape(side).kind in _SINGLE_OUT and self.shape(side).types != frozenset({"boolean"})
            for side in (expression.lhs, expression.rhs)
        )

    # --- functions

    def _call(self, node: Any, before: Sequence[Shape], sight: Sight) -> Shape:
        procedure = node.procedure
        name = procedure.value if procedure.type == "variable" else ""
        if not name or name in sight.names:
            self.visit(procedure, sight)
            for argument in node.arguments:
                self.visit(argument, sight)
            return UNKNOWN
        shapes = list(before)
        body = UNKNOWN
        for argument in node.arguments:
            if argument.type == "lambda" and name in OVER_LISTS and shapes:
                body = self._lambda(argument, self._given(name, argument, shapes), sight)
            else:
                shapes.append(self.visit(argument, sight))
        if name == "map":
            return body.several()
        if name == "merge" and len(node.arguments) == 1 and _is_list(node.arguments[0]):
            return merged([self.shape(part) for part in node.arguments[0].expressions])
        return result_of(name, shapes or [sight.context])

    @staticmethod
    def _given(name: str, lambda_: Any, shapes: Sequence[Shape]) -> dict[str, Shape]:
        """What the parameters of a function over a list stand for."""
        item = shapes[0].one()
        by_name = (UNKNOWN, TEXT)
        order = {"reduce": (UNKNOWN, item, NUMBER), "sort": (item, item), "each": by_name, "sift": by_name}
        given = order.get(name, (item, NUMBER, shapes[0]))
        return {a.value: given[i] if i < len(given) else UNKNOWN for i, a in enumerate(lambda_.arguments)}

    def _lambda(self, node: Any, given: Mapping[str, Shape], sight: Sight) -> Shape:
        names = {argument.value: UNKNOWN for argument in node.arguments or ()} | dict(given)
        kept = frozenset(t for t in sight.filled if t.split(".")[0].removeprefix("$") not in names)
        body = self.visit(node.body, Sight(sight.context, {**sight.names, **names}, kept))
        return body if given or node.thunk else UNKNOWN

    def _apply(self, node: Any, sight: Sight) -> Shape:
        first = self.visit(node.lhs, sight)
        if node.rhs.type == "function":
            found = self._call(node.rhs, [first], sight)
            self.shapes[id(node.rhs)] = found
            return found
        if node.rhs.type == "variable" and node.rhs.value not in sight.names:
            return result_of(node.rhs.value, [first])
        self.visit(node.rhs, sight)
        return UNKNOWN


def _is_list(node: Any) -> bool:
    return bool(node.type == "unary" and node.value == "[" and not node.predicate)
