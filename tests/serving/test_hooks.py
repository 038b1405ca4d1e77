"""Webhooks: kept before they are answered, verified over the bytes that came, the same once, fetched."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from engine.commands.serving.server import WebServer, listen
from engine.commands.serving.web import Answers, application
from engine.connectors.clock import SystemClock
from engine.documents.workspace import Workspace
from engine.flows.library import load_connector, load_flow
from engine.formulas import Formulas
from engine.runs.bindings import bound
from engine.runs.ledger import Ledger
from engine.runs.ledger.webhooks import StoredWebhook
from engine.runs.serving.inbox import Inbox, receive
from engine.runs.serving.names import Name
from engine.runs.serving.ready import Ready
from tests.commands.conftest import FLOW, say
from tests.serving.conftest import Place
from tests.serving.test_serve import served, until
from tests.serving.test_web import ask

ROOT = Path(__file__).parents[2]
EVENT, TOKEN, SECRET = "orders.updated.status", "t" * 43, "the key of the webhook"
NAME = Name(FLOW)
NOW = SystemClock().now()


def told(identity: int = 100_001, status: int = 1, at: str = "2026-11-27T08:00:00+00:00", **more: Any) -> bytes:
    return json.dumps({"id": identity, "triggered_at": at, "status": status, **more}).encode()


def signed(body: bytes, secret: str = SECRET, token: str = TOKEN) -> dict[str, str]:
    text = f"/hooks/{token}|".encode() + body
    return {"x-hash": hmac.new(secret.encode(), text, hashlib.sha512).hexdigest()}


@pytest.fixture(scope="module")
def formulas() -> Iterator[Formulas]:
    with Formulas(workers=1) as pool:
        yield pool


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "ledger.sqlite") as opened:
        webhook = StoredWebhook("ccv-shop", EVENT, {"id": 801}, "http://127.0.0.1:1/hooks/", NOW, SECRET)
        opened.keep_webhook(webhook, TOKEN)
        yield opened


CONNECTOR = load_connector(Workspace(ROOT), "ccv-shop")


class Door:
    """Receives as `serve` does."""

    def __init__(self, ledger: Ledger, formulas: Formulas) -> None:
        self._ledger = ledger
        self._formulas = formulas

    def __call__(self, body: bytes, headers: dict[str, str] | None = None, token: str = TOKEN) -> int:
        given = signed(body) if headers is None else headers
        return receive(self._ledger, self._formulas, lambda name: CONNECTOR, token, given, body, NOW)


@pytest.fixture
def door(ledger: Ledger, formulas: Formulas) -> Door:
    return Door(ledger, formulas)


def keys(ledger: Ledger) -> list[str]:
    return [hint.key for hint in ledger.hints(10_000)]


def test_a_webhook_is_a_hint_that_names_a_record(door: Door, ledger: Ledger) -> None:
    assert door(told()) == 202
    assert keys(ledger) == ["100001"]


def test_the_same_event_counts_once_whatever_stands_beside_its_id(door: Door, ledger: Ledger) -> None:
    assert [door(told()), door(told()), door(told(customer_email="a@post.example"))] == [202, 202, 202]
    assert keys(ledger) == ["100001"]
    assert door(told(status=2)) == 202
    assert keys(ledger) == ["100001", "100001"]


@pytest.mark.parametrize("at", ["2020-01-01T00:00:00+00:00", "2999-01-01T00:00:00+00:00"])
def test_a_late_one_is_a_hint_as_any_and_so_is_one_of_a_clock_that_is_wrong(
    door: Door, ledger: Ledger, at: str
) -> None:
    assert door(told(at=at)) == 202
    assert keys(ledger) == ["100001"]


def test_what_was_done_with_stays_known_when_it_is_sent_again(door: Door, ledger: Ledger) -> None:
    door(told())
    ledger.hints_done([hint.id for hint in ledger.hints(10)], "", NOW)

    assert door(told()) == 202
    assert keys(ledger) == []


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        ({"x-hash": "0" * 128}, TOKEN),
        ({"x-hash": "é"}, TOKEN),
        (signed(told(), "another key"), TOKEN),
        (signed(told(), SECRET, "another address"), TOKEN),
        (signed(told(identity=2)), TOKEN),
        (signed(told()), "unknown"),
        ({}, "unknown"),
    ],
)
def test_a_forged_one_and_an_unknown_address_are_answered_alike(
    door: Door, ledger: Ledger, headers: dict[str, str], token: str
) -> None:
    assert door(told(), headers, token) == 404
    assert keys(ledger) == []


def test_it_is_verified_over_the_bytes_that_came(door: Door, ledger: Ledger) -> None:
    spaced = told().replace(b": ", b":   ")

    assert door(spaced, signed(told())) == 404
    assert door(spaced, signed(spaced)) == 202


def test_one_without_a_signature_is_a_hint_all_the_same(door: Door, ledger: Ledger) -> None:
    assert door(told(), {}) == 202
    assert keys(ledger) == ["100001"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'"',
        b"\xff\xfe",
        b"[]",
        b"null",
        b'{"triggered_at": 1}',
        b"[" * 100_000,
        b'{"id": NaN}',
        b'{"id": 1, "id": 2}',
        json.dumps({"id": "x" * 600, "triggered_at": "a", "status": 1}).encode(),
    ],
)
def test_what_names_no_record_is_refused(door: Door, ledger: Ledger, body: bytes) -> None:
    assert door(body) == 400
    assert keys(ledger) == []


def test_a_thousand_at_once_are_all_kept(ledger: Ledger, door: Door) -> None:
    answers = Answers(
        lambda: (200, {}),
        lambda: b"",
        lambda token: token == TOKEN,
        lambda token, headers, body: door(body, dict(headers), token),
        lambda status: None,
    )
    with WebServer(application(answers), listen("127.0.0.1", 0)) as server, ThreadPoolExecutor(50) as many:

        def send(n: int) -> int:
            body = told(n)
            return ask(server.address, "POST", f"/hooks/{TOKEN}", body, **signed(body))[0]

        statuses = set(many.map(send, range(1_000)))

    assert statuses == {202}
    assert sorted(map(int, keys(ledger))) == list(range(1_000))


# --- the inbox


def ready(ledger: Ledger, binding: str = "default") -> Ready:
    loaded = load_flow(Workspace(ROOT), FLOW)
    return Ready(Name(FLOW, binding), loaded, bound(ledger, loaded, binding), None)


def test_a_hint_is_given_once_until_it_was_fetched_or_a_minute_went(door: Door, ledger: Ledger) -> None:
    flows, inbox = [ready(ledger)], Inbox(ledger, lambda name: CONNECTOR)
    door(told())
    assert inbox.keys(flows, set(), NOW, 10.0) == {NAME: ["100001"]}
    assert inbox.keys(flows, set(), NOW, 11.0) == {}
    assert inbox.keys(flows, set(), NOW, 71.0) == {NAME: ["100001"]}
    inbox.fetched(NAME, ["100001"], NOW, 72.0)

    assert ledger.hints_waiting() == 0


def test_a_hint_that_came_during_a_fetch_is_fetched_again(door: Door, ledger: Ledger) -> None:
    flows, inbox = [ready(ledger)], Inbox(ledger, lambda name: CONNECTOR)
    door(told())
    inbox.keys(flows, set(), NOW, 10.0)
    door(told(status=2))
    inbox.keys(flows, set(), NOW, 12.0)
    inbox.fetched(NAME, ["100001"], NOW, 11.0)

    assert ledger.hints_waiting() == 1
    inbox.fetched(NAME, ["100001"], NOW, 13.0)
    assert ledger.hints_waiting() == 0


def test_a_paused_flow_gets_its_hints_when_it_is_resumed_and_others_go(door: Door, ledger: Ledger) -> None:
    flows, inbox = [ready(ledger)], Inbox(ledger, lambda name: CONNECTOR)
    door(told())

    assert inbox.keys(flows, {NAME}, NOW, 10.0) == {}
    assert ledger.hints_waiting() == 1
    assert inbox.keys(flows, set(), NOW, 11.0) == {NAME: ["100001"]}
    inbox = Inbox(ledger, lambda name: CONNECTOR)
    assert inbox.keys([], set(), NOW, 12.0) == {}
    assert ledger.hints_waiting() == 0


# --- the whole way


def eventually(holds: Any, seconds: float = 30.0) -> None:
    """Wait until it holds; the limit is only for a test that fails."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.01)


def register(place: Place, address: str) -> None:
    said = say(place.workspace, "webhooks", "ccv-shop", "--register", "--public-url", address)
    assert said.code == 0, said.err


def test_an_order_reaches_the_books_by_its_webhook(place: Place) -> None:
    place.edit(schedules=None)
    with served(place) as process:
        address = until(process.stdout, "started")["address"]
        register(place, address)
        threading.Thread(target=lambda: list(process.stdout or ()), daemon=True).start()
        numbers = sorted(f"W-{place.order()['ordernumber']}" for _ in range(3))
        eventually(lambda: place.booked() == numbers)
        eventually(lambda: b"mapping_studio_inbox_waiting 0.0" in ask(address, "GET", "/metrics")[1])
        forged = ask(address, "POST", "/hooks/unknown", told())
        assert forged == (404, b"")
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert place.shop.webhooks.sent == [(EVENT, 202)] * 3


def test_what_came_before_a_kill_is_fetched_after_it(place: Place) -> None:
    place.edit(schedules=None)
    say(place.workspace, "pause")
    with served(place) as process:
        register(place, until(process.stdout, "started")["address"])
        number = f"W-{place.order()['ordernumber']}"
        eventually(lambda: place.shop.webhooks.sent == [(EVENT, 202)])
        os.kill(process.pid, signal.SIGKILL)
        process.wait(30)
    say(place.workspace, "resume")

    assert say(place.workspace, "serve", "--once").code == 0
    assert place.booked() == [number]


def test_webhooks_are_registered_listed_and_taken_back(place: Place) -> None:
    assert "No webhook" in say(place.workspace, "webhooks").out
    register(place, "http://127.0.0.1:1")
    [held] = place.shop.webhooks.held.values()
    path = urlsplit(held["address"]).path
    said = say(place.workspace, "webhooks")
    assert EVENT in said.out and path.rpartition("/")[2] not in said.out
    assert (
        "registered already"
        in say(place.workspace, "webhooks", "ccv-shop", "--register", "--public-url", "http://127.0.0.1:1").out
    )
    with place.ledger() as ledger:
        [kept] = ledger.webhooks()
        assert kept.secret == held["key"] and held["key"] not in json.dumps(kept.remote)
    database = (place.workspace / ".studio" / "ledger.sqlite").read_bytes()
    assert held["key"].encode() not in database and path.rpartition("/")[2].encode() not in database

    assert say(place.workspace, "webhooks", "ccv-shop", "--unregister").code == 0
    assert place.shop.webhooks.held == {}
    assert "No webhook" in say(place.workspace, "webhooks").out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("ccv-shop", "--register"), "no address of ours"),
        (("ccv-shop", "--register", "--public-url", "http://shop.example"), "Use https"),
        (
            ("ccv-shop", "--register", "--public-url", "https://x.example", "--event", "orders.updated.statu"),
            "Did you mean",
        ),
        (("eaccounting", "--register", "--public-url", "https://x.example"), "no webhooks"),
        (("--register", "--public-url", "https://x.example"), "no system is named"),
    ],
)
def test_a_wrong_call_is_said(place: Place, words: tuple[str, ...], says: str) -> None:
    said = say(place.workspace, "webhooks", *words)

    assert said.code == 2
    assert says in said.err
    with place.ledger() as ledger:
        assert ledger.webhooks() == []


def test_a_system_that_refuses_leaves_nothing_registered(place: Place) -> None:
    place.serving.arm("ccv-shop", [{"kind": "status", "status": 403, "path": "webhooks", "times": 9}])
    said = say(place.workspace, "webhooks", "ccv-shop", "--register", "--public-url", "https://x.example")

    assert said.code in (1, 3)
    with place.ledger() as ledger:
        assert ledger.webhooks() == []
