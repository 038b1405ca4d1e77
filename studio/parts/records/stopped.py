"""What stops the flow that a record waits for, with its ways out: the answer to why nothing came of it yet."""

from __future__ import annotations

import streamlit as st

from engine.design.support.causes import stopped_flows
from studio.parts.records.causes import CausesOnPage
from studio.state import things
from studio.words import translations


def draw_what_stops(flow: str, binding: str, title: str, key: str) -> None:
    """Nothing where the flow is not stopped. title: of the flow."""
    found = [each for each in stopped_flows(things(), translations()) if (each.flow, each.binding) == (flow, binding)]
    if not found:
        return
    with st.container(key=key):
        drawn = CausesOnPage({flow: title})
        drawn.draw_these(found)
        drawn.look_further()
