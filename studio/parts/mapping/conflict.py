"""Two people on one draft: the second to save is asked, and loses nothing."""

from __future__ import annotations

import streamlit as st

from studio.parts.mapping.work import Work
from studio.parts.trouble import plain
from studio.words import _


def ask_about_conflict(work: Work) -> None:
    """Show the question where there is one."""
    if work.conflict is None:
        return
    with st.container(border=True, key="conflict"):
        st.markdown(f"**{_('This draft was changed in another window since you last saw it.')}**")
        for change in work.conflict.changes[-6:]:
            st.markdown(f"- {plain(change.says)}")
        st.caption(_("Your own change is kept until you decide."))
        with st.container(horizontal=True):
            st.button(_("Put my change on top of theirs"), type="primary", on_click=work.put_mine_on_top)
            st.button(_("Drop my change"), on_click=work.take_theirs)
