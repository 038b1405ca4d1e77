"""Names with values beside them, as text only: whatever stands in a record, it is shown and never read as markup."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

import streamlit as st

from studio.words import _

_BREAKS = re.compile(r"(?<=\w)(?=@|\.[^\W\d])")  # where an address may go on in the next line


@dataclass(frozen=True, slots=True)
class Row:
    """A name and its value. is_changed: it has just changed; behind: what the value stands for, told on pointing."""

    name: str
    value: str
    is_changed: bool = False
    behind: str = ""


def draw_rows(rows: Iterable[Row]) -> None:
    """Each name with its value; of those that have just changed it is said. The keyboard gets there, to scroll."""
    st.html(f'<dl class="ms-rows" tabindex="0">{"".join(map(_line, rows))}</dl>')


def _line(row: Row) -> str:
    changed = f'<span class="ms-moved" title="{escape(_("just changed"))}">◀</span>' if row.is_changed else ""
    behind = f' title="{escape(row.behind)}"' if row.behind else ""
    kind = "ms-row ms-changed" if row.is_changed else "ms-row"
    value = f"<bdi{behind}>{_BREAKS.sub('<wbr>', escape(row.value))}</bdi>{changed}"
    return f'<div class="{kind}"><dt>{escape(row.name)}</dt><dd>{value}</dd></div>'
