"""Where somebody is among the runs, kept in the address: a part of the page, or one run by its number."""

from __future__ import annotations

import streamlit as st

HISTORY, COMPARE = "history", "compare"
_RUN, _PART, _PLACE = "run", "part", ("run", "part", "flow", "binding")


def run_in_address() -> int | None:
    """The run that is looked at; None for none, 0 for what cannot be one."""
    held = st.query_params.get(_RUN, "")
    if not held:
        return None
    return int(held) if held.isdecimal() and len(held) < 19 else 0


def part_of_page() -> str:
    """ "" for the flows, HISTORY or COMPARE."""
    held = st.query_params.get(_PART, "")
    return held if held in (HISTORY, COMPARE) else ""


def go_to_run(run_id: int) -> None:
    """Look at a run."""
    _set({_RUN: str(run_id)})


def go_to_part(part: str | None) -> None:
    """Look at a part of the page."""
    _set({_PART: part} if part else {})


def _set(place: dict[str, str]) -> None:
    """All at once: each change of the address is a step that the browser's back button takes back."""
    others = {name: value for name, value in st.query_params.items() if name not in _PLACE}
    st.query_params.from_dict({**others, **place})
