"""Who may talk to the studio: the browser, by the name of this machine or the address it was started with, from our own
pages.

That it listens on this machine only keeps other machines out, not other pages in the same browser: one of those can
open a WebSocket to us, or give its own name our address (DNS rebinding). Neither gets in here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from studio.served import served

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
_OURS = {
    b"content-security-policy": b"frame-ancestors 'self'",  # nobody lays our page under theirs
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",  # the place in the address is nobody else's business
}


class OwnAddressOnly:
    """Turns away what was meant for another name, and WebSockets that a page which is not ours opens."""

    def __init__(self, app: Application) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
        elif is_let_in(scope):
            await self._app(scope, receive, _with_our_headers(send) if scope["type"] == "http" else send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})  # before it was accepted: 403
        else:
            await send({"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain")]})
            await send(
                {"type": "http.response.body", "body": b"Open the studio at the address it says when it starts."}
            )


def is_let_in(scope: Scope) -> bool:
    """Does this request name this machine or our address, and come from our own page where it opens a WebSocket?"""
    headers = {name.lower(): value.decode("latin-1").lower() for name, value in scope["headers"]}
    host = headers.get(b"host", "")
    try:
        if urlsplit(f"//{host}").hostname not in _NAMES and host not in served().hosts:
            return False
        origin = headers.get(b"origin")  # absent: no browser
        return scope["type"] == "http" or origin is None or urlsplit(origin).netloc == host
    except ValueError:  # no address at all
        return False


def _with_our_headers(send: Send) -> Send:
    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            held = [_secure(name, value) for name, value in message.get("headers", [])]
            named = {name.lower() for name, _value in held}
            message["headers"] = held + [(name, value) for name, value in _OURS.items() if name not in named]
        await send(message)

    return sending


def _secure(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """Cookies go by https only, where people come by https; also those that Streamlit sets."""
    if name.lower() == b"set-cookie" and served().is_secure and b"secure" not in value.lower().split(b"; "):
        return name, value + b"; Secure"
    return name, value
