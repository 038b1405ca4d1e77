"""Who may come in and what each may do: listed, added, given another role, removed."""

from __future__ import annotations

import streamlit as st

from engine.design.people.rights import Role
from engine.design.people.sign_in import NONE, way_in
from engine.design.people.store import Known, known_people, remove_person, set_person
from engine.errors import StudioError
from studio.parts.allowed import lacks, only, role_in_words
from studio.parts.settings.place import say
from studio.parts.settings.way_in import draw_way_in
from studio.parts.trouble import plain, show_error
from studio.person import person
from studio.state import things
from studio.words import _, day, no_

_TURN = "people_turn"  # a box begins anew, empty, and a role shows what is kept
_MAY = {
    Role.LOOK: no_("sees everything: flows, records and their stories, runs, systems; changes nothing"),
    Role.MEND: no_("also mends values and rows, sends records again, starts, stops and pauses runs"),
    Role.DESIGN: no_("also changes flows, mappings, bindings and schedules, and publishes them"),
    Role.ADMINISTER: no_("also connects systems, lets people in, and says what is kept, told, backed up and erased"),
}


def draw_people() -> None:
    """The people, one more, and how they sign in."""
    st.subheader(_("People"), anchor=False)
    known = known_people(things())
    if way_in(things()).way == NONE:
        said = _("Nobody has to sign in: whoever is at this machine may do everything. The roles count with a sign-in.")
        st.info(said, icon=":material/info:")
    for each in known:
        _draw_one(each)
    _draw_adding()
    with st.expander(_("What each role may do")):
        for role, may in _MAY.items():
            st.markdown(f"**{role_in_words(role)}**: {_(may)}")
    draw_way_in()


def _draw_one(each: Known) -> None:
    name, turn = each.person.name, st.session_state.get(_TURN, 0)
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"person_{_key(name)}"):
        st.markdown(_about(each), width="stretch")
        key = f"role_{_key(name)}_{turn}"
        st.selectbox(
            _("Role of {name}", name=name),
            list(Role),
            index=list(Role).index(each.person.role) if each.person.role is not None else None,
            format_func=role_in_words,
            key=key,
            label_visibility="collapsed",
            width=170,
            on_change=lambda: _give(name, st.session_state[key]),
            disabled=bool(lacks(Role.ADMINISTER)),
        )
        label = _("Remove …")
        may = only(Role.ADMINISTER, disabled=each.at is None)
        if st.button(label, type="tertiary", icon=":material/person_remove:", key=f"remove_{_key(name)}", **may):
            st.dialog(_("Let them in no more?"))(_draw_asking)(name)


def _about(each: Known) -> str:
    name = plain(each.person.name)
    you = f" ({_('you')})" if each.person.name == person().name else ""
    if each.at is None:
        return f"**{name}**{you}  \n:small[{_('whoever knows the local password')}]"
    by = _("by {who} since {day}", who=plain(each.by), day=day(each.at.date()))
    return f"**{name}**{you}  \n:small[{by}]"


def _give(name: str, role: Role) -> None:
    try:
        set_person(things(), name, role)
        say(_("{name} has the role “{role}” now.", name=plain(name), role=role_in_words(role)))
    except StudioError as error:
        say(error)
    _turn()


def _draw_adding() -> None:
    turn = st.session_state.get(_TURN, 0)
    with st.form(f"person_new_{turn}"):
        st.markdown(f"**{_('Let somebody in')}**")
        left, right = st.columns([2, 1])
        is_off = bool(lacks(Role.ADMINISTER))
        name = left.text_input(_("E-mail address"), key=f"person_name_{turn}", disabled=is_off, autocomplete="off")
        role = right.selectbox(
            _("Role"), list(Role), format_func=role_in_words, key=f"new_role_{turn}", disabled=is_off
        )
        adds = st.form_submit_button(_("Add"), icon=":material/person_add:", key="add_person", **only(Role.ADMINISTER))
    if not adds or role is None:
        return
    try:
        added = set_person(things(), name, role)
    except StudioError as error:
        show_error(error)
        return
    say(_("{name} has the role “{role}” now.", name=plain(added.name), role=role_in_words(role)))
    _turn()
    st.rerun()


def _draw_asking(name: str) -> None:
    st.write(_("{name} is out at the next click. What they did stays in the log.", name=plain(name)))
    with st.container(horizontal=True):
        if st.button(_("Remove"), type="primary", icon=":material/person_remove:", key="remove_now"):
            try:
                remove_person(things(), name)
                say(_("{name} is removed.", name=plain(name)))
            except StudioError as error:
                say(error)
            _turn()
            st.rerun()
        if st.button(_("Cancel"), key="remove_not"):
            st.rerun()


def _turn() -> None:
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1


def _key(name: str) -> str:
    return name.encode().hex()
