"""The head of a page: its title, what it is for, who is signed in, and the reader's language."""

from __future__ import annotations

import streamlit as st

from studio.parts.signing_out import who_is_here
from studio.words import LANGUAGES, _, choose_language, language


def header(title: str, says: str = "") -> None:
    """The title with one sentence beneath it; on the right who is signed in, and the choice of language."""
    left, right = st.columns([1, 0.34], vertical_alignment="top")
    with left:
        st.header(title, anchor=False)
        if says:
            st.caption(says)
    with right, st.container(horizontal=True, horizontal_alignment="right", gap="small"):
        who_is_here()
        language_choice()


def language_choice() -> None:
    """A small menu of languages."""
    with st.popover(LANGUAGES[language()], icon=":material/language:", width="content", help=_("Language")):
        for code, name in LANGUAGES.items():
            if st.button(name, key=f"language_{code}", type="tertiary", disabled=code == language()):
                choose_language(code)
                st.rerun()
