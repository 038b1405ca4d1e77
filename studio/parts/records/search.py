"""The search: one box for anything a caller says, and conditions beside it; what it finds, to open."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from engine.design.flow_list import flow_list
from engine.design.support.asking import Found, StoredRecord, Wanted, count, find, zone_here
from engine.design.support.said import end_of, start_of
from engine.errors import LedgerError
from studio.parts.records.causes import CausesOnPage, chosen
from studio.parts.records.missing import draw_missing, say_what_was_fetched
from studio.parts.records.place import go_to
from studio.parts.records.states import BADGES, amount_in_words, mended_badge, state_badge
from studio.parts.records.together import is_sending
from studio.parts.trouble import plain, show_error
from studio.state import drafts, things
from studio.words import _, moment, n_, number, written

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
    said = _draw(found, titles)
    on_page.look_further()
    if found.more and said is not None:
        _count(said, len(found.records))


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


def _draw(found: Found, titles: dict[str, str]) -> Any:
    """What is found; the place above it, for what is counted once the page stands."""
    say_what_was_fetched()
    if not found.records:
        text = str(st.session_state.get("records_text") or "").strip()
        if text:
            draw_missing(text)
        elif any(st.session_state.get(key) for key in _KEYS):
            st.info(_("No record is found by this. It may not have been read yet."), icon=":material/info:")
        else:
            st.info(_("Nothing was read yet. What runs read is found here."), icon=":material/info:")
        return None
    said = st.container(key="records_counted")
    if not found.more:
        said.caption(n_("{n} record", "{n} records", len(found.records)))
    with st.container(key="records_found", gap=None):
        for record in found.records:
            _row(record, titles)
    if found.more and len(found.records) < MOST:
        st.button(_("Show more"), icon=":material/expand_more:", type="tertiary", on_click=_show_more)
    elif found.more:
        st.caption(_("These are the first {most}. Narrow the search to see others.", most=MOST))
    return said


def _count(place: Any, shown: int) -> None:
    """How many there are, and what narrows them down: how they stand."""
    counted = count(things().ledger, _wanted(), zone_here())
    many = n_("{n} record", "{n} records", counted.records)
    said = _("The first {shown} of {many}.", shown=shown, many=many)
    if not counted.is_all:
        said = _("The first {shown} of more than {many}.", shown=shown, many=many)
    with place, st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(said, width="content")
        if len(counted.states) > 1 and chosen() is None:
            for state, times in sorted(counted.states.items(), key=lambda each: list(BADGES).index(each[0])):
                label = f"{_(BADGES[state].word)} ({number(times)})"
                st.button(label, key=f"narrow_{state}", type="tertiary", on_click=_only, args=(state,))


def _only(state: str) -> None:
    """Narrow the search to what stands so."""
    st.session_state["records_states"] = [state]


def _row(record: StoredRecord, titles: dict[str, str]) -> None:
    with st.container(border=True, key=f"record_row_{record.id}"):
        name, state, amount, at, why = st.columns(_WIDTHS, vertical_alignment="center")
        name.button(
            plain(record.number or record.key),
            key=f"open_record_{record.id}",
            type="tertiary",
            on_click=lambda: go_to(record.id),
        )
        state.markdown(state_badge(record.state))
        amount.markdown(amount_in_words(record))
        at.markdown(f":small[{moment(record.changed_at)}]")
        why.markdown(f"{mended_badge(record)} :small[{plain(_why(record, titles))}]".strip())


def _why(record: StoredRecord, titles: dict[str, str]) -> str:
    title = titles.get(record.flow, record.flow)
    return f"{title}: {record.reason}" if record.reason else title
