"""What becomes of a record, step by step, with a mark where the last change moved something."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from engine.design.view import View
from studio.parts.rows import draw_rows
from studio.parts.trouble import plain
from studio.words import _, n_

_MOST_ROWS = 40


def draw_result(view: View, before: Mapping[tuple[str, str], str]) -> dict[tuple[str, str], str]:
    """Draw it. before: what was shown the last time; gives what is shown now."""
    now: dict[tuple[str, str], str] = {}
    st.subheader(_("What becomes of an order"), anchor=False)
    for step in view.steps():
        if not step["done"]:
            st.markdown(f":gray[~~{plain(step['title'])}~~]")
            continue
        rows = view.picture(step["name"])["fields"]
        shown = {target: str(row["value"]) for target, row in rows.items() if row["value"] not in (None, "")}
        now |= {(step["name"], target): value for target, value in shown.items()}
        moved = {target for target in shown if before and before.get((step["name"], target)) != shown[target]}
        gone = {target for name, target in before if name == step["name"] and target not in shown}
        with st.container(border=True, key=f"result_{step['name']}"):
            st.markdown(f"**{plain(step['title'])}**")
            rows = [(view.title_of(step["name"], target), shown[target], target in moved) for target in shown]
            draw_rows(rows[:_MOST_ROWS]) if rows else st.caption(_("Nothing is sent."))
            if gone:
                st.caption(n_("{n} field is not sent any more.", "{n} fields are not sent any more.", len(gone)))
    if view.is_reading:
        st.caption(_("The accounts are just being read; some values are still missing."))
    return now
