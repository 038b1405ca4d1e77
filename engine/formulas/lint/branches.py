"""Parts that no record reaches: a condition that is always the same, a default after what is never missing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.documents.workspace import did_you_mean
from engine.errors import Json
from engine.formulas.lint.shape import Shape, is_among
from engine.formulas.lint.source import Builder
from engine.formulas.lint.view import Finding, View, bare, called_function
from engine.formulas.missing import MISSING, Missing

RULE = "never_reached"
_WIDE = 8  # codes that a message lists


def never_reached(view: View) -> Iterator[Finding]:
    for node in view.nodes:
        if node.type == "condition":
            yield from _condition(view, node)
        elif node.type == "default":
            yield from _default(view, node)
        elif node.type == "binary" and node.value in ("=", "!=", "in"):
            yield from _comparison(view, node)
        elif node.type == "binary" and node.value in ("and", "or"):
            yield from _both(view, node)


def _always(view: View, node: Any) -> bool | None:
    """Whether a condition is always true or always false; None where it depends."""
    node = bare(node)
    if node.predicate or node.group is not None:
        return None
    constant = view.shape(node).constant
    if constant is not MISSING:
        return _counts_as_true(constant)
    if node.type == "unary" and node.value == "{":
        return bool(node.lhs_object)
    if node.type == "binary" and node.value == "&":
        return True if _has_text(view, node) else None
    if called_function(node) == "not" and node.arguments:
        inner = _always(view, node.arguments[0])
        return None if inner is None else not inner
    return None


def _counts_as_true(value: Json | Missing) -> bool:
    return bool(value) if not isinstance(value, list) else any(map(_counts_as_true, value))


def _has_text(view: View, node: Any) -> bool:
    """Is a text that is not empty one of the parts of a & b?"""
    if node.type == "binary" and node.value == "&":
        return _has_text(view, node.lhs) or _has_text(view, node.rhs)
    return node.type == "string" and bool(node.value)


def _condition(view: View, node: Any) -> Iterator[Finding]:
    always = _always(view, node.condition)
    if always is None:
        return
    taken, other = (node.then, node._else) if always else (node._else, node.then)
    said = "true" if always else "false"
    what = f"the condition “{view.text(node.condition)}” is always {said}"
    if other is not None:
        what += f", so “{view.text(other)}” is never used"
    proposal = view.rewritten({id(node): _only(taken)}) if taken is not None else None
    advice = "Write what is left, or mend the condition."
    yield Finding(RULE, view.start(node.condition), what, advice, proposal)


def _default(view: View, node: Any) -> Iterator[Finding]:
    first = bare(node.lhs)
    always = _always(view, first)
    what = ""
    if node.value == "?:" and always is not None:
        if always:
            what = f"“{view.text(first)}” always counts as true, so “{view.text(node.rhs)}” is never used"
        else:
            first = node.rhs
            what = f"“{view.text(node.lhs)}” always counts as false, so it is never used"
    elif node.value == "??" and _is_never_missing(view, first):
        what = f"“{view.text(first)}” is never missing, so “{view.text(node.rhs)}” is never used"
    if what:
        proposal = view.rewritten({id(node): _only(first)})
        yield Finding(RULE, view.at(node), what, "Write what is left, or mend the default.", proposal)


def _is_never_missing(view: View, node: Any) -> bool:
    shape = view.shape(node)
    if shape.may_be_null and shape.constant is MISSING:
        return False  # null_is_no_default tells of it, and how to mend it
    is_call = node.type in ("function", "apply", "lambda", "variable")
    return not shape.may_be_missing and not shape.many and not (is_call and shape.types is None)


def _both(view: View, node: Any) -> Iterator[Finding]:
    for side, other in ((node.lhs, node.rhs), (node.rhs, node.lhs)):
        always = _always(view, side)
        if always is None:
            continue
        decides = always is (node.value == "or")
        said = "true" if always else "false"
        what = f"“{view.text(side)}” is always {said}"
        what += f", so “{view.text(other)}” decides nothing" if decides else ", so it decides nothing"
        proposal = None if decides else view.rewritten({id(node): _only(other)})
        yield Finding(RULE, view.start(side), what, "Leave it out, or mend it.", proposal)
        return


def _comparison(view: View, node: Any) -> Iterator[Finding]:
    for side, other in ((node.lhs, node.rhs), (node.rhs, node.lhs)):
        shape = view.shape(side)
        if node.value == "in" and side is node.rhs:
            continue
        if shape.many or shape.constant is not MISSING or side.type not in ("path", "variable", "block"):
            continue
        for literal in _literals(other, node.value):
            yield from _never_equal(view, node, side, shape, literal)


def _literals(node: Any, sign: str) -> Iterator[Any]:
    node = bare(node)
    if sign == "in" and node.type == "unary" and node.value == "[":
        yield from (item for item in node.expressions if item.type in ("string", "number", "value"))
    elif node.type in ("string", "number", "value"):
        yield node


def _never_equal(view: View, node: Any, side: Any, shape: Shape, literal: Any) -> Iterator[Finding]:
    value = view.shape(literal).constant
    if value is None or value is MISSING:
        return
    kind = next(iter(view.shape(literal).types or ()), "")
    if shape.choices is not None and not is_among(value, shape.choices):
        known = ", ".join(map(_shown, shape.choices[:_WIDE])) + (", …" if len(shape.choices) > _WIDE else "")
        why = f"is never {_shown(value)}: it is one of {known}"
    elif shape.types and kind and kind not in shape.types:
        why = f"is a {_WORDS.get(min(shape.types), 'record')}, so it is never {_shown(value)}"
    else:
        return
    meant = _meant(shape, value)
    proposal = view.rewritten({id(literal): lambda _: _shown(meant)}) if meant is not None else None
    advice = f"Did you mean {_shown(meant)}?" if meant is not None else "Mend the comparison, or leave it out."
    yield Finding(RULE, view.start(literal), f"“{view.text(side)}” {why}", advice, proposal)


_WORDS = {"string": "text", "number": "number", "boolean": "yes or no"}


def _meant(shape: Shape, value: Json) -> Json | None:
    """The value that was meant: the code of this meaning, the same in another type, or one written alike."""
    for code, meaning in (shape.codes or {}).items():
        if isinstance(value, str) and isinstance(meaning, str) and value.casefold() == meaning.casefold():
            return _typed(code, shape)
    text = str(value).lower() if isinstance(value, bool) else str(value)
    by_text = {_shown(choice).strip('"'): choice for choice in shape.choices or ()}
    if text in by_text:
        return by_text[text]
    if shape.types == frozenset({"number"}) and shape.choices is None:
        return _typed(text, shape)
    if shape.types == frozenset({"string"}) and shape.choices is None:
        return text
    close = did_you_mean(text, [choice for choice in by_text if len(choice) > 2])
    return by_text[close] if close is not None else None


def _typed(code: str, shape: Shape) -> Json | None:
    if shape.types != frozenset({"number"}):
        return code
    try:
        number = float(code)
    except ValueError:
        return None
    return number if abs(number) < 2**53 else None


def _shown(value: Json) -> str:
    """The value as a formula writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(int(value)) if float(value).is_integer() else repr(value)
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _only(node: Any) -> Builder:
    return lambda writing: writing.text(node)
