"""A system on a port of its own, and a client that writes forms and keys by itself."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest

from sandbox.clock import Clock
from sandbox.server import Serving
from sandbox.specter import Specter
from tests.sandbox.sending import send


def md5(text: str) -> str:
    return hashlib.md5(text.encode("latin-1")).hexdigest()


@dataclass
class Client:
    address: str
    account: dict[str, Any]

    def send(self, method: str, target: str, body: bytes | None = None, media: str = "") -> bytes:
        headers = {"Content-Type": media or "application/x-www-form-urlencoded"} if body is not None else {}
        return send(self.address, method, target, body, headers).body

    def common(self, said: str, xml: bool, v2: bool) -> dict[str, str]:
        key = md5(self.account["apiUserKey"] + self.account["sbmId"] + said)
        key = md5(self.account["integrationKey"] + key) if v2 else key
        own = {name: self.account[name] for name in ("sbmId", "apiUserId", "webshopId")}
        return own | {"useXML": "2" if xml else "1", "key": key}

    def put(self, action: str, said: str, form: dict[str, str], xml: bool = False, v2: bool = True) -> str:
        body = urlencode(self.common(said, xml, v2) | form, encoding="latin-1").encode()
        return self.send("POST", f"/putInfo.asp?action={action}", body).decode("latin-1")

    def get(self, action: str, number: str, xml: bool = True, **more: str) -> str:
        asked = {"Action": action, "batchNo": number} | self.common(number, xml, True) | more
        return self.send("GET", f"/getInfo.asp?{urlencode(asked, encoding='latin-1')}").decode("latin-1")

    def tree(self, action: str, number: str, **more: str) -> ElementTree.Element:
        return ElementTree.fromstring(self.get(action, number, **more).encode("latin-1"))

    def order(self, **more: str) -> str:
        form = {"customerId": "1001", "externalOrderNo": "A1", "currency": "SEK"} | row(1) | more
        return self.put("newOrderSubmit", form["customerId"], {n: v for n, v in form.items() if v != "-"})


def row(number: int, article: str = "SP-001") -> dict[str, str]:
    fields = {"articleNo": article, "articleName": "Kåsa", "priceExclVAT": "39.2", "noOfItems": "2", "vatPercent": "25"}
    return {f"{name}_{number}": value for name, value in fields.items()}


@pytest.fixture
def system() -> Specter:
    return Specter(Clock(), seed=7, orders=30)


@pytest.fixture
def serving(system: Specter) -> Iterator[Serving]:
    with Serving([system], clock=system.clock) as serving:
        yield serving


@pytest.fixture
def client(serving: Serving, system: Specter) -> Client:
    address = serving.addresses["specter"]
    return Client(address, system.credentials(address))
