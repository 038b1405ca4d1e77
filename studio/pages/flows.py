"""The first page: every flow of the workspace; with nothing connected yet, the two ways in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from engine.design.connecting.catalogue import catalogue
from engine.design.findings import findings_of
from engine.design.flow_list import flow_list
from engine.design.view import View
from engine.errors import DocumentError, StudioError
from studio import trial
from studio.parts.badges import badges
from studio.parts.broken_flow import draw_broken
from studio.parts.header import header
from studio.parts.mapping.work import head_of
from studio.parts.trouble import plain, show_error, show_problems
from studio.state import drafts, things
from studio.words import _

Result = TypeVar("Result")
_MOST_PROBLEMS = 3
_LONGEST_TITLE = 200


def flows_page() -> None:
    """Draw it."""
    desk = things()
    connected = desk.ledger.connections()
    listed = flow_list(desk.workspace, drafts())
    header(_("Flows"), _("What goes from one system to another, and what becomes of it on the way."))
    if not connected:
        _ways_in()
    else:
        _trial_is_running()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(_("Flows of this workspace"), anchor=False, width="stretch")
        if st.button(_("New flow"), icon=":material/add:", type="primary" if connected else "secondary"):
            st.switch_page(st.session_state["pages"]["new-flow"])
    if not listed:
        st.caption(_("There is none yet."))
    for number, each in enumerate(listed):
        if each.problems:
            draw_broken(number, each)
        else:
            _card(each.name)


def _ways_in() -> None:
    """For somebody who has just arrived."""
    left, right = st.columns(2, gap="medium")
    with left, st.container(border=True, height="stretch", key="way_trial"):
        st.markdown(f"### :material/science: {_('Try it with a sandbox shop')}")
        st.write(
            _(
                "Two invented systems start on this machine: a web shop with orders, and books to receive them. "
                "Nothing leaves it, and you need no account."
            )
        )
        if st.button(_("Start the trial"), type="primary", icon=":material/play_arrow:"):
            with st.spinner(_("Starting a shop and its books …")):
                flow = _guarded(_begin_trial)
            if flow:
                st.switch_page(st.session_state["pages"]["mapping"], query_params={"flow": flow})
    with right, st.container(border=True, height="stretch", key="way_own"):
        st.markdown(f"### :material/cable: {_('Connect my systems')}")
        st.write(
            _(
                "Say where your shop and your books are, and how to sign in. Each question says where to find its "
                "answer, and a test says at once whether it works."
            )
        )
        if st.button(_("Connect a system"), icon=":material/add_link:"):
            st.switch_page(st.session_state["pages"]["systems"])


def _begin_trial() -> str:
    trial.start()
    return trial.first_flow()


def _guarded(work: Callable[[], Result]) -> Result | None:
    """The work's result; where it fails, the reason is on the page."""
    try:
        return work()
    except StudioError as error:
        show_error(error)
        return None


def _trial_is_running() -> None:
    held = trial.running()
    if held is None:
        return
    titles = {each.name: each.title for each in catalogue(things())}
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="trial"):
        st.markdown(f":material/science: {_('The sandboxes are running on this machine.')}", width="stretch")
        for system, address in held.looks.items():
            title = titles.get(system, system)
            st.link_button(
                _("What {system} holds", system=title), address, type="tertiary", icon=":material/open_in_new:"
            )


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
