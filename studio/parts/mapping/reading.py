"""The whole mapping in words, to read and to print."""

from __future__ import annotations

import streamlit as st

from engine.design.reading import reading
from engine.design.reading_pages import as_page
from studio.parts.mapping.said import say, text
from studio.parts.mapping.work import Work
from studio.words import _, language, translations


def reading_dialog(work: Work) -> None:
    """Open it: the draft in plain language, and a page of it to keep or print."""
    st.dialog(_("The mapping in words"), width="large", icon=":material/article:")(_read)(work)


def _read(work: Work) -> None:
    say(text(work.head()["title"]), quiet=True)
    page = as_page(reading(work.view.loaded, translations(), language=language(), label=_("Draft")))
    st.download_button(
        _("Save as a page to print"), page, f"{work.flow}.html", "text/html", icon=":material/print:", on_click="ignore"
    )
    st.iframe(page, height=560)
