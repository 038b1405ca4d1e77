"""The mapping page: two trees with lines between them, the selected field's formula, and what comes of it."""

from __future__ import annotations

import time

import streamlit as st

from engine.design.people.rights import Role
from engine.errors import StudioError
from studio.parts.component import mount
from studio.parts.mapping.choosing import cannot_open, choose_flow
from studio.parts.mapping.conflict import ask_about_conflict
from studio.parts.mapping.drawer import draw_drawer
from studio.parts.mapping.field import draw_field
from studio.parts.mapping.kept import keep_what_is_done
from studio.parts.mapping.notices import draw_notices, draw_refused, wait_for_systems
from studio.parts.mapping.place import arrive, keep_place, listen
from studio.parts.mapping.sample import choose_sample
from studio.parts.mapping.steps import choose_step, draw_sentence
from studio.parts.mapping.texts import mapper_texts
from studio.parts.mapping.top import draw_history, draw_top
from studio.parts.mapping.work import VALUES, Work, work_on
from studio.person import may
from studio.state import STATIC

HEIGHT = 450  # of the trees, in pixels: 12 fields with their heads
AHEAD = 0.015  # seconds that changed values go before what else there is to draw


def mapping_page() -> None:
    """Draw it, for the flow in the address."""
    st.html(STATIC / "mapping.css")
    flow = st.query_params.get("flow", "")
    if not flow:
        choose_flow()
        return
    try:
        work = work_on(flow)
    except StudioError as error:
        cannot_open(flow, error)
        return
    arrive(work)
    listen(work)
    _draw(work)


def _draw(work: Work) -> None:
    names = [step["name"] for step in work.view.steps()]
    if work.step not in names:
        work.step, work.selected = (names[0] if names else ""), None
    history = draw_top(work)
    draw_notices(work)
    if names:
        with st.container(horizontal=True, vertical_alignment="center", key="where"):
            choose_step(work)
            choose_sample(work)
        draw_sentence(work)
    work.drawn, work.sent = work.around(), work.draft.text
    trees = work.view.trees(work.step)
    if names:
        functions = work.view.completions(work.step)["functions"]
        mount("trees", {"kind": "trees", **trees, "functions": functions, "texts": mapper_texts()})
    _body(work, trees["revision"], history)
    wait_for_systems(work)


@st.fragment
def _body(work: Work, trees: str, history: st.delta_generator.DeltaGenerator) -> None:
    """What changes while one works; the trees stay outside, so that they do not travel with each change."""
    if work.around() != work.drawn:  # that is drawn by the whole page
        st.rerun()
    keep_place(work)  # before the editor: a line that drops as soon as it is there comes back to the same field
    keep_what_is_done(work)  # before the question that may be open: what it is about outlives a reload
    ask_about_conflict(work)
    draw_refused(work)
    if trees:
        _trees(work, trees)
        _send_ahead(work)
        draw_field(work, trees)
    with history:
        draw_history(work)
    draw_drawer(work)


def _send_ahead(work: Work) -> None:
    """Let the values that a change gave reach the page alone. What comes together is drawn together, and the rest of
    the page takes the browser three times as long as the trees do: one would wait for all of it.
    """
    if work.draft.text != work.sent:
        work.sent = work.draft.text
        time.sleep(AHEAD)


def _trees(work: Work, trees: str) -> None:
    picture = work.view.picture(work.step)
    is_field = work.selected is not None and not work.selected.startswith(VALUES)
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
            "selected": work.selected if is_field else None,
            "acknowledged": work.seen,
            "progress": picture["progress"],
            "height": HEIGHT,
            "only_look": not may(Role.DESIGN),
        },
        height=HEIGHT,
        on_operations_change=lambda: work.receive(st.session_state["mapper"].operations or []),
    )
