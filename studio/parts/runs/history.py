"""The runs there were, page by page: when, by whom or what, by which version, what came of each, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from engine.design.running.overview import BindingRow
from engine.design.running.past_runs import ANY, WITH_NEWS, WITH_TROUBLE, PastRun, past_runs
from studio.parts.records.states import flow_called
from studio.parts.runs.place import go_to_run
from studio.parts.runs.words import begun_by, outcome_badges, state_badge, took_in_words, why_in_words
from studio.parts.trouble import plain
from studio.state import things
from studio.words import _, moment, n_, no_, written

_PAGE = 25
_WIDTHS = (0.8, 1.6, 2.6, 2.8, 2.4)
_KINDS = {
    WITH_NEWS: no_("Those that came to something"),
    ANY: no_("All"),
    WITH_TROUBLE: no_("Those that did not go through"),
}
_KEYS = ("runs_of", "runs_kind")


def draw_history(rows: Sequence[BindingRow]) -> None:
    """The list with its conditions. rows: the bindings there are, by which it may be narrowed."""
    _remember()
    of, kind = st.columns(2, vertical_alignment="bottom")
    places = {(row.flow, row.name): _binding_called(row) for row in rows}
    place = of.selectbox(
        _("Flow"),
        list(places),
        index=None,
        format_func=lambda each: places.get(each, each[0]),
        placeholder=_("Any flow"),
        key="runs_of",
    )
    chosen = kind.selectbox(_("Which runs"), list(_KINDS), format_func=lambda each: _(_KINDS[each]), key="runs_kind")
    flow, binding = place if place is not None else (None, None)
    number = int(st.session_state.get("runs_page") or 1)
    found = past_runs(things(), chosen, flow, binding, size=_PAGE, page=number)
    if not found.runs and number > 1:  # another list, which is shorter
        found = past_runs(things(), chosen, flow, binding, size=_PAGE)
    if not found.runs:
        st.info(_("No run is found by this. What runs is told here."), icon=":material/info:")
        return
    st.caption(n_("{n} run", "{n} runs", found.all))
    with st.container(key="runs_found", gap=None):
        for past in found.runs:
            _draw(past)
    pages = -(-found.all // _PAGE)
    if pages > 1:
        st.pagination(pages, key="runs_page")


def _remember() -> None:
    """What was chosen stays while a run is looked at; Streamlit forgets what is not drawn."""
    held = st.session_state.setdefault("runs_narrowed", {})
    for key in _KEYS:
        if key in st.session_state:
            held[key] = st.session_state[key]
        elif key in held:
            st.session_state[key] = held[key]


def _binding_called(row: BindingRow) -> str:
    name = "" if row.is_default and not row.title else f" · {row.title or row.name}"
    return f"{written(row.flow_title)}{name}"


def _draw(past: PastRun) -> None:
    run = past.run
    with st.container(border=True, key=f"run_row_{run.id}"):
        number, when, flow, came, ended = st.columns(_WIDTHS, vertical_alignment="center")
        number.button(
            str(run.id),
            key=f"open_run_{run.id}",
            type="tertiary",
            help=_("Open run {number}", number=run.id),
            on_click=go_to_run,
            args=(run.id,),
        )
        took = took_in_words(past.took)
        when.markdown(f"{plain(moment(run.started_at))}  \n:small[{plain(took)}]")
        by = " · ".join(filter(None, (begun_by(past), version_in_words(past.label))))
        flow.markdown(f"{flow_called(written(past.title), run.binding)}  \n:small[{plain(by)}]")
        came.markdown(outcome_badges(past.counts) or f":small[{_('nothing new')}]")
        why = why_in_words(past)
        ended.markdown(f"{state_badge(past.state)}{f'  {chr(10)}:small[{why}]' if why else ''}")


def version_in_words(label: str) -> str:
    """A version as the reader says it: “version 12 (With fees)”."""
    return label.replace("version", _("version"), 1) if label else ""


def titles_of(rows: Sequence[BindingRow]) -> Mapping[str, str]:
    """What flows are called, by their names."""
    return {row.flow: written(row.flow_title) for row in rows}
