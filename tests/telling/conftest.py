"""A workspace connected to both sandboxes, and an address on this machine that takes messages."""

from __future__ import annotations

import io
import json
import socketserver
import threading
import warnings
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from engine.runs.telling import apprise_door
from tests import canary
from tests.commands.conftest import Said, say
from tests.serving.conftest import place

__all__ = ["SECRET", "Chat", "Post", "chat", "here", "place", "post", "tell_add"]
SECRET = "s3cret-of-the-chat"


class Chat:
    """An address that takes messages, or answers with another status."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.status = 200
        chat = self

        class Answer(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                chat.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(chat.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *words: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.url = f"json://someone:{SECRET}@127.0.0.1:{self.server.server_port}/path-{SECRET}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def texts(self) -> list[str]:
        """What was said so far, title and text."""
        return [f"{message['title']}\n{message['message']}" for message in self.got]


@pytest.fixture
def chat() -> Iterator[Chat]:
    made = Chat()
    yield made
    made.server.shutdown()
    made.server.server_close()
    canary.assert_nothing(canary.leaks_of(json.dumps(made.got, ensure_ascii=False), "a message"))


class Post:
    """A mail server that takes every mail, for one connection after the other."""

    def __init__(self) -> None:
        self.mails: list[str] = []
        post = self

        class Talk(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self.wfile.write(b"220 here\r\n")
                for line in self.rfile:
                    word = line[:4].upper()
                    self.wfile.write(
                        b"354 go on\r\n" if word == b"DATA" else b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n"
                    )
                    if word == b"DATA":
                        post.mails.append(b"".join(iter(self.rfile.readline, b".\r\n")).decode())
                        self.wfile.write(b"250 taken\r\n")

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk)
        self.server.daemon_threads = True
        port = self.server.server_address[1]
        self.url = f"mailto://127.0.0.1:{port}?to=ops@shop.example&from=studio@shop.example"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()


@pytest.fixture
def post() -> Iterator[Post]:
    made = Post()
    yield made
    made.server.shutdown()
    made.server.server_close()
    canary.assert_nothing(canary.leaks_of("\n".join(made.mails), "a mail"))


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Apprise in this very process, which loads it once; that it has one of its own is tested apart."""

    def ask(request: dict[str, Any]) -> dict[str, Any]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of its libraries
            return apprise_door._answer(request)

    monkeypatch.setattr(apprise_door, "_ask", ask)


def tell_add(monkeypatch: pytest.MonkeyPatch, workspace: Path, url: str) -> Said:
    monkeypatch.setattr("sys.stdin", io.StringIO(url + "\n"))
    return say(workspace, "tell", "--add", "--by", "Ann")
