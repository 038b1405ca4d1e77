"""The flow's questions as a binding answers them: what differs from the flow is marked, and can be given back."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from engine.design.people.rights import Role
from engine.design.questionnaire import Question
from engine.design.running.forms import answer_options
from studio.parts.allowed import only
from studio.parts.questionnaire import Form, draw
from studio.parts.running.place import ANSWER
from studio.parts.running.work import BindingWork
from studio.person import may
from studio.state import things
from studio.words import _, n_


def draw_answers(work: BindingWork) -> None:
    """Every question that is asked now."""
    if not work.form.questions:
        st.caption(_("This flow asks nothing."))
        return
    differing = [each for each in work.form.questions if work.differs(each.name)]
    with st.container(horizontal=True, vertical_alignment="center"):
        if differing:
            says = n_("{n} answer differs from the flow's.", "{n} answers differ from the flow's.", len(differing))
        else:
            says = _("Every answer is the flow's. What you change here counts for this binding only.")
        st.caption(says, width="stretch")
        if differing:
            st.toggle(_("Only what differs"), key="only_differing")
    shown = work.form.questions
    if differing and st.session_state.get("only_differing"):
        shown = tuple(differing)
    asked = next((each for each in shown if each.name == st.query_params.get(ANSWER, "")), None)
    key = f"question_{work.version}"
    form = Form(
        key=key,
        answered=work.set_answer,
        show_missing=True,
        options=lambda each: answer_options(things(), work.form, each),
        aside=lambda each: _aside(work, each),
        is_closed=not may(Role.DESIGN),
    )
    if asked is not None:  # somebody came for this one
        with st.container(border=True, key="asked_answer"):
            draw([replace(asked, advanced=False)], form)
        shown = tuple(each for each in shown if each is not asked)
    draw(shown, form)


def _aside(work: BindingWork, question: Question) -> None:
    if not work.differs(question.name):
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        said = f":blue-badge[:material/edit: {_('differs from the flow')}]"
        st.markdown(said, width="content")
        st.button(
            _("As the flow says"),
            type="tertiary",
            icon=":material/undo:",
            key=f"flows_answer_{question.name}",
            on_click=work.forget_answer,
            args=(question.name,),
            **only(Role.DESIGN),
        )
