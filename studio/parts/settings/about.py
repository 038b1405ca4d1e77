"""What this is: version, folder, ledger, where to read on, licences; and whether all is well."""

from __future__ import annotations

import streamlit as st

from engine.design.people.rights import Role
from engine.design.settings.about import About, about, licence
from engine.design.settings.doctor import Look, examine_here
from engine.errors import StudioError
from studio.parts.allowed import only
from studio.parts.rows import Row, draw_rows
from studio.parts.settings.place import say
from studio.parts.settings.sizes import size_in_words
from studio.parts.trouble import plain, show_problem
from studio.state import STATIC, things
from studio.words import _, no_

_LOOKS = "about_looks"
_NAMED = "**Mapping Studio**"
_PARTS = {
    "python": no_("Python"),
    "disk": no_("Disk"),
    "formulas": no_("Formulas"),
    "ledger": no_("Ledger"),
    "schedules": no_("Schedules"),
    "telling": no_("Telling"),
    "drafts": no_("Drafts"),
    "connections": no_("Connections"),
}


def draw_about() -> None:
    """All of it."""
    st.subheader(_("About"), anchor=False)
    draw_rows(_rows(about(things())))
    _draw_looks()
    with st.expander(_("Licences"), icon=":material/gavel:"):
        own = licence()
        if own:
            st.markdown(_NAMED)
            st.code(own, language=None, wrap_lines=True, height=220)
        st.markdown(f"**{_('What the browser is sent beside it')}**")
        theirs = (STATIC / "THIRD_PARTY_NOTICES.txt").read_text(encoding="utf-8")
        st.code(theirs, language=None, wrap_lines=True, height=360)


def _rows(held: About) -> list[Row]:
    size = _("{size}, form {form}", size=size_in_words(held.ledger_bytes), form=held.ledger_form)
    rows = [
        Row(_("Version"), held.version),
        Row(_("Python"), held.python),
        Row(_("Workspace"), str(held.folder)),
        Row(_("Ledger"), size),
    ]
    return [*rows, *([Row(_("To read"), str(held.docs))] if held.docs is not None else [])]


def _draw_looks() -> None:
    st.markdown(f"**{_('Is all well?')}**")
    st.caption(_("Looks at packages, disk, formulas, ledger and schedules, and asks each connected system."))
    if st.button(_("Look now"), icon=":material/stethoscope:", key="look_now", **only(Role.ADMINISTER)):
        try:
            with st.spinner(_("Looking …")):
                st.session_state[_LOOKS] = list(examine_here(things()))
        except StudioError as error:
            say(error)
        st.rerun()
    with st.container(key="about_looks"):
        for look in st.session_state.get(_LOOKS, []):
            _draw_look(look)


def _draw_look(look: Look) -> None:
    part = _(_PARTS[look.part]) if look.part in _PARTS else look.part
    if isinstance(look.finding, str):
        st.markdown(f":green[:material/check_circle:] **{part}:** {plain(look.finding)}")
    else:
        st.markdown(f":red[:material/error:] **{part}**")
        show_problem(look.finding)
