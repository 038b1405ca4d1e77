"""The search: one box for anything a caller says, and conditions beside it; what it finds, to open."""

from __future__ import annotations

from datetime import date

import streamlit as st

from engine.design.flow_list import flow_list
from engine.design.support.asking import Found, StoredRecord, Wanted, find, zone_here
from engine.design.support.said import end_of, start_of
from engine.errors import LedgerError
from studio.parts.records.causes import CausesOnPage, chosen
from studio.parts.records.missing import draw_missing, say_what_was_fetched
from studio.parts.records.place import go_to
from studio.parts.records.states import BADGES, amount_in_words, state_badge
from studio.parts.records.together import is_sending
from studio.parts.trouble import plain, show_error
from studio.state import drafts, things
from studio.words import _, moment, n_, written

STEP, MOST = 50, 500  # how many are shown at first and with each "more", and at most
_KEYS = ("records_text", "records_flow", "records_states", "records_from", "records_to")
_WIDTHS = (1.4, 1.4, 1.2, 1.5, 4.5)


def draw_search() -> None:
    """The box, the conditions, and what they find; without any, what was seen last."""
    _remember()
    titles = {each.name: written(each.title) for each in flow_list(things().workspace, drafts())}
    st.text_input(
        _("Search"),
        key="records_text",
        placeholder=_("Order number, e-mail, name, amount, day or number in the target"),
        icon=":material/search:",
        label_visibility="collapsed",
        max_chars=200,
    )
    flow, states, since, until = st.columns([2, 2, 1.2, 1.2], vertical_alignment="top")
    flow.selectbox(
        _("Flow"),
        list(titles),
        index=None,
        format_func=lambda name: titles.get(name, name),
        placeholder=_("Any flow"),
        key="records_flow",
    )
    states.multiselect(
        _("Outcome"),
        list(BADGES),
        format_func=lambda state: _(BADGES[state].word),
        placeholder=_("Any outcome"),
        key="records_states",
    )
    since.date_input(_("From"), value=None, key="records_from", format="YYYY-MM-DD")
    until.date_input(_("To"), value=None, key="records_to", format="YYYY-MM-DD")
    on_page = CausesOnPage(titles)
    if chosen() is not None:
        on_page.draw_chosen()
    elif not any(st.session_state.get(key) for key in _KEYS) or is_sending():
        on_page.draw()
    try:
        found = find(things().ledger, _wanted(), zone_here(), _limit())
    except LedgerError as error:
        show_error(error)
        return
    _draw(found, titles)
    on_page.look_further()


def _remember() -> None:
    """What was typed stays while a record is looked at; Streamlit forgets what is not drawn."""
    held = st.session_state.setdefault("records_search", {})
    for key in _KEYS:
        if key in st.session_state:
            held[key] = st.session_state[key]
        elif key in held:
            st.session_state[key] = held[key]


def _wanted() -> Wanted:
    zone = zone_here()
    cause = chosen()
    if cause is not None:
        text = str(st.session_state.get("records_text") or "")
        return Wanted(text, cause[0], cause[1], states=("parked",), cause=cause[2])
    since, until = _day("records_from"), _day("records_to")
    return Wanted(
        str(st.session_state.get("records_text") or ""),
        st.session_state.get("records_flow"),
        states=tuple(st.session_state.get("records_states") or ()),
        since=start_of(since, zone) if since else None,
        until=end_of(until, zone) if until else None,
    )


def _day(key: str) -> date | None:
    held = st.session_state.get(key)
    return held if isinstance(held, date) else None


def _limit() -> int:
    """More is shown when it is asked for, until something else is searched for."""
    asked = tuple(str(st.session_state.get(key)) for key in (*_KEYS, "records_cause"))
    held = st.session_state.get("records_limit")
    if held is None or held[0] != asked:
        held = st.session_state["records_limit"] = (asked, STEP)
    return int(held[1])


def _show_more() -> None:
    asked, limit = st.session_state["records_limit"]
    st.session_state["records_limit"] = (asked, min(limit + STEP, MOST))


def _draw(found: Found, titles: dict[str, str]) -> None:
    say_what_was_fetched()
    if not found.records:
        text = str(st.session_state.get("records_text") or "").strip()
        if text:
            draw_missing(text)
        elif any(st.session_state.get(key) for key in _KEYS):
            st.info(_("No record is found by this. It may not have been read yet."), icon=":material/info:")
        else:
            st.info(_("Nothing was read yet. What runs read is found here."), icon=":material/info:")
        return
    count = n_("{n} record", "{n} records", len(found.records))
    st.caption(_("The first {count}; there are more.", count=count) if found.more else count)
    with st.container(key="records_found", gap=None):
        for record in found.records:
            _row(record, titles)
    if found.more and len(found.records) < MOST:
        st.button(_("Show more"), icon=":material/expand_more:", type="tertiary", on_click=_show_more)
    elif found.more:
        st.caption(_("These are the first {most}. Narrow the search to see others.", most=MOST))


def _row(record: StoredRecord, titles: dict[str, str]) -> None:
    with st.container(border=True, key=f"record_row_{record.id}"):
        number, state, amount, at, why = st.columns(_WIDTHS, vertical_alignment="center")
        number.button(
            plain(record.number or record.key),
            key=f"open_record_{record.id}",
            type="tertiary",
            on_click=lambda: go_to(record.id),
        )
        state.markdown(state_badge(record.state))
        amount.markdown(amount_in_words(record))
        at.markdown(f":small[{moment(record.changed_at)}]")
        why.markdown(f":small[{plain(_why(record, titles))}]")


def _why(record: StoredRecord, titles: dict[str, str]) -> str:
    title = titles.get(record.flow, record.flow)
    return f"{title}: {record.reason}" if record.reason else title
