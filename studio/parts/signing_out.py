"""Who is signed in, and the way out."""

from __future__ import annotations

import streamlit as st

from engine.design.people.sessions import end_session
from engine.design.people.sign_in import OIDC, way_in
from studio.opened import shared_things
from studio.parts.allowed import role_in_words
from studio.parts.trouble import plain
from studio.person import Standing, standing
from studio.words import _


def who_is_here() -> None:
    """A small menu with the name and the role; nothing where nobody has to sign in."""
    who = standing()
    if who.session is None or who.person.role is None:
        return
    short = who.person.name.partition("@")[0]
    with st.popover(short, icon=":material/person:", width="content", help=_("Who is signed in"), key="who"):
        st.markdown(f"**{plain(who.person.name)}**")
        st.caption(_("Your role here is “{held}”.", held=role_in_words(who.person.role)))
        sign_out_button(who)


def sign_out_button(who: Standing) -> None:
    """Ends the session for good, here and in every other window of this browser."""
    if st.button(_("Sign out"), icon=":material/logout:", key="sign_out"):
        sign_out(who)


def sign_out(who: Standing) -> None:
    """End the session. A copy of its cookie lets nobody in any more; the provider is told, where there is one."""
    desk = shared_things()
    if who.session is not None:
        end_session(desk, who.session)
    if way_in(desk).way == OIDC:
        st.logout()
        st.stop()
    st.rerun()
