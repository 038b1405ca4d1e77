"""The server speaks HTTP/1.1 well enough for any client, and quickly."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from sandbox.clock import Clock
from sandbox.server import REQUESTS_KEPT, Serving


def _raw(address: str, sent: bytes) -> bytes:
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(sent)
        received = b""
        while piece := connection.recv(65_536):
            received += piece
    return received


def test_a_request_reaches_the_system_as_it_was_sent(address: str) -> None:
    told = httpx.post(f"{address}/a%20b?x=1&x=%C3%A5&y=", content=b"body", headers={"X-One": "1"}).json()

    assert told["path"] == "/a b"
    assert told["target"] == "/a%20b?x=1&x=%C3%A5&y="
    assert told["query"] == [["x", "1"], ["x", "å"], ["y", ""]]
    assert (told["body"], told["headers"]["x-one"]) == ("body", "1")


def test_one_connection_carries_many_requests(address: str) -> None:
    connection = http.client.HTTPConnection(address.removeprefix("http://"))
    connection.connect()
    used = connection.sock
    for number in range(5):
        connection.request("GET", f"/{number}")
        assert json.loads(connection.getresponse().read())["path"] == f"/{number}"

    assert connection.sock is used
    connection.close()


def test_a_body_in_chunks_is_put_together(address: str) -> None:
    told = httpx.post(f"{address}/", content=iter([b"one ", b"two ", b"three"])).json()

    assert told["body"] == "one two three"


@pytest.mark.parametrize("how", ["length", "chunks"])
def test_a_body_over_ten_megabytes_is_413(address: str, how: str, echo: Any) -> None:
    piece = b"x" * 1_000_000
    content = piece * 11 if how == "length" else iter([piece] * 11)

    assert httpx.post(f"{address}/", content=content).status_code == 413
    assert echo.carried_out == []


def test_the_refusal_of_a_large_body_reaches_a_client_that_sends_it_all_first(address: str) -> None:
    head = b"POST / HTTP/1.1\r\nContent-Length: 11000000\r\n\r\n"

    assert _raw(address, head + b"x" * 11_000_000).startswith(b"HTTP/1.1 413")


def test_a_body_of_nine_megabytes_is_taken(address: str) -> None:
    assert len(httpx.post(f"{address}/", content=b"x" * 9_000_000).json()["body"]) == 9_000_000


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET / HTTP/3.0\r\n\r\n", b"505"),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"400"),
        (b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 150 + b"\r\n", b"431"),
    ],
)
def test_what_is_no_request_is_refused(address: str, sent: bytes, status: bytes) -> None:
    assert _raw(address, sent).startswith(b"HTTP/1.1 " + status)


def test_http_1_0_is_answered_and_closed(address: str) -> None:
    assert b"Connection: close" in _raw(address, b"GET / HTTP/1.0\r\n\r\n")


def test_a_client_that_waits_for_100_continue_gets_it(address: str) -> None:
    sent = b"POST / HTTP/1.1\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"

    assert _raw(address, sent).startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200")


def test_head_has_the_length_but_no_body(address: str) -> None:
    reply = httpx.head(f"{address}/")

    assert int(reply.headers["content-length"]) > 0
    assert reply.content == b""


def test_replies_do_not_wait_for_acknowledgements(address: str) -> None:
    with httpx.Client() as client:
        client.get(f"{address}/")
        started = time.perf_counter()
        for _ in range(50):
            client.post(f"{address}/", content=b"x")

    assert (time.perf_counter() - started) / 50 < 0.02  # Nagle with delayed acknowledgements costs 0.04


def test_many_clients_are_served_at_once(address: str, echo: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """None is answered before all eight are there."""
    together = threading.Barrier(8, timeout=30)
    answer = echo.answer

    def answer_together(request: Any) -> Any:
        together.wait()
        return answer(request)

    monkeypatch.setattr(echo, "answer", answer_together)
    with ThreadPoolExecutor(8) as clients:
        replies = clients.map(lambda n: httpx.get(f"{address}/{n}", timeout=60), range(8))

    assert [reply.status_code for reply in replies] == [200] * 8


def test_requests_are_remembered(address: str) -> None:
    httpx.get(f"{address}/one?x=1")
    httpx.get(f"{address}/_sandbox/state")
    seen = httpx.get(f"{address}/_sandbox/requests").json()

    assert [(entry["method"], entry["target"], entry["status"]) for entry in seen] == [("GET", "/one?x=1", 200)]
    assert seen[0]["at"].endswith("+00:00")


def test_the_memory_of_requests_is_bounded(serving: Serving) -> None:
    kept = serving.doors[0].requests
    kept.extend(("GET", "/", 200, "", "") for _ in range(REQUESTS_KEPT + 5))

    assert len(kept) == 20_000


def test_the_page_escapes_everything(address: str) -> None:
    page = httpx.get(f"{address}/_sandbox/")

    assert "<script>alert" not in page.text and "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert "Things &lt;b&gt;" in page.text
    assert "http://" not in page.text and "https://" not in page.text
    assert page.headers["content-type"] == "text/html; charset=utf-8"


def test_the_state_is_there_as_json(address: str) -> None:
    tables = httpx.get(f"{address}/_sandbox/state").json()["tables"]

    assert tables["Things <b>"][1] == {"name": '"quoted"'}


def test_the_clock_moves_for_everybody(address: str, clock: Clock) -> None:
    before = clock.now()
    told = httpx.post(f"{address}/_sandbox/clock", json={"advance_seconds": 3600}).json()

    assert told["offset_seconds"] == 3600
    assert (clock.now() - before).total_seconds() == pytest.approx(3600, abs=5)


def test_limits_and_actions_reach_the_system(address: str, echo: Any) -> None:
    httpx.post(f"{address}/_sandbox/limits", json={"on": False})
    told = httpx.post(f"{address}/_sandbox/do", json={"action": "repeat", "x": 1}).json()

    assert echo.limits_on is False
    assert told == {"done": {"x": 1}}


@pytest.mark.parametrize(
    ("path", "body", "sentence"),
    [
        ("clock", {"advance_seconds": -1}, "forwards"),
        ("clock", {}, "advance_seconds is missing"),
        ("limits", {"on": "yes"}, "true or false"),
        ("do", {"action": "dance"}, "It can only repeat."),
        ("do", [], "JSON object"),
        ("faults", [{"kind": "flood"}], "no kind of fault"),
        ("faults", [{"kind": "cut", "tmies": 1}], "'tmies'"),
        ("faults", [{"kind": "cut", "path": "("}], "cannot be read"),
        ("faults", {"kind": "cut"}, "list"),
    ],
)
def test_a_wish_that_cannot_be_read_is_400_with_a_sentence(
    address: str, path: str, body: object, sentence: str
) -> None:
    reply = httpx.post(f"{address}/_sandbox/{path}", json=body)

    assert reply.status_code == 400
    assert sentence in reply.json()["error"]


def test_unknown_control_paths_and_methods_are_refused(address: str) -> None:
    assert httpx.get(f"{address}/_sandbox/nothing").status_code == 404
    assert httpx.post(f"{address}/_sandbox/state").status_code == 405


def test_leaving_the_block_closes_ports_and_connections(echo: Any) -> None:
    with Serving([echo]) as serving, httpx.Client() as client:
        address = serving.addresses["echo"]
        client.get(f"{address}/")
        serving.__exit__(None, None, None)
        with pytest.raises(httpx.TransportError):
            client.get(f"{address}/")
