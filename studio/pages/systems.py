"""The systems: which there are, how well each is known, and connecting one."""

from __future__ import annotations

import streamlit as st

from engine.design.connecting.catalogue import Entry, catalogue, entry_of
from engine.errors import DocumentError, StudioError
from studio.consent_route import found
from studio.parts.catalogue import draw_catalogue, draw_evidence, in_words, role_badges, state_badge
from studio.parts.connection import draw_connection, draw_disconnect, draw_finding, work_on
from studio.parts.header import header
from studio.parts.trouble import plain, show_error, show_problem, show_problems
from studio.state import STATIC, things
from studio.words import _

_PLACE = ("system", "said", "found")


def systems_page() -> None:
    """Draw it: the catalogue, or the one system that the address names."""
    name = st.query_params.get("system", "")
    st.html(STATIC / "systems.css")
    try:
        if name:
            _draw_system(name)
        else:
            _draw_all()
    except StudioError as error:
        show_error(error)


def _draw_all() -> None:
    header(_("Systems"), _("What can be connected here, and what is connected."))
    _returned(None)
    draw_catalogue(catalogue(things()), _choose)


def _choose(name: str) -> None:
    _leave()
    st.query_params["system"] = name


def _leave() -> None:
    for part in _PLACE:
        st.query_params.pop(part, None)


def _draw_system(name: str) -> None:
    st.button(_("All systems"), type="tertiary", icon=":material/arrow_back:", on_click=_leave, key="all_systems")
    try:
        entry = entry_of(things(), name)
    except DocumentError as error:
        header(_("Systems"))
        show_problems(error.problems)
        return
    header(entry.title)
    st.markdown(f"{role_badges(entry)} {state_badge(entry)} :small[:gray[{plain(in_words(entry))}]]")
    if entry.connector is None:
        st.write(_("The description of this system cannot be used. Everything else works."))
        show_problems(entry.problems)
        if entry.connected is not None:
            draw_disconnect(entry)
        return
    _returned(entry)
    draw_connection(entry, entry.connector)
    draw_evidence(entry)


def _returned(entry: Entry | None) -> None:
    """What a sign-in in another system came to, when the browser has just come back from it."""
    said = st.query_params.get("said", "")
    if not said or (entry is not None and work_on(entry.name).finding is not None):
        return
    finding = found(st.query_params.get("found", ""))
    if finding is not None and entry is not None and entry.connector is not None:
        draw_finding(finding, entry.connector)
    elif finding is not None and finding.problem is not None:
        show_problem(finding.problem)
    elif said == "connected" and entry is not None and entry.connected is not None:
        st.success(_("{system} is connected.", system=plain(entry.title)), icon=":material/check_circle:")
