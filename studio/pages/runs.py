"""The page of running flows: what runs by itself, when, how it went; and one binding with all that differs in it."""

from __future__ import annotations

import streamlit as st

from engine.design.running.overview import overview
from engine.design.running.pausing import EVERYTHING, paused_alone
from studio.parts.header import header
from studio.parts.running.binding import draw_binding
from studio.parts.running.files import draw_export, draw_import, say_what_was_read
from studio.parts.running.pauses import draw_pause, pause_in_words
from studio.parts.running.place import binding_in_address, flow_in_address
from studio.parts.running.rows import draw_flows, draw_search
from studio.state import STATIC, things
from studio.words import _, translations


def runs_page() -> None:
    """Draw it: every flow, or the one binding that the address names."""
    st.html(STATIC / "running.css")
    flow = flow_in_address()
    if flow:
        draw_binding(flow, binding_in_address())
    else:
        _draw_all()


def _draw_all() -> None:
    header(_("Runs"), _("What runs by itself, when it runs next, and how it went."))
    rows = overview(things(), translations=translations())
    if not rows:
        st.info(_("There is no flow yet. When there is one, it runs from here."), icon=":material/info:")
        if st.button(_("New flow"), icon=":material/add:", type="primary"):
            st.switch_page(st.session_state["pages"]["new-flow"])
        return
    held = paused_alone(things(), EVERYTHING)
    if held is not None:
        st.warning(f"**{_('Everything is paused.')}** {pause_in_words(held)}", icon=":material/pause_circle:")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="running_top"):
        found = draw_search(rows)
        draw_import()
        draw_export()
        draw_pause(EVERYTHING, "everything")
    say_what_was_read()
    draw_flows(found)
