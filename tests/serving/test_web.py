"""What `serve` answers over HTTP."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest

from engine.commands.serving import server, web
from engine.commands.serving.figures import Figures
from engine.commands.serving.flood import MOST, WITHIN_SECONDS, Flood
from engine.commands.serving.health import Watched, health
from engine.commands.serving.server import WebServer, listen
from engine.commands.serving.web import MOST_BYTES, Answers, application
from engine.connectors.clock import SystemClock
from engine.errors import DocumentError
from engine.runs.ledger import Ledger
from engine.runs.serving.names import Name
from engine.runs.serving.work import Wish, Work
from tests.commands.conftest import FLOW, say
from tests.serving.conftest import Place
from tests.serving.test_serve import served, until


def ask(address: str, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        reply = connection.getresponse()
        return reply.status, reply.read()
    finally:
        connection.close()


@pytest.fixture
def hooks() -> list[tuple[str, bytes]]:
    return []


@pytest.fixture
def address(hooks: list[tuple[str, bytes]]) -> Iterator[str]:
    def hook(token: str, headers: object, body: bytes) -> int:
        hooks.append((token, body))
        return 202 if token == "t" else 404

    answers = Answers(
        lambda: (503, {"status": "ill"}), lambda: b"figures\n", lambda token: token == "t", hook, lambda status: None
    )
    with WebServer(application(answers), listen("127.0.0.1", 0)) as server:
        yield server.address


def test_only_this_machine_is_told_how_it_is(address: str) -> None:
    assert ask(address, "GET", "/health") == (503, b'{"status":"ill"}')
    assert ask(address, "GET", "/metrics") == (200, b"figures\n")
    assert ask(address, "GET", "/health", X_Forwarded_For="203.0.113.9")[0] == 404
    assert ask(address, "GET", "/metrics", X_Forwarded_For="203.0.113.9")[0] == 404
    assert ask(address, "GET", "/")[0] == 404
    assert ask(address, "GET", "/hooks/x")[0] == 405


def test_a_body_of_a_megabyte_is_taken_and_a_byte_more_is_not(address: str, hooks: list[tuple[str, bytes]]) -> None:
    body = b"x" * MOST_BYTES

    assert ask(address, "POST", "/hooks/t", body)[0] == 202
    assert ask(address, "POST", "/hooks/t", body + b"x")[0] == 413
    assert ask(address, "POST", "/hooks/t", b"{}", Content_Length="99999999999999999999")[0] in (400, 413)
    assert hooks == [("t", body)]


def test_what_is_sent_in_pieces_is_counted_while_it_is_read(address: str, hooks: list[tuple[str, bytes]]) -> None:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)
    pieces = (b"y" * 100_000 for _ in range(11))
    connection.request("POST", "/hooks/t", pieces, encode_chunked=True, headers={"Transfer-Encoding": "chunked"})

    assert connection.getresponse().status == 413
    assert hooks == []
    connection.close()


def test_an_address_that_is_taken_is_said() -> None:
    taken = listen("127.0.0.1", 0)
    with taken, pytest.raises(DocumentError, match="cannot be used"):
        listen("127.0.0.1", taken.getsockname()[1])
    with pytest.raises(DocumentError, match="no such port"):
        listen("127.0.0.1", 70_000)


def test_figures_say_nothing_that_comes_from_records(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        figures = Figures(ledger, SystemClock())
        figures.ran(Name("orders", "live"), None, 0.1)
        figures.hooked(202)
        text = figures.text().decode()

    assert 'mapping_studio_runs_total{binding="live",flow="orders",state="failed"} 1.0' in text
    assert 'mapping_studio_webhooks_total{answer="202"} 1.0' in text
    assert "mapping_studio_inbox_waiting 0.0" in text


def test_health_and_figures_of_a_real_serve(place: Place) -> None:
    place.order()
    say(place.workspace, "pause", "--why", "later")
    say(place.workspace, "resume")
    with served(place, "--port", "0") as process:
        address = until(process.stdout, "started")["address"]
        until(process.stdout, "run")
        status, body = ask(address, "GET", "/health")
        figures = ask(address, "GET", "/metrics")[1].decode()
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0

    assert (status, json.loads(body)["status"]) == (200, "well"), body
    assert f'mapping_studio_records_total{{binding="default",flow="{FLOW}",state="created"}} 1.0' in figures
    assert f'mapping_studio_last_run_well{{binding="default",flow="{FLOW}"}} 1.0' in figures


def test_a_taken_port_is_told_before_anything_runs(place: Place) -> None:
    place.order()
    with listen("127.0.0.1", 0) as taken, served(place, "--port", str(taken.getsockname()[1])) as process:
        said, _ = process.communicate(timeout=60)

        assert process.returncode == 2
        assert "cannot be used" in said
    assert place.booked() == []


# --- those who mean no good


def raw(address: str) -> socket.socket:
    host, port = urlsplit(address).netloc.split(":")
    return socket.create_connection((host, int(port)), timeout=20)


def test_a_flood_of_unknown_addresses_is_turned_away_unread_and_known_ones_go_on(address: str) -> None:
    with ThreadPoolExecutor(8) as many:
        first = Counter(many.map(lambda n: ask(address, "POST", f"/hooks/guess{n}", b"{}")[0], range(MOST)))
    assert first == {404: MOST}

    connection = raw(address)
    connection.sendall(b"POST /hooks/guess HTTP/1.1\r\nHost: x\r\nContent-Length: 999999\r\n\r\n")  # and no body at all
    assert connection.recv(100).startswith(b"HTTP/1.1 429 ")
    connection.close()
    assert ask(address, "POST", "/hooks/t", b"{}")[0] == 202


def test_a_flood_is_over_a_minute_after_it() -> None:
    flood = Flood()
    for n in range(MOST):
        assert not flood.is_on(n / 10)
        flood.missed(n / 10)

    assert flood.is_on(MOST / 10)
    assert flood.is_on(WITHIN_SECONDS - 0.1)
    assert not flood.is_on(WITHIN_SECONDS)


def test_a_body_that_trickles_is_given_up(address: str, hooks: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "BODY_SECONDS", 0.2)
    with raw(address) as connection:
        connection.sendall(b"POST /hooks/t HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")

        assert connection.recv(100).startswith(b"HTTP/1.1 408 ")
    assert hooks == []


def test_who_connects_and_asks_nothing_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_SWEEP_SECONDS", 0.05)
    monkeypatch.setattr(server, "SILENT_SECONDS", 0.2)
    answers = Answers(lambda: (200, {}), lambda: b"", bool, lambda *call: 202, lambda status: None)
    with WebServer(application(answers), listen("127.0.0.1", 0)) as running:
        silent = [raw(running.address) for _ in range(20)]
        for connection in silent[10:]:
            connection.sendall(b"POST /hooks/t HTTP/1.1\r\nHost: x\r\n")  # and never the end of it
        for connection in silent:
            with connection, suppress(ConnectionResetError):
                assert connection.recv(100) == b""
        assert ask(running.address, "POST", "/hooks/t", b"{}")[0] == 202


@pytest.mark.parametrize(
    "begins",
    [
        b"POST /hooks/t HTTP/1.1\r\n" + b"X-Much: " + b"a" * 200_000 + b"\r\n\r\n",
        b"POST /hooks/t HTTP/1.1\r\n" + b"".join(b"X-%d: a\r\n" % n for n in range(20_000)) + b"\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
        b"POST /hooks/t HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_what_is_no_decent_request_is_refused_and_the_next_one_answered(
    address: str, hooks: list[Any], begins: bytes
) -> None:
    with raw(address) as connection, suppress(ConnectionResetError, BrokenPipeError):
        connection.sendall(begins)

        assert connection.recv(100).startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 431 "))
    assert hooks == []
    assert ask(address, "POST", "/hooks/t", b"{}")[0] == 202


def test_health_asks_for_a_new_start_where_a_thread_is_gone_or_the_loop_stands(tmp_path: Path) -> None:
    now = SystemClock().now()
    flows: Any = SimpleNamespace(broken=dict, waiting=lambda: [Name("stock")])
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        things: Any = SimpleNamespace(ledger=ledger, clock=SystemClock())

        def ill(looked_at: datetime | None, *threads: Watched) -> tuple[int, Any]:
            loop: Any = SimpleNamespace(looked_at=looked_at)
            status, said = health(things, flows, loop, threads)
            return status, said["ill"]

        assert ill(now, Watched("telling", lambda: True)) == (200, [])
        assert ill(now, Watched("telling", lambda: False)) == (503, ["telling stands still"])
        assert ill(now - timedelta(minutes=5))[0] == ill(None)[0] == 503
        looking: Any = SimpleNamespace(looked_at=now)
        assert health(things, flows, looking, ())[1]["first_run"] == ["stock"]


def test_a_flow_that_is_woken_without_a_thread_is_left_lying() -> None:
    begun, may_end = threading.Event(), threading.Event()

    def go(flow: Name, wish: Wish) -> None:
        begun.set()
        may_end.wait(20)

    work = Work(go, lambda flow, fault: None)
    work.wake(Name("orders"))
    assert begun.wait(20)
    work.wake(Name("orders"))
    assert work.left_lying() == []
    work._threads.clear()
    assert work.left_lying() == [Name("orders")]
    work.stop()
    may_end.set()
