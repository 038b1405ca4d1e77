"""The checks of a step, before and after its write, filled from what two systems have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.design.starter.context import Context
from engine.design.starter.fields import Record
from engine.design.starter.templates import Unfilled, as_written
from engine.errors import Json


def checks(
    context: Context, templates: Iterable[Mapping[str, Json]], record: Record, flags: Mapping[str, bool] | None = None
) -> list[Json]:
    """Those that can be filled. flags: what must be true of the pair for a check that says `only`."""
    known, found = flags or {}, []
    for template in templates:
        if not known.get(template.get("only", ""), "only" not in template):
            continue
        check: dict[str, Json] = {}
        try:
            for part, held in template.items():
                if part in ("what", "what_to_do"):
                    check[part] = context.said(held)
                elif part != "only":
                    check[part] = as_written(context.fill(_worded(context, held), record))
        except Unfilled:
            continue
        found.append(check)
    return found


def _worded(context: Context, held: Json) -> Json:
    """A formula with the systems' names put in; the other holes stay."""
    if isinstance(held, Mapping):
        return {"first": [_worded(context, each) for each in held["first"]]}
    lines = [held] if isinstance(held, str) else held
    for name, word in context.pair.words.items():
        lines = [line.replace("{{" + name + "}}", word.replace('"', "'")) for line in lines]
    return lines[0] if isinstance(held, str) else lines
