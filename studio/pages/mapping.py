"""The mapping page: two trees with lines between them, the selected field's formula, and what comes of it."""

from __future__ import annotations

import streamlit as st

from engine.errors import StudioError
from studio.parts.component import mount
from studio.parts.header import header
from studio.parts.mapping.conflict import ask_about_conflict
from studio.parts.mapping.drawer import draw_drawer
from studio.parts.mapping.field import draw_field
from studio.parts.mapping.sample import choose_sample
from studio.parts.mapping.steps import choose_step, draw_sentence
from studio.parts.mapping.texts import mapper_texts
from studio.parts.mapping.top import draw_top
from studio.parts.mapping.work import Work, work_on
from studio.parts.trouble import show_error, show_problems
from studio.state import things
from studio.words import _

HEIGHT = 470  # of the trees, in pixels: 13 fields with their heads


def mapping_page() -> None:
    """Draw it, for the flow in the address."""
    flow = st.query_params.get("flow", "")
    if not flow:
        _choose_flow()
        return
    try:
        work = work_on(flow)
        names = [step["name"] for step in work.view.steps()]
    except StudioError as error:
        header(flow)
        show_error(error)
        return
    if work.step not in names:
        work.step = names[0] if names else ""
    _keep_place(work)
    draw_top(work)
    if not names:
        draw_drawer(work)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        choose_step(work)
        choose_sample(work)
    draw_sentence(work)
    work.drawn_step = work.step
    trees = work.view.trees(work.step)
    mount("trees", {"kind": "trees", **trees, "texts": mapper_texts()})
    _body(work, trees["revision"])


@st.fragment
def _body(work: Work, trees: str) -> None:
    """What changes while one works; the trees stay outside, so that they do not travel with each change."""
    if work.step != work.drawn_step:  # its trees are drawn by the whole page
        st.rerun()
    ask_about_conflict(work)
    picture = work.view.picture(work.step)
    mount(
        "mapper",
        {
            "kind": "mapper",
            "trees": trees,
            "step": work.step,
            "lines": picture["lines"],
            "fields": picture["fields"],
            "values": picture["values"],
            "suggestions": work.open_suggestions(),
            "selected": work.selected,
            "acknowledged": work.seen,
            "progress": picture["progress"],
            "height": HEIGHT,
        },
        height=HEIGHT,
        on_operations_change=lambda: _receive(work),
    )
    show_problems(work.problems)
    draw_field(work, trees)
    draw_drawer(work)
    _keep_place(work)


def _receive(work: Work) -> None:
    """What the trees sent, before the page is drawn again."""
    work.receive(st.session_state["mapper"].operations or [])


def _keep_place(work: Work) -> None:
    """The place is in the address, so that reload, back and a link to a colleague find it."""
    place = {"flow": work.flow, "step": work.step, "field": work.selected or "", "sample": work.sample_id}
    for name, value in place.items():
        if value and st.query_params.get(name) != value:
            st.query_params[name] = value


def _choose_flow() -> None:
    header(_("Mapping"), _("Choose the flow to work on."))
    workspace = things().workspace
    for name in workspace.flow_names():
        if st.button(name, type="tertiary"):
            st.query_params["flow"] = name
            st.rerun()
