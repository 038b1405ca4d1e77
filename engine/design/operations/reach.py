"""How a formula at a target path reaches a source: from the record, from a list's item, or from an earlier step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.design.operations.editing import Editing, refuse, refuse_unknown, text_of
from engine.design.operations.places import Place
from engine.formulas.lint import Scope
from engine.formulas.origins import Origins
from engine.formulas.sources import RECORD, Source
from engine.mappings.paths import list_of


@dataclass(frozen=True, slots=True)
class Standpoint:
    """Where a formula stands. item: what it sees under `$`; each: the formula of the items, "" outside lists.

    outer: the item of the step's own `each` around a list, None where there is none.
    """

    step: int
    target: str
    each: str
    item: Source
    outer: Source | None
    scope: Scope | None

    @classmethod
    def of(cls, editing: Editing, step: int, target: str) -> Standpoint:
        """The standpoint of a target path's formula (or of its items, for a list)."""
        origins = Origins(editing.values())
        each = text_of(editing.part("steps", step, "each"))
        item = origins.items(each) if each else RECORD
        outer = None
        inside = list_of(target)
        if inside is not None:
            outer = item if each else None
            each = editing.formula(step, inside[0])
            item = origins.items(each, item) if each else RECORD
        part = "each" if target.endswith("[]") else "formula"
        scope = editing.schemas.scope(editing.document, ("steps", step, "fields", target, part))
        return cls(step, target, each, item, outer, scope)


def reach(editing: Editing, place: Place, at: Standpoint) -> str:
    """The formula that names the place as it is seen from there; refused where it cannot be seen."""
    if place.variable == "$steps":
        return _answer(editing, place, at)
    if place.variable in ("$answers", "$facts") or not at.each:
        return place.written()
    inside = _below(at.item, place.names)
    if inside is not None:
        return place.written(inside)
    if place.lists:
        made = _made_of(place, at)
        if made is not None:
            return made
        _refuse_unreachable(place, at)
    if place.variable:
        return place.written()
    if at.outer is not None and _below(at.outer, place.names) is not None:
        what = f"a row of “{at.target}” does not see “{place.written()}”, which belongs to what the step is done for"
        refuse(at.target, what, "Write the formula by hand, or let the list's items hold the field.")
    return f"$record.{place.written()}"


def _below(item: Source, names: tuple[str, ...]) -> int | None:
    """From which name on the path leads there from an item; None where it does not."""
    for start in range(1, len(names)):
        if any(origin.way == names for origin in item.get(names[start:])):
            return start
    return None


def _made_of(place: Place, at: Standpoint) -> str | None:
    """The field of the items that is made of this one alone, where a named value built the items."""
    fields = (at.scope.record.fields if at.scope else None) or {}
    found = [name for name in fields if _record_ways(at.item, name) == {place.names}]
    if place.names[-1] in found:
        return Place((place.names[-1],)).written()
    return Place((found[0],)).written() if found else None


def _record_ways(item: Source, name: str) -> set[tuple[str, ...]]:
    return {origin.way for origin in item.get((name,)) if not origin.way[:1] or origin.way[0] != "$values"}


def _refuse_unreachable(place: Place, at: Standpoint) -> None:
    """Refuse a field of the very list that is walked, where the items no longer have it."""
    walked = place.list_names
    if not any(origin.way[: len(walked)] == walked for origin in at.item.get(())):
        return
    fields = (at.scope.record.fields if at.scope else None) or {}
    near = [name for name in fields if any(origin.way == place.names for origin in at.item.get((name,)))]
    what = f"the items of “{at.each[:60]}” do not have “{place.written()}”"
    if near:
        refuse(at.target, what, f"Use {' or '.join(near[:5])}, which is made of it; or add it to those items.")
    has = f"They have: {', '.join(list(fields)[:20])}. " if fields else ""
    refuse(at.target, what, f"{has}Use one of these, or add it to the items.")


def _answer(editing: Editing, place: Place, at: Standpoint) -> str:
    """What an earlier step got back; of one that is done for each item, the answer for this item."""
    if len(place.names) == 1:
        refuse(at.target, "a step's answers are not one value", "Drop a field of one step, such as $steps.customer.Id.")
    steps = editing.part("steps")
    names = [held.get("step") for held in steps if isinstance(held, Mapping)]
    name = place.names[1]
    if name not in names:
        refuse_unknown(at.target, "step", name, [known for known in names[: at.step] if known])
    number = names.index(name)
    if number >= at.step:
        what = f"the step “{name}” has no answer yet where this is worked out"
        refuse(at.target, what, "Take a field of an earlier step, or of the record.")
    each = text_of(steps[number].get("each"))
    if not each:
        return place.written()
    key = text_of((steps[number].get("match") or {}).get("formula"))
    if each != at.each or not key:
        what = f"the step “{name}” is done for each of {each[:60]}, so it has many answers"
        advice = (
            f"Say which is meant: $lookup($steps.{name}, …){''.join('.' + n for n in place.names[2:])}, with its match."
        )
        refuse(at.target, what, advice)
    rest = place.written(2)
    return f"$lookup($steps.{name}, {key})" + (f".{rest}" if rest else "")
