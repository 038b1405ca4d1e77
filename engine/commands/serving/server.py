"""The web server of `serve`: uvicorn in a thread of its own, on a socket that is open before anything runs."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
import time
from types import TracebackType
from typing import Any, Self

import uvicorn

from engine.errors import DocumentError, Problem

_BACKLOG = 2_048  # a thousand webhooks may come at once
_MOST_FILES = 8_192
SILENT_SECONDS, _SWEEP_SECONDS = 10.0, 5.0


def let_many_connect() -> None:
    """As many open connections as this machine lets a process have; mostly it lets only a thousand at first."""
    try:
        import resource
    except ImportError:  # not on this system
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_FILES if hard == resource.RLIM_INFINITY else min(_MOST_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; DocumentError where the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listening.bind((host, port))
        listening.listen(_BACKLOG)
    except (OSError, OverflowError) as error:
        listening.close()
        reason = (getattr(error, "strerror", None) or "there is no such port").lower()
        raise DocumentError(
            [Problem(f"{host}:{port}", f"this address cannot be used: {reason}", "Name another: --port 8081")]
        ) from error
    return listening


class WebServer:
    """Serves an application as long as its `with` block lasts."""

    def __init__(self, application: Any, listening: socket.socket) -> None:
        config = uvicorn.Config(
            application,
            loop="asyncio",
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,  # addresses hold tokens
            server_header=False,
            backlog=_BACKLOG,
            timeout_graceful_shutdown=3,
        )
        logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
        logging.getLogger("uvicorn.access").disabled = True
        self._server = uvicorn.Server(config)
        self._listening = listening
        self._thread = threading.Thread(target=self._serve, name="web", daemon=True)
        host, port = listening.getsockname()[:2]
        self.address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def _serve(self) -> None:
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(self._served())

    async def _served(self) -> None:
        sweeping = asyncio.create_task(self._sweep())
        try:
            await self._server.serve(sockets=[self._listening])
        finally:
            sweeping.cancel()

    async def _sweep(self) -> None:
        """End connections that ask for nothing, or go on sending after the answer: uvicorn itself waits for ever."""
        seen: dict[Any, tuple[Any, float]] = {}  # connection → its request and since when it says nothing
        while True:
            await asyncio.sleep(_SWEEP_SECONDS)
            now, before, seen = time.monotonic(), seen, {}
            for each in list(self._server.server_state.connections):
                request = getattr(each, "cycle", None)
                if request is not None and not request.response_complete:
                    continue
                known, since = before.get(each, (request, now))
                seen[each] = (request, since if known is request else now)
                if known is request and now - since >= SILENT_SECONDS:
                    each.transport.abort()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join(5)
        self._listening.close()
