"""What becomes of a record, step by step, with a mark where the last change moved something."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

import streamlit as st

from engine.design.view import View
from engine.design.view.named import names_of_codes, names_of_ids
from engine.design.view.shown import shown as shortened
from engine.errors import Json
from studio.parts.rows import Row, draw_rows
from studio.parts.trouble import plain
from studio.words import _, day, language, moment, n_, number, written

_MOST_ROWS = 40
_MOST_VALUES = 3


def draw_result(view: View, before: Mapping[tuple[str, str], str], record: str = "") -> dict[tuple[str, str], str]:
    """Draw it. before: what was shown the last time; record: what it is called. Gives what is shown now."""
    now: dict[tuple[str, str], str] = {}
    names = names_of_ids(view)
    title = _("What becomes of {record}", record=plain(record)) if record else _("What becomes of a record")
    st.subheader(title, anchor=False)
    steps = view.steps()
    _held_back(view, steps[0]["name"] if steps else "")
    for step in steps:
        if not step["done"]:
            st.markdown(f":gray[~~{plain(step['title'])}~~]")
            continue
        said = _step(view, step["name"], names)
        shown = {target: text for target, (text, _behind) in said.items()}
        now |= {(step["name"], target): value for target, value in shown.items()}
        moved = {target for target in shown if before and before.get((step["name"], target)) != shown[target]}
        gone = {target for name, target in before if name == step["name"] and target not in shown}
        with st.container(border=True, key=f"result_{step['name']}"):
            st.markdown(f"**{plain(step['title'])}**")
            rows = [
                Row(view.title_of(step["name"], target), text, target in moved, behind)
                for target, (text, behind) in said.items()
            ]
            draw_rows(rows[:_MOST_ROWS]) if rows else st.caption(_("Nothing is sent."))
            if gone:
                st.caption(n_("{n} field is not sent any more.", "{n} fields are not sent any more.", len(gone)))
    if view.is_reading:
        st.caption(_("The accounts are just being read; some values are still missing."))
    return now


def _held_back(view: View, step: str) -> None:
    """Whether a run would take the record at all, as the flow is answered now."""
    held = str(view.picture(step).get("held_back", ""))
    if held:
        why = "; ".join(written(part) for part in held.split("; "))
        st.caption(f":material/schedule: {_('A run would not take it now: {why}', why=plain(why))}")


def _step(view: View, name: str, names: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """By target field what becomes of it, as the reader writes it, and the ids that stand behind words."""
    kinds = {node["id"]: str(node["type"]) for node in view.trees(name)["target"]["nodes"]}
    codes = names_of_codes(view, name)
    found: dict[str, tuple[str, str]] = {}
    for target, values in view.values(name).items():
        kind = kinds.get(target, "")
        if target.endswith("[]"):
            if values and isinstance(values[0], list) and values[0]:
                found[target] = (f"{number(len(values[0]))} ×", "")
            continue
        meant = {**names, **_in_this_language(codes.get(target, {}))}
        said = [in_words(value, kind, meant) for value in values[:_MOST_VALUES]]
        text = " · ".join(said) + (f" · … ({number(len(values))})" if len(values) > _MOST_VALUES else "")
        ids = dict.fromkeys(str(value) for value in values[:_MOST_VALUES] if _is_named(value, meant))
        if text:
            found[target] = (text, ", ".join(ids))
    return found


def in_words(value: Json, kind: str, names: Mapping[str, str]) -> str:
    """A value of a field of this kind for people: an id by its name, times and numbers as the reader writes them."""
    if value is None:
        return _("empty")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if _is_named(value, names):
        return names[str(value)]
    if kind == "number" and isinstance(value, int | float | Decimal):
        return number(value)
    if kind in ("date", "datetime") and isinstance(value, str):
        return _time(value) or shortened(value) or ""
    return shortened(value) or ""


def _is_named(value: Json, names: Mapping[str, str]) -> bool:
    """Is it an id or a code that people have a word for?"""
    return isinstance(value, str | int) and not isinstance(value, bool) and str(value) in names


def _in_this_language(codes: Mapping[str, str]) -> dict[str, str]:
    """What codes are called; where the reader's language has no word for one, it stays a code."""
    said = {code: written(title) for code, title in codes.items()}
    return {code: title for code, title in said.items() if language() == "en" or title != codes[code]}


def _time(text: str) -> str:
    """A moment with its zone, or a day; "" for anything else, which stays as it stands."""
    try:
        if len(text) == len("2026-01-31"):
            return day(date.fromisoformat(text))
        at = datetime.fromisoformat(text)
    except ValueError:
        return ""
    return moment(at) if at.tzinfo is not None else ""
