"""Two people on one draft: the second to save is asked, and loses nothing."""

from __future__ import annotations

import streamlit as st

from engine.design.operations import described
from engine.design.people.rights import Role
from studio.parts.allowed import only
from studio.parts.mapping.said import say, strong, text
from studio.parts.mapping.work import Work
from studio.words import _

_MOST_TOLD = 6


def ask_about_conflict(work: Work) -> None:
    """Show the question where there is one."""
    if work.conflict is None:
        return
    with st.container(border=True, key="conflict"):
        say(strong(_("This draft was changed in another window since you last saw it.")))
        say(text(_("Changed there:")), _listed([change.says for change in work.conflict.changes]))
        say(text(_("Changed here, not saved yet:")), _listed([described(each) for each in work.waiting]))
        with st.container(horizontal=True):
            st.button(
                _("Put my change on top of theirs"), type="primary", on_click=work.put_mine_on_top, **only(Role.DESIGN)
            )
            st.button(_("Drop my change"), on_click=work.take_theirs, **only(Role.DESIGN))


def _listed(said: list[str]) -> str:
    return "<br>".join(["", *(f"– {text(each)}" for each in said[-_MOST_TOLD:])])
