"""The flow's settings: its questions, each with the fields that its answer changes."""

from __future__ import annotations

import streamlit as st

from engine.design.people.rights import Role
from engine.design.questionnaire import Question, asked
from engine.design.questions import touched_by
from engine.errors import Json
from studio.parts.allowed import say_looking
from studio.parts.mapping.said import icon, say, text
from studio.parts.mapping.work import Work
from studio.parts.questionnaire import Form, draw
from studio.parts.step_names import step_called
from studio.person import may
from studio.words import _, n_

_MOST_FIELDS = 6


def draw_settings(work: Work) -> None:
    """An answer is a change of the draft like any other."""
    flow = work.view.loaded.flow
    if not flow.questions.get("properties"):
        st.caption(_("This flow asks nothing."))
        return
    touched = touched_by(work.view.loaded)
    answers = flow.answers()

    def answered(name: str, said: Json) -> None:
        change = {"op": "set_answer", "question": name}
        work.do(change if said is None else {**change, "value": said})

    def aside(question: Question) -> None:
        say(icon("arrow_forward"), text(_changes(work, touched.get(question.name, []))), quiet=True)

    key = f"answers_{abs(hash(str(sorted(answers.items(), key=str))))}"  # an undo gives the widgets other values
    say_looking(Role.DESIGN)
    closed = not may(Role.DESIGN)
    form = Form(key=key, answered=answered, show_missing=True, aside=aside, is_closed=closed)
    draw(asked(flow.questions, answers), form)


def _changes(work: Work, places: list[tuple[str, str]]) -> str:
    fields = [f"{step_called(step)} ▸ {work.view.title_of(step, target)}" for step, target in places if target]
    said = ", ".join(fields[:_MOST_FIELDS])
    if len(fields) > _MOST_FIELDS:
        said += " " + n_("and {n} more", "and {n} more", len(fields) - _MOST_FIELDS)
    if any(step and not target for step, target in places):
        said += (", " if said else "") + _("whether and how a step is done")
    if ("", "") in places:
        said += (", " if said else "") + _("which records are taken")
    return _("Changes: {fields}", fields=said) if said else _("Nothing reads this answer.")
