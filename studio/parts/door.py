"""What the browser does for signing in; it shows nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import streamlit as st

from studio.state import STATIC


def fetch_cookie(ticket: str) -> None:
    """The browser fetches its session for this ticket and comes again to the same address."""
    _do(ticket=ticket)


def remember_page() -> None:
    """Remember the page that was asked for, while somebody is at the provider."""
    _do(remember=True)


def to_remembered_page() -> None:
    """Go on to the page that was asked for before."""
    _do(back=True)


def _do(**what: object) -> None:
    renderer: Callable[..., Any] = st.components.v2.component("door", js=_script())
    renderer(key="door", data=what, height="content")


@cache
def _script() -> str:
    return (STATIC / "door.js").read_text(encoding="utf-8")
