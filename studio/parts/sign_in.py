"""The page of whoever is not signed in: there is nothing else for them, whatever the address."""

from __future__ import annotations

import streamlit as st

from studio.person import Standing
from studio.words import _


def sign_in_page(who: Standing) -> None:
    """Draw it."""
    st.header(_("Sign in"), anchor=False)
