"""How often a formula can repeat what it is given, and look through it: what keeps a formula without loops small.

A text or list may be used twice, and the result of that twice again: forty bindings of `$b := $a & $a` make a
million million copies without any loop. So the copies are counted before anything runs.
"""

from __future__ import annotations

from engine.formulas.compiled import nodes
from engine.formulas.compiled.nodes import Lambda, Node
from engine.formulas.compiled.signatures import OWN

MOST_COPIES = 1_000
_FEW_COPIES, _FEW_LOOKS = 16, 64  # so many cost a fraction of a second, and of a gigabyte, whatever the record
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
        case nodes.Joined(several) | nodes.ListOf(several):
            return len(several)
    return 0


def copies(node: Node, bound: dict[str, int] | None = None) -> int:
    """At most how often some value it is given stands in its result. bound: the same of variables it made."""
    return _copies(node, dict(bound or {}))


def _copies(node: Node, bound: dict[str, int]) -> int:
    match node:
        case nodes.Variable(name):
            return bound.get(name, 1)
        case nodes.Negative() | nodes.Computed() | nodes.Compared() | nodes.Both():
            return 1
        case nodes.Choice(_, then, otherwise):
            return max(_copies(then, dict(bound)), _copies(otherwise, dict(bound)) if otherwise else 1)
        case nodes.Default(_, left, right):
            return max(_copies(left, bound), _copies(right, bound))
        case nodes.Bind(name, value):
            bound[name] = _copies(value, bound)
            return bound[name]
        case nodes.Block(all_of_them):
            inner, last = dict(bound), 1
            for each in all_of_them:
                last = _copies(each, inner)
            return last
        case nodes.Joined(all_of_them):  # a quote or backslash is written as two characters
            return sum(
                _copies(each, bound) * (1 if isinstance(each, nodes.Path | nodes.Literal) else 2)
                for each in all_of_them
            )
        case nodes.ListOf(all_of_them):
            return max(1, sum(_copies(each, bound) for each in all_of_them))
        case nodes.ObjectOf(members):
            return max(1, sum(_copies(each, bound) for _, each in members))
        case nodes.Call(name, arguments):
            if name in _SMALL:
                return 1
            return max(1, sum(_copies(each, bound) for each in arguments)) * (2 if name == "string" else 1)
        case nodes.Path(steps):
            made = 1
            for step in steps:
                made *= _copies(step.node, bound)
            return made
        case nodes.Filtered(inside, _):
            return _copies(inside, bound)
        case nodes.Walk(_, items, each, first):
            of = _copies(items, bound)
            start = _copies(first, bound) if first is not None else 1
            return max(of, start) * _copies(each.body, {**bound, **dict.fromkeys(each.parameters, 1)})
    return 1


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
