"""The steps as tabs, and how the one that is open finds its record and what it does then, as a sentence to change."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

from engine.design.people.rights import Role
from engine.design.step_parts import StepParts, parts_of, policies
from engine.design.view.view import PARTS
from engine.errors import Json
from studio.parts.allowed import only
from studio.parts.mapping.said import paragraph, problem, strong, text
from studio.parts.mapping.work import Work
from studio.parts.step_names import step_called
from studio.words import _, number, translations

_BY_FORMULA = "formula"


def choose_step(work: Work) -> None:
    """The tabs, each with the number of its problems."""
    steps = {step["name"]: step["problems"] for step in work.view.steps()}

    def called(name: str) -> str:
        title = step_called(name)
        return f"{title} ({number(steps[name])})" if steps[name] else title

    st.segmented_control(
        _("Steps"),
        list(steps),
        default=work.step,
        format_func=called,
        key=f"step_{work.step}",
        label_visibility="collapsed",
        required=True,
        on_change=lambda: _open(work, st.session_state[f"step_{work.step}"]),
    )


def _open(work: Work, step: str) -> None:
    work.step, work.selected = step, None


def draw_sentence(work: Work) -> None:
    """How the step finds its record and what it does then, and behind it a form with the parts that can be changed."""
    shown = next(each for each in work.view.steps() if each["name"] == work.step)
    step = parts_of(work.view.loaded, work.step)
    with st.container(horizontal=True, vertical_alignment="top", key="step_sentence"):
        with st.container(key="sentence", width="stretch"):
            told = (shown["when"]["text"], shown["sentence"]["text"])
            whole = escape(" ".join(filter(None, told)))  # two lines of it are shown
            said = paragraph(strong(f"{shown['title']}."), *map(text, told))
            st.html(f'<div title="{whole}">{said}</div>')
        change = st.popover(
            _("Change"), icon=":material/edit:", type="tertiary", key="policy", width="content", **only(Role.DESIGN)
        )
        with change, st.container(key="step_form"):
            _form(work, step)


def _form(work: Work, step: StepParts) -> None:
    """Every part of the sentence that an operation can change."""
    found = [each for each in work.view.problems() if each["step"] == step.step and each["target"] in PARTS]
    if found:
        st.html("".join(problem(each, str(each["where"])) for each in found))
    place = {"step": step.step}
    _text(work, _("What the step is called"), step.title, lambda said: {"op": "set_step_title", **place, "title": said})
    _formula(
        work,
        _("Done only if (empty: for every record)"),
        step.when,
        lambda said: {"op": "set_when", **place, "formula": said},
    )
    if not step.key:
        _match(work, step)
        _policy(work, step)
    fixed = {"each": step.each, "key": step.key, "instead": step.instead}
    for name in [name for name, formula in fixed.items() if formula]:
        st.caption(_("{part}: this is changed in the flow's file.", part=_fixed(name)))
        st.code(fixed[name], language=None, wrap_lines=True)


def _fixed(name: str) -> str:
    return {
        "each": _("Done once for each of"),
        "key": _("The key of its record"),
        "instead": _("Where none is found, the one with this instead"),
    }[name]


def _match(work: Work, step: StepParts) -> None:
    """By which field the record is found, and what that is equal to."""
    fields = {
        node["id"]: f"{node['label']} · {node['id']}"
        for node in work.view.trees(step.step)["target"]["nodes"]
        if node["type"] not in ("object", "list", "table") and "[]" not in node["id"] and not node.get("gone")
    }
    now = step.field
    if now and now not in fields:
        fields[now] = now
    key = f"part_{step.step}_field_{now}"
    st.selectbox(
        _("Found by this field"),
        list(fields),
        index=list(fields).index(now) if now else None,
        format_func=lambda field: fields[field],
        placeholder=_("not looked for"),
        key=key,
        on_change=lambda: work.do(_matched(step, field=st.session_state[key])),
    )
    if not now:
        return
    _formula(work, _("which is equal to"), step.formula, lambda said: _matched(step, formula=said))
    _formula(work, _("of those found, only one where"), step.where, lambda said: _matched(step, where=said))
    _formula(work, _("and together with it"), step.scope, lambda said: _matched(step, scope=said))


def _matched(step: StepParts, **changed: str) -> dict[str, Json]:
    """The operation that changes one part of a match; the others stay."""
    whole = {"field": step.field, "formula": step.formula or '""'} | changed
    return {"op": "set_match", "step": step.step, **whole}


def _policy(work: Work, step: StepParts) -> None:
    """One of the policies, or a formula that gives one."""
    options = policies(translations())
    names = ", ".join(options)
    options[_BY_FORMULA] = _("decided by a formula")
    now = step.policy or _BY_FORMULA
    key = f"part_{step.step}_policy_{now}"
    chosen = st.radio(
        _("What it does"),
        list(options),
        index=list(options).index(now),
        format_func=lambda value: options[value],
        key=key,
        on_change=lambda: _choose_policy(work, step, st.session_state[key]),
    )
    if chosen == _BY_FORMULA:
        _formula(
            work,
            _("The formula; it gives one of {policies}", policies=names),
            step.policy_formula or f'"{step.policy}"',
            lambda said: {"op": "set_policy", "step": step.step, "formula": said},
        )


def _choose_policy(work: Work, step: StepParts, policy: str) -> None:
    if policy != _BY_FORMULA:
        work.do({"op": "set_policy", "step": step.step, "policy": policy})


def _text(work: Work, label: str, now: str, change: Callable[[str], dict[str, Json]]) -> None:
    key = f"part_{work.step}_{label}_{now}"
    st.text_input(label, now, key=key, on_change=lambda: work.do(change(st.session_state[key])))


def _formula(work: Work, label: str, now: str, change: Callable[[str], dict[str, Json]]) -> None:
    key = f"part_{work.step}_{label}_{now}"
    lines = min(6, now.count("\n") + len(now) // 60 + 1)
    st.text_area(label, now, key=key, height=36 + 22 * lines, on_change=lambda: work.do(change(st.session_state[key])))
