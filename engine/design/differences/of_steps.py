"""Compares steps: how each finds its record, what it does then, its checks, and its fields one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.design.differences.change import PARTS, WORDS
from engine.design.differences.comparing import ABSENT, At, Comparing, Words, keys_of, pairs
from engine.design.differences.formulas import condition_words, formula_of, formula_words
from engine.design.differences.side import SideWording
from engine.design.sentences import POLICY_SENTENCES, WRITE_SENTENCES, sentence_of_policy, sentence_of_step
from engine.errors import Json
from engine.flows.flow import CHECK_PARTS
from engine.formulas.words import readable

_CHECKS = {"before": "befores", "after": "afters"}
_MATCH = ("field", "formula", "where", "scope")


def compare_steps(comparing: Comparing, old: list[Json], new: list[Json]) -> None:
    """Steps are the same where they have one name."""
    for i, j in pairs(old, new, lambda held: _part(held, "step")):
        before, after = ABSENT if i is None else old[i], ABSENT if j is None else new[j]
        held = before if after is ABSENT else after
        name = str(_part(held, "step") or "")
        at = At(("steps", j if j is not None else i or 0), "step", {"step": readable(name)}, name)
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            _step(comparing, at, before, after)
        else:
            comparing.value(at, before, after, _step_words)
    comparing.order(At(("steps",), "steps", {}), map(_name, old), map(_name, new))


def _part(held: Json, key: str) -> Json:
    return held.get(key) if isinstance(held, Mapping) else None


def _name(held: Json) -> str:
    return readable(str(_part(held, "step")))


def _step_words(wording: SideWording, held: Json) -> str:
    """A whole step, said by how it finds its record and what it does then."""
    step = wording.step(str(_part(held, "step")))
    return "" if step is None or wording.wording is None else sentence_of_step(step, wording.wording).text


def _step(comparing: Comparing, at: At, old: Mapping[str, Json], new: Mapping[str, Json]) -> None:
    for key in keys_of(old, new):
        before, after = old.get(key, ABSENT), new.get(key, ABSENT)
        here = replace(at, path=(*at.path, key), thing=f"step {key}")
        sides = [{} if side is ABSENT else side for side in (before, after)]
        if key == "fields" and all(isinstance(side, Mapping) for side in sides):
            _fields(comparing, replace(at, path=(*at.path, key)), sides[0], sides[1])
        elif key in _CHECKS and all(isinstance(side, list) or side == {} for side in sides):
            _checks(comparing, here, key, list(sides[0]), list(sides[1]))
        elif key == "match":
            _match(comparing, here, before, after)
        elif key in ("when", "each", "key", "instead"):
            words = condition_words("") if key == "when" else formula_words("" if key == "each" else at.step, "")
            comparing.value(here, formula_of(before), formula_of(after), words)
        elif key == "policy":
            comparing.value(here, _policy(before), _policy(after), _policy_words(at.step))
        elif key in ("title", "connector", "resource"):
            comparing.value(here, before, after)
        else:
            comparing.deep(replace(here, thing="place"), before, after)


# --- how the record is found, and what is done then


def _match(comparing: Comparing, at: At, before: Json, after: Json) -> None:
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        comparing.value(at, before, after, lambda wording, value: _step_words(wording, {"step": at.step}))
        return
    for key in keys_of(before, after):
        left, right = before.get(key, ABSENT), after.get(key, ABSENT)
        here = replace(at, path=(*at.path, key), thing=f"step match.{key}")
        if key == "field":
            comparing.value(here, left, right, lambda wording, value: wording.field(at.step, str(value)))
        elif key in _MATCH:
            comparing.value(here, formula_of(left), formula_of(right), _match_words(key, at.step))
        else:
            comparing.deep(replace(here, thing="place"), left, right)


def _match_words(key: str, step: str) -> Words:
    if key != "where":
        return formula_words(step, "")
    return lambda wording, value: wording.condition_on_found(value, step) if isinstance(value, str) else ""


def _policy(held: Json) -> Json:
    """A policy as it stands; of one that a formula gives, the formula."""
    is_formula = isinstance(held, Mapping) and set(held) == {"formula"}
    return {"formula": formula_of(held["formula"])} if is_formula else held


def _policy_words(step: str) -> Words:
    def words(wording: SideWording, value: Json) -> str:
        if isinstance(value, str) and value in POLICY_SENTENCES:
            return wording.say(POLICY_SENTENCES[value])
        held = wording.step(step)
        return "" if held is None or wording.wording is None else sentence_of_policy(held, wording.wording).words

    return words


# --- fields


def _fields(comparing: Comparing, at: At, old: Mapping[str, Json], new: Mapping[str, Json]) -> None:
    for path in keys_of(old, new):
        before, after = old.get(path, ABSENT), new.get(path, ABSENT)
        side = comparing.before if after is ABSENT else comparing.after
        holes = {**at.holes, "field": side.field(at.step, path)}
        here = At((*at.path, path), "field", holes, at.step, path)
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            _field(comparing, here, before, after)
        else:
            comparing.value(here, before, after, _field_words(at.step, path))
    comparing.order(replace(at, thing="fields"), old, new)


def _field(comparing: Comparing, at: At, old: Mapping[str, Json], new: Mapping[str, Json]) -> None:
    """Formula, write rule and note of one field; a list's `each` and a value's `formula` are one thing here."""
    sides = [next((key for key in ("each", "formula") if key in side), "") for side in (old, new)]
    left, right = (side.get(key, ABSENT) for side, key in zip((old, new), sides, strict=True))
    place = replace(at, path=(*at.path, sides[1] or sides[0] or "formula"))
    comparing.value(place, formula_of(left), formula_of(right), formula_words(at.step, at.target))
    if sides[0] != sides[1] and formula_of(left) == formula_of(right):
        comparing.add(place, "changed", old, new)
    for key in keys_of(old, new):
        before, after = old.get(key, ABSENT), new.get(key, ABSENT)
        here = replace(at, path=(*at.path, key), thing=f"field {key}")
        if key == "write":
            usual = ["always" if side is ABSENT else side for side in (before, after)]
            comparing.value(here, usual[0], usual[1], _write_words)
        elif key == "note":
            comparing.value(here, before, after)
        elif key not in ("each", "formula"):
            comparing.deep(replace(here, thing="place"), before, after)


def _field_words(step: str, path: str) -> Words:
    """A whole field mapping: what it gives, and when it is written unless that is always."""

    def words(wording: SideWording, held: Json) -> str:
        formula = formula_of(_part(held, "each") or _part(held, "formula"))
        if not isinstance(formula, str):
            return ""
        said, write = wording.formula(formula, step, path), _part(held, "write")
        if not isinstance(write, str) or write not in WRITE_SENTENCES or write == "always":
            return said
        return wording.say(WORDS["field"], formula=said, write=wording.say(WRITE_SENTENCES[write]))

    return words


def _write_words(wording: SideWording, value: Json) -> str:
    return wording.say(WRITE_SENTENCES[value]) if isinstance(value, str) and value in WRITE_SENTENCES else ""


# --- checks


def _checks(comparing: Comparing, at: At, key: str, old: list[Json], new: list[Json]) -> None:
    """Checks are the same where they are of the same thing, or ask the same."""
    for i, j in pairs(old, new, lambda held: _part(held, "what"), _asked):
        before, after = ABSENT if i is None else old[i], ABSENT if j is None else new[j]
        holes = {**at.holes, "check": str(_part(before if after is ABSENT else after, "what") or "")}
        here = At((*at.path, j if j is not None else i or 0), key, holes, at.step)
        if not isinstance(before, Mapping) or not isinstance(after, Mapping):
            comparing.value(here, before, after, _check_words(at.step))
            continue
        for part in keys_of(before, after):
            left, right = before.get(part, ABSENT), after.get(part, ABSENT)
            name = comparing.say(PARTS[part]) if part in PARTS else part
            place = At((*here.path, part), f"{key} part", {**holes, "part": name}, at.step)
            if part in CHECK_PARTS:
                holds = part in ("holds", "when")
                words = condition_words(at.step) if holds else formula_words(at.step, "")
                comparing.value(place, formula_of(left), formula_of(right), words)
            else:
                comparing.value(place, left, right)
    comparing.order(replace(at, thing=_CHECKS[key]), map(_what, old), map(_what, new))


def _what(held: Json) -> str:
    return str(_part(held, "what"))


def _asked(held: Json) -> Json:
    return [formula_of(_part(held, part)) for part in CHECK_PARTS]


def _check_words(step: str) -> Words:
    def words(wording: SideWording, held: Json) -> str:
        holds = formula_of(_part(held, "holds"))
        return wording.condition(holds, step) if isinstance(holds, str) else ""

    return words
