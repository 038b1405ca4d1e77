"""The studio's frame: pages, theme, language. Run on every visit and every change."""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from engine.design.people.rights import NOBODY, Person
from engine.errors import LedgerError, StudioError
from studio.parts.allowed import refuse_page
from studio.parts.component import page_settings
from studio.parts.door import to_remembered_page
from studio.parts.frame import keep_language
from studio.parts.sandboxes import wake_sandboxes
from studio.parts.sign_in import sign_in_page
from studio.parts.trouble import show_error
from studio.person import standing
from studio.routes import PAGES, Route
from studio.state import STATIC
from studio.words import _, language


def run() -> None:
    """Draw the page that is asked for."""
    st.set_page_config(page_title="Mapping Studio", page_icon=str(STATIC / "favicon.png"), layout="wide")
    st.html(STATIC / "studio.css")
    try:
        who = standing()
    except StudioError as error:  # no such folder, or one in which nothing can be written
        _frame(_pages(NOBODY), is_hidden=False)
        st.header(_("This folder cannot be opened"))
        show_error(error)
        if isinstance(error, LedgerError):
            st.caption(
                _(
                    "Only to look at its flows: copy its folders connector_specs and saved_mappings into a folder of "
                    "your own, and open that one. Drafts and connections do not come along."
                )
            )
        return
    shown = _frame(_pages(who.person), is_hidden=who.person.role is None)
    if who.person.role is None:  # whatever the address
        sign_in_page(who)
        return
    if who.is_known_by_provider and shown.url_path == "":  # where a provider's sign-in ends
        to_remembered_page()
    wake_sandboxes()
    role = next(page.role for page in PAGES if page.path == shown.url_path)
    if not who.person.may(role):
        refuse_page(role)
        return
    shown.run()


def _frame(pages: dict[str, StreamlitPage], *, is_hidden: bool) -> StreamlitPage:
    """What is around every page; the page that is asked for."""
    shown = st.navigation(list(pages.values()), position="hidden" if is_hidden else "top")
    page_settings(language(), f"{shown.title} · Mapping Studio")
    keep_language()
    return shown


def _pages(person: Person) -> dict[str, StreamlitPage]:
    """All pages by their paths; those that somebody's role does not reach are not in the bar."""
    pages = {}
    for page in PAGES:
        is_closed = person.role is not None and not person.may(page.role)
        pages[page.path] = _page(page, is_hidden=page.is_hidden or is_closed)
    st.session_state["pages"] = pages  # for those that lead to another page
    return pages


def _page(page: Route, *, is_hidden: bool) -> StreamlitPage:
    return st.Page(
        page.draw,
        title=_(page.title),
        icon=page.icon,
        url_path=page.path,
        default=page.path == "",
        visibility="hidden" if is_hidden else "visible",
    )
