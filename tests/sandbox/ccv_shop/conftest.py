"""A shop on a port of its own, and a client that signs by itself."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from sandbox.ccv_shop import CcvShop
from sandbox.clock import Clock
from sandbox.server import Serving
from tests.sandbox.sending import Answer, send

ROOT = "/api/rest/v1"


@dataclass
class Client:
    """Signs as the documentation says, written apart from the stand-in."""

    address: str
    public: str
    secret: str
    clock: Clock
    replace: dict[str, str | None] = field(default_factory=dict)  # headers to send otherwise; None: not at all

    def hash_of(self, method: str, target: str, body: bytes, date: str) -> str:
        text = f"{self.public}|{method}|{target}|".encode() + body + f"|{date}".encode()
        return hmac.new(self.secret.encode(), text, hashlib.sha512).hexdigest()

    def send(self, method: str, target: str, body: bytes = b"", **more: str | None) -> Answer:
        date = more.get("x_date") or self.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        headers: dict[str, str | None] = {
            "x-public": self.public,
            "x-date": date,
            "x-hash": self.hash_of(method, target, body, date),
            "Accept": "application/vnd.verto.webshop+json",
            "accept-language": "nl",
        }
        headers |= {name.replace("_", "-"): value for name, value in more.items()}
        sent = {name: value for name, value in headers.items() if value is not None}
        return send(self.address, method, target, body or None, sent)

    def get(self, path: str, **more: str | None) -> Answer:
        return self.send("GET", ROOT + path, **more)

    def write(self, method: str, path: str, fields: object) -> Answer:
        return self.send(method, ROOT + path, json.dumps(fields).encode())

    def every(self, path: str) -> list[dict[str, Any]]:
        """Follow `next` to the end."""
        items: list[dict[str, Any]] = []
        target: str | None = ROOT + path
        while target:
            page = self.send("GET", target).json
            items += page["items"]
            target = page["next"] and page["next"].removeprefix(self.address)
        return items


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shop(clock: Clock) -> CcvShop:
    made = CcvShop(clock, seed=7, orders=60)
    made.limits_on = False
    return made


@pytest.fixture
def serving(shop: CcvShop, clock: Clock) -> Iterator[Serving]:
    with Serving([shop], clock=clock) as serving:
        yield serving


@pytest.fixture
def client(serving: Serving, shop: CcvShop, clock: Clock) -> Client:
    address = serving.addresses["ccv-shop"]
    answers = shop.credentials(address)
    return Client(address, str(answers["public_key"]), str(answers["secret"]), clock)
