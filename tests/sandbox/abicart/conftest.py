"""A shop on a port of its own, and a client that speaks JSON-RPC by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest

from sandbox.abicart import Abicart
from sandbox.clock import Clock
from sandbox.server import Serving
from tests.sandbox.sending import Answer, send

PATH = "/backend/jsonrpc/v1/"


class Failed(Exception):
    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(error)
        self.code: int = error["code"]
        self.data: str = error["data"]
        self.message: str = error["message"]


@dataclass
class Client:
    address: str
    context: dict[str, Any]

    def send(self, body: object, *, path: str = PATH, method: str = "POST", cookie: str = "", **context: Any) -> Answer:
        """Send bytes as they are, anything else as JSON; a context value of None is left out."""
        asked = {name: value for name, value in (self.context | context).items() if value is not None}
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} | ({"Cookie": cookie} if cookie else {})
        return send(self.address, method, f"{path}?{urlencode(asked)}", raw, headers)

    def call(self, method: str, *params: Any, **more: Any) -> Any:
        answer = self.send({"jsonrpc": "2.0", "id": 7, "method": method, "params": list(params)}, **more).exact_json
        assert (answer["jsonrpc"], answer["id"]) == ("2.0", 7)
        if "error" in answer:
            raise Failed(answer["error"])
        return answer["result"]

    def code(self, method: str, *params: Any, **more: Any) -> int:
        """The code with which a call is refused."""
        with pytest.raises(Failed) as failed:
            self.call(method, *params, **more)
        return failed.value.code

    def every(self, kind: str, query: Any, step: int = 500, **selection: Any) -> list[Any]:
        """Page on until an empty list."""
        found: list[Any] = []
        while page := self.call(f"{kind}.list", query, selection | {"limit": step, "offset": len(found)}):
            found += page
        return found


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shop(clock: Clock) -> Abicart:
    return Abicart(clock, seed=7, orders=90)


@pytest.fixture
def serving(shop: Abicart, clock: Clock) -> Iterator[Serving]:
    with Serving([shop], clock=clock) as serving:
        yield serving


@pytest.fixture
def client(serving: Serving, shop: Abicart) -> Client:
    address = serving.addresses["abicart"]
    answers = shop.credentials(address)
    return Client(address, {name: answers[name] for name in ("webshop", "auth")})
