"""Compares questions with their answers, and lookups with their rows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from engine.design.differences.change import PARTS, WORDS, answer_words, value_words
from engine.design.differences.comparing import ABSENT, At, Comparing, innermost, keys_of
from engine.design.differences.side import SideWording
from engine.documents.positions import path_text
from engine.errors import Json
from engine.formulas.words import readable


def compare_questions(comparing: Comparing, old: Mapping[str, Json], new: Mapping[str, Json]) -> None:
    """Answers (the defaults) one by one, then what else a question says."""
    for key in keys_of(old, new):
        before, after = old.get(key, ABSENT), new.get(key, ABSENT)
        sides = [{} if side is ABSENT else side for side in (before, after)]
        if key == "properties" and all(isinstance(side, Mapping) for side in sides):
            _properties(comparing, sides[0], sides[1])
        else:
            comparing.deep(At(("questions", key), "place", {}), before, after)


def _properties(comparing: Comparing, old: Mapping[str, Json], new: Mapping[str, Json]) -> None:
    for name in keys_of(old, new):
        before, after = old.get(name, ABSENT), new.get(name, ABSENT)
        path = ("questions", "properties", name)
        title = {"title": _title(name, before if after is ABSENT else after)}
        if not isinstance(before, Mapping) or not isinstance(after, Mapping):
            comparing.value(At(path, "question", title), before, after, _answer_inside)
            continue
        for key in keys_of(before, after):
            left, right = before.get(key, ABSENT), after.get(key, ABSENT)
            if key == "default":
                comparing.value(At((*path, key), "answer", title), left, right, partial(_answer, after))
            else:
                part = comparing.say(PARTS[key]) if key in PARTS else key
                comparing.value(At((*path, key), "question part", {**title, "part": part}), left, right)
    comparing.order(At(("questions", "properties"), "questions", {}), old, new)


def _title(name: str, held: Json) -> str:
    title = held.get("title") if isinstance(held, Mapping) else None
    return title if isinstance(title, str) else readable(name)


def _answer_inside(wording: SideWording, question: Json) -> str:
    """A whole question, said by its answer."""
    return _answer(question, wording, question.get("default")) if isinstance(question, Mapping) else ""


def _answer(question: Mapping[str, Json], wording: SideWording, value: Json) -> str:
    return answer_words(value, question, wording.say)


def compare_lookups(comparing: Comparing, old: Mapping[str, Json], new: Mapping[str, Json]) -> None:
    """Rows one by one, then what else a lookup says."""
    for name in keys_of(old, new):
        before, after = old.get(name, ABSENT), new.get(name, ABSENT)
        path, title = ("lookups", name), {"title": _title(name, before if after is ABSENT else after)}
        if not isinstance(before, Mapping) or not isinstance(after, Mapping):
            comparing.value(At(path, "lookup", title), before, after, _rows_counted)
            continue
        for key in keys_of(before, after):
            _lookup(
                comparing, At((*path, key), "lookup part", title), key, before.get(key, ABSENT), after.get(key, ABSENT)
            )
    comparing.order(At(("lookups",), "lookups", {}), old, new)


def _lookup(comparing: Comparing, at: At, key: str, before: Json, after: Json) -> None:
    """One key of a lookup."""
    sides = [{} if side is ABSENT else side for side in (before, after)]
    if key == "rows" and all(isinstance(side, Mapping) for side in sides):
        old, new = sides
        for row in keys_of(old, new):
            place = At((*at.path, row), "row", {**at.holes, "key": row})
            comparing.value(place, old.get(row, ABSENT), new.get(row, ABSENT))
        comparing.order(At(at.path, "lookup rows", at.holes), old, new)
    elif key == "title":
        comparing.value(At(at.path, "lookup title", at.holes), before, after)
    elif key == "otherwise":
        comparing.value(At(at.path, "otherwise", at.holes), before, after, _otherwise)
    else:
        said = comparing.say(PARTS[key]) if key in PARTS else key
        for inside, left, right in innermost(before, after, ()):
            part = f"{said} ({path_text(inside)})" if inside else said
            comparing.value(At((*at.path, *inside), "lookup part", {**at.holes, "part": part}), left, right)


def _otherwise(wording: SideWording, value: Json) -> str:
    do = value.get("do") if isinstance(value, Mapping) else None
    if do not in ("fail", "leave_out", "value"):
        return ""
    return wording.say(WORDS[do], value=value_words(value.get("value"), wording.say))


def _rows_counted(wording: SideWording, lookup: Json) -> str:
    """A whole lookup, said by its rows."""
    rows = lookup.get("rows") if isinstance(lookup, Mapping) else None
    return value_words(rows, wording.say) if rows is not None else ""
