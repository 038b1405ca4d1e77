"""The workspace's things in the hands of this session's person."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from engine.design.desk import Desk
from engine.design.drafts import Drafts
from engine.design.people.rights import NOBODY, Person
from studio.kept import Kept
from studio.opened import WORKSPACE as WORKSPACE
from studio.opened import shared_things as shared_things
from studio.opened import workspace_folder as workspace_folder
from studio.person import later, person

STATIC = Path(__file__).parent / "static"


def things() -> Desk:
    """The workspace's things, in the hands of this session's person."""
    return replace(shared_things(), person=_at_work())


def things_later() -> Callable[[], Desk]:
    """Gives the workspace's things outside of the session, in the hands of whoever its person is by then."""
    who = later()
    return lambda: replace(shared_things(), person=who())


def _at_work() -> Person:
    """This session's person. Somebody may have signed out in another window, or been removed, while a part of a page is
    drawn anew: then the whole page is, and asks who they are.
    """
    who = person()
    if who.role is None and get_script_run_ctx(suppress_warning=True) is not None:
        st.rerun()
    return who


@Kept
def shared_drafts() -> Drafts:
    held = shared_things()
    return Drafts(held.workspace, held.clock, person=NOBODY)


def drafts() -> Drafts:
    """The drafts of the workspace, in the hands of this session's person; what is known of its systems is read once."""
    return shared_drafts().of(_at_work())


def is_connected(system: str) -> bool:
    """Are there answers for this system in the workspace?"""
    return any(each.name == system for each in things().ledger.connections())


def editor_id() -> str:
    """This session's name among those who edit: two windows of one person are two."""
    if "editor_id" not in st.session_state:
        st.session_state["editor_id"] = f"{person().name} ({os.urandom(2).hex()})"
    return str(st.session_state["editor_id"])
