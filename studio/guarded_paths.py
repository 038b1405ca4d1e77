"""Files that Streamlit hands out or takes outside a session: for those only who are signed in.

Downloads lie under addresses nobody can guess, and uploads under those of a session; neither says who asks.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from engine.errors import StudioError
from studio.own_address import Application, Receive, Scope, Send
from studio.person import standing_of_request

_GUARDED = ("/media/", "/_stcore/upload_file/", "/_stcore/agent/")


class SignedInOnly:
    """Turns away who asks for such a file and is nobody."""

    def __init__(self, app: Application) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(_GUARDED):
            cookies = Request(scope).cookies
            if not await run_in_threadpool(_is_let_in, cookies):
                await Response(status_code=403, headers={"Cache-Control": "no-store"})(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _is_let_in(cookies: dict[str, str]) -> bool:
    try:
        return standing_of_request(cookies).person.role is not None
    except StudioError:  # the workspace cannot be opened, so there is no file of it either
        return False
