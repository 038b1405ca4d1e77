"""The sandboxes a workspace was tried with: they come back with the studio, whichever page is opened first."""

from __future__ import annotations

import streamlit as st

from engine.errors import StudioError
from studio import trial
from studio.parts.trouble import show_error
from studio.state import things
from studio.words import _


def wake_sandboxes() -> None:
    """Start the sandboxes again that this workspace was connected to before the studio was closed."""
    if trial.was_begun() and trial.running() is None and things().ledger.connections():
        with st.spinner(_("Starting the sandboxes …")):
            try:
                trial.start()
            except StudioError as error:
                show_error(error)
