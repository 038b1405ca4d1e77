"""`python -m studio`: opens the studio in the browser, on this machine only or for those who sign in."""

from __future__ import annotations

import argparse
import os
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path

from engine.design.people.sign_in import WayIn
from studio.reach import HOST, how_served, way_and_problem
from studio.served import Served


def main(words: list[str] | None = None) -> int:
    """Serve until interrupted; the exit code."""
    asked = _arguments(words)
    os.environ["MAPPING_STUDIO_WORKSPACE"] = str(Path(asked.workspace).resolve())
    way, problem = way_and_problem(asked)
    if problem:
        print(problem, file=sys.stderr)
        return 2
    try:
        listening = _listen(asked.host, asked.port)
    except (OSError, OverflowError) as error:  # a number that is no port, a name that is no host
        reason = (getattr(error, "strerror", None) or "there is no such port").lower()
        place = f"Port {asked.port}" if asked.host == HOST else f"{asked.host}, port {asked.port},"
        print(f"{place} cannot be used: {reason}. Name another: --port 8502", file=sys.stderr)
        return 2
    how = how_served(asked, way, listening.getsockname()[1])
    serve(listening, lambda: _announce(how.address, opens_browser=not asked.no_browser), how, way)
    return 0


def _announce(address: str, *, opens_browser: bool) -> None:
    print(f"Mapping Studio is at {address}  (Ctrl-C ends it)", flush=True)
    if opens_browser:
        threading.Timer(0.5, webbrowser.open, [address]).start()


def serve(listening: socket.socket, announce: Callable[[], None], how: Served, way: WayIn) -> None:
    """Serve the studio on this socket until interrupted; `announce` is called when all is loaded."""
    import logging

    import uvicorn

    from studio.asgi import application

    config = uvicorn.Config(
        application(how, way),
        ws="websockets-sansio",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=3,
    )
    announce()
    logging.getLogger("uvicorn.access").disabled = True  # addresses may hold a consent's code
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    uvicorn.Server(config).run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    """A socket that sends at once: with Nagle's algorithm each change on screen waits 35 ms (measured)."""
    family, kind, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    listening = socket.socket(family, kind)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listening.bind(place)
    listening.listen()  # who comes before the server is ready waits instead of being turned away
    return listening


def _arguments(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m studio",
        description="Opens the mapping studio in the browser; on this machine only, unless people sign in.",
    )
    parser.add_argument("--workspace", default=".", help="the folder to work in (default: this one)")
    parser.add_argument("--port", type=int, default=8501, help="where it listens (default 8501; 0: any free one)")
    parser.add_argument("--host", default=HOST, help=f"for other machines too, as 0.0.0.0 (default {HOST})")
    parser.add_argument("--address", default="", metavar="URL", help="how people open it, as https://studio.example.se")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")
    return parser.parse_args(words)


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except KeyboardInterrupt:
        raise SystemExit(0) from None
