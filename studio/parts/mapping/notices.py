"""What has happened that somebody should know: what was done, what was refused, what changed elsewhere."""

from __future__ import annotations

import streamlit as st

from engine.design.findings import findings_of
from engine.design.people.rights import Role
from studio.parts.allowed import say_looking
from studio.parts.mapping.awaited import has_arrived
from studio.parts.mapping.work import Work
from studio.parts.records.offering import draw_offer
from studio.parts.trouble import show_problem, show_problems
from studio.state import drafts, things
from studio.words import _

_MOST_ERRORS = 3
_READ_AGAIN = 1.0  # seconds between two looks while facts and lookups are being read


def draw_notices(work: Work) -> None:
    """Above the fields: what is true of the draft as a whole."""
    said = st.session_state.pop("said", None)
    if said:
        st.toast(said, icon=":material/check_circle:", duration="long")
    draw_offer(work.flow)
    say_looking(Role.DESIGN)
    _damaged()
    if not work.view.is_whole:
        _broken(work)
    if not work.drafts.published_changed(work.draft) or work.draft.base == work.dismissed:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="published_changed"):
        told = _("The published flow was changed since this draft began. Publishing shows what differs and asks first.")
        st.markdown(f":material/warning: {told}", width="stretch")
        st.button(_("Hide"), type="tertiary", on_click=lambda: setattr(work, "dismissed", work.draft.base))


def _broken(work: Work) -> None:
    """What is wrong with the flow's file, or with a system's that it names; what can be shown is shown."""
    st.warning(_("This flow cannot be read as a whole. What can be shown of it is shown."), icon=":material/warning:")
    show_problems(findings_of(things(), work.flow, work.draft.text).errors[:_MOST_ERRORS])


def _damaged() -> None:
    """Damaged files of drafts that were put aside; each is told until it is put away."""
    hidden: set[str] = st.session_state.setdefault("damaged_drafts_seen", set())
    for problem in drafts().problems():
        if problem.where in hidden:
            continue
        show_problem(problem)
        st.button(_("Hide"), key=f"hide_{problem.where}", on_click=hidden.add, args=(problem.where,))


def draw_refused(work: Work) -> None:
    """What could not be done of the last change; it goes with the next one, or when it is put away."""
    if not work.problems:
        return
    with st.container(key="refused"):
        for problem in work.problems:
            show_problem(problem)
        st.button(_("Put away"), icon=":material/close:", type="tertiary", on_click=work.problems.clear)


def wait_for_systems(work: Work) -> None:
    """While facts and lookups are being read in the background, look again until they are there."""
    if work.view.is_reading:
        _look_again(work)
    if work.awaited is not None:
        _wait_for_record(work)


@st.fragment(run_every=_READ_AGAIN)
def _look_again(work: Work) -> None:
    work.look_again()
    if not work.view.is_reading:
        st.rerun()
    st.caption(_("Settings and lookups are being read from the accounts; some values are still missing."))


@st.fragment(run_every=_READ_AGAIN)
def _wait_for_record(work: Work) -> None:
    if work.awaited is None or has_arrived(work):
        st.rerun()
    st.caption(_("The record is still being read from the source; until it is there, another one is shown."))
