"""Starting a run of a binding: everything new, from a date, or certain records; or looking only at what would come."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import streamlit as st

from engine.design.people.rights import Role
from engine.design.running.overview import BindingRow
from engine.design.running.starting import RunOptions, start
from engine.errors import DocumentError, StudioError
from studio.parts.allowed import only
from studio.parts.running.pauses import pause_in_words
from studio.parts.runs.own import OWN
from studio.parts.trouble import plain, show_error, show_problems
from studio.state import things
from studio.words import _, no_, written

NEW, SINCE, CHOSEN = "new", "since", "chosen"
_MODES = {NEW: no_("Everything new"), SINCE: no_("From a date"), CHOSEN: no_("Certain records")}
_SAYS = {
    NEW: no_("what came since the last run, and what waits or is tried again"),
    SINCE: no_("read again from that day on; what arrived already is not sent twice"),
    CHOSEN: no_("by order number or key"),
}
_MOST_CHARS = 4000
_ASKING = "asking_to_run"
_APART = re.compile(r"[\n,;]+")


@dataclass(frozen=True, slots=True)
class _Said:
    """What the form says. lacks: what it does not say yet, "" for nothing; is_sure: nothing is overwritten unasked."""

    options: RunOptions
    is_dry: bool
    lacks: str
    is_sure: bool


def draw_run_now(row: BindingRow) -> None:
    """The button that asks how to run a binding."""
    with st.container(key=f"run_now_{row.flow}_{row.name}", width="content"):
        if st.button(
            _("Run now"), icon=":material/play_arrow:", key=f"run_now_button_{row.flow}_{row.name}", **only(Role.MEND)
        ):
            st.session_state[_ASKING] = True
            st.dialog(_("Run now"), icon=":material/play_arrow:", width="medium", on_dismiss=_no_more)(_ask)(row)


def is_asking() -> bool:
    """Is the dialog open? Then the page is not drawn anew, which would close it."""
    return _ASKING in st.session_state


def _no_more() -> None:
    st.session_state.pop(_ASKING, None)


def _ask(row: BindingRow) -> None:
    name = f" ({plain(row.title or row.name)})" if row.title or not row.is_default else ""
    st.markdown(f"**{plain(written(row.flow_title))}**{name}")
    if row.pause is not None:
        st.warning(
            f"{pause_in_words(row.pause)}  \n{_('It runs all the same, because you ask.')}", icon=":material/pause:"
        )
    if not things().ledger.was_run(row.flow, row.name):
        st.info(
            _("This is its first run. What must be so beforehand is looked at; it does not begin where that is wrong."),
            icon=":material/fact_check:",
        )
    said = _form(row)
    label = _("Look") if said.is_dry else _("Start")
    icon = ":material/visibility:" if said.is_dry else ":material/play_arrow:"
    begins = st.button(label, icon=icon, type="primary", key="start_run", **only(Role.MEND, disabled=not said.is_sure))
    if begins and _begin(row, said):
        _no_more()
        st.rerun()


def _form(row: BindingRow) -> _Said:
    mode = st.radio(
        _("What to run"),
        list(_MODES),
        format_func=lambda each: _(_MODES[each]),
        captions=[_(_SAYS[each]) for each in _MODES],
        key="run_mode",
    )
    since, chosen, limit, again = None, [], None, False
    if mode == SINCE:
        day = st.date_input(
            _("From this day on"), value="today", max_value="today", key="run_since", format="YYYY-MM-DD"
        )
        since = _midnight(day, row.zone) if isinstance(day, date) else None
    if mode == CHOSEN:
        text = st.text_area(
            _("Numbers or keys"),
            key="run_chosen",
            max_chars=_MOST_CHARS,
            height=80,
            help=_("One on each line."),
        )
        chosen = [part for part in (part.strip() for part in _APART.split(text or "")) if part]
    is_dry = st.checkbox(_("Look only: show what would be sent, and send nothing"), key="run_dry")
    if mode != CHOSEN:
        with st.expander(_("More"), key="run_more"):
            limit = st.number_input(_("Read at most so many records"), value=None, min_value=1, step=1, key="run_limit")
            again = st.checkbox(_("Send again what has not changed"), key="run_again")
    lacks = ""
    if mode == SINCE and since is None:
        lacks = _("Choose a day.")
    elif mode == CHOSEN and not chosen:
        lacks = _("Name at least one record.")
    options = RunOptions(since, int(limit) if limit else None, list(dict.fromkeys(chosen)), again=again)
    return _Said(options, is_dry, lacks, not again or is_dry or _is_sure())


def _is_sure() -> bool:
    st.warning(
        _(
            "What is read is sent again although nothing changed, queues are handed over again, and what somebody "
            "changed in the target by hand is overwritten."
        ),
        icon=":material/warning:",
    )
    return st.checkbox(_("Yes, overwrite what the target has"), key="run_sure")


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone) if zone else None).astimezone()


def _begin(row: BindingRow, said: _Said) -> bool:
    """Start it; what keeps it from beginning is told here, and the form stays."""
    if said.lacks:
        st.warning(said.lacks, icon=":material/warning:")
        return False
    try:
        start(things(), OWN, row.flow, row.name, said.options, is_dry=said.is_dry)
    except DocumentError as error:
        show_problems(error.problems[:5])
    except StudioError as error:
        show_error(error)
    else:
        return True
    return False
