"""What a value table is for, where it is used, what its rows name, and what happens to any other value."""

from __future__ import annotations

import streamlit as st

from engine.design.lookups import Options, Place, Table, common_kind, otherwise_change, shown, value_of
from engine.design.people.rights import Role
from engine.design.wording import Wording
from studio.parts.lookups.top import can_open, change_table, open_mapping, open_systems
from studio.parts.lookups.work import LookupWork
from studio.parts.step_names import step_called
from studio.parts.trouble import plain, show_problem
from studio.person import may
from studio.words import _, moment, translations, written

_MOST_PLACES = 4


def draw_about(work: LookupWork) -> None:
    """Title, help and uses."""
    with st.container(horizontal=True, vertical_alignment="center", key="lookup_head"):
        st.subheader(plain(written(work.table.title)), anchor=False, width="stretch")
        change_table(work)
    if work.table.help:
        st.caption(plain(written(work.table.help)))
    places = work.sheet.used_in(work.name)
    if not places:
        if work.sheet.loaded is not None:
            formula = f'$table("{work.name}", …)'
            st.caption(_("No formula uses it yet. In a formula it is written {formula}.", formula=f"`{formula}`"))
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="lookup_uses"):
        st.caption(_("Used in"), width="content")
        for number, place in enumerate(places[:_MOST_PLACES]):
            says = _place_says(work, place)
            if place.step and can_open("mapping"):
                if st.button(says, type="tertiary", key=f"use_{number}"):
                    open_mapping(work.flow, place.step, place.target)
            else:
                st.caption(says, width="content")
        if len(places) > _MOST_PLACES:
            st.caption(_("and {n} more", n=len(places) - _MOST_PLACES), width="content")


def _place_says(work: LookupWork, place: Place) -> str:
    """Where a formula stands, in words of the reader's language."""
    name = plain(step_called(place.title) if place.kind == "step" else place.title)
    return {
        "field": _field_says(work, place),
        "step": _("a check of the step {name}", name=name),
        "value": _("the named value {name}", name=name),
        "source": _("a condition of the source"),
    }[place.kind]


def _field_says(work: LookupWork, place: Place) -> str:
    """The step and the field of the target."""
    loaded = work.sheet.loaded
    step = next((each for each in loaded.flow.steps if each.name == place.step), None) if loaded else None
    if loaded is None or step is None:
        return plain(place.title)
    return plain(f"{step_called(step.name)}: {Wording(loaded, translations()).field(step, place.target)}")


def draw_source(work: LookupWork, known: Options) -> None:
    """Where the target values come from; said plainly where they cannot be read."""
    if work.table.refers is None or work.sheet.loaded is None:
        return
    if known.problem is None:
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="lookup_source"):
            says = _(
                "Target values are the {what} of {system}", what=plain(_records(known)), system=plain(known.system)
            )
            when = f", {_('read {moment}', moment=moment(known.read_at))}" if known.read_at else ""
            st.caption(f":material/link: {says}{plain(when)}", width="content")
            st.button(_("Read again"), type="tertiary", icon=":material/refresh:", on_click=lambda: _read_again(work))
        return
    if known.is_connected:
        show_problem(known.problem)
        st.button(_("Try again"), icon=":material/refresh:", on_click=lambda: _read_again(work))
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="lookup_unconnected"):
        says = _("{system} is not connected, so its {what} cannot be offered here. Rows can be typed all the same.")
        says = says.format(system=plain(known.system), what=plain(_records(known)))
        st.markdown(f":material/link_off: {says}", width="stretch")
        if can_open("systems") and st.button(_("Connect it"), icon=":material/cable:"):
            open_systems()


def _records(known: Options) -> str:
    """What the records are called, in the reader's language; the engine says it in small letters."""
    title = known.what[:1].upper() + known.what[1:]
    said = written(title)
    return known.what if said == title else said[:1].lower() + said[1:]


def _read_again(work: LookupWork) -> None:
    work.sheet.options(work.name, fresh=True)
    work.redraw()


def draw_otherwise(work: LookupWork) -> None:
    """What happens to a value without a row, as a sentence that can be changed."""
    table = work.table
    choices = {
        "fail": _("is an error: the record is parked"),
        "leave_out": _("gives nothing: the field is left out"),
        "value": _("becomes this value:"),
    }
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="lookup_otherwise"):
        st.markdown(_("A value without a row"), width="content")
        st.selectbox(
            _("What happens to a value without a row"),
            list(choices),
            index=list(choices).index(table.otherwise),
            format_func=lambda do: choices[do],
            key=f"otherwise_{work.version}",
            label_visibility="collapsed",
            width=300,
            on_change=lambda: _set(work, st.session_state[f"otherwise_{work.version}"]),
            disabled=not may(Role.DESIGN),
        )
        if table.otherwise == "value":
            st.text_input(
                _("Value for everything else"),
                value=shown(table.value) if not isinstance(table.value, dict | list) else "",
                key=f"otherwise_value_{work.version}",
                label_visibility="collapsed",
                placeholder=_("an empty text"),
                width=200,
                on_change=lambda: _set(work, "value", st.session_state[f"otherwise_value_{work.version}"]),
                disabled=not may(Role.DESIGN),
            )


def _set(work: LookupWork, do: str, text: str | None = None) -> None:
    table = work.table
    value = table.value if text is None else _typed(table, text)
    work.change([otherwise_change(work.name, do, "" if value is None else value)])


def _typed(table: Table, text: str) -> object:
    """The text as a value of the table's kind, where it is one."""
    try:
        return value_of(text, common_kind(table.rows.values()))
    except ValueError:
        return text
