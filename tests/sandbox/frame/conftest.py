"""A stand-in that only repeats what it was asked, to try the frame with."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator

import pytest

from sandbox.clock import Clock
from sandbox.exchange import Reply, Request
from sandbox.server import Serving
from sandbox.system import System, Table


class Echo(System):
    name = "echo"

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.limits_on = True
        self.carried_out: list[str] = []
        self.spoiled = 0
        self._lock = threading.Lock()

    def answer(self, request: Request) -> Reply:
        with self._lock:
            self.carried_out.append(f"{request.method} {request.path}")
        told = {
            "method": request.method,
            "path": request.path,
            "target": request.target,
            "query": request.query,
            "body": request.body.decode(),
            "headers": request.headers,
        }
        return Reply(200, json.dumps(told).encode(), {"Content-Type": "application/json"})

    def spoil(self, reply: Reply, request: Request) -> Reply:
        self.spoiled += 1
        reply.headers["x-signed-again"] = str(len(reply.body))
        return reply

    def credentials(self, address: str) -> dict[str, object]:
        return {"address": address, "secret": "s" * 8}

    def do(self, action: str, arguments: dict[str, object]) -> object:
        if action != "repeat":
            raise ValueError("It can only repeat.")
        return arguments

    def state(self) -> dict[str, object]:
        return {"carried_out": list(self.carried_out)}

    def restore(self, state: dict[str, object]) -> None:
        self.carried_out = list(state["carried_out"])  # type: ignore[call-overload]

    def tables(self) -> list[Table]:
        return [Table("Things <b>", ["name"], [["<script>alert(1)</script>"], ['"quoted"']])]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def echo(clock: Clock) -> Echo:
    return Echo(clock)


@pytest.fixture
def serving(echo: Echo) -> Iterator[Serving]:
    with Serving([echo]) as serving:
        yield serving


@pytest.fixture
def address(serving: Serving) -> str:
    return serving.addresses["echo"]
