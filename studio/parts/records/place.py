"""Where somebody is on the page of records: the search, or one record by its number in the ledger.

What was searched for stands in no address: it may be somebody's name.
"""

from __future__ import annotations

import streamlit as st

_RECORD = "record"


def record_in_address() -> int | None:
    """The record that is looked at; None for the search, 0 for what cannot be one."""
    held = st.query_params.get(_RECORD, "")
    if not held:
        return None
    return int(held) if held.isdecimal() and len(held) < 19 else 0


def go_to(record_id: int) -> None:
    """Look at a record."""
    st.query_params[_RECORD] = str(record_id)


def leave() -> None:
    """Back to the search, as it was."""
    st.query_params.pop(_RECORD, None)
