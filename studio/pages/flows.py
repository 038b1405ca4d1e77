"""Every flow of the workspace; with nothing connected yet, the two ways in."""

from __future__ import annotations

import streamlit as st

from engine.design.findings import findings_of
from engine.design.flow_list import flow_list
from engine.design.people.rights import Role
from engine.design.view import View
from engine.errors import DocumentError
from studio.parts.allowed import only
from studio.parts.badges import badges
from studio.parts.broken_flow import draw_broken
from studio.parts.header import header
from studio.parts.home.ways_in import draw_trial, draw_ways_in
from studio.parts.mapping.work import head_of
from studio.parts.trouble import plain, show_problems
from studio.state import drafts, things
from studio.words import _

_MOST_PROBLEMS = 3
_LONGEST_TITLE = 200


def flows_page() -> None:
    """Draw it."""
    desk = things()
    connected = desk.ledger.connections()
    listed = flow_list(desk.workspace, drafts())
    header(_("Flows"), _("What goes from one system to another, and what becomes of it on the way."))
    if not connected:
        draw_ways_in()
    else:
        draw_trial()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(_("Flows of this workspace"), anchor=False, width="stretch")
        if st.button(
            _("New flow"), icon=":material/add:", type="primary" if connected else "secondary", **only(Role.DESIGN)
        ):
            st.switch_page(st.session_state["pages"]["new-flow"])
    if not listed:
        st.caption(_("There is none yet."))
    for number, each in enumerate(listed):
        if each.problems:
            draw_broken(number, each)
        else:
            _card(each.name)


def _card(name: str) -> None:
    """One flow: what it moves, its state, and the ways to it. What is wrong with its document stands beneath it."""
    desk = things()
    with st.container(border=True, key=f"flow_{name}"):
        try:
            draft = drafts().open(name)
            view = View.of(desk, name, draft.text, None)
        except DocumentError as error:
            st.markdown(f"**{plain(name)}**")
            show_problems(error.problems[:_MOST_PROBLEMS])
            return
        with st.container(horizontal=True, vertical_alignment="center"):
            _named(name, head_of(view), badges(name, has_draft=draft.is_stored))
            if st.button(_("Lookups"), key=f"lookups_{name}", type="tertiary", icon=":material/table:"):
                st.switch_page(st.session_state["pages"]["lookups"], query_params={"flow": name})
            if st.button(_("Open"), key=f"open_{name}", icon=":material/account_tree:"):
                st.switch_page(st.session_state["pages"]["mapping"], query_params={"flow": name})
        if not view.is_whole:
            show_problems(findings_of(desk, name, draft.text).errors[:_MOST_PROBLEMS])


def _named(name: str, head: dict[str, str], badge: str) -> None:
    """Its title and what goes where; the name tells flows of one title apart."""
    title = head["title"]
    shown = title if len(title) <= _LONGEST_TITLE else f"{title[:_LONGEST_TITLE]}…"
    path = " ▸ ".join(plain(head[part]) for part in ("source", "target", "records") if head[part])
    said = " · ".join(part for part in (path, plain(name) if title != name else "") if part)
    st.markdown(f"**{plain(shown)}** {badge}" + (f"  \n:small[{said}]" if said else ""), width="stretch")
