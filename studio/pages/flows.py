"""The first page: every flow of the workspace; with none yet, the two ways in."""

from __future__ import annotations

import streamlit as st

from studio.parts.header import header
from studio.words import _


def flows_page() -> None:
    """Draw it."""
    header(_("Flows"))
    st.write(_("Nothing is set up yet."))
