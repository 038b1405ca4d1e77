"""The drawer at the foot of the mapping page: what becomes of the sample, what is wrong, and what the flow rests on."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from engine.errors import Json, StudioError
from studio.parts.mapping.examples import draw_examples
from studio.parts.mapping.rehearsed import draw_rehearsal
from studio.parts.mapping.said import problem, say, strong, text, value
from studio.parts.mapping.settings import draw_settings
from studio.parts.mapping.values import draw_values
from studio.parts.mapping.work import Work
from studio.parts.trouble import show_error
from studio.words import _, n_, number

_LONGEST_TEXT = 400
_MOST_ITEMS = 200
_MOST_PROBLEMS = 100


def draw_drawer(work: Work) -> None:
    """One part of it at a time; only that one is worked out."""
    problems = len(work.view.problems())
    titles = {
        "result": _("Result"),
        "changes": _("Changes against published"),
        "problems": n_("{n} problem", "{n} problems", problems),
        "request": _("Request that would be sent"),
        "examples": n_("{n} example", "{n} examples", work.view.example_count()),
        "settings": _("Settings"),
        "values": _("Named values"),
    }
    parts: dict[str, Callable[[Work], None]] = {
        "result": _result,
        "changes": _changes,
        "problems": _problems,
        "request": _request,
        "examples": draw_examples,
        "settings": draw_settings,
        "values": draw_values,
    }
    st.segmented_control(
        _("What to show below"),
        list(titles),
        default=work.drawer,
        format_func=lambda name: titles[name],
        key=f"drawer_{work.drawer}",
        label_visibility="collapsed",
        required=True,
        on_change=lambda: work.show(st.session_state[f"drawer_{work.drawer}"]),
    )
    try:
        parts[work.drawer](work)
    except StudioError as error:
        show_error(error)


def _result(work: Work) -> None:
    step = next((each for each in work.view.steps() if each["name"] == work.step), None)
    if step is None:
        return
    if work.sample is None:
        st.caption(_("Choose a record above to see what becomes of it."))
        return
    if not step["done"]:
        st.caption(_("This step is not done for this record."))
        return
    st.json(shortened(work.view.result(work.step)), expanded=2)


def shortened(held: Json) -> Json:
    """What is far too long to be read, cut, with a word on how much is left out."""
    if isinstance(held, str) and len(held) > _LONGEST_TEXT:
        left = number(len(held) - _LONGEST_TEXT)
        return f"{held[:_LONGEST_TEXT]} … {_('({n} more characters)', n=left)}"
    if isinstance(held, list):
        shown = [shortened(each) for each in held[:_MOST_ITEMS]]
        return [*shown, _("… {n} more", n=number(len(held) - _MOST_ITEMS))] if len(held) > _MOST_ITEMS else shown
    if isinstance(held, dict):
        return {name: shortened(each) for name, each in held.items()}
    return held


def _changes(work: Work) -> None:
    if not work.is_in_use():
        st.caption(_("Nothing of this flow is published yet, so there is nothing to compare the draft with."))
        return
    rows = work.view.changes()
    if not rows:
        st.caption(_("On this sample, the draft gives what the published flow gives."))
        return
    told = "".join(
        f"<tr><td>{text(row['where'])}</td><td>{value(row['before'])}</td><td>{value(row['after'])}</td></tr>"
        for row in rows[:_MOST_ITEMS]
    )
    heads = "".join(f'<th scope="col">{text(name)}</th>' for name in (_("Field"), _("Published"), _("Draft")))
    st.html(f'<table class="ms-table"><thead><tr>{heads}</tr></thead><tbody>{told}</tbody></table>')
    if len(rows) > _MOST_ITEMS:
        st.caption(n_("and {n} more", "and {n} more", len(rows) - _MOST_ITEMS))


def _problems(work: Work) -> None:
    found = work.view.problems()
    if not found:
        st.caption(_("There is no problem with this sample."))
    for at, each in enumerate(found[:_MOST_PROBLEMS]):
        with st.container(horizontal=True, vertical_alignment="center", key=f"problem_{at}"):
            st.html(problem(each, work.view.place(each["step"], each["target"])))
            if each["step"] or str(each["target"]).startswith("$values."):
                st.button(
                    _("Go to it"),
                    key=f"go_{at}",
                    type="tertiary",
                    on_click=work.go,
                    args=(each["step"], each["target"]),
                )
    if len(found) > _MOST_PROBLEMS:
        st.caption(n_("and {n} more", "and {n} more", len(found) - _MOST_PROBLEMS))


def _request(work: Work) -> None:
    told = work.view.request(work.step)
    if not told["requests"]:
        st.caption(_("Nothing would be sent."))
    for each in told["requests"]:
        say(strong(each["method"]), value(each["address"]))
        st.json(shortened(each["body"]), expanded=1)
    for note in told["notes"]:
        say(text(note), quiet=True)
    draw_rehearsal(work)
