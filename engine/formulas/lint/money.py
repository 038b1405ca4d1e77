"""Arithmetic on money in binary numbers: 0.1 + 0.2 is 0.30000000000000004, and $round takes 0.125 down to 0.12."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.formulas.lint.source import Builder, Writing
from engine.formulas.lint.view import Finding, View, bare, called_function

RULE = "money_arithmetic"
_EXACT = {"*": "$multiply", "+": "$add", "-": "$subtract", "/": "$divide"}
_FUNCTIONS = {"sum": "$sum_money", "round": "$money", "average": "$divide"}


def money_arithmetic(view: View) -> Iterator[Finding]:
    """Each outermost calculation with an amount in it; all proposals mend all of them."""
    found: list[tuple[Any, str, str]] = []
    builders: dict[int, Builder] = {}
    covered: set[int] = set()
    for node in view.nodes:
        if id(node) in covered or not _is_inexact(view, node):
            continue
        builders[id(node)] = _builder(node)
        if node.type == "binary":
            covered |= {id(operand) for operand in _operands(node)}
            amount = _amount(view, node)
            what = f"“{node.value}” works money out in binary numbers, which are off by fractions of a cent"
            found.append((node, f"{what} (“{view.text(amount)}” is an amount)", _EXACT[node.value]))
        else:
            name = node.procedure.value
            why = "rounds half a cent to the even one" if name == "round" else "adds in binary numbers"
            found.append((node, f"${name} {why}, and “{view.text(node.arguments[0])}” is money", _FUNCTIONS[name]))
    proposal = view.rewritten(builders) if found else None
    for node, what, instead in found:
        where = view.at(node) if node.type == "binary" else view.start(node)
        yield Finding(RULE, where, what, f"Use {instead}, which is exact.", proposal)


def _is_inexact(view: View, node: Any) -> bool:
    if node.type == "binary" and node.value in _EXACT:
        if _is_sign_only(node):
            return False
        return any(view.shape(side).kind == "money" for side in (node.lhs, node.rhs))
    return (
        called_function(node) in _FUNCTIONS and bool(node.arguments) and view.shape(node.arguments[0]).kind == "money"
    )


def _is_sign_only(node: Any) -> bool:
    """0 - x, x * 1 and x * -1 are exact."""
    one, other = bare(node.lhs), bare(node.rhs)
    if node.value in "+-" and one.type == "number" and one.value == 0:
        return True
    units = (1, -1) if node.value in "*/" else (0,)
    sides = (one, other) if node.value == "*" else (other,)
    return any(side.type == "number" and side.value in units for side in sides)


def _operands(node: Any) -> Iterator[Any]:
    """The operations that are operands of this one, through brackets."""
    for side in (node.lhs, node.rhs):
        inner = bare(side)
        if inner.type == "binary" and inner.value in _EXACT and not inner.predicate:
            yield inner
            yield from _operands(inner)


def _amount(view: View, node: Any) -> Any:
    """The operand that is money, as deep as operations go."""
    for side in (node.lhs, node.rhs):
        if view.shape(side).kind == "money":
            inner = bare(side)
            return _amount(view, inner) if inner.type == "binary" and inner.value in _EXACT else inner
    return node


def _builder(node: Any) -> Builder:
    if node.type == "binary":
        return lambda writing: _exact(node, writing)
    return lambda writing: _call(node, writing)


def _exact(node: Any, writing: Writing) -> str:
    """The operation as calls: a + b + c is one $add."""
    sign = node.value
    parts = list(_flat(node, sign)) if sign in "*+" else [node.lhs, node.rhs]
    return f"{_EXACT[sign]}({', '.join(_operand(part, writing) for part in parts)})"


def _flat(node: Any, sign: str) -> Iterator[Any]:
    for side in (node.lhs, node.rhs):
        inner = bare(side)
        if inner.type == "binary" and inner.value == sign and not inner.predicate:
            yield from _flat(inner, sign)
        else:
            yield side


def _operand(node: Any, writing: Writing) -> str:
    inner = bare(node)
    if inner.type == "binary" and inner.value in _EXACT and not inner.predicate:
        return _exact(inner, writing)
    if inner.type in ("path", "variable", "number", "function", "condition"):
        return writing.text(inner)
    return writing.text(node)


def _call(node: Any, writing: Writing) -> str:
    name = node.procedure.value
    arguments = [writing.text(argument) for argument in node.arguments]
    if name == "average":
        return f"$divide($sum_money({arguments[0]}), $count({arguments[0]}))"
    if name == "round" and len(arguments) == 1:
        arguments.append("0")
    return f"{_FUNCTIONS[name]}({', '.join(arguments)})"
