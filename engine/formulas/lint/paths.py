"""A path that leads nowhere: neither the schema nor a sample has such a field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.documents.workspace import did_you_mean
from engine.formulas.lint.inference import Unknown
from engine.formulas.lint.shape import Shape
from engine.formulas.lint.view import Finding, View

RULE = "unknown_path"
_MOST_NAMES = 15


def unknown_paths(view: View) -> Iterator[Finding]:
    for unknown in view.inference.unknown.values():
        before = _before(view, unknown.node)
        name = str(unknown.node.value)
        if unknown.known is None:
            yield Finding(
                RULE,
                view.source.token(unknown.node)[0],
                f"“{before}” is no record, so there is nothing called “{name}” in it",
                "Leave the name out, or point at another field.",
            )
            continue
        around = before or (view.source.name(unknown.of) if unknown.of is not None else "")
        where = f"“{around}”" if around else view.scope.called
        what = f"there is no field in {where} “{name}”"
        close, proposal = _close(view, unknown, before)
        more = ", …" if len(unknown.known) > _MOST_NAMES else ""
        known = ", ".join(unknown.known[:_MOST_NAMES]) + more or "none"
        advice = f"Did you mean “{close}”?" if close else f"There are: {known}."
        yield Finding(RULE, view.source.token(unknown.node)[0], what, advice, proposal)


def _before(view: View, node: Any) -> str:
    """The path up to the name."""
    for path in view.nodes:
        if path.type == "path" and any(step is node for step in path.steps):
            span = view.source.span(path)
            if span is not None:
                text = view.source.formula[span[0] : view.source.token(node)[0]]
                return " ".join(text.split()).removesuffix(".").strip()
    return ""


def _close(view: View, unknown: Unknown, before: str) -> tuple[str, str | None]:
    """The name that was meant, and the formula with it: one like it, or the same further down."""
    name = str(unknown.node.value)
    close = did_you_mean(name, unknown.known or ())
    if close is None:
        close = next(iter(_below(unknown.held, name)), None)
    if close is None:
        return "", None
    written = close if "." in close or close.isidentifier() else f"`{close}`"
    start, end = view.source.token(unknown.node)
    return close, view.source.formula[:start] + written + view.source.formula[end:]


def _below(held: Shape, name: str, prefix: str = "", depth: int = 3) -> Iterator[str]:
    """The paths to fields of this name in records inside."""
    fields: Mapping[str, Shape] = held.fields or {}
    for inner, shape in fields.items():
        if shape.fields and depth:
            if name in shape.fields:
                yield f"{prefix}{inner}.{name}"
            yield from _below(shape, name, f"{prefix}{inner}.", depth - 1)
