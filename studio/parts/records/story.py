"""One record: how it stands, why it failed with the ways out, sending it, and its timeline."""

from __future__ import annotations

import streamlit as st

from engine.design.support.telling import MENDED, OUTCOME, REQUEST, Moment, Told, indented, told
from engine.errors import StudioError
from studio.parts.header import header
from studio.parts.mapping.said import paragraph, say, strong, text
from studio.parts.records.failure import draw_failures
from studio.parts.records.mending import draw_any, draw_mended, say_what_was_mended, show_mend_error
from studio.parts.records.row_given import say_what_was_given
from studio.parts.records.sending import draw_sending
from studio.parts.records.states import BADGES, amount_in_words, mended_badge, state_badge
from studio.parts.records.stopped import draw_what_stops
from studio.parts.trouble import plain, show_error
from studio.state import things
from studio.words import _, moment, n_, translations

_MOST_TOLD = 200  # lines of the timeline
_MOST_CHARS = 20_000  # of a body that is shown


def draw_story(record_id: int) -> None:
    """Draw it; a link to a record that is gone says so."""
    try:
        found = told(things(), record_id, translations())
    except StudioError as error:
        header(_("Records"))
        show_error(error)
        return
    if found is None:
        header(_("Records"))
        said = _("There is no such record: the link is an old one, or the record was erased.")
        st.warning(said, icon=":material/warning:")
        return
    _head(found)
    if found.record.state == "due":
        draw_what_stops(found.record.flow, found.record.binding, found.title, "record_stopped")
    show_mend_error()
    say_what_was_mended()
    say_what_was_given(found)
    draw_mended(found)
    draw_failures(found)
    draw_sending(found)
    _timeline(found)
    _content(found)


def _head(found: Told) -> None:
    record = found.record
    header(plain(record.number or record.key), f"{plain(found.title)}{_bound(record.binding)}")
    said = [state_badge(record.state), mended_badge(record), found.headline]
    if record.target_number:
        said.append(_("In {system} it is {number}.", system=plain(found.target), number=plain(record.target_number)))
    if record.reason and record.state != "parked":
        said.append(plain(record.reason))
    amount = amount_in_words(record)
    with st.container(border=True, key="record_head"):
        st.markdown(" ".join(filter(None, said)))
        of = " · ".join(plain(each) for each in found.whose)
        about = [f"{_('Person or company')}: {of}" if of else "", f"{_('Amount')}: {plain(amount)}" if amount else ""]
        if any(about):
            st.markdown("  \n".join(f":small[{line}]" for line in about if line))
    if found.note:
        st.info(found.note, icon=":material/info:")


def _bound(binding: str) -> str:
    return "" if binding == "default" else f" · {plain(binding)}"


@st.fragment
def _timeline(found: Told) -> None:
    """What happened, the oldest first; the newest of many. What went over the wire is drawn once it is opened."""
    things()  # whoever is signed out meanwhile opens nothing more
    st.subheader(_("What happened"), anchor=False)
    moments = found.moments[-_MOST_TOLD:]
    if len(found.moments) > len(moments):
        st.caption(_("The newest {count} of {all}.", count=len(moments), all=len(found.moments)))
    with st.container(border=True, key="record_timeline"):
        for place, each in enumerate(moments):
            _moment(each, f"moment_{found.record.id}_{place}")


def _moment(each: Moment, key: str) -> None:
    at = f":small[{moment(each.at)}]"
    if each.kind == REQUEST and each.exchange is not None:
        problem = f" :red[{plain(each.detail)}]" if each.detail else ""
        request = st.expander(f"{at} {plain(each.says)}{problem}", key=key, on_change="rerun")
        if request.open:
            with request:
                _exchange(each)
        return
    icon = f":material/{BADGES[each.state].icon}: " if each.kind == OUTCOME and each.state in BADGES else ""
    icon = ":material/edit: " if each.kind == MENDED else icon
    label = f" :gray-badge[{plain(each.label)}]" if each.label else ""
    again = _("It is tried again by itself from {moment}.", moment=moment(each.again)) if each.again else ""
    said = " ".join(filter(None, (plain(each.detail), again)))
    detail = f"  \n:small[{said}]" if said else ""
    st.markdown(f"{at} {icon}**{plain(each.says)}**{label}{detail}")


def _exchange(each: Moment) -> None:
    """What was sent and what was answered, without what signs it."""
    assert each.exchange is not None
    exchange = each.exchange.exchange
    say(strong(exchange.method), text(exchange.url.partition("?")[0]))
    for title, body in ((_("Sent"), exchange.request_body), (_("Answered"), exchange.reply_body)):
        if body:
            say(strong(title))
            shown, is_json = indented(body)
            st.code(shown[:_MOST_CHARS], language="json" if is_json else None, wrap_lines=True)
            if len(shown) > _MOST_CHARS:
                left = len(shown) - _MOST_CHARS
                st.caption(n_("{n} more character is not shown.", "{n} more characters are not shown.", left))


def _content(found: Told) -> None:
    """The record as it was read last, without what was mended in it."""
    if found.record.as_read is None:
        return
    with st.expander(_("The record as it was read"), icon=":material/data_object:", key="record_content"):
        st.html(paragraph(text(found.source), quiet=True))
        st.json(found.record.as_read, expanded=2)
        draw_any(found, "edit_any")
