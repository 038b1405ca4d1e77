"""The reader's language in the browser: kept for the next visit, and for the words of Streamlit's own frame."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import streamlit as st

from studio.state import STATIC
from studio.words import COOKIE, _, chosen_language, language, no_

# As Streamlit writes them, in English whoever reads; {name} stands for what follows or goes before.
TEXTS = (
    no_("Skip to main content"),
    no_("App pages"),
    no_("Close"),
    no_("Open"),
    no_("Choose an option"),
    no_("Choose options"),
    no_("Add: {name}"),
    no_("Remove {name}"),
    no_("Selected values"),
    no_("Select all"),
    no_("Clear all"),
    no_("Clear value"),
    no_("Clear selection"),
    no_("No results"),
    no_("Press Enter to apply"),
    no_("Press Ctrl+Enter to apply"),
    no_("Show password"),
    no_("Hide password"),
    no_("Help for {name}"),
    no_("Upload"),
    no_("file upload"),
    no_("{name} per file"),
    no_("Copy to clipboard"),
    no_("Add row"),
    no_("Add row: {name}"),
    no_("Delete row(s)"),
    no_("Delete row(s): {name}"),
    no_("Show/hide columns"),
    no_("Show/hide columns: {name}"),
    no_("Download as CSV"),
    no_("Download as CSV: {name}"),
    no_("Search"),
    no_("Search: {name}"),
    no_("Fullscreen"),
    no_("Fullscreen: {name}"),
    no_("Close fullscreen"),
    no_("Close fullscreen: {name}"),
    no_("Sort ascending"),
    no_("Sort descending"),
    no_("Pin column"),
    no_("Hide column"),
    no_("Autosize"),
)


def keep_language() -> None:
    """Have the browser keep the choice of language, and say Streamlit's words in it."""
    texts = [[text, _(text)] for text in TEXTS] if language() != "en" else []
    _renderer()(key="frame", data={"cookie": COOKIE, "chosen": chosen_language(), "texts": texts}, height="content")


@cache
def _script() -> str:
    return (STATIC / "frame.js").read_text(encoding="utf-8")


def _renderer() -> Callable[..., Any]:
    renderer: Callable[..., Any] = st.components.v2.component("frame", js=_script())
    return renderer
