"""What `serve` answers over HTTP: /health and /metrics to this machine, /hooks/… to the systems."""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from engine.commands.serving.figures import CONTENT_TYPE
from engine.commands.serving.flood import Flood
from engine.connectors.events import MOST_BYTES
from engine.errors import Json

TOO_LARGE, NOT_FOUND, DISCONNECTED, TOO_SLOW, TOO_MANY = 413, 404, 400, 408, 429
BODY_SECONDS = 20.0  # for the whole of a body, however it trickles
_QUIET = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True, slots=True)
class Answers:
    """What the addresses answer. knows(token): is there such an address? hook(token, headers, body): the status of a
    webhook, once what it brought is kept.
    """

    health: Callable[[], tuple[int, dict[str, Json]]]
    figures: Callable[[], bytes]
    knows: Callable[[str], bool]
    hook: Callable[[str, Mapping[str, str], bytes], int]
    hooked: Callable[[int], None]


def application(answers: Answers) -> Starlette:
    """The app that uvicorn serves."""

    async def health(request: Request) -> Response:
        if not is_near(request):
            return Response(status_code=NOT_FOUND)
        status, said = await run_in_threadpool(answers.health)
        return JSONResponse(said, status, headers=_QUIET)

    async def figures(request: Request) -> Response:
        if not is_near(request):
            return Response(status_code=NOT_FOUND)
        return Response(await run_in_threadpool(answers.figures), headers={**_QUIET, "Content-Type": CONTENT_TYPE})

    flood = Flood()

    async def hook(request: Request) -> Response:
        status = await _hooked(request, answers, flood)
        answers.hooked(status)
        if status == NOT_FOUND:
            flood.missed(time.monotonic())
        more = {"Retry-After": "60"} if status == TOO_MANY else {}
        ends = {"Connection": "close"} if status in (TOO_SLOW, TOO_MANY) else {}
        return Response(status_code=status, headers={**_QUIET, **more, **ends})

    routes = [
        Route("/health", health, methods=["GET"]),
        Route("/metrics", figures, methods=["GET"]),
        Route("/hooks/{token}", hook, methods=["POST"]),
    ]
    return Starlette(routes=routes)


async def _hooked(request: Request, answers: Answers, flood: Flood) -> int:
    token = request.path_params["token"]
    if flood.is_on(time.monotonic()) and not await run_in_threadpool(answers.knows, token):
        return TOO_MANY
    declared = request.headers.get("content-length", "0")
    if not declared.isdecimal() or int(declared[:12]) > MOST_BYTES:
        return TOO_LARGE
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for piece in request.stream():  # counted while it is read: what is declared may be a lie
                body += piece
                if len(body) > MOST_BYTES:
                    return TOO_LARGE
    except ClientDisconnect:
        return DISCONNECTED
    except TimeoutError:
        return TOO_SLOW
    return await run_in_threadpool(answers.hook, token, dict(request.headers), bytes(body))


def is_near(request: Request) -> bool:
    """Does it come from this machine, and for it? Nobody else need know how we are."""
    client = request.client.host if request.client else ""
    try:
        return ipaddress.ip_address(client).is_loopback and "x-forwarded-for" not in request.headers
    except ValueError:
        return False
