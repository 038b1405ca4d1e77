"""The browser component: one bundle served from /assets, of which only a stub travels through Streamlit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import streamlit as st

from engine.errors import Json
from studio.state import STATIC

_STUB = """const bundle = import(new URL("/assets/{name}", location.origin));
export default async (component) => (await bundle).default(component);
"""


def mount(key: str, data: Mapping[str, Json], *, height: int | str = "content", **listeners: Callable[[], None]) -> Any:
    """Show the component under this key. listeners: `on_<event>_change`, called before the page is drawn again."""
    return _renderer()(key=key, data=dict(data), height=height, **listeners)


def page_settings(language: str, title: str) -> None:
    """Tell the browser the page's language and title; Streamlit itself leaves the language at English."""
    mount("page", {"kind": "page", "language": language, "title": title})


@cache
def _bundle() -> str:
    found = sorted(STATIC.glob("mapper-*.js"))
    if len(found) != 1:
        raise FileNotFoundError(f"One bundle mapper-*.js is expected in {STATIC}; there are {len(found)}.")
    return found[0].name


def _renderer() -> Callable[..., Any]:
    renderer: Callable[..., Any] = st.components.v2.component("mapper", js=_STUB.format(name=_bundle()))
    return renderer
