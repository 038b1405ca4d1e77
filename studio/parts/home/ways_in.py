"""For somebody who has just arrived: the two ways in; and, once it runs, the trial."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from engine.design.connecting.catalogue import catalogue
from engine.design.people.rights import Role
from engine.errors import StudioError
from studio import trial
from studio.parts.allowed import only
from studio.parts.trouble import show_error
from studio.state import things
from studio.words import _

Result = TypeVar("Result")


def draw_ways_in() -> None:
    """Try it with sandboxes, or connect one's own systems."""
    left, right = st.columns(2, gap="medium")
    with left, st.container(border=True, height="stretch", key="way_trial"):
        st.markdown(f"### :material/science: {_('Try it with a sandbox shop')}")
        st.write(
            _(
                "Two invented systems start on this machine: a web shop with orders, and books to receive them. "
                "Nothing leaves it, and you need no account."
            )
        )
        if st.button(_("Start the trial"), type="primary", icon=":material/play_arrow:", **only(Role.ADMINISTER)):
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
    trial.start(things())
    return trial.first_flow()


def _guarded(work: Callable[[], Result]) -> Result | None:
    """The work's result; where it fails, the reason is on the page."""
    try:
        return work()
    except StudioError as error:
        show_error(error)
        return None


def draw_trial() -> None:
    """That the sandboxes run, and where to look into them; nothing where they do not."""
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
