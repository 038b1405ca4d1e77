"""Which part of Settings somebody is at, kept in the address; and what an action there came to, said once."""

from __future__ import annotations

import streamlit as st

from engine.errors import Problem, StudioError
from studio.parts.trouble import show_problem

_PART = "part"
_SAID = "settings_said"


def part_in_address() -> str:
    """The part that is looked at; "" for the first."""
    return st.query_params.get(_PART, "")


def go_to(part: str) -> None:
    """Look at a part; what an action came to in another one is said no more."""
    st.session_state.pop(_SAID, None)
    if part:
        st.query_params[_PART] = part
    else:
        st.query_params.pop(_PART, None)


def say(said: str | Problem | StudioError) -> None:
    """Say it with the next drawing, above the part: a sentence of Markdown that it went well, or what is wrong."""
    st.session_state[_SAID] = said.as_problem() if isinstance(said, StudioError) else said


def draw_said() -> None:
    """What the last action came to, once."""
    said = st.session_state.pop(_SAID, None)
    if isinstance(said, Problem):
        show_problem(said)
    elif said:
        st.success(said, icon=":material/check_circle:")
