"""Times that are hours off: one without a zone taken for UTC, and the day of a moment as it is in UTC."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.formulas.lint.shape import Shape
from engine.formulas.lint.source import Builder, Writing, within
from engine.formulas.lint.view import Finding, View, bare, called_function

ZONE_RULE = "time_without_zone"
DAY_RULE = "day_in_utc"
_SAME_AS_UTC = ("UTC", "Etc/UTC", "GMT", "Z")
_COMPARED = ("-", "<", ">", "<=", ">=", "=", "!=")


def time_without_zone(view: View) -> Iterator[Finding]:
    """Each moment made of a time without a zone; all proposals mend all of them."""
    harmless = set(_harmless(view))
    found = [node for node in view.nodes if _is_zoneless(view, node) and id(node) not in harmless]
    builders = {id(node.arguments[0]): _in_zone(view, node.arguments[0]) for node in found if len(node.arguments) == 1}
    proposal = view.rewritten(builders) if len(builders) == len(found) > 0 else None
    for node in found:
        kind = "a day" if view.shape(node.arguments[0]).kind == "date" else "a time without a zone"
        what = f"“{view.text(node.arguments[0])}” is {kind}, and $toMillis takes it for UTC"
        advice = "Let $in_zone read it: it takes the zone that the connector declares for its times."
        yield Finding(ZONE_RULE, view.start(node), what, advice, proposal)


def _is_zoneless(view: View, node: Any) -> bool:
    if called_function(node) != "toMillis" or not node.arguments:
        return False
    shape = view.shape(node.arguments[0])
    return shape.kind in ("date", "datetime") and not _is_zoned(shape)


def _is_zoned(shape: Shape) -> bool:
    return shape.has_zone or shape.zone in _SAME_AS_UTC


def _harmless(view: View) -> Iterator[int]:
    """Those that are compared with another of their kind, or only written in another form: UTC both ways."""
    for node in view.nodes:
        if called_function(node) == "fromMillis" and len(node.arguments) == 2:
            picture = node.arguments[1]
            if picture.type == "string" and "[Z" not in picture.value and "[z" not in picture.value:
                yield from (id(inner) for inner in within(node.arguments[0]))
        elif node.type == "binary" and node.value in _COMPARED:
            sides = [bare(node.lhs), bare(node.rhs)]
            if all(_is_zoneless(view, side) for side in sides):
                yield from map(id, sides)


def _in_zone(view: View, node: Any) -> Builder:
    midnight = ' & "T00:00"' if view.shape(node).kind == "date" else ""

    def build(writing: Writing) -> str:
        return f'$in_zone({writing.inside(node)}{midnight}, "UTC")'

    return build


def day_in_utc(view: View) -> Iterator[Finding]:
    """The first ten characters of a moment, or its date by a picture, where the target wants a day."""
    target = view.scope.target
    if target is None or target.kind != "date":
        return
    for node in view.nodes:
        moment = _moment_of_day(view, node)
        if moment is None:
            continue
        text = view.text(moment)
        what = f"this is the day it was in UTC when “{text}” was: towards midnight, another day than on the spot"
        advice = f'Use $local_date({text}, "Europe/Amsterdam"), with the zone whose days are meant.'
        yield Finding(DAY_RULE, view.start(node), what, advice)


def _moment_of_day(view: View, node: Any) -> Any:
    """The moment whose day is taken; None where no day is taken, or a zone is said."""
    name, arguments = called_function(node), node.arguments or []
    if name == "substring" and len(arguments) == 3:
        cut = [argument.value if argument.type == "number" else None for argument in arguments[1:]]
        moment = arguments[0] if cut == [0, 10] else None
    elif name == "fromMillis" and len(arguments) == 2 and called_function(arguments[0]) == "toMillis":
        moment = next(iter(arguments[0].arguments), None)
    else:
        return None
    if moment is None:
        return None
    shape = view.shape(moment)
    # what is written with an offset of its own place has its own day there
    return moment if shape.kind == "datetime" and shape.has_zone and shape.zone in _SAME_AS_UTC else None
