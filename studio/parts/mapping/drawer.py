"""The drawer at the foot of the mapping page: what becomes of the sample, and what is wrong."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from engine.errors import StudioError
from studio.parts.mapping.examples import draw_examples
from studio.parts.mapping.work import Work
from studio.parts.trouble import plain, show_error
from studio.words import _, n_


def draw_drawer(work: Work) -> None:
    """One part of it at a time; only that one is worked out."""
    problems = len(work.view.problems())
    titles = {
        "result": _("Result"),
        "changes": _("Changes against published"),
        "problems": n_("{n} problem", "{n} problems", problems),
        "request": _("Request that would be sent"),
        "examples": n_("{n} example", "{n} examples", work.view.example_count()),
    }
    parts: dict[str, Callable[[Work], None]] = {
        "result": _result,
        "changes": _changes,
        "problems": _problems,
        "request": _request,
        "examples": draw_examples,
    }
    st.segmented_control(
        _("What to show below"),
        list(titles),
        default=work.drawer,
        format_func=lambda name: titles[name],
        key=f"drawer_{work.drawer}",
        label_visibility="collapsed",
        required=True,
        on_change=lambda: setattr(work, "drawer", st.session_state[f"drawer_{work.drawer}"]),
    )
    try:
        parts[work.drawer](work)
    except StudioError as error:
        show_error(error)


def _result(work: Work) -> None:
    st.json(work.view.result(work.step), expanded=2)


def _changes(work: Work) -> None:
    rows = work.view.changes()
    if not rows:
        st.caption(_("On this sample, the draft gives what the published flow gives."))
        return
    st.dataframe(
        {
            _("Field"): [row["where"] for row in rows],
            _("Published"): [row["before"] for row in rows],
            _("Draft"): [row["after"] for row in rows],
        },
        hide_index=True,
    )


def _problems(work: Work) -> None:
    found = work.view.problems()
    if not found:
        st.caption(_("There is no problem with this sample."))
    for number, problem in enumerate(found):
        with st.container(horizontal=True, vertical_alignment="center"):
            word = _("Error") if problem["severity"] == "error" else _("Warning")
            icon = "error" if problem["severity"] == "error" else "warning"
            place = plain(work.view.place(problem["step"], problem["target"]))
            st.markdown(
                f":material/{icon}: **{word}** {place}: {plain(problem['what'])} {plain(problem['what_to_do'])}"
            )
            if problem.get("target"):
                st.button(
                    _("Go to it"), key=f"problem_{number}", type="tertiary", on_click=lambda p=problem: _go(work, p)
                )


def _go(work: Work, problem: dict[str, str]) -> None:
    work.step, work.selected = problem["step"], problem["target"]


def _request(work: Work) -> None:
    told = work.view.request(work.step)
    for each in told["requests"]:
        st.code(f"{each['method']} {each['address']}", language=None)
        st.json(each["body"], expanded=1)
    for note in told["notes"]:
        st.caption(plain(note))
