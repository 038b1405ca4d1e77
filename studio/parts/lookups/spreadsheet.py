"""Rows to a file and back, and what is pasted from a spreadsheet: looked at first, then taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from engine.design.lookups import Parsed, Value, changes, common_kind, from_text, gone_rows, to_file
from engine.design.people.rights import Role
from studio.parts.allowed import only
from studio.parts.lookups.work import LookupWork
from studio.parts.trouble import plain, show_problems
from studio.person import may
from studio.words import _, n_

_MOST_SHOWN = 8


def draw_spreadsheet(work: LookupWork) -> None:
    """Download, upload and paste."""
    rows = work.sheet.rows(work.name)
    with st.container(horizontal=True, gap="small", key="lookup_files"):
        st.download_button(
            _("Download as CSV"),
            data=to_file(rows),
            file_name=f"{work.flow}-{work.name}.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            disabled=not rows,
        )
    if work.table.is_read:
        return
    with st.expander(_("Paste from a spreadsheet, or upload a file"), icon=":material/content_paste:"):
        _draw_taking(work)


def _draw_taking(work: LookupWork) -> None:
    key = f"{work.name}_{work.taken}"
    left, right = st.columns(2, gap="medium")
    with left:
        pasted = st.text_area(
            _("Two columns, copied from a spreadsheet"),
            key=f"pasted_{key}",
            height=150,
            placeholder=_("source value ⇥ target value"),
            disabled=not may(Role.DESIGN),
        )
    with right:
        file = st.file_uploader(
            _("Or a CSV file"),
            type=["csv", "txt", "tsv"],
            key=f"file_{key}",
            max_upload_size=8,
            disabled=not may(Role.DESIGN),
        )
    content: str | bytes = file.getvalue() if file is not None else pasted
    if not content.strip():
        return
    kind = common_kind(work.table.rows.values())
    parsed = from_text(content, kind=kind)
    if parsed.rows or parsed.has_heading:
        is_heading = st.checkbox(
            _("The first line names the columns"), value=parsed.has_heading, key=f"heading_{key}_{hash(content)}"
        )
        parsed = from_text(content, kind=kind, heading=is_heading) if is_heading != parsed.has_heading else parsed
    if parsed.encoding:
        st.caption(_("Read as {encoding}.", encoding=parsed.encoding))
    show_problems(parsed.problems[:_MOST_SHOWN])
    if not parsed.is_good:
        st.caption(_("Nothing is taken until this is mended; the rows above stay as they are."))
        return
    _draw_result(work, parsed, key)


def _draw_result(work: LookupWork, parsed: Parsed, key: str) -> None:
    """What would change, and the button."""
    keeps = st.radio(
        _("What about the rows that are there"),
        [True, False],
        format_func=lambda each: _("keep them, add and change rows") if each else _("replace all of them"),
        key=f"keeps_{key}",
        horizontal=True,
    )
    before = work.table.rows
    after: dict[str, Value] = {**before, **parsed.rows} if keeps else dict(parsed.rows)
    st.markdown(_difference(before, after))
    lost = gone_rows(replace(work.table, rows=parsed.rows), work.sheet.options(work.name))
    if lost:
        names = ", ".join(plain(name) for name in list(lost)[:_MOST_SHOWN])
        says = n_("{n} row names nothing the target has", "{n} rows name nothing the target has", len(lost))
        st.warning(f"{says}: {names}", icon=":material/warning:")
    st.button(
        n_("Take {n} row", "Take {n} rows", len(parsed.rows)),
        type="primary",
        on_click=lambda: _take(work, after),
        **only(Role.DESIGN, disabled=not changes(work.name, before, after)),
    )


def _difference(before: Mapping[str, Value], after: Mapping[str, Value]) -> str:
    added = sum(key not in before for key in after)
    dropped = sum(key not in after for key in before)
    changed = sum(key in before and (type(before[key]), before[key]) != (type(v), v) for key, v in after.items())
    parts = [
        n_("{n} new", "{n} new", added),
        n_("{n} changed", "{n} changed", changed),
        n_("{n} removed", "{n} removed", dropped),
    ]
    return " · ".join(parts)


def _take(work: LookupWork, after: Mapping[str, Value]) -> None:
    if work.change(changes(work.name, work.table.rows, after)):
        work.taken += 1
