"""The button of a need: it leads to the page where it is mended."""

from __future__ import annotations

import streamlit as st

from engine.design.home.needing import Need
from studio.parts.allowed import lacks
from studio.parts.records.causes import choose


def draw_way(need: Need, key: str) -> None:
    """Disabled, with the reason, for whoever may not do what it says."""
    missing = lacks(need.way.role)
    about = f"{need.way.says}: {need.about or need.what}"
    pressed = st.button(
        need.way.says,
        key=f"way_{key}",
        icon=":material/arrow_forward:",
        icon_position="right",
        disabled=bool(missing),
        help=missing or about,
    )
    if pressed:
        go(need)


def go(need: Need) -> None:
    """To the page of its way."""
    if need.way.cause is not None:
        choose(need.way.cause)
    st.switch_page(st.session_state["pages"][need.way.page], query_params=dict(need.way.query))


def open_record(record_id: int) -> None:
    """To the story of a record."""
    st.switch_page(st.session_state["pages"]["records"], query_params={"record": str(record_id)})
