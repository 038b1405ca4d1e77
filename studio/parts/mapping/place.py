"""Where somebody is on the mapping page, kept in the address: reload, back and a link to a colleague lead there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import streamlit as st

from engine.errors import StudioError
from studio.parts.mapping.work import Work

_KEY = "place"
_PARTS = ("step", "field", "sample")
# Streamlit draws the page again when one goes back, and does not say that this was why.
_TELL = """
const heard = new WeakMap();
export default ({ parentElement, setStateValue }) => {
  let here = heard.get(parentElement);
  if (!here) {
    here = { times: 0 };
    here.listener = () => here.tell({ times: ++here.times, search: window.location.search });
    heard.set(parentElement, here);
    window.addEventListener("popstate", here.listener);
  }
  here.tell = (moved) => setStateValue("moved", moved);
  return () => setTimeout(() => {
    if ((parentElement.host ?? parentElement).isConnected) return;
    window.removeEventListener("popstate", here.listener);
    heard.delete(parentElement);
  });
};
"""


def arrive(work: Work) -> None:
    """Go where the address says, when the page is opened; later the page leads and the address follows."""
    if _KEY not in st.session_state:
        _go(work, st.query_params.to_dict())


def listen(work: Work) -> None:
    """Hear of the browser's back and forward."""
    _component()(key=_KEY, on_moved_change=lambda: _moved(work))


def keep_place(work: Work) -> None:
    """Write the place into the address, where it is another one than what stands there means."""
    if _meaning(work, work.address) == (work.step, work.selected or "", work.sample_id):
        return
    work.address = {
        name: value for name, value in zip(_PARTS, (work.step, work.selected, work.sample_id), strict=True) if value
    }
    others = {name: value for name, value in st.query_params.to_dict().items() if name not in _PARTS}
    st.query_params.from_dict({**others, "flow": work.flow, **work.address})


def _moved(work: Work) -> None:
    told = st.session_state[_KEY].moved
    if told:
        found = {name: values[-1] for name, values in parse_qs(str(told["search"])[1:]).items()}
        if found.get("flow") == work.flow:
            _go(work, found)


def _go(work: Work, address: dict[str, str]) -> None:
    """To a place, and to where the flow was opened for what the address leaves out."""
    work.address = {name: address[name] for name in _PARTS if address.get(name)}
    step, selected, sample = _meaning(work, work.address)
    work.step, work.selected = step, selected or None
    if sample and sample != work.sample_id:
        try:
            work.choose_sample(sample)
        except StudioError as error:
            work.problems = [error.as_problem()]


def _meaning(work: Work, address: dict[str, str]) -> tuple[str, str, str]:
    first = {"step": work.first_step, "field": "", "sample": work.first_sample}
    step, selected, sample = ({**first, **address}[name] for name in _PARTS)
    return step, selected, sample


def _component() -> Callable[..., Any]:
    made: Callable[..., Any] = st.components.v2.component("place", js=_TELL)
    return made
