"""How often a formula can repeat what it is given, and look through it: what keeps a formula without loops small.

A text or list may be used twice, and the result of that twice again: forty bindings of `$b := $a & $a` make a
million million copies without any loop. So the copies are counted before anything runs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from engine.formulas.compiled import nodes
from engine.formulas.compiled.nodes import Lambda, Node
from engine.formulas.compiled.signatures import OWN

MOST_COPIES = 1_000
_FEW_COPIES, _FEW_LOOKS = 4, 64  # so many cost a fraction of a second, and a few times the record, whatever it is
_SMALL = frozenset(  # functions whose result does not grow with their arguments
    "length number abs floor ceil sqrt round sum max min average not boolean exists count type millis now "
    "country local_date money multiply add subtract divide sum_money vat_of without_vat with_vat minor_units "
    "digest".split()
)
_SLOW = frozenset("string trim split replace distinct sort join".split())


def is_large(node: Node) -> bool:
    """Whether it repeats or looks through what it is given so often that each time must be counted."""
    return copies(node) > _FEW_COPIES or looks(node) > _FEW_LOOKS


def looks(node: Node) -> int:
    """How often it may look through a whole value outside of loops, in looks along a list."""
    return sum(map(_look, nodes.parts(node)))


def _look(node: object) -> int:
    match node:
        case nodes.Path(steps):
            return len(steps) - 1
        case nodes.Call(name):
            return 6 if name in OWN or name in _SLOW else 2
        case nodes.Walk() | nodes.Where() | nodes.Compared():
            return 2
        case nodes.Joined(several):
            return len(several)
        case nodes.ListOf(several):
            return 4 * len(several)
    return 0


def copies(node: Node) -> int:
    """At most how often something it is given stands in what it makes, on the way as well."""
    counted = _Copies()
    counted.of(node, {})
    return counted.most


class _Copies:
    def __init__(self) -> None:
        self.most = 1

    def of(self, node: Node, bound: dict[str, int]) -> int:
        """The copies in one node's value. bound: those in variables the formula made."""
        found = self._of(node, bound)
        self.most = max(self.most, found)
        return found

    def _of(self, node: Node, bound: dict[str, int]) -> int:
        match node:
            case nodes.Variable(name):
                return bound.get(name, 1)
            case nodes.Negative(inside):
                return self._inside([inside], bound)
            case nodes.Computed(_, left, right) | nodes.Compared(_, left, right) | nodes.Both(_, left, right):
                return self._inside([left, right], bound)
            case nodes.Choice(condition, then, otherwise):
                self.of(condition, bound)
                return max(self.of(then, bound), self.of(otherwise, bound) if otherwise else 1)
            case nodes.Default(_, left, right):
                return max(self.of(left, bound), self.of(right, bound))
            case nodes.Bind(name, value):
                bound[name] = self.of(value, bound)
                return bound[name]
            case nodes.Block(several):
                inner, last = dict(bound), 1
                for each in several:
                    last = self.of(each, inner)
                return last
            case nodes.Joined(several):  # a quote or backslash is written as two characters
                doubled = not all(isinstance(each, nodes.Path | nodes.Field | nodes.Literal) for each in several)
                return self._together(several, bound) * (2 if doubled else 1)
            case nodes.ListOf(several):
                return self._together(several, bound)
            case nodes.ObjectOf(members):
                return self._together([each for _, each in members], bound)
            case nodes.Call(name, arguments):
                if name in _SMALL:
                    return self._inside(arguments, bound)
                return self._together(arguments, bound) * (2 if name == "string" else 1)
            case nodes.Path(steps):
                return math.prod(self._staged(step.node, step.stages, bound) for step in steps)
            case nodes.Filtered(inside, stages):
                return self._staged(inside, stages, bound)
            case nodes.Walk(_, items, each, first):
                of = max(self.of(items, bound), self.of(first, bound) if first is not None else 1)
                return of * self.of(each.body, {**bound, **dict.fromkeys(each.parameters, 1)})
        return 1

    def _inside(self, several: Sequence[Node], bound: dict[str, int]) -> int:
        """Of what goes into a value of no size."""
        for each in several:
            self.of(each, bound)
        return 1

    def _staged(self, node: Node, stages: tuple[nodes.Stage, ...], bound: dict[str, int]) -> int:
        for stage in stages:
            if isinstance(stage, nodes.Where):
                self.of(stage.condition, bound)
        return self.of(node, bound)

    def _together(self, several: Sequence[Node], bound: dict[str, int]) -> int:
        """Of what stands side by side. Several fields of one thing are no more than the thing, once."""
        given = [place for each in several if (place := _place(each)) is not None]
        others = [each for each in several if _place(each) is None and not isinstance(each, nodes.Literal)]
        most = max((sum(place[: len(other)] == other for other in given) for place in given), default=0)
        return max(1, most + sum(self.of(each, bound) for each in others))


def _place(node: Node) -> tuple[str, ...] | None:
    """The names on the way to a field of the value at hand."""
    if isinstance(node, nodes.Field):
        return (node.name,)
    if isinstance(node, nodes.Path) and all(
        isinstance(step.node, nodes.Field) and not step.stages for step in node.steps
    ):
        return tuple(step.node.name for step in node.steps if isinstance(step.node, nodes.Field))
    return None


def gathers_twice(each: Lambda) -> bool:
    """Whether what a $reduce has gathered can stand in its next result more than once."""
    return _flow(each.body, each.parameters[0], {each.parameters[0]: 1}) > 1


def _flow(node: Node | None, name: str, bound: dict[str, int]) -> int:
    """How often the variable's value can stand in the node's."""
    match node:
        case None | nodes.Literal() | nodes.Negative() | nodes.Computed() | nodes.Compared() | nodes.Both():
            return 0
        case nodes.Variable(other):
            return bound.get(other, 0)
        case nodes.Choice(_, then, otherwise):
            return max(_flow(then, name, dict(bound)), _flow(otherwise, name, dict(bound)))
        case nodes.Default(_, left, right):
            return max(_flow(left, name, bound), _flow(right, name, bound))
        case nodes.Bind(other, value):
            bound[other] = _flow(value, name, bound)
            return bound[other]
        case nodes.Block(all_of_them):
            inner, last = dict(bound), 0
            for each in all_of_them:
                last = _flow(each, name, inner)
            return last
        case nodes.Call(function, arguments):
            return 0 if function in _SMALL else sum(_flow(each, name, bound) for each in arguments)
        case nodes.Path(steps):
            later = sum(_flow(step.node, name, bound) for step in steps[1:])
            return 2 if later else _flow(steps[0].node, name, bound)
        case nodes.Filtered(inside, _):
            return _flow(inside, name, bound)
        case nodes.Walk(_, items, each, first):
            inside_body = _flow(each.body, name, {**bound, **dict.fromkeys(each.parameters, 0)})
            return 2 if inside_body else _flow(items, name, bound) + _flow(first, name, bound)
        case nodes.Joined(several) | nodes.ListOf(several):
            return sum(_flow(each, name, bound) for each in several)
        case nodes.ObjectOf(members):
            return sum(_flow(each, name, bound) for _, each in members)
    return 0
