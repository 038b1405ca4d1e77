"""Names with values beside them, as text only: whatever stands in a record, it is shown and never read as markup."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import streamlit as st

from studio.words import _


def draw_rows(rows: Iterable[tuple[str, str, bool]]) -> None:
    """Each name with its value; of those that have just changed it is said. The keyboard gets there, to scroll."""
    changed = f'<span class="ms-moved" title="{escape(_("just changed"))}">◀</span>'
    lines = [
        f'<div class="{"ms-row ms-changed" if is_changed else "ms-row"}"><dt>{escape(name)}</dt>'
        f"<dd><bdi>{escape(value)}</bdi>{changed if is_changed else ''}</dd></div>"
        for name, value, is_changed in rows
    ]
    st.html(f'<dl class="ms-rows" tabindex="0">{"".join(lines)}</dl>')
