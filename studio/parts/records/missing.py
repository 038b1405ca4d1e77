"""Where nothing is found: what each flow has read, what it holds back, and a button to fetch that one record now."""

from __future__ import annotations

import streamlit as st

from engine.design.people.rights import Role
from engine.design.support.missing import RunReport, Unread, fetch, unread
from engine.errors import StudioError
from studio.parts.allowed import only
from studio.parts.records.states import flow_called
from studio.parts.records.stopped import draw_what_stops
from studio.parts.trouble import plain, show_error, show_problem
from studio.state import things
from studio.words import _, moment, n_, translations

_MOST = 6  # flows
_FETCHED = "record_fetched"


def draw_missing(text: str) -> None:
    """What can be said of a record that no run has read."""
    st.info(_("No record is found by this. It may not have been read yet."), icon=":material/info:")
    known = unread(things(), translations())
    for place, each in enumerate(known[:_MOST]):
        with st.container(border=True, key=f"unread_{place}"):
            draw_what_stops(each.flow, each.binding, each.title, f"unread_stopped_{place}")
            said, way = st.columns([5, 2], vertical_alignment="center")
            said.markdown("  \n".join(_says(each)))
            if text and each.may_fetch:
                with way, st.container(horizontal=True, horizontal_alignment="right"):
                    if st.button(
                        _("Fetch it now"),
                        key=f"fetch_{place}",
                        icon=":material/download:",
                        **only(
                            Role.MEND,
                            help=_(
                                "Reads {name} from {system} and delivers it.",
                                name=plain(text[:60]),
                                system=plain(each.source),
                            ),
                        ),
                    ):
                        _fetch(each, text)


def _says(each: Unread) -> list[str]:
    lines = [flow_called(each.title, each.binding, "**")]
    if not each.windows:
        return [*lines, f":small[{_('Has read nothing yet.')}]"]
    last = each.windows[0]
    since = _("everything since {moment}", moment=moment(each.since)) if each.since else _("everything there is")
    count = n_("{n} record", "{n} records", last.records)
    lines.append(
        f":small[{_('Has read {since}; last on {at}: {count}.', since=since, at=moment(last.at), count=count)}]"
    )
    if each.held_back:
        reasons = "; ".join(plain(reason) for reason in each.held_back)
        lines.append(f":small[{_('A record is held back or left out where: {reasons}.', reasons=reasons)}]")
    return lines


def _fetch(each: Unread, text: str) -> None:
    try:
        with st.spinner(_("Asking {system} …", system=plain(each.source))):
            st.session_state[_FETCHED] = fetch(things(), each.flow, each.binding, text)
    except StudioError as error:
        show_error(error)
        return
    st.rerun()


def say_what_was_fetched() -> None:
    """What came of a record that was fetched, once."""
    report: RunReport | None = st.session_state.pop(_FETCHED, None)
    if report is None:
        return
    if report.stopped is not None:
        show_error(report.stopped)
    for _number, state, reason in report.held_back:
        st.info(f"{_held(state)} {plain(reason)}", icon=":material/hourglass_top:")
    for parked in report.parked[:1] if report.parked_now else ():
        for problem in parked.problems:
            show_problem(problem)
    if report.counts.get("created") or report.counts.get("updated"):
        st.success(_("It arrived."), icon=":material/check:")


def _held(state: str) -> str:
    return _("It was read, and waits:") if state == "waiting" else _("It was read, and is left out:")
