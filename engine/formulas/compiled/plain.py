"""From a syntax tree to the plain language: a formula that has anything else in it is not plain, and is told why."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from engine.formulas.compiled import nodes
from engine.formulas.compiled.nodes import Context, Lambda, Node
from engine.formulas.compiled.runtime import EXACT
from engine.formulas.compiled.signatures import OWN
from engine.formulas.compiled.table import NAMES, STANDARD
from engine.formulas.syntax import Tree

MOST_NODES = 2_000
_WALKS = {"map": (1, 3), "filter": (1, 3), "single": (1, 3), "reduce": (2, 4), "sort": (2, 2)}  # parameters
_AT_HAND = ("", "$")  # `$` and `$$`, without the first sign as all variables
_GIVE_LISTS = frozenset(["map", "filter", "keys", "lookup", "distinct"])  # of one item, where it is one
_OTHER_SYNTAX = {
    "regex": "it has a regular expression",
    "lambda": "it holds a function that is not used where it is written",
    "partial": "it makes a function of another by leaving arguments out",
    "transform": "it changes a copy of a record with | … |",
    "parent": "it goes up from a field with %",
    "wildcard": "it reads fields of any name with *",
    "descendant": "it reads fields at any depth with **",
    "sort": "it sorts with ^( … )",
    "operator": "it has an operator in place of a value",
}


class NotPlain(Exception):
    """The formula is not plain. `why` is half a sentence; position: a column, or None."""

    def __init__(self, why: str, position: int | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.position = position


def plain(tree: Tree) -> Node:
    """The formula's plain tree. Raises NotPlain."""
    return _Reader(tree).whole()


class _Reader:
    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._bound: list[set[str]] = [set()]  # names that the formula itself gives a value, block by block
        self._count = 0
        self._keeps_lists = self._goes_over_made_values = False

    def whole(self) -> Node:
        node = self._statement(self._tree.root)
        if self._keeps_lists and self._goes_over_made_values:
            # a list of one kept by [] is one value again where a later path goes over it: too subtle to compile
            raise NotPlain("it keeps a list of one with [] and goes on from values it made")
        return node

    def refuse(self, why: str, tree: Any) -> NotPlain:
        return NotPlain(why, self._tree.starts.get(tree.position))

    def node(self, tree: Any) -> Node:
        """One node with the filters behind it."""
        if tree.type == "lambda" and tree.thunk:  # the parser wraps calls in tail position, for recursion
            return self._last_call(tree.body)
        self._count += 1
        if self._count > MOST_NODES:
            raise NotPlain("it is very long")
        if tree.group is not None:
            raise self.refuse("it groups with { … } behind a path", tree)
        if tree.keep_array and tree.type != "path":
            raise self.refuse("it has [] behind something that is no field", tree)
        made = self._of(tree)
        if tree.predicate:
            return nodes.Filtered(made, self._stages(tree.predicate))
        return made

    def _of(self, tree: Any) -> Node:
        read: Callable[[Any], Node] | None = getattr(self, f"_{tree.type}", None)
        if read is None:
            raise self.refuse(_OTHER_SYNTAX.get(tree.type, f"it has a {tree.type}"), tree)
        return read(tree)

    def _string(self, tree: Any) -> Node:
        if any("\ud800" <= character <= "\udfff" for character in tree.value):
            raise self.refuse("a text in it holds half a character", tree)
        return nodes.Literal(tree.value)

    def _number(self, tree: Any) -> Node:
        if not -EXACT < tree.value < EXACT:
            raise self.refuse("it has a number of more than 15 digits", tree)
        return nodes.Literal(tree.value)

    def _value(self, tree: Any) -> Node:
        return nodes.Literal(tree.value)

    def _variable(self, tree: Any) -> Node:
        if tree.value in _AT_HAND:
            return nodes.Root() if tree.value else Context()
        if not self._is_bound(tree.value) and (tree.value in NAMES or tree.value in OWN):
            raise self.refuse(f"it uses the function ${tree.value} as a value", tree)
        return nodes.Variable(tree.value)

    def _is_bound(self, name: str) -> bool:
        return any(name in names for names in self._bound)

    def _block(self, tree: Any) -> Node:
        self._bound.append(set())
        made = nodes.Block(tuple(self._statement(each) for each in tree.expressions))
        self._bound.pop()
        return made

    def _statement(self, tree: Any) -> Node:
        """What stands by itself: only there may a variable be given a value."""
        if tree.type != "bind" or tree.predicate or tree.group is not None or tree.keep_array:
            return self.node(tree)
        if tree.lhs.value in _AT_HAND:
            raise self.refuse("it gives $ or $$ a value", tree)
        made = self._statement(tree.rhs)
        self._bound[-1].add(tree.lhs.value)
        return nodes.Bind(tree.lhs.value, made)

    def _bind(self, tree: Any) -> Node:
        # whether, and how often, it happens is known only when it runs, and so what the name means from then on
        raise self.refuse(f"it gives ${tree.lhs.value} a value in the middle of something", tree)

    def _condition(self, tree: Any) -> Node:
        otherwise = None if tree._else is None else self.node(tree._else)
        return nodes.Choice(self.node(tree.condition), self.node(tree.then), otherwise)

    def _default(self, tree: Any) -> Node:
        return nodes.Default(tree.value == "??", self.node(tree.lhs), self.node(tree.rhs))

    def _unary(self, tree: Any) -> Node:
        sign = str(tree.value)
        if sign == "-":
            return nodes.Negative(self.node(tree.expression))
        if sign == "[":
            return nodes.ListOf(tuple(self._item(each) for each in tree.expressions))
        return self._object(tree)

    def _item(self, tree: Any) -> Node:
        made = self.node(tree)
        if isinstance(made, nodes.Filtered) and isinstance(made.node, nodes.ListOf):
            raise self.refuse("it filters a list that it makes inside another", tree)
        return made

    def _object(self, tree: Any) -> Node:
        members: dict[str, Node] = {}
        for name, value in tree.lhs_object:
            if name.type != "string" or name.predicate or name.value in members:
                raise self.refuse("it works out the name of a field in { … }", tree)
            self._string(name)
            members[name.value] = self.node(value)
        return nodes.ObjectOf(tuple(members.items()))

    def _binary(self, tree: Any) -> Node:
        operator = tree.value
        left, right = self.node(tree.lhs), self.node(tree.rhs)
        if operator == "&":
            parts = left.parts if isinstance(left, nodes.Joined) and not tree.lhs.predicate else (left,)
            return nodes.Joined((*parts, right))
        if operator in ("and", "or"):
            return nodes.Both(operator == "or", left, right)
        if operator in ("+", "-", "*", "/", "%"):
            return nodes.Computed(operator, left, right)
        if operator in ("=", "!=", "<", "<=", ">", ">=", "in"):
            return nodes.Compared(operator, left, right)
        raise self.refuse("it makes a list of numbers with .." if operator == ".." else f"it has {operator}", tree)

    # --- paths

    def _path(self, tree: Any) -> Node:
        steps = [self._step(step, number) for number, step in enumerate(tree.steps)]
        first, kind = steps[0].node, tree.steps[0].type
        made_here = kind not in ("name", "string", "variable") or (isinstance(first, nodes.Variable))
        self._goes_over_made_values |= made_here or any(not isinstance(step.node, nodes.Field) for step in steps[1:])
        if tree.keep_singleton_array:
            self._keeps_lists = True
        return nodes.Path(tuple(steps), bool(tree.keep_singleton_array))

    def _step(self, tree: Any, number: int) -> nodes.Step:
        if tree.tuple or tree.focus or tree.index or tree.ancestor:
            raise self.refuse("it joins or numbers with @, # or %", tree)
        if tree.group is not None:
            raise self.refuse("it groups with { … } behind a path", tree)
        if tree.type == "name":
            if tree.predicate:
                raise self.refuse("it filters a field whose name is written as a text", tree)
            return nodes.Step(nodes.Field(tree.value), self._stages(tree.stages))
        if tree.keep_array:
            raise self.refuse("it has [] behind something that is no field", tree)
        is_first_list = number == 0 and tree.type == "unary" and not tree.stages and not tree.predicate
        if tree.consarray and not is_first_list:
            raise self.refuse("it makes a list in a step of a path", tree)
        made = self.node(tree)
        if isinstance(made, nodes.ListOf) and _asks_context(made):
            raise self.refuse("it goes on from a list that it makes of the value at hand", tree)
        return nodes.Step(made, self._stages(tree.stages))

    def _stages(self, trees: Any) -> tuple[nodes.Stage, ...]:
        return tuple(self._stage(tree) for tree in trees or ())

    def _stage(self, tree: Any) -> nodes.Stage:
        if tree.type != "filter":
            raise self.refuse("it numbers items with #", tree)
        if tree.expr.type == "number" and not tree.expr.predicate:
            return nodes.Position(math.floor(tree.expr.value))
        return nodes.Where(self.node(tree.expr))

    # --- functions

    def _apply(self, tree: Any) -> Node:
        """`a ~> $f(b)` is `$f(a, b)`."""
        right = tree.rhs
        if tree.lhs.type == "variable" and tree.lhs.value in NAMES | OWN.keys():
            raise self.refuse("it makes a function of two with ~>", tree)
        if right.type == "variable" and not right.predicate:
            return self._called(right, right.value, [tree.lhs])
        if right.type == "function" and right.procedure.type == "variable" and not right.predicate:
            return self._called(right, right.procedure.value, [tree.lhs, *right.arguments])
        raise self.refuse("it hands a value on with ~> to something that is no function by name", tree)

    def _function(self, tree: Any) -> Node:
        if tree.procedure.type != "variable":
            raise self.refuse("it calls a function that is no function by name", tree)
        return self._called(tree, tree.procedure.value, list(tree.arguments))

    def _called(self, tree: Any, name: str, arguments: list[Any]) -> Node:
        if self._is_bound(name):
            raise self.refuse(f"it calls ${name}, which it made itself", tree)
        if name in _WALKS and any(argument.type == "lambda" for argument in arguments):
            return self._walk(tree, name, arguments)
        if name in ("now", "millis") and not arguments:
            return nodes.Call(name, ())
        known = OWN.get(name) or STANDARD.get(name)
        if known is None:
            said = "which is not compiled" if name in NAMES else "which nobody knows"
            raise self.refuse(f"it calls ${name}, {said}", tree)
        made = [self.node(argument) for argument in arguments]
        if known.from_context and len(made) == known.fewest - 1:
            made.insert(0, Context())
        if not known.fewest <= len(made) <= known.most and not (getattr(known, "repeats", False) and made):
            raise self.refuse(f"it calls ${name} with {len(made)} arguments", tree)
        return nodes.Call(name, tuple(made))

    def _last_call(self, tree: Any) -> Node:
        """The call that ends a function written in place. JSONata neither takes a list of one for its item there, nor
        has a value at hand.
        """
        made = self.node(tree)
        name = made.function if isinstance(made, nodes.Call | nodes.Walk) else ""
        if name in _GIVE_LISTS or (isinstance(made, nodes.Call) and Context() in made.arguments):
            raise self.refuse(f"a function in it ends with a call of ${name}, which gives a list of one there", tree)
        return made

    def _walk(self, tree: Any, name: str, arguments: list[Any]) -> Node:
        if len(arguments) not in ((2, 3) if name == "reduce" else (2,)) or arguments[1].type != "lambda":
            raise self.refuse(f"it calls ${name} in an unusual way", tree)
        each = arguments[1]
        parameters = tuple(parameter.value for parameter in each.arguments)
        fewest, most = _WALKS[name]
        if (
            each.signature is not None
            or not fewest <= len(parameters) <= most
            or len({*parameters, *_AT_HAND}) < len(parameters) + len(_AT_HAND)
        ):
            raise self.refuse(f"the function of ${name} has unusual parameters", each)
        items = self.node(arguments[0])
        first = self.node(arguments[2]) if len(arguments) == 3 else None
        self._bound.append(set(parameters))
        body = self._statement(each.body)
        self._bound.pop()
        self._goes_over_made_values = True
        return nodes.Walk(name, items, Lambda(parameters, body), first)


def _asks_context(node: object) -> bool:
    """Whether the node's value depends on what `$` is, beyond fields of it."""
    if isinstance(node, Context):
        return True
    if isinstance(node, nodes.Path):
        return _asks_context(node.steps[0].node)
    if isinstance(node, nodes.Filtered):
        return _asks_context(node.node)
    if isinstance(node, tuple):
        return any(map(_asks_context, node))
    if hasattr(type(node), "__dataclass_fields__"):
        return any(_asks_context(getattr(node, name)) for name in node.__dataclass_fields__)  # type: ignore[attr-defined]
    return False
