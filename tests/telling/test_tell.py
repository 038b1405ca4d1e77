"""`tell` as a person calls it, and messages that arrive at a real address."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from engine.runs.ledger import Ledger
from tests.commands.conftest import FLOW, say
from tests.serving.conftest import Place, place

__all__ = ["place"]
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


@pytest.fixture
def chat() -> Iterator[Chat]:
    made = Chat()
    yield made
    made.server.shutdown()
    made.server.server_close()


def tell_add(monkeypatch: pytest.MonkeyPatch, workspace: Path, url: str) -> Any:
    monkeypatch.setattr("sys.stdin", io.StringIO(url + "\n"))
    return say(workspace, "tell", "--add", "--by", "Ann")


def test_an_address_is_added_tried_listed_and_removed_and_never_shown(
    place: Place, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = [tell_add(monkeypatch, place.workspace, chat.url)]
    said.append(say(place.workspace, "tell", "--list"))
    assert "1 (JSON, 127.0.0.1), by Ann" in said[-1].out
    said.append(say(place.workspace, "tell", "--test"))
    assert (said[-1].code, said[-1].out) == (0, "1 (JSON, 127.0.0.1): taken\n")
    assert [message["title"] for message in chat.got] == ["Mapping Studio"]
    said.append(say(place.workspace, "audit"))
    said.append(say(place.workspace, "tell", "--json"))
    said.append(say(place.workspace, "tell", "--remove", "1"))
    said.append(say(place.workspace, "tell", "--list"))
    assert "Nobody is told" in said[-1].out

    assert all(SECRET not in one.out + one.err for one in said)
    for file in (place.workspace / ".studio").iterdir():
        assert SECRET.encode() not in file.read_bytes()


@pytest.mark.parametrize("url", ["", "nonsense", "telegram://", "mailto://", "file:///etc/passwd", "x" * 5_000])
def test_what_is_no_address_is_refused(place: Place, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    said = tell_add(monkeypatch, place.workspace, url)

    assert said.code == 2
    assert "Nobody is told" in say(place.workspace, "tell", "--list").out


def test_an_address_in_the_command_is_refused_and_not_repeated(place: Place) -> None:
    said = say(place.workspace, "tell", "--add", f"json://a:{SECRET}@h.example")

    assert said.code == 2
    assert "standard input" in said.err and SECRET not in said.err
