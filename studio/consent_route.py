"""Where the browser comes back to after a sign-in in another system."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from engine.design.connecting.consent import finish
from engine.design.connecting.finding import Finding
from engine.errors import StudioError
from studio.opened import shared_things

PATH = "/oauth2/callback"
_MOST_KEPT = 50

_found: OrderedDict[str, Finding] = OrderedDict()
_lock = threading.Lock()


def callback(request: Request) -> Response:
    """Finish the sign-in and go on to the system's page, which says what was found. Starlette runs it in a thread.

    It is nobody's request: whoever began the sign-in finishes it, as the ledger keeps with its secret name.
    """
    try:
        finding = finish(shared_things(), request.query_params)
    except StudioError as error:
        finding = Finding(False, problem=error.as_problem())
    place = {"system": finding.connector, "said": "connected" if finding.ok else "refused", "found": _keep(finding)}
    address = "/systems?" + urlencode({name: value for name, value in place.items() if value})
    # what the browser was sent here with must go no further
    return RedirectResponse(address, 303, {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"})


def found(name: str) -> Finding | None:
    """What a sign-in found, by the name its page was given; None when it is forgotten."""
    with _lock:
        return _found.get(name)


def _keep(finding: Finding) -> str:
    name = secrets.token_urlsafe(8)
    with _lock:
        _found[name] = finding
        while len(_found) > _MOST_KEPT:
            _found.popitem(last=False)
    return name
