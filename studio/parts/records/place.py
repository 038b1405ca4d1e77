"""Where somebody is on the page of records: the search, or one record by its number in the ledger.

What was searched for stands in no address: it may be somebody's name. With the number stands a mark of this workspace,
so that an address that was kept or sent on never opens another record.
"""

from __future__ import annotations

import streamlit as st

from engine.design.support.asking import link_of, record_of_link
from studio.state import things

_RECORD = "record"
_OPENED = "record_just_opened"


def record_in_address() -> int | None:
    """The record that is looked at; None for the search, 0 where the address means none that is here."""
    held = st.query_params.get(_RECORD, "")
    if not held:
        return None
    found = record_of_link(things().ledger, held)
    if found is None:
        return 0
    if "-" not in held:
        st.query_params[_RECORD] = link_of(things().ledger, found)
    return found


def go_to(record_id: int) -> None:
    """Look at a record."""
    st.query_params[_RECORD] = link_of(things().ledger, record_id)
    st.session_state[_OPENED] = True


def was_just_opened() -> bool:
    """Was a record opened by this very click? Then the keyboard goes on in its story."""
    return bool(st.session_state.pop(_OPENED, False))


def leave() -> None:
    """Back to the search, as it was."""
    st.query_params.pop(_RECORD, None)
