"""Rows of lookups that a binding has of its own: beside each the row of the flow, which counts where none is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas  # type: ignore[import-untyped]  # it says no types
import streamlit as st

from engine.design.people.rights import Role
from engine.design.running.answering import read_row
from engine.design.running.forms import LookupForm
from engine.errors import Json
from studio.parts.running.work import BindingWork
from studio.parts.trouble import plain
from studio.person import may
from studio.words import _, n_, written

_ROW_HEIGHT, _MOST_HEIGHT = 32, 420
_KEY = "binding_grids"


@dataclass(slots=True)
class _Grid:
    """What a grid was drawn with, which stays the same while one types in it: keys, rows here, rows of the flow."""

    of: tuple[str, str, int]
    keys: list[str]
    here: list[str]
    flows: list[str]


def draw_lookups(work: BindingWork) -> None:
    """Each lookup; those that differ are open."""
    if not work.form.lookups:
        st.caption(_("This flow has no lookups."))
        return
    st.caption(_("A value here counts for this binding instead of the flow's; an empty one gives the flow's row back."))
    for lookup in work.form.lookups:
        differing = _differing(work, lookup)
        says = n_("{n} row differs", "{n} rows differ", differing) if differing else _("as the flow says")
        title = f"**{plain(written(lookup.title))}** · {says}"
        with st.expander(title, expanded=bool(differing), key=f"rows_of_{lookup.name}"):
            if lookup.is_read:
                st.caption(_("These rows are read from the target with each run; change them there."))
            else:
                _draw(work, lookup)


def _own(work: BindingWork, lookup: LookupForm) -> dict[str, Json]:
    """Key → value of the rows that are this binding's own, with what is not saved yet."""
    own = {row.key: row.value for row in lookup.rows if row.is_own}
    own |= work.wanted.lookups.get(lookup.name, {})
    return {key: value for key, value in own.items() if value is not None}


def _differing(work: BindingWork, lookup: LookupForm) -> int:
    return len(_own(work, lookup))


def _draw(work: BindingWork, lookup: LookupForm) -> None:
    key = f"grid_{lookup.name}_{work.version}"
    held = _grid(work, lookup, key)
    st.data_editor(
        pandas.DataFrame({name: pandas.array(getattr(held, name), "string") for name in ("keys", "here", "flows")}),
        key=key,
        num_rows="add" if may(Role.MEND) else "fixed",
        hide_index=True,
        column_config={
            "keys": st.column_config.TextColumn(_("Source value"), width=220, required=True),
            "here": st.column_config.TextColumn(_("Here"), width=260),
            "flows": st.column_config.TextColumn(_("In the flow"), width=220, disabled=True),
        },
        row_height=_ROW_HEIGHT,
        height=min(_MOST_HEIGHT, _ROW_HEIGHT * (len(held.keys) + 2) + 2),
        placeholder="",
        on_change=_take,
        args=(work, lookup, key, held),
        alt=_("Rows of {title}", title=written(lookup.title)),
        disabled=not may(Role.MEND),
    )


def _grid(work: BindingWork, lookup: LookupForm, key: str) -> _Grid:
    """What the grid was drawn with; drawn anew where it was left, or something was saved."""
    grids: dict[str, _Grid] = st.session_state.setdefault(_KEY, {})
    mark = (work.flow, work.name, work.version)
    held = grids.get(key)
    if held is None or held.of != mark or key not in st.session_state:
        own = _own(work, lookup)
        flows = {row.key: row.of_flow for row in lookup.rows if row.of_flow is not None}
        keys = list(dict.fromkeys([*flows, *own]))
        here = [_shown(own.get(each)) for each in keys]
        held = grids[key] = _Grid(mark, keys, here, [_shown(flows.get(each)) for each in keys])
    return held


def _shown(value: Json) -> str:
    return "" if value is None else str(value)


def _take(work: BindingWork, lookup: LookupForm, key: str, held: _Grid) -> None:
    """What was changed in the grid, as changes of the binding; called before the page is drawn again."""
    edits: Mapping[str, Any] = st.session_state[key]
    table = work.loaded.flow.lookups.get(lookup.name)
    kept = {row.key: row.value for row in lookup.rows if row.is_own}
    now = dict(zip(held.keys, held.here, strict=True))
    for place, changed in edits.get("edited_rows", {}).items():
        name = held.keys[int(place)]
        if changed.get("keys") not in (None, name):  # a row of another key is another row
            now[name], name = "", str(changed["keys"])
            now.setdefault(name, held.here[int(place)])
        if "here" in changed:
            now[name] = _shown(changed["here"])
    for added in edits.get("added_rows", []):
        name = _shown(added.get("keys")).strip()
        if name:
            now[name] = _shown(added.get("here"))
    changes: dict[str, Json] = {}
    for name, text in now.items():
        value = read_row(table, text)
        if value != kept.get(name):
            changes[name] = value
    work.set_rows(lookup.name, changes)
