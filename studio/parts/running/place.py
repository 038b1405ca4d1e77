"""Where somebody is on the page of running flows, kept in the address: the list, or one binding and a part of it."""

from __future__ import annotations

import streamlit as st

ANSWER = "answer"  # the answer that somebody came for, which stands first
_PLACE = ("flow", "binding", "part", ANSWER)


def flow_in_address() -> str:
    """The flow that is looked at; "" for the list of all."""
    return st.query_params.get("flow", "")


def binding_in_address() -> str:
    """The binding that is looked at."""
    return st.query_params.get("binding", "") or "default"


def part_in_address() -> str:
    """The part of the binding that is looked at; "" for the first."""
    return st.query_params.get("part", "")


def go_to(flow: str, binding: str = "default", part: str = "") -> None:
    """Look at a binding."""
    _set({"flow": flow, "binding": binding, **({"part": part} if part else {})})


def leave() -> None:
    """Back to the list."""
    _set({})


def _set(place: dict[str, str]) -> None:
    """All at once: each change of the address is a step that the browser's back button takes back."""
    others = {name: value for name, value in st.query_params.items() if name not in _PLACE}
    st.query_params.from_dict({**others, **place})
