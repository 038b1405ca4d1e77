"""One binding: its head, what is not saved yet, and the part of it that the address names."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from engine.design.people.rights import Role
from engine.errors import DocumentError
from studio.parts.allowed import only, say_looking
from studio.parts.header import header
from studio.parts.running.answers import draw_answers
from studio.parts.running.checklist import draw_checklist
from studio.parts.running.connections import draw_connections
from studio.parts.running.files import draw_export
from studio.parts.running.lookup_rows import draw_lookups
from studio.parts.running.making import draw_new, draw_removing
from studio.parts.running.pauses import draw_pause, pause_in_words
from studio.parts.running.place import leave, part_in_address
from studio.parts.running.rows import binding_called, run_in_words, what_stops, when_in_words
from studio.parts.running.saving import draw_saving
from studio.parts.running.schedule import draw_schedule
from studio.parts.running.work import BindingWork, work_on
from studio.parts.runs.now import draw_now
from studio.parts.runs.starting import draw_run_now
from studio.parts.trouble import plain, show_problem, show_problems
from studio.words import _, no_, written

_PARTS: dict[str, tuple[str, str, Callable[[BindingWork], None], Role]] = {
    "": (no_("When it runs"), ":material/schedule:", draw_schedule, Role.DESIGN),
    "connections": (no_("Connections"), ":material/cable:", draw_connections, Role.DESIGN),
    "answers": (no_("Answers"), ":material/tune:", draw_answers, Role.DESIGN),
    "lookups": (no_("Lookups"), ":material/table:", draw_lookups, Role.MEND),
    "checklist": (no_("Before the first run"), ":material/fact_check:", draw_checklist, Role.LOOK),
}


def draw_binding(flow: str, name: str) -> None:
    """Draw it; where there is no such flow or binding, that is said."""
    st.button(_("All flows"), type="tertiary", icon=":material/arrow_back:", on_click=leave, key="all_flows")
    try:
        work = work_on(flow, name)
    except DocumentError as error:
        header(_("Runs"))
        show_problems(error.problems[:3])
        return
    except LookupError:
        header(_("Runs"))
        said = _("There is no binding {name} of the flow {flow}.", name=plain(name[:80]), flow=plain(flow))
        st.warning(said, icon=":material/warning:")
        return
    header(written(work.row.flow_title), _says(work))
    draw_now({work.row.flow: written(work.row.flow_title)}, work.row.flow)
    _head(work)
    draw_saving(work)
    _part(work)


def _says(work: BindingWork) -> str:
    systems = " ▸ ".join(plain(each.title) for each in work.row.systems)
    return f"{systems} · {plain(binding_called(work.row))}"


def _head(work: BindingWork) -> None:
    """How it stands, and what is done with all of it."""
    row = work.row
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="binding_head"):
        key = f"switch_{row.is_on}_{work.version}"
        st.toggle(
            _("On"),
            value=row.is_on,
            key=key,
            on_change=lambda: work.switch(st.session_state[key]),
            **only(Role.DESIGN, help=_("Off: it runs only where somebody names it.")),
        )
        st.space("stretch")
        draw_pause(row.flow, "this")
        draw_run_now(row)
        draw_export(row.flow, row.name)
        if not row.is_default or row.saved_at is not None:
            draw_removing(work)
        draw_new(work)
    with st.container(border=True, key="binding_state"):
        left, right = st.columns(2, gap="medium")
        left.markdown("  \n".join(when_in_words(row)))
        right.markdown("  \n".join(run_in_words(row)))
        if row.pause is not None:
            st.markdown(f":orange[:material/pause_circle:] {pause_in_words(row.pause)}")
        stopped = what_stops().get((row.flow, row.name))
        if row.problem is None and stopped:
            st.markdown(stopped)
    if row.problem is not None:
        show_problem(row.problem)


def _part(work: BindingWork) -> None:
    """The part in the address, and the way to the others."""
    asked = part_in_address()
    part = asked if asked in _PARTS else ""
    key = f"part_{part}"
    st.segmented_control(
        _("Part"),
        list(_PARTS),
        default=part,
        required=True,
        format_func=lambda each: f"{_PARTS[each][1]} {_(_PARTS[each][0])}",
        key=key,
        label_visibility="collapsed",
        on_change=lambda: _go(st.session_state[key]),
    )
    *_title, draw, role = _PARTS[part]
    say_looking(role)
    draw(work)


def _go(part: str | None) -> None:
    if part:
        st.query_params["part"] = part
    else:
        st.query_params.pop("part", None)
