"""The audit log on screen: who did what to what and when, by person, deed, flow and days; and as a file."""

from __future__ import annotations

from html import escape
from zoneinfo import ZoneInfo

import streamlit as st

from engine.design.people.rights import Role
from engine.design.settings.audit import Noted, Page, Sought, as_csv, deed, details_in_words, names_in, page_of
from engine.design.support.asking import zone_here
from engine.design.support.said import end_of, start_of
from engine.errors import StudioError
from studio.parts.allowed import only
from studio.parts.trouble import show_error
from studio.state import things, things_later
from studio.words import _, moment, translations

_BEFORE = "audit_before"  # the ids after which the pages begin that were looked at, the first page left out


def draw_audit() -> None:
    """The conditions, a page of lines, and the ways to older and newer ones."""
    st.subheader(_("Audit log"), anchor=False)
    st.caption(_("Lines are only ever added, and hold nothing of records."))
    try:
        sought = _draw_conditions()
        befores: list[int] = st.session_state.setdefault(_BEFORE, [])
        found = page_of(things(), sought, befores[-1] if befores else None)
    except StudioError as error:
        show_error(error)
        return
    if found.lines:
        st.html(_table(found))
    else:
        st.info(_("No such line."), icon=":material/search_off:")
    _draw_ways(found, befores, sought)


def _draw_conditions() -> Sought:
    who, what, flow = names_in(things())
    by, did, to = st.columns([1, 1.2, 1.4])
    since, until, _rest = st.columns([1, 1, 1.6])
    anybody, anything, any_flow = _("Anybody"), _("Anything"), _("Any flow")
    asked_who = by.selectbox(_("Who"), who, None, placeholder=anybody, key="audit_who", on_change=_first_page)
    asked_what = did.selectbox(
        _("Did"),
        what,
        None,
        format_func=lambda held: deed(held, translations()),
        placeholder=anything,
        key="audit_what",
        on_change=_first_page,
    )
    asked_flow = to.selectbox(_("Flow"), flow, None, placeholder=any_flow, key="audit_flow", on_change=_first_page)
    first = since.date_input(_("From"), None, key="audit_from", format="YYYY-MM-DD", on_change=_first_page)
    last = until.date_input(_("To"), None, key="audit_to", format="YYYY-MM-DD", on_change=_first_page)
    zone = _zone()
    begins, ends = start_of(first, zone) if first else None, end_of(last, zone) if last else None
    return Sought(asked_flow, asked_who, asked_what, begins, ends)


def _zone() -> ZoneInfo:
    """The reader's, as the times of the lines."""
    try:
        return ZoneInfo(st.context.timezone) if st.context.timezone else zone_here()
    except (KeyError, ValueError, OSError):  # a browser may say anything
        return zone_here()


def _first_page() -> None:
    st.session_state[_BEFORE] = []


def _newer() -> None:
    st.session_state[_BEFORE].pop()


def _table(found: Page) -> str:
    heads = (_("When"), _("Who"), _("Did"), _("Flow"), _("Details"))
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    body = "".join(f"<tr>{''.join(map(_cell, _cells(line)))}</tr>" for line in found.lines)
    caption = escape(_("Who did what, the newest first"))
    return (
        f'<div class="ms-audit" tabindex="0" role="region" aria-label="{caption}"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cell(text: str) -> str:
    return f"<td><bdi>{escape(text).replace('@', '<wbr>@')}</bdi></td>"


def _cells(line: Noted) -> tuple[str, ...]:
    did = f"{deed(line.what, translations())} {line.subject}".strip()
    flow = line.flow if line.binding in ("", "default") else f"{line.flow}, {line.binding}"
    return moment(line.at), line.who, did, flow, "; ".join(details_in_words(line.details, translations()))


def _draw_ways(found: Page, befores: list[int], sought: Sought) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="audit_ways"):
        if befores:
            st.button(_("Newer"), icon=":material/chevron_left:", key="audit_newer", on_click=_newer)
        if found.next is not None:
            older, icon = _("Older"), ":material/chevron_right:"
            st.button(older, icon=icon, key="audit_older", on_click=befores.append, args=(found.next,))
        st.space("stretch")
        held, said = things_later(), translations()
        st.download_button(
            _("Download as CSV"),
            lambda: as_csv(held(), sought, said),
            "audit.csv",
            "text/csv",
            icon=":material/download:",
            key="audit_csv",
            on_click="ignore",
            **only(Role.ADMINISTER, disabled=not found.lines),
        )
