"""The way back of a sign-in on the command line: a server on this machine that waits for the browser once."""

from __future__ import annotations

import html
import secrets
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from engine.design.connecting.finding import Finding
from engine.errors import DocumentError, Problem

PATH = "/oauth2/callback"
_HOSTS = ("127.0.0.1", "localhost", "::1")
_TURN_SECONDS = 0.2

Finish = Callable[[Mapping[str, str]], Finding]


def is_loopback(redirect_uri: str) -> bool:
    """Does this address lead to this machine, so that we can wait there?"""
    try:
        parts = urlsplit(redirect_uri)
        return parts.scheme == "http" and parts.hostname in _HOSTS and parts.port is not None
    except ValueError:
        return False


def query_of(address: str) -> dict[str, str]:
    """What an address that the browser ended at says, for who pastes it; {} where it says nothing."""
    try:
        return dict(parse_qsl(urlsplit(address.strip()).query))
    except ValueError:
        return {}


class _Server(ThreadingTCPServer):
    """A thread for each connection: browsers open some in advance and say nothing on them."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    timeout = _TURN_SECONDS


class Doorstep:
    """Listens on 127.0.0.1 as long as its `with` block lasts. redirect_uri: where the browser must come back to."""

    def __init__(self, redirect_uri: str = "", port: int = 0) -> None:
        """redirect_uri: one on this machine, as the system knows it; "" for one of ours, at this port or a free one."""
        wanted = urlsplit(redirect_uri)
        self._path = wanted.path or "/" if redirect_uri else PATH
        try:
            self._server = _Server(("127.0.0.1", wanted.port or port), BaseHTTPRequestHandler)
        except OSError as error:
            reason = (error.strerror or "it is taken").lower()
            advice = "End what uses it, or name another port that the system accepts."
            where = f"port {wanted.port or port}"
            raise DocumentError([Problem(where, f"cannot be listened at: {reason}", advice)]) from error
        self.redirect_uri = redirect_uri or f"http://127.0.0.1:{self._server.server_address[1]}{PATH}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.server_close()

    def wait(self, state: str, finish: Finish, *, is_over: Callable[[], bool]) -> Finding | None:
        """What `finish` found, once the browser came back; None when it is over first. The browser is told, too.

        state: the sign-in that is waited for; whoever comes with another one is sent away, and the wait goes on.
        """
        found: list[Finding] = []
        self._server.RequestHandlerClass = _handler(self._path, state, finish, found)
        while not found and not is_over():
            self._server.handle_request()
        return found[0] if found else None


def _handler(path: str, state: str, finish: Finish, found: list[Finding]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """One request of the browser."""

        timeout = 10

        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            query = dict(parse_qsl(asked.query))
            if asked.path != path:
                self._say(404, "There is nothing here.", ())
            elif not secrets.compare_digest(query.get("state", "").encode(), state.encode()):
                self._say(400, "Not connected", ("This is not the way back of the sign-in that was begun here.",))
            else:
                self._finished(finish(query))

        def _finished(self, finding: Finding) -> None:
            problem = finding.problem
            said = (problem.what, problem.what_to_do) if problem else finding.sentences
            try:
                self._say(200, "Connected" if finding.ok else "Not connected", (*said, "You may close this page."))
            finally:  # a browser that went away changes nothing of what was found
                found.append(finding)

        def _say(self, status: int, title: str, sentences: tuple[str, ...]) -> None:
            body = _page(title, sentences).encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
            self.send_header("Referrer-Policy", "no-referrer")
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """The address has the code in it: it goes into no log."""

    return Handler


def _page(title: str, sentences: tuple[str, ...]) -> str:
    lines = "".join(f"<p>{html.escape(sentence)}</p>" for sentence in sentences)
    style = ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:4rem auto;max-width:34rem}"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f"<style>{style}</style></head><body><h1>{html.escape(title)}</h1>{lines}</body></html>"
    )
