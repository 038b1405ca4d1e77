"""A file that is no flow, in a list of flows: what is wrong with it, and where. Everything else works."""

from __future__ import annotations

import streamlit as st

from engine.design.flow_list import ListedFlow
from studio.parts.trouble import plain, show_problems

_MOST_PROBLEMS = 3


def draw_broken(number: int, flow: ListedFlow) -> None:
    """number: its place in the list, for its name may be anything."""
    with st.container(border=True, key=f"broken_flow_{number}"):
        st.markdown(f"**{plain(flow.name)}**")
        show_problems(flow.problems[:_MOST_PROBLEMS])
