"""A fault of the studio itself: said on the page in words, logged by its kind and place, never with a value."""

from __future__ import annotations

import logging
import traceback

import streamlit as st

from engine.errors import NotAllowed
from studio.parts.trouble import show_error
from studio.words import _

_LOG = logging.getLogger("studio")


def show_fault(error: Exception) -> bool:
    """Say it, and keep Streamlit's own box away. What a role does not allow is no fault: somebody's role was changed
    while they had the page open.
    """
    if isinstance(error, NotAllowed):
        show_error(error)
        return True
    place = traceback.extract_tb(error.__traceback__)[-1]
    kind = type(error).__name__
    _LOG.error("%s in %s, line %s", kind, place.filename, place.lineno)
    st.error(
        _(
            "**This part of the page could not be drawn.** The fault is ours ({kind}), not yours; what you changed "
            "before is saved in the draft. Reload the page; if it happens again, tell us what you did.",
            kind=kind,
        ),
        icon=":material/error:",
    )
    return True
