"""The reader's own language, and what is told in English all the same."""

from __future__ import annotations

import streamlit as st

from studio.words import LANGUAGES, _, choose_language, language


def draw_language() -> None:
    """A choice that holds for this browser."""
    st.subheader(_("Language"), anchor=False)
    key = f"settings_language_{language()}"
    st.radio(
        _("The screen's language, for you"),
        list(LANGUAGES),
        index=list(LANGUAGES).index(language()),
        format_func=LANGUAGES.__getitem__,
        horizontal=True,
        key=key,
        on_change=lambda: choose_language(str(st.session_state[key])),
    )
    st.caption(_("It is kept in this browser. Numbers and dates follow. Others choose theirs in the same place."))
    st.caption(
        _(
            "Messages to those who are told what goes wrong, commands and the sentences of problems are in English, "
            "whatever is chosen here."
        )
    )
