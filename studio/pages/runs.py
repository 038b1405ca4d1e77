"""The page of runs: what runs now, what runs by itself and when, what ran, and the days of both sides compared."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from engine.design.people.rights import Role
from engine.design.running.overview import BindingRow, overview
from engine.design.running.pausing import EVERYTHING, paused_alone
from studio.parts.allowed import only
from studio.parts.header import header
from studio.parts.running.binding import draw_binding
from studio.parts.running.files import draw_export, draw_import, say_what_was_read
from studio.parts.running.pauses import draw_pause, pause_in_words
from studio.parts.running.place import binding_in_address, flow_in_address
from studio.parts.running.rows import draw_flows, draw_search
from studio.parts.runs.comparing import draw_comparing
from studio.parts.runs.history import draw_history, titles_of
from studio.parts.runs.now import draw_now
from studio.parts.runs.one_run import draw_run
from studio.parts.runs.place import COMPARE, HISTORY, go_to_part, part_of_page, run_in_address
from studio.state import STATIC, things
from studio.words import _, no_, translations

_PARTS = {
    "": (no_("Flows"), ":material/view_list:"),
    HISTORY: (no_("What ran"), ":material/history:"),
    COMPARE: (no_("Compare days"), ":material/balance:"),
}


def runs_page() -> None:
    """Draw it: everything, one run, or the one binding that the address names."""
    st.html(STATIC / "running.css")
    _open_record()
    flow, run_id = flow_in_address(), run_in_address()
    if run_id is not None:
        draw_run(run_id)
    elif flow:
        draw_binding(flow, binding_in_address())
    else:
        _draw_all()


def _open_record() -> None:
    """A record was chosen on this page: its story is told on another."""
    record_id = st.session_state.pop("open_record", None)
    if record_id is not None:
        st.switch_page(st.session_state["pages"]["records"], query_params={"record": str(record_id)})


def _draw_all() -> None:
    header(_("Runs"), _("What runs now and by itself, when it runs next, and how it went."))
    rows = overview(things(), translations=translations())
    if not rows:
        st.info(_("There is no flow yet. When there is one, it runs from here."), icon=":material/info:")
        if st.button(_("New flow"), icon=":material/add:", type="primary", **only(Role.DESIGN)):
            st.switch_page(st.session_state["pages"]["new-flow"])
        return
    draw_now(dict(titles_of(rows)))
    part = _part()
    if part == HISTORY:
        draw_history(rows)
    elif part == COMPARE:
        draw_comparing(rows)
    else:
        _draw_flows(rows)


def _part() -> str:
    """The part in the address, and the way to the others."""
    part = part_of_page()
    key = f"runs_part_{part}"
    st.segmented_control(
        _("Part"),
        list(_PARTS),
        default=part,
        required=True,
        format_func=lambda each: f"{_PARTS[each][1]} {_(_PARTS[each][0])}",
        key=key,
        label_visibility="collapsed",
        on_change=lambda: go_to_part(st.session_state[key]),
    )
    return part


def _draw_flows(rows: Sequence[BindingRow]) -> None:
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
