"""Each fault does what its name says, when its turn comes."""

from __future__ import annotations

import socket
import time
from typing import Any

import httpx
import pytest

from sandbox.server import Serving


def _statuses(address: str, number: int, path: str = "/") -> list[int]:
    return [httpx.get(address + path).status_code for _ in range(number)]


def test_a_lost_reply_was_carried_out_and_sends_not_one_byte(serving: Serving, address: str, echo: Any) -> None:
    serving.arm("echo", [{"kind": "lose_reply", "method": "POST", "times": 1}])
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(b"POST /order HTTP/1.1\r\nContent-Length: 0\r\n\r\n")
        received = connection.recv(100)

    assert received == b""
    assert echo.carried_out == ["POST /order"]
    assert httpx.post(f"{address}/order").status_code == 200


def test_a_refused_request_was_not_carried_out(serving: Serving, address: str, echo: Any) -> None:
    serving.arm("echo", [{"kind": "refuse"}])

    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(f"{address}/")
    assert echo.carried_out == []


def test_a_delayed_reply_comes_late_but_whole(serving: Serving, address: str) -> None:
    serving.arm("echo", [{"kind": "delay", "seconds": 0.3, "times": 1}])
    started = time.perf_counter()

    assert httpx.get(f"{address}/x").json()["path"] == "/x"
    assert time.perf_counter() - started >= 0.3


@pytest.mark.parametrize("body", [{"code": 7}, '{"code": 7}'])
def test_a_status_is_answered_and_nothing_done(serving: Serving, address: str, echo: Any, body: object) -> None:
    serving.arm("echo", [{"kind": "status", "status": 503, "body": body}])
    reply = httpx.get(f"{address}/")

    assert (reply.status_code, reply.json()) == (503, {"code": 7})
    assert "x-signed-again" in reply.headers
    assert echo.carried_out == []


def test_a_page_comes_instead_of_json(serving: Serving, address: str, echo: Any) -> None:
    serving.arm("echo", [{"kind": "html", "signed": False}])
    reply = httpx.get(f"{address}/")

    assert (reply.status_code, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "x-signed-again" not in reply.headers
    assert echo.carried_out == []


def test_a_cut_reply_promises_more_than_it_sends(serving: Serving, address: str, echo: Any) -> None:
    serving.arm("echo", [{"kind": "cut"}])

    with pytest.raises(httpx.RemoteProtocolError, match=r"incomplete|without"):
        httpx.get(f"{address}/")
    assert echo.carried_out == ["GET /"]


def test_a_bloated_reply_has_no_length_and_goes_on(serving: Serving, address: str) -> None:
    serving.arm("echo", [{"kind": "bloat", "megabytes": 5000}])
    size = 0
    with httpx.stream("GET", f"{address}/") as reply:
        assert "content-length" not in reply.headers
        for piece in reply.iter_bytes():
            if size == 0:
                assert piece.startswith(b'{"items":[')
            size += len(piece)
            if size > 20_000_000:
                break

    assert size > 20_000_000
    serving.arm("echo", [])
    assert httpx.get(f"{address}/").status_code == 200


def test_a_body_is_changed_and_signed_anew(serving: Serving, address: str, echo: Any) -> None:
    serving.arm("echo", [{"kind": "body", "replace": [["/x", "/somewhere-else"]], "path": "^/x$"}])
    reply = httpx.get(f"{address}/x")

    assert reply.json()["path"] == "/somewhere-else"
    assert reply.headers["x-signed-again"] == reply.headers["content-length"]
    assert echo.carried_out == ["GET /x"]


def test_truncated_json_has_the_right_length(serving: Serving, address: str) -> None:
    serving.arm("echo", [{"kind": "truncate_json"}])
    reply = httpx.get(f"{address}/")

    assert len(reply.content) == int(reply.headers["content-length"])
    with pytest.raises(ValueError, match=r"."):
        reply.json()


def test_times_and_after_count_the_matches(serving: Serving, address: str) -> None:
    serving.arm("echo", [{"kind": "status", "status": 500, "path": "^/a", "after": 2, "times": 2}])
    httpx.get(f"{address}/b")

    assert _statuses(address, 6, "/a") == [200, 200, 500, 500, 200, 200]


def test_chance_is_the_same_every_time(serving: Serving, address: str) -> None:
    seen = []
    for _ in range(2):
        serving.arm("echo", [{"kind": "status", "status": 500, "chance": 0.4, "seed": 3}])
        seen.append(_statuses(address, 20))

    assert seen[0] == seen[1]
    assert 2 < seen[0].count(500) < 15


def test_faults_are_armed_and_cleared_over_http(address: str) -> None:
    faults = [{"kind": "status", "status": 502, "method": "GET", "path": "^/a$"}]
    httpx.post(f"{address}/_sandbox/faults", json=faults)
    assert _statuses(address, 1, "/a") == [502]
    assert httpx.get(f"{address}/_sandbox/faults").json()[0]["done"] == 1
    assert httpx.get(f"{address}/_sandbox/requests").json()[0]["fault"] == "status"
    httpx.delete(f"{address}/_sandbox/faults")

    assert _statuses(address, 1, "/a") == [200]


def test_a_bad_list_leaves_the_armed_faults_alone(serving: Serving, address: str) -> None:
    serving.arm("echo", [{"kind": "status", "status": 502}])
    with pytest.raises(ValueError, match="no kind"):
        serving.arm("echo", [{"kind": "status"}, {"kind": "flood"}])

    assert _statuses(address, 1) == [502]
