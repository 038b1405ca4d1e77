"""The page of support: finding a record by what a caller says, why it did not arrive, and sending it."""

from __future__ import annotations

import streamlit as st

from studio.parts.header import header
from studio.parts.records.keyboard import let_arrows_go_through_what_was_found, put_focus_on_the_story
from studio.parts.records.place import leave, record_in_address, was_just_opened
from studio.parts.records.search import draw_search
from studio.parts.records.story import draw_story
from studio.state import STATIC
from studio.words import _


def records_page() -> None:
    """Draw it: the search, or the record that the address names."""
    st.html(STATIC / "records.css")
    record_id = record_in_address()
    if record_id is None:
        header(_("Records"), _("Find a record by what somebody says of it, and see what happened to it."))
        draw_search()
        let_arrows_go_through_what_was_found()
        return
    st.button(_("Search"), type="tertiary", icon=":material/arrow_back:", on_click=leave, key="all_records")
    draw_story(record_id)
    if was_just_opened():
        put_focus_on_the_story()
