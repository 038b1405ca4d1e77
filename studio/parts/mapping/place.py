"""Where somebody is on the mapping page, kept in the address: reload, back and a link to a colleague lead there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import streamlit as st

from engine.errors import Problem, StudioError
from studio.parts.mapping.work import VALUES, Work
from studio.words import _

_KEY = "place"
_PARTS = ("step", "field", "sample")
_MOST_TOLD = 80  # characters of a name that is not there
# Streamlit draws the page again when one goes back, and does not say that this was why. When the server was started
# anew, the browser goes on asking for a part of the page, of which the new server knows nothing: it needs the whole.
_TELL = """
const heard = new WeakMap();
export default ({ parentElement, setStateValue }) => {
  let here = heard.get(parentElement);
  if (!here) {
    here = { times: 0 };
    here.listener = () => here.tell({ times: ++here.times, search: window.location.search });
    heard.set(parentElement, here);
    window.addEventListener("popstate", here.listener);
    const app = document.querySelector("[data-testid=stApp]");
    let wasLost = false;
    here.watcher = new MutationObserver(() => {
      const isConnected = app.getAttribute("data-test-connection-state") === "CONNECTED";
      if (isConnected && wasLost) setTimeout(() => here.wake(Date.now()));
      wasLost = !isConnected;
    });
    if (app) here.watcher.observe(app, { attributeFilter: ["data-test-connection-state"] });
  }
  here.tell = (moved) => setStateValue("moved", moved);
  here.wake = (at) => setStateValue("woke", at);
  return () => setTimeout(() => {
    if ((parentElement.host ?? parentElement).isConnected) return;
    window.removeEventListener("popstate", here.listener);
    here.watcher.disconnect();
    heard.delete(parentElement);
  });
};
"""


def arrive(work: Work) -> None:
    """Go where the address says, when the page is opened; later the page leads and the address follows."""
    if not work.has_arrived:
        work.has_arrived = True
        _go(work, st.query_params.to_dict())


def listen(work: Work) -> None:
    """Hear of the browser's back and forward, and of its coming back to a studio that was started anew."""
    _component()(key=_KEY, on_moved_change=lambda: _moved(work), on_woke_change=lambda: None)


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
    if selected and not _is_there(work, step, selected):
        work.selected = None
        work.problems = [_not_there(selected)]
    if sample and sample != work.sample_id and work.awaited is None:
        try:
            work.choose_sample(sample)
        except StudioError as error:
            work.problems = [error.as_problem()]


def _is_there(work: Work, step: str, target: str) -> bool:
    """Whether the step has such a field, or the flow such a named value."""
    if target.startswith(VALUES):
        return target.removeprefix(VALUES) in work.view.loaded.flow.values
    known = {node["id"] for node in work.view.trees(step)["target"]["nodes"]}
    return target in known or target in work.view.picture(step)["fields"]


def _not_there(target: str) -> Problem:
    told = target if len(target) <= _MOST_TOLD else f"{target[:_MOST_TOLD]}…"
    what = _("There is no field “{field}” in this step.", field=told)
    return Problem(_("the address of this page"), what, _("Choose a field on the right."), severity="warning")


def _meaning(work: Work, address: dict[str, str]) -> tuple[str, str, str]:
    first = {"step": work.first_step, "field": "", "sample": work.first_sample}
    step, selected, sample = ({**first, **address}[name] for name in _PARTS)
    return step, selected, sample


def _component() -> Callable[..., Any]:
    made: Callable[..., Any] = st.components.v2.component("place", js=_TELL)
    return made
