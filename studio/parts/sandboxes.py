"""The sandboxes a workspace was tried with: they come back with the studio, whichever page is opened first."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from engine.design.desk import owner
from engine.errors import StudioError
from studio import trial
from studio.parts.trouble import show_error
from studio.state import shared_things, things
from studio.words import _


def wake_sandboxes() -> None:
    """Start the sandboxes again that this workspace was connected to before the studio was closed."""
    if trial.was_begun() and trial.running() is None and things().ledger.connections():
        with st.spinner(_("Starting the sandboxes …")):
            try:
                trial.start(replace(shared_things(), person=owner()))  # whoever comes first: they were connected before
            except StudioError as error:
                show_error(error)
