"""The first page: in five seconds, whether anything needs somebody; then every flow, what runs next, the last days."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import streamlit as st

from engine.design.home.whole import Home, home
from engine.design.support.asking import zone_here
from engine.errors import StudioError
from studio.parts.header import header
from studio.parts.home.chart import draw_chart
from studio.parts.home.coming import draw_coming
from studio.parts.home.flows import draw_flows
from studio.parts.home.needs import draw_needs, draw_verdict
from studio.parts.home.ways_in import draw_trial, draw_ways_in
from studio.parts.trouble import show_error
from studio.state import STATIC, drafts, things
from studio.words import _, reader_zone, translations

_LOOK_AGAIN = 30.0  # seconds


def home_page() -> None:
    """Draw it."""
    st.html(STATIC / "home.css")
    header(_("Home"), _("How everything is, and what needs somebody."))
    found = _looked()
    if found is None:
        return
    is_connected = bool(things().ledger.connections())
    if not is_connected and not any(each.is_in_use for each in found.flows):
        draw_ways_in()  # not in the part that is drawn anew: a trial takes its time to start
        return
    draw_trial()
    _by_itself()


def _looked() -> Home | None:
    """How everything is now; where that cannot be told, the reason is on the page."""
    try:
        return home(things(), drafts(), _zone(), translations())
    except StudioError as error:
        show_error(error)
        return None


@st.fragment(run_every=_LOOK_AGAIN)
def _by_itself() -> None:
    """All of it, and again every half minute (a look takes milliseconds); keys that stay leave the focus as it is."""
    found = _looked()
    if found is not None:
        _draw(found)


def _draw(found: Home) -> None:
    draw_verdict(found)
    if found.state == "empty":
        st.markdown(_("A flow runs once its systems are connected and somebody has let it run."))
        if st.button(_("Flows"), icon=":material/view_list:", key="to_flows"):
            st.switch_page(st.session_state["pages"]["flows"])
    draw_needs(found)
    draw_flows(found)
    days, coming = st.columns([2.4, 1], gap="large")
    with days:
        draw_chart(found.throughput)
    with coming:
        draw_coming(found)


def _zone() -> ZoneInfo:
    """The reader's; where the browser tells none that is known, that of the business."""
    try:
        return ZoneInfo(reader_zone() or "")
    except (KeyError, ValueError, OSError):  # a browser may say anything
        return zone_here()
