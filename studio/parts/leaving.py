"""Leaving for another site in the same tab, as a sign-in by consent needs it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from studio.words import _

_GO = "export default ({ data }) => { if (data.address) window.location.assign(data.address); };"


def leave_for(address: str) -> None:
    """Send the browser there. The address must be one that the engine made: http or https, and checked."""
    st.info(_("Your browser goes to the sign-in of the other system and comes back here."), icon=":material/login:")
    st.link_button(_("If nothing happens, open it here"), address, type="tertiary")
    _component()(key="leave", data={"address": address})


def _component() -> Callable[..., Any]:
    made: Callable[..., Any] = st.components.v2.component("leave", js=_GO)
    return made
