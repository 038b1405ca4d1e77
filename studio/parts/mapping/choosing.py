"""Choosing the flow to work on, and what is said of one that cannot be opened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import streamlit as st

from engine.design.flow_list import ListedFlow, flow_list
from engine.design.people.rights import Role
from engine.design.view import View
from engine.errors import DocumentError, StudioError
from studio.parts.allowed import only
from studio.parts.broken_flow import draw_broken
from studio.parts.header import header
from studio.parts.mapping.said import paragraph, sentence, severity, strong, text
from studio.parts.mapping.work import head_of
from studio.parts.trouble import show_error, show_problems
from studio.state import drafts, things
from studio.words import _


def choose_flow() -> None:
    """Every flow by its title, with what goes where."""
    header(_("Mapping"), _("Choose the flow to work on."))
    listed = flow_list(things().workspace, drafts())
    if not listed:
        st.info(_("There is no flow in this workspace yet."), icon=":material/info:")
        if st.button(_("Make a flow"), icon=":material/add:", type="primary", **only(Role.DESIGN)):
            st.switch_page(st.session_state["pages"]["new-flow"])
    _cards(listed)


def cannot_open(flow: str, error: StudioError) -> None:
    """What is wrong with the flow in the address, and the flows there are."""
    header(_("This flow cannot be opened"))
    if isinstance(error, DocumentError):
        show_problems(error.problems)
    else:
        show_error(error)
    if st.button(_("All flows"), icon=":material/arrow_back:", key="all_flows"):
        st.switch_page(st.session_state["pages"]["flows"])
    others = [each for each in flow_list(things().workspace, drafts()) if each.name != flow]
    if others:
        st.subheader(_("Open another one"), anchor=False)
    _cards(others)


def _cards(listed: Sequence[ListedFlow]) -> None:
    for number, each in enumerate(listed):
        if each.problems:
            draw_broken(number, each)
        else:
            _card(each.name)


def _card(name: str) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"choose_{name}"):
        st.html("".join(_about(name)))
        st.button(_("Open"), key=f"open_{name}", icon=":material/account_tree:", on_click=lambda: _open(name))


def _about(name: str) -> Iterator[str]:
    """Its title with what goes where; of one that changed a moment ago and cannot be read now, its name and why."""
    try:
        draft = drafts().open(name)
        head = head_of(View.of(things(), name, draft.text, None))
    except DocumentError as error:
        told = error.problems[0]
        yield paragraph(strong(name))
        parts = (text(told.where), text(sentence(told.what)), text(sentence(told.what_to_do)))
        yield paragraph(severity("error"), *parts, quiet=True)
        return
    badge = [text(f"· {_('Draft')}")] if draft.is_stored else []
    yield paragraph(strong(head["title"]), *badge)
    yield paragraph(" ▸ ".join(text(head[part]) for part in ("source", "target", "records") if head[part]), quiet=True)


def _open(name: str) -> None:
    st.query_params["flow"] = name
