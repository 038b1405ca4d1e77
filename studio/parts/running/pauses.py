"""Pausing and resuming, one flow or all, and who paused it since when and why."""

from __future__ import annotations

import streamlit as st

from engine.design.people.rights import Role
from engine.design.running.pausing import EVERYTHING, Pause, pause, paused_alone, resume
from studio.parts.allowed import only
from studio.parts.trouble import plain
from studio.person import person
from studio.state import things
from studio.words import _, moment

_LONGEST_REASON = 200


def draw_pause(flow: str, key: str) -> None:
    """The button that pauses a flow, or everything, after asking why; or the one that resumes it."""
    if paused_alone(things(), flow) is not None:
        label = _("Resume everything") if flow == EVERYTHING else _("Resume")
        st.button(
            label, icon=":material/play_arrow:", key=f"resume_{key}", on_click=_resume, args=(flow,), **only(Role.MEND)
        )
        return
    label = _("Pause everything") if flow == EVERYTHING else _("Pause")
    with (
        st.popover(label, icon=":material/pause:", type="tertiary", key=f"pause_{key}", **only(Role.MEND)),
        st.form(f"pausing_{key}", border=False),
    ):
        why = st.text_input(_("Why? Others will read it."), max_chars=_LONGEST_REASON, key=f"why_{key}")
        st.caption(_("A run that has begun ends its records. What webhooks bring meanwhile is kept."))
        if st.form_submit_button(label, type="primary", **only(Role.MEND)):
            pause(things(), flow, person().name, why)
            st.rerun()


def _resume(flow: str) -> None:
    resume(things(), flow, person().name)


def pause_in_words(held: Pause) -> str:
    """Who paused it, since when and why; as Markdown."""
    said = _("Paused by {who} since {when}", who=plain(held.who), when=plain(moment(held.at)))
    return f"{said}: {plain(held.why)}" if held.why else said
