"""Where the browser fetches its session: a ticket, good once and for a moment, becomes a cookie no script can read.

The ticket comes by the WebSocket of the page on which the password was right, and goes in the body of a request: what
lets somebody in stands in no address.
"""

from __future__ import annotations

import secrets
import threading
import time
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from engine.design.people.sessions import LONGEST, cookie_name
from studio.opened import shared_things
from studio.served import served

PATH = "/signed-in"
_GOOD_SECONDS = 60
_MOST_BYTES = 500

_tickets: dict[str, tuple[float, str]] = {}
_lock = threading.Lock()


def ticket_for(session: str) -> str:
    """A ticket for this session."""
    ticket, now = secrets.token_urlsafe(32), time.monotonic()
    with _lock:
        for old in [each for each, (until, _) in _tickets.items() if until < now]:
            del _tickets[old]
        _tickets[ticket] = (now + _GOOD_SECONDS, session)
    return ticket


async def keep_session(request: Request) -> Response:
    """The cookie for a ticket; 403 for what is none, or comes from a page that is not ours."""
    session = _taken(await _body(request)) if _is_ours(request) else ""
    if not session:
        return Response(status_code=403, headers={"Cache-Control": "no-store"})
    answer = Response(status_code=204, headers={"Cache-Control": "no-store"})
    answer.set_cookie(
        cookie_name(shared_things()),
        session,
        max_age=int(LONGEST.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=served().is_secure,
    )
    return answer


def _is_ours(request: Request) -> bool:
    origin = request.headers.get("origin", "")
    return bool(origin) and urlsplit(origin).netloc == request.headers.get("host")


async def _body(request: Request) -> str:
    read = b""
    async for part in request.stream():
        read += part
        if len(read) > _MOST_BYTES:
            return ""
    return read.decode("ascii", "replace")


def _taken(ticket: str) -> str:
    with _lock:
        until, session = _tickets.pop(ticket, (0.0, ""))
    return session if time.monotonic() < until else ""
