"""The server: Streamlit under uvicorn, with our own files beside it."""

from __future__ import annotations

import gc
import importlib
import logging
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from studio import consent_route
from studio.faults import show_fault
from studio.own_address import OwnAddressOnly
from studio.state import STATIC

DOOR = Path(__file__).parents[1] / "streamlit_app.py"


def application() -> st.App:
    """The app that uvicorn serves, with all that its pages need loaded, so that the first visitor does not wait for it.

    What is loaded by now stays: it need not be looked through for garbage.
    """
    early = logging.getLogger("streamlit.runtime.caching.cache_data_api")
    early.setLevel(logging.ERROR)  # it would say that it caches in memory while no server runs yet: so it is meant
    for name in ("pandas", "studio.app"):
        importlib.import_module(name)
    routes = [
        Mount("/assets", StaticFiles(directory=STATIC)),
        Route(consent_route.PATH, consent_route.callback),
    ]
    app = st.App(str(DOOR), on_script_error=show_fault, routes=routes, middleware=[Middleware(OwnAddressOnly)])
    gc.collect()
    gc.freeze()
    return app
