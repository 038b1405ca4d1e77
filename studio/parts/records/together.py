"""All records of a cause sent one after the other, with how far it is and a way to stop."""

from __future__ import annotations

import streamlit as st

from engine.design.support.causes import Cause, records_of
from engine.design.support.sending import Together
from studio.parts.trouble import show_error, show_problem
from studio.person import person
from studio.state import things
from studio.words import _, n_

_SENDING = "records_together"
_LOOK_AGAIN = 1.0  # seconds


def is_sending() -> bool:
    """Are records being sent, or has nobody seen yet what came of it?"""
    return _SENDING in st.session_state


def send_together(each: Cause) -> None:
    """Begin to send the records that a cause holds back by now."""
    if each.name is not None:
        records = records_of(things(), each.flow, each.binding, each.name)
        if records:
            st.session_state[_SENDING] = Together(things(), records, "published", person().name)


def _came_of(work: Together) -> list[str]:
    """How many became what; none is left out, so that nobody takes what was not sent for arrived."""
    said = [
        n_("{n} arrived", "{n} arrived", work.arrived),
        n_("{n} still parked", "{n} still parked", work.parked),
    ]
    if work.held_back:
        said.append(n_("{n} waits or is left out", "{n} wait or are left out", work.held_back))
    if work.untried:
        said.append(n_("{n} not tried", "{n} not tried", work.untried))
    return said


@st.fragment(run_every=_LOOK_AGAIN)
def draw_progress() -> None:
    """How far it is; a button stops it."""
    work: Together | None = st.session_state.get(_SENDING)
    if work is None:
        return
    with st.container(border=True, key="records_sending"):
        said = _("{done} of {count} sent", done=work.done, count=work.count)
        st.progress(work.done / max(work.count, 1), text=said)
        if work.waits and not work.is_over:
            st.caption(_("A run of this flow is under way; it is sent when that has ended …"))
        if not work.is_over:
            st.button(_("Stop"), icon=":material/stop_circle:", key="stop_sending", on_click=work.stop)
            return
        if work.error is not None:
            show_error(work.error)
        elif work.failing is not None:
            show_problem(work.failing)
        st.markdown(" · ".join(_came_of(work)))
        if st.button(_("Close"), key="close_sending"):
            st.session_state.pop(_SENDING, None)
            st.rerun()
