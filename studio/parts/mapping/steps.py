"""The steps as tabs, and how the one that is open finds its record and what it does then, as a sentence to change."""

from __future__ import annotations

import streamlit as st

from engine.errors import Json
from studio.parts.mapping.work import Work
from studio.parts.trouble import plain
from studio.words import _


def choose_step(work: Work) -> None:
    """The tabs."""
    steps = {step["name"]: step for step in work.view.steps()}
    st.segmented_control(
        _("Steps"),
        list(steps),
        default=work.step,
        format_func=lambda name: steps[name].get("short") or steps[name]["name"].replace("_", " ").capitalize(),
        key=f"step_{work.step}",
        label_visibility="collapsed",
        required=True,
        on_change=lambda: _open(work, st.session_state[f"step_{work.step}"]),
    )


def _open(work: Work, step: str) -> None:
    work.step, work.selected = step, None
    st.query_params.pop("field", None)


def draw_sentence(work: Work) -> None:
    """How the step finds its record and what it does then, and behind it a form with the parts that can be changed."""
    step = next(each for each in work.view.steps() if each["name"] == work.step)
    said = f"**{plain(step['title'])}.** {plain(step['when']['text'])} {plain(step['sentence']['text'])}"
    left, right = st.columns([1, 0.1], vertical_alignment="top")
    with left, st.container(key="sentence"):
        st.markdown(said)
    with right, st.popover(_("Change"), icon=":material/edit:", type="tertiary", key="policy", width="stretch"):
        st.markdown(said)
        for part in [*step["when"]["parts"], *step["sentence"]["parts"]]:
            _part(work, part)


def _part(work: Work, part: dict[str, Json]) -> None:
    place, kind, step = str(part["place"]), part["kind"], work.step
    key = f"part_{step}_{place}_{work.draft.revision}"
    if kind == "choice":
        options = {each["value"]: each["text"] for each in part["options"]}
        st.radio(
            _("What it does"),
            list(options),
            index=list(options).index(part["value"]),
            format_func=lambda value: options[value],
            key=key,
            on_change=lambda: work.do({"op": "set_policy", "step": step, "policy": st.session_state[key]}),
        )
    elif kind in ("formula", "field") and place:
        st.text_input(
            _part_title(place),
            part["value"],
            key=key,
            on_change=lambda: work.do(_change(step, place, st.session_state[key])),
        )


def _part_title(place: str) -> str:
    titles = {
        "match.field": _("Found by this field"),
        "match.formula": _("which is equal to"),
        "match.where": _("among those where"),
        "match.scope": _("together with"),
        "when": _("Done only if"),
        "each": _("Done once for each of"),
        "policy.formula": _("What it does, as a formula"),
        "instead": _("Where none is found, the one with this instead"),
        "key": _("Its key"),
    }
    return titles.get(place, place)


def _change(step: str, place: str, text: str) -> dict[str, Json]:
    """The operation that gives a part another text."""
    if place.startswith("match."):
        return {"op": "set_match", "step": step, place.removeprefix("match."): text}
    if place == "policy.formula":
        return {"op": "set_policy", "step": step, "formula": text}
    return {"op": f"set_{place}", "step": step, "formula": text}
