"""Compares two texts of a flow, part by part in the order in which a flow is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.design.differences.change import KINDS, THINGS, Change
from engine.design.differences.comparing import ABSENT, At, Comparing, keys_of, pairs
from engine.design.differences.formulas import condition_words, formula_of, formula_words
from engine.design.differences.of_steps import compare_steps
from engine.design.differences.of_tables import compare_lookups, compare_questions
from engine.design.differences.side import Side
from engine.documents.workspace import Workspace
from engine.errors import DocumentError, Json
from engine.formulas.words import Speech, Translations

_CONDITIONS = {"where": "wheres", "never": "nevers"}


def changes_between(before: Side, after: Side, translations: Translations | None = None) -> list[Change]:
    """Everything that differs, in the order of the document; none only where the texts are the same to the byte.

    What is only written in another way (spaces, line breaks, the order of keys) is one change that says so.
    """
    comparing = Comparing(before, after, translations)
    old, new = before.document, after.document
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        _documents(comparing, old, new)
    else:
        comparing.value(At((), "flow", {}), old, new)
    if not comparing.changes and before.text != after.text:
        comparing.add(At((), "layout", {}), "changed", ABSENT, ABSENT)
    return comparing.changes


def changes_of_texts(
    workspace: Workspace, flow: str, before: str, after: str, translations: Translations | None = None
) -> list[Change]:
    """The same of two texts as they are, with the connectors of today; one may be no JSON, or nothing."""
    if before == after:
        return []
    sides = []
    for text in (before, after):
        try:
            sides.append(Side.of(workspace, flow, text or "{}"))
        except DocumentError:
            say = Speech(translations)
            what = say(THINGS["unreadable"])
            return [Change("", what, "changed", say(KINDS["changed"], what=what))]
    return changes_between(sides[0], sides[1], translations)


def _documents(comparing: Comparing, old: Mapping[str, Json], new: Mapping[str, Json]) -> None:
    for key in keys_of(old, new):
        before, after = old.get(key, ABSENT), new.get(key, ABSENT)
        if key in ("title", "description"):
            comparing.value(At((key,), key, {}), before, after)
        elif key in _OBJECTS and _are(dict, before, after):
            _OBJECTS[key](comparing, _held(before, {}), _held(after, {}))
        elif key in _LISTS and _are(list, before, after):
            _LISTS[key](comparing, _held(before, []), _held(after, []))
        else:
            comparing.deep(At((key,), "place", {}), before, after)


def _are(kind: type, before: Json, after: Json) -> bool:
    """Are the sides of this kind, those that have something? Anything else is compared without knowing what it is."""
    return all(side is ABSENT or isinstance(side, kind) for side in (before, after))


def _held(side: Json, empty: Json) -> Json:
    return empty if side is ABSENT else side


def _source(comparing: Comparing, old: Mapping[str, Json], new: Mapping[str, Json]) -> None:
    for key in keys_of(old, new):
        before, after = old.get(key, ABSENT), new.get(key, ABSENT)
        at = At(("source", key), f"source.{key}", {})
        if key in _CONDITIONS and _are(list, before, after):
            _conditions(comparing, key, _held(before, []), _held(after, []))
        elif key == "since":
            comparing.value(at, formula_of(before), formula_of(after), formula_words("", ""))
        elif key in ("connector", "resource", "overlap_minutes", "wait_days"):
            comparing.value(at, before, after)
        else:
            comparing.deep(At(("source", key), "place", {}), before, after)


def _conditions(comparing: Comparing, key: str, old: list[Json], new: list[Json]) -> None:
    """Conditions of where and never: the same where they say the same, or ask the same."""
    for i, j in pairs(old, new, _named("says"), _named("condition")):
        before, after = ABSENT if i is None else old[i], ABSENT if j is None else new[j]
        path = ("source", key, j if j is not None else i or 0)
        says = str(_part(before if after is ABSENT else after, "says") or "")
        at = At((*path, "condition"), key, {"says": says})
        asks = [formula_of(_part(side, "condition")) for side in (before, after)]
        comparing.value(at, asks[0], asks[1], condition_words(""))
        if before is not ABSENT and after is not ABSENT:
            comparing.value(At((*path, "says"), "says", {"says": says}), _part(before, "says"), _part(after, "says"))
            others = [_without(side, "condition", "says") for side in (before, after)]
            comparing.deep(At(path, "place", {}), *others)
    comparing.order(At(("source", key), _CONDITIONS[key], {}), map(_says, old), map(_says, new))


def _says(held: Json) -> str:
    return str(_part(held, "says"))


def _named(key: str) -> Callable[[Json], Json]:
    """What an item is called by: what it holds under this key."""
    return lambda held: held.get(key) if isinstance(held, Mapping) else None


def _part(held: Json, key: str) -> Json:
    return held.get(key, ABSENT) if isinstance(held, Mapping) else held if held is ABSENT else None


def _without(held: Json, *keys: str) -> Json:
    return {k: v for k, v in held.items() if k not in keys} if isinstance(held, Mapping) else held


def _values(comparing: Comparing, old: Mapping[str, Json], new: Mapping[str, Json]) -> None:
    for name in keys_of(old, new):
        before, after = (formula_of(side.get(name, ABSENT)) for side in (old, new))
        comparing.value(At(("values", name), "value", {"name": name}), before, after, formula_words("", ""))
    comparing.order(At(("values",), "values", {}), old, new)


def _examples(comparing: Comparing, old: list[Json], new: list[Json]) -> None:
    """Examples are the same where they have one title, or else where they are given one record."""
    for i, j in pairs(old, new, _named("title"), _named("given")):
        before, after = ABSENT if i is None else old[i], ABSENT if j is None else new[j]
        title = str(_part(before if after is ABSENT else after, "title") or "")
        at = At(("examples", j if j is not None else i or 0), "example", {"title": title})
        if before is ABSENT or after is ABSENT:
            comparing.value(at, before, after)
        else:
            comparing.deep(at, before, after, "example part")
    comparing.order(At(("examples",), "examples", {}), map(_title, old), map(_title, new))


def _title(held: Json) -> str:
    return str(_part(held, "title"))


_OBJECTS = {"source": _source, "questions": compare_questions, "lookups": compare_lookups, "values": _values}
_LISTS = {"steps": compare_steps, "examples": _examples}
