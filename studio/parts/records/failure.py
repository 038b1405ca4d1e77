"""Why a record did not arrive: what, where and why in words, and a button for each way out."""

from __future__ import annotations

from dataclasses import replace
from textwrap import dedent

import streamlit as st

from engine.design.support.failing import FIELD, LOOK, LOOKUP, SETTING, SYSTEM, Failure, Way
from engine.design.support.telling import Told
from studio.parts.mapping.said import rows, text, value
from studio.parts.records.mending import draw_leaves
from studio.parts.records.row_given import draw_row
from studio.parts.trouble import plain, show_problem
from studio.words import _

_ICONS = {FIELD: "account_tree", SETTING: "tune", SYSTEM: "cable", LOOK: "search"}


def draw_failures(found: Told) -> None:
    """The failing step, open and first."""
    for place, failure in enumerate(found.failures):
        with st.container(border=True, key=f"record_failure_{place}"):
            problem = failure.problem
            show_problem(replace(problem, where="", what_to_do="") if failure.step else replace(problem, what_to_do=""))
            _where(failure, is_mended=bool(found.mended))
            if problem.caret:
                st.code(dedent(problem.caret), language=None)
            if problem.what_to_do:
                st.markdown(f"**{_('What to do')}:** {plain(problem.what_to_do)}")
            for number, way in enumerate(each for each in failure.ways if each.kind == LOOKUP):
                draw_row(found, way, f"{place}_{number}")
            _ways(found, failure, place)
            draw_leaves(found, failure.leaves, place)


def _where(failure: Failure, *, is_mended: bool) -> None:
    """The target field, the formula that makes it, and what it read."""
    told = []
    if failure.step:
        place = f"{failure.step} ▸ {failure.field}" if failure.field else failure.step
        told.append((_("Where"), text(place)))
    if failure.formula and not failure.problem.caret:
        told.append((_("Formula"), value(failure.formula)))
    if failure.reads:
        reads = [f"{text(read.path)} = {value(read.value)}" for read in failure.reads]
        said = _("It reads now") if is_mended else _("It read")  # with the values that were put in since
        told.append((said, "<br>".join(reads)))
    if told:
        st.html(rows(told))


def _ways(found: Told, failure: Failure, place: int) -> None:
    with st.container(horizontal=True, gap="small"):
        for number, way in enumerate(failure.ways):
            if way.kind == LOOK:
                st.markdown(f":material/{_ICONS[LOOK]}: {plain(way.says)}")
            elif way.kind in _ICONS:
                icon = f":material/{_ICONS[way.kind]}:"
                if st.button(plain(way.says), icon=icon, key=f"way_{place}_{number}"):
                    _take(found, way)


def _take(found: Told, way: Way) -> None:
    """Go where it can be mended."""
    pages, flow = st.session_state["pages"], found.record.flow
    if way.kind == FIELD:
        place = {"flow": flow, "step": way.step, "field": way.field, "sample": found.sample}
        st.switch_page(pages["mapping"], query_params={name: held for name, held in place.items() if held})
    elif way.kind == SETTING:
        answers = {"flow": flow, "binding": found.record.binding, "part": "answers", "answer": way.setting}
        st.switch_page(pages["runs"], query_params=answers)
    elif way.kind == SYSTEM:
        st.switch_page(pages["systems"], query_params={"system": way.system})
