"""`python -m studio`: opens the studio in the browser, on this machine only."""

from __future__ import annotations

import argparse
import os
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path

HOST = "127.0.0.1"  # without sign-in nobody but this machine may come in


def main(words: list[str] | None = None) -> int:
    """Serve until interrupted; the exit code."""
    asked = _arguments(words)
    os.environ["MAPPING_STUDIO_WORKSPACE"] = str(Path(asked.workspace).resolve())
    try:
        listening = _listen(asked.port)
    except (OSError, OverflowError) as error:  # a number that is no port, too
        reason = (getattr(error, "strerror", None) or "there is no such port").lower()
        print(f"Port {asked.port} cannot be used: {reason}. Name another: --port 8502", file=sys.stderr)
        return 2
    address = f"http://{HOST}:{listening.getsockname()[1]}"
    serve(listening, lambda: _announce(address, opens_browser=not asked.no_browser))
    return 0


def _announce(address: str, *, opens_browser: bool) -> None:
    print(f"Mapping Studio is at {address}  (Ctrl-C ends it)", flush=True)
    if opens_browser:
        threading.Timer(0.5, webbrowser.open, [address]).start()


def serve(listening: socket.socket, announce: Callable[[], None]) -> None:
    """Serve the studio on this socket until interrupted; `announce` is called when all is loaded."""
    import logging

    import uvicorn

    from studio.asgi import application

    config = uvicorn.Config(
        application(), ws="websockets-sansio", log_level="warning", access_log=False, timeout_graceful_shutdown=3
    )
    announce()
    logging.getLogger("uvicorn.access").disabled = True  # addresses may hold a consent's code
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    uvicorn.Server(config).run(sockets=[listening])


def _listen(port: int) -> socket.socket:
    """A socket that sends at once: with Nagle's algorithm each change on screen waits 35 ms (measured)."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listening.bind((HOST, port))
    listening.listen()  # who comes before the server is ready waits instead of being turned away
    return listening


def _arguments(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m studio", description="Opens the mapping studio in the browser, on this machine only."
    )
    parser.add_argument("--workspace", default=".", help="the folder to work in (default: this one)")
    parser.add_argument("--port", type=int, default=8501, help="where it listens (default 8501; 0: any free one)")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")
    return parser.parse_args(words)


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except KeyboardInterrupt:
        raise SystemExit(0) from None
