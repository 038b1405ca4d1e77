"""Which values of a record stand behind a failure: those its formula read, the likeliest first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from engine.design.support.leaves import Leaf, Leaves, Path
from engine.errors import DocumentError, Json, Problem
from engine.flows.flow import Step
from engine.flows.library import LoadedFlow
from engine.formulas import MISSING
from engine.formulas.origins import Origins
from engine.formulas.sources import RECORD, Origin, Source
from engine.mappings.paths import list_of
from engine.runs.places import Place

_MOST_LOOKED_AT = 2_000
_INDEX = re.compile(r"\[(\d+)\]")


def behind(loaded: LoadedFlow, record: Json, problem: Problem, place: Place, known: Leaves, most: int) -> list[Leaf]:
    """Up to so many values that a person may look at and mend; none where nothing can be told."""
    found: dict[Path, Leaf] = {}
    near: dict[Path, bool] = {}
    for origin in _origins(loaded, problem, place):
        if origin.way and not origin.way[0].startswith("$"):
            for path in islice(_there(record, origin.way), _MOST_LOOKED_AT):
                leaf = _leaf(known, path)
                if leaf is not None and not leaf.why_not:
                    found.setdefault(path, leaf)
                    near[path] = near.get(path, False) or not origin.via
    index = [int(place) for place in _INDEX.findall(place.field)][:1]
    usually_filled = {_kind_of(leaf) for leaf in found.values() if leaf.typed}
    wants_empty = "missing" in problem.what

    def unlikely(leaf: Leaf) -> tuple[bool, ...]:
        said = leaf.typed
        places = [part for part in leaf.path if isinstance(part, int)]
        return (
            not (len(said) > 1 and said in problem.what),
            wants_empty and not (not said and _kind_of(leaf) in usually_filled),
            bool(index) and places[:1] != index,
            not near[leaf.path],
            not said,
        )

    return sorted(found.values(), key=unlikely)[:most]


def settings_behind(loaded: LoadedFlow, problem: Problem, place: Place) -> list[tuple[str, str]]:
    """Name and title of the flow's answers that the formulas read, those that its advice names first."""
    asked: Mapping[str, Json] = loaded.flow.questions.get("properties", {})
    ways = [origin.way for origin in _origins(loaded, problem, place)]
    named = dict.fromkeys(way[1] for way in ways if way[:1] == ("$answers",) and len(way) > 1)
    found = [(name, str(asked[name].get("title") or name)) for name in named if name in asked]
    advice = problem.what_to_do.casefold()
    return [each for each in found if each[1].casefold() in advice]


def _kind_of(leaf: Leaf) -> tuple[str, ...]:
    """The same field in whatever item."""
    return tuple(part for part in leaf.path if isinstance(part, str))


def _origins(loaded: LoadedFlow, problem: Problem, place: Place) -> Iterator[Origin]:
    """What the formulas read that the problem is about: of a field, of a check, of the match, of a named value."""
    origins = Origins(loaded.flow.values)
    step = next((each for each in loaded.flow.steps if each.name == place.step), None)
    named = problem.where.rpartition(", ")[2]
    if step is None:
        formula = loaded.flow.values.get(named)
        yield from origins.of(formula) if formula is not None else ()
        return
    seen = RECORD if step.each is None else origins.items(step.each)
    for formula, here in _formulas(step, named, place, origins, seen):
        yield from origins.of(formula, here)


def _formulas(step: Step, named: str, place: Place, origins: Origins, seen: Source) -> Iterator[tuple[str, Source]]:
    if place.field:
        fields = {field.path: field for field in step.fields}
        inside = list_of(place.target)
        rows = fields.get(inside[0]) if inside else None
        here = origins.items(rows.formula, seen) if rows is not None else seen
        field = fields.get(place.target)
        if field is not None:
            yield field.formula, here
        return
    for check in (*step.before, *step.after):
        if check.what == named:
            yield from ((formula, seen) for formula in check.formulas.values())
            return
    if step.match is not None:
        yield step.match.formula, seen


def _there(record: Json, way: tuple[str, ...], path: Path = ()) -> Iterator[Path]:
    """Every place that a way leads to: through each item of each list."""
    if isinstance(record, list):
        for place, item in enumerate(record):
            yield from _there(item, way, (*path, place))
    elif not way:
        yield path
    else:
        below = record.get(way[0], MISSING) if isinstance(record, dict) else MISSING
        yield from _there(below, way[1:], (*path, way[0]))


def _leaf(known: Leaves, path: Path) -> Leaf | None:
    try:
        return known.at(path)
    except DocumentError:
        return None  # no single value, or one that the connector does not know
