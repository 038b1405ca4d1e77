"""When a binding runs: as the flow says, at times of its own, or never by itself; in words, with the next times."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from engine.design.people.rights import Role
from engine.design.running.schedule_lines import DAYS, Line, Unit, coming
from engine.design.running.schedule_words import MOST, check_schedules, in_words
from engine.errors import DocumentError
from studio.parts.allowed import only
from studio.parts.running.work import NEVER, OF_FLOW, OWN, BindingWork
from studio.parts.trouble import plain, show_problems
from studio.person import may
from studio.state import things
from studio.words import _, no_, translations

_LONGEST_CRON = 120
_DAYS = dict(
    zip(DAYS, (no_("Mon"), no_("Tue"), no_("Wed"), no_("Thu"), no_("Fri"), no_("Sat"), no_("Sun")), strict=True)
)


def draw_schedule(work: BindingWork) -> None:
    """The choice, the lines of its own schedule, and what they mean."""
    _choose(work)
    left, right = st.columns([1.9, 1], gap="large")
    with left:
        if work.shown_plan == OWN:
            for place, line in enumerate(work.shown_lines):
                _draw_line(work, place, line)
            _add(work)
        elif work.shown_plan == NEVER:
            st.markdown(_("It runs only when somebody starts it, or when another system calls."))
        else:
            st.markdown(_("It runs when the flow's file says, also when that changes."))
    with right:
        _meaning(work)


def _choose(work: BindingWork) -> None:
    own = _capital(work.form.flow_schedule)
    titles = {OF_FLOW: _("As the flow says"), OWN: _("At times of its own"), NEVER: _("Never by itself")}
    says = {OF_FLOW: own, OWN: _("times, days and hours that you choose"), NEVER: _("only by hand and by webhook")}
    key = f"plan_{work.version}_{work.kept_plan}"  # not by what is chosen: a new key would take the keyboard away
    st.radio(
        _("When it runs"),
        list(titles),
        index=list(titles).index(work.shown_plan),
        format_func=lambda plan: titles[plan],
        captions=[plain(says[plan]) for plan in titles],
        horizontal=True,
        key=key,
        label_visibility="collapsed",
        on_change=lambda: work.choose_plan(st.session_state[key]),
        disabled=not may(Role.DESIGN),
    )


def _draw_line(work: BindingWork, place: int, line: Line) -> None:
    with st.container(border=True, key=f"line_{place}"):
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            _unit(work, place, line)
            if len(work.shown_lines) > 1:
                st.button(
                    _("Remove"),
                    icon=":material/delete:",
                    type="tertiary",
                    key=f"drop_line_{work.version}_{place}",
                    on_click=work.drop_line,
                    args=(place,),
                    **only(Role.DESIGN, help=_("Remove these times")),
                )
        if line.unit is not Unit.CRON:
            _days(work, place, line)


def _unit(work: BindingWork, place: int, line: Line) -> None:
    titles = {
        Unit.MINUTES: _("every … minutes"),
        Unit.HOURS: _("every … hours"),
        Unit.AT: _("at a time"),
        Unit.CRON: _("as cron"),
    }
    key = _key(work, place, "unit")
    st.selectbox(
        _("How often"),
        list(titles),
        index=list(titles).index(line.unit),
        format_func=lambda unit: titles[unit],
        key=key,
        width=150,
        on_change=_told(work, place, "unit", key),
        disabled=not may(Role.DESIGN),
    )
    if line.unit is Unit.CRON:
        key = _key(work, place, "cron")
        st.text_input(
            _("Minute, hour, day, month, day of the week"),
            value=line.cron,
            key=key,
            max_chars=_LONGEST_CRON,
            live=True,
            on_change=_told(work, place, "cron", key),
            disabled=not may(Role.DESIGN),
        )
    elif line.unit is Unit.AT:
        key = _key(work, place, "at")
        st.time_input(
            _("At"),
            value=line.at,
            key=key,
            width=130,
            step=300,
            on_change=_told(work, place, "at", key),
            disabled=not may(Role.DESIGN),
        )
    else:
        _count(work, place, line)


def _count(work: BindingWork, place: int, line: Line) -> None:
    key = _key(work, place, "count")
    st.number_input(
        _("Minutes") if line.unit is Unit.MINUTES else _("Hours"),
        value=line.count,
        min_value=1,
        step=1,
        key=key,
        width=120,
        on_change=_told(work, place, "count", key, lambda count: count or 1),
        disabled=not may(Role.DESIGN),
    )
    for name, label in (("begins", _("From")), ("ends", _("Until"))):
        key = _key(work, place, name)
        st.time_input(
            label,
            value=getattr(line, name),
            key=key,
            width=105,
            step=900,
            on_change=_told(work, place, name, key),
            disabled=not may(Role.DESIGN),
        )


def _days(work: BindingWork, place: int, line: Line) -> None:
    key = _key(work, place, "days")
    st.pills(
        _("On these days; none chosen: every day"),
        list(DAYS),
        default=list(line.days),
        selection_mode="multi",
        format_func=lambda day: _(_DAYS[day]),
        key=key,
        on_change=_told(work, place, "days", key, tuple),
        disabled=not may(Role.DESIGN),
    )


def _key(work: BindingWork, place: int, name: str) -> str:
    return f"schedule_{work.version}_{place}_{name}"


def _told(
    work: BindingWork, place: int, name: str, key: str, read: Callable[[Any], Any] = lambda held: held
) -> Callable[[], None]:
    return lambda: work.set_line(place, **{name: read(st.session_state[key])})


def _add(work: BindingWork) -> None:
    if len(work.shown_lines) < MOST:
        st.button(
            _("Add other times"),
            icon=":material/add:",
            type="tertiary",
            key=f"add_line_{work.version}",
            on_click=work.add_line,
            **only(Role.DESIGN),
        )


def _meaning(work: BindingWork) -> None:
    """In words, and the next times; or what is wrong."""
    schedules = work.schedules
    with st.container(border=True, key="schedule_meaning"):
        st.markdown(f"**{_('What it means')}**")
        try:
            check_schedules(schedules, _("these times"))
        except DocumentError as error:
            show_problems(error.problems[:3])
            return
        st.markdown(plain(_capital(in_words(schedules, translations()))))
        if not schedules:
            return
        times = coming(things(), schedules, work.row.zone, translations())
        if times:
            st.markdown("\n".join(f"- {plain(each)}" for each in times))
        st.caption(_("Times of {zone}.", zone=plain(work.row.zone)))
        if any(line.unit in (Unit.MINUTES, Unit.HOURS) for line in work.shown_lines):
            st.caption(_("Counted from the start of the last run; here as if it were now."))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
