"""What is wrong at the moment, each cause with what it comes to, and its records sent together once it is mended."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from engine.design.support.causes import Cause, causes, records_of
from engine.design.support.sending import Together
from studio.parts.records.states import flow_called
from studio.parts.trouble import plain, show_error, show_problem
from studio.person import person
from studio.state import things
from studio.words import _, moment, money, n_, translations

_MOST = 5  # that are shown at first
_SENDING = "records_together"
_LOOK_AGAIN = 1.0  # seconds
_MOST_CHARS = 160


def is_sending() -> bool:
    """Are records being sent, or has nobody seen yet what came of it?"""
    return _SENDING in st.session_state


def draw_causes(titles: Mapping[str, str]) -> None:
    """What needs somebody; nothing where all is well. titles: of flows, by their names."""
    if is_sending():
        _progress()
        return
    found = causes(things(), translations())
    if not found:
        return
    st.subheader(_("What needs somebody"), anchor=False)
    for each in found[:_MOST]:
        _draw(each, titles)
    if len(found) > _MOST:
        with st.expander(n_("{n} more", "{n} more", len(found) - _MOST), key="more_causes"):
            for each in found[_MOST:]:
                _draw(each, titles)


def _draw(each: Cause, titles: Mapping[str, str]) -> None:
    key = "_".join((each.flow, each.binding, each.name or each.what))  # its own wherever it stands in the list
    with st.container(border=True, key=f"cause_{key}"):
        told, ways = st.columns([5, 2], vertical_alignment="center")
        told.markdown(f"**{plain(_sentence(each.what))}**  \n:small[{' · '.join(_about(each, titles))}]")
        with ways, st.container(horizontal=True, horizontal_alignment="right", gap="small"):
            if each.stops_the_flow or each.name is None:
                return
            st.button(_("Show them"), key=f"show_cause_{key}", type="tertiary", on_click=lambda: _narrow(each))
            if st.button(_("Send them"), key=f"send_cause_{key}", icon=":material/send:"):
                st.dialog(_("Send them"), icon=":material/send:")(_ask)(each)


def _ask(each: Cause) -> None:
    """In a dialog, which the keyboard comes to at once: a popover stands at the end of the page."""
    st.markdown(f"**{plain(_sentence(each.what))}**")
    st.markdown(_("Mend the cause first; what is still wrong stays parked."))
    said = n_("Send {n} record now", "Send {n} records now", each.records)
    if st.button(said, key="send_cause_now", type="primary"):
        _send(each)
        st.rerun()


def _sentence(what: str) -> str:
    """Short enough for a heading, and beginning as one."""
    shown = what if len(what) <= _MOST_CHARS else what[: _MOST_CHARS - 1] + "…"
    return shown[:1].upper() + shown[1:]


def _about(each: Cause, titles: Mapping[str, str]) -> list[str]:
    said = [flow_called(titles.get(each.flow, each.flow), each.binding)]
    if each.stops_the_flow:
        said.append(_("the flow is stopped"))
    else:
        said.append(n_("{n} record", "{n} records", each.records))
        said += [plain(money(amount, currency)) for currency, amount in sorted(each.amounts.items())]
    return [*said, _("since {moment}", moment=moment(each.since))]


def _narrow(each: Cause) -> None:
    """Search for the records of a cause; anything else that is searched for takes its place."""
    st.session_state["records_cause"] = (each.flow, each.binding, each.name, each.what)


def _send(each: Cause) -> None:
    if each.name is not None:
        records = records_of(things(), each.flow, each.binding, each.name)
        if records:
            st.session_state[_SENDING] = Together(things(), records, "published", person().name)


def _came_of(work: Together) -> list[str]:
    """How many became what; none is left out, so that nobody takes what was not sent for arrived."""
    said = [
        n_("{n} arrived", "{n} arrived", work.arrived),
        n_("{n} still parked", "{n} still parked", work.parked),
    ]
    if work.held_back:
        said.append(n_("{n} waits or is left out", "{n} wait or are left out", work.held_back))
    if work.untried:
        said.append(n_("{n} not tried", "{n} not tried", work.untried))
    return said


@st.fragment(run_every=_LOOK_AGAIN)
def _progress() -> None:
    """How far it is; a button stops it."""
    work: Together | None = st.session_state.get(_SENDING)
    if work is None:
        return
    with st.container(border=True, key="records_sending"):
        said = _("{done} of {count} sent", done=work.done, count=work.count)
        st.progress(work.done / max(work.count, 1), text=said)
        if not work.is_over:
            st.button(_("Stop"), icon=":material/stop_circle:", key="stop_sending", on_click=work.stop)
            return
        if work.error is not None:
            show_error(work.error)
        elif work.failing is not None:
            show_problem(work.failing)
        st.markdown(" · ".join(_came_of(work)))
        if st.button(_("Close"), key="close_sending"):
            st.session_state.pop(_SENDING, None)
            st.rerun()
