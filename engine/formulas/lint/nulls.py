"""Null where a text is made or a default is meant: `&` writes the word null, and `??` lets null through."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.formulas.lint.source import Builder, Writing
from engine.formulas.lint.view import Finding, View, bare

TEXT_RULE = "null_in_text"
DEFAULT_RULE = "null_is_no_default"


def null_in_text(view: View) -> Iterator[Finding]:
    """Each text put together of something that may be null; all proposals mend all of them."""
    found: list[tuple[Any, str, str]] = []
    builders: dict[int, Builder] = {}
    inner: set[int] = set()
    for node in view.nodes:
        if node.type != "binary" or node.value != "&" or id(node) in inner:
            continue
        parts = list(_parts(node))
        inner |= {id(part) for part in _chain(node)}
        nulls = [part for part in parts if view.shape(part).may_be_null]
        if not nulls:
            continue
        named = " and ".join(f"“{view.text(part)}”" for part in nulls)
        separator = _separator(parts)
        if separator is not None:
            builders[id(node)] = _joining(parts, separator)
            instead = "Use $join_filled, which leaves out what is not filled."
        else:
            builders |= {id(part): _as_text(part) for part in nulls}
            instead = "Write $text(…) around it: it writes nothing for null."
        found.append((nulls[0], f"“&” writes the word “null” where {named} is null", instead))
    proposal = view.rewritten(builders) if found else None
    for node, what, instead in found:
        yield Finding(TEXT_RULE, view.start(node), what, instead, proposal)


def _chain(node: Any) -> Iterator[Any]:
    while node.lhs.type == "binary" and node.lhs.value == "&" and not node.lhs.predicate:
        node = node.lhs
        yield node


def _parts(node: Any) -> Iterator[Any]:
    """The operands of a & b & c, from left to right."""
    held = [node.rhs]
    for below in _chain(node):
        held.append(below.rhs)
        node = below
    yield node.lhs
    yield from reversed(held)


def _separator(parts: list[Any]) -> str | None:
    """What stands between all of them: x & " " & y & " " & z; None where that is not so."""
    between = parts[1::2]
    if len(parts) < 3 or len(parts) % 2 == 0 or any(part.type == "string" for part in parts[::2]):
        return None
    if any(part.type != "string" or part.value != between[0].value for part in between):
        return None
    text = str(between[0].value)
    return text if not text.strip(" ,;/-\n") and '"' not in text else None


def _joining(parts: list[Any], separator: str) -> Builder:
    quoted = separator.replace("\n", "\\n")

    def build(writing: Writing) -> str:
        listed = ", ".join(writing.text(part) for part in parts[::2])
        return f"$join_filled([{listed}])" if separator == " " else f'$join_filled([{listed}], "{quoted}")'

    return build


def _as_text(part: Any) -> Builder:
    held = bare(part)
    return lambda writing: f"$text({writing.inside(held)})"


def null_is_no_default(view: View) -> Iterator[Finding]:
    """`x ?? y` where x may be null: null is not missing, so it goes through."""
    found = [
        node
        for node in view.nodes
        if node.type == "default" and node.value == "??" and view.shape(node.lhs).may_be_null and not _is_null(node.lhs)
    ]
    proposal = view.rewritten({id(node): _first_filled(node) for node in found}) if found else None
    for node in found:
        what = f"“??” stands in for what is missing only: where “{view.text(node.lhs)}” is null, the value is null"
        yield Finding(DEFAULT_RULE, view.at(node), what, "Use $first_filled, which passes over null too.", proposal)


def _is_null(node: Any) -> bool:
    return node.type == "value" and node.value is None


def _first_filled(node: Any) -> Builder:
    return lambda writing: f"$first_filled({writing.text(node.lhs)}, {writing.text(node.rhs)})"
