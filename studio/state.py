"""What all sessions share: the workspace with its ledger, formulas and clock, opened once for the process."""

from __future__ import annotations

import atexit
import os
from contextlib import ExitStack
from pathlib import Path

import streamlit as st

from engine.design.desk import Desk, desk, user_of_machine
from engine.design.drafts import Drafts

WORKSPACE = "MAPPING_STUDIO_WORKSPACE"  # the environment's name for the folder
STATIC = Path(__file__).parent / "static"


def workspace_folder() -> Path:
    """The folder the studio works in."""
    return Path(os.environ.get(WORKSPACE, ".")).resolve()


@st.cache_resource(show_spinner=False)
def things() -> Desk:
    """The workspace's things; DocumentError where the folder is no workspace. Closed when the process ends."""
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(desk(str(workspace_folder())))


@st.cache_resource(show_spinner=False)
def drafts() -> Drafts:
    """The drafts of the workspace; what they know of its systems is read once."""
    return Drafts(things().workspace, things().clock)


def is_connected(system: str) -> bool:
    """Are there answers for this system in the workspace?"""
    return any(each.name == system for each in things().ledger.connections())


def editor_id() -> str:
    """This session's name among those who edit: two windows of one person are two."""
    if "editor_id" not in st.session_state:
        st.session_state["editor_id"] = f"{user_of_machine()} ({os.urandom(2).hex()})"
    return str(st.session_state["editor_id"])
