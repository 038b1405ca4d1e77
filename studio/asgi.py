"""The server: Streamlit under uvicorn, with our own files beside it."""

from __future__ import annotations

import gc
import importlib
import logging
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from engine.design.people.sign_in import OIDC, WayIn
from studio import consent_route, sign_in_route
from studio.faults import keep_values_out_of_the_log, show_fault
from studio.guarded_paths import SignedInOnly
from studio.own_address import OwnAddressOnly
from studio.parts.runs.own import ends_its_runs
from studio.served import Served, say_served
from studio.state import STATIC

DOOR = Path(__file__).parents[1] / "streamlit_app.py"


def application(how: Served, way: WayIn) -> st.App:
    """The app that uvicorn serves, with all that its pages need loaded, so that the first visitor does not wait for it.

    What is loaded by now stays: it need not be looked through for garbage.
    """
    say_served(how)
    keep_values_out_of_the_log()
    early = logging.getLogger("streamlit.runtime.caching.cache_data_api")
    early.setLevel(logging.ERROR)  # it would say that it caches in memory while no server runs yet: so it is meant
    for name in ("pandas", "studio.app"):
        importlib.import_module(name)
    routes = [
        Mount("/assets", StaticFiles(directory=STATIC)),
        Route(consent_route.PATH, consent_route.callback),
        Route(sign_in_route.PATH, sign_in_route.keep_session, methods=["POST"]),
    ]
    app = st.App(
        str(DOOR),
        on_script_error=show_fault,
        lifespan=ends_its_runs,
        routes=routes,
        middleware=[Middleware(OwnAddressOnly), Middleware(SignedInOnly)],
        secrets=_provider(how, way),
    )
    gc.collect()
    gc.freeze()
    return app


def _provider(how: Served, way: WayIn) -> dict[str, Any]:
    """What Streamlit's own sign-in has to know of the OpenID provider; nothing where there is none."""
    if way.way != OIDC:
        return {}
    auth = {
        "redirect_uri": f"{how.address}/oauth2callback",
        "cookie_secret": way.key,
        "client_id": way.client_id,
        "client_secret": way.client_secret,
        "server_metadata_url": way.metadata,
    }
    return {"auth": auth}
