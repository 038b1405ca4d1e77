"""A system that is not connected, down, slow or talks nonsense: its message says so, and nothing is lost or doubled."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from engine.errors import ConnectionMissing, SignInNeeded, TryAgain
from engine.runs.run import RunOptions

MakeStage = Callable[..., Any]
Once = Callable[[str, Callable[[], object]], Callable[[str], None]]
FLOW = "ccv-orders-to-eaccounting"
SHOP, BOOKS = "CCV Shop (127.0.0.1): ", "Visma eAccounting (127.0.0.1): "
LATER = "It will be tried again later; if it stays so, ask the system's support."
LOOK = "Look at the exchange; if it stays so, ask the system's support."


# --- connections


def test_connection_that_was_not_set_up(stage: MakeStage) -> None:
    s = stage(connect=False)
    with pytest.raises(ConnectionMissing) as caught:
        s.run()

    assert str(caught.value) == (
        "ccv-shop: CCV Shop is not connected. Connect it with `python -m engine connect ccv-shop --answers FILE`; "
        "its questions are Address of the shop (shop_address), Public key (public_key), Secret key (secret)."
    )


def test_connection_that_lacks_an_answer(stage: MakeStage) -> None:
    s = stage()
    s.connect(s.shop, secret="", public_key=None)
    with pytest.raises(ConnectionMissing) as caught:
        s.run()

    assert "ccv-shop: The connection to CCV Shop lacks Public key, Secret key." in str(caught.value)
    assert "connect ccv-shop --answers FILE" in str(caught.value)


def test_wrong_secret_of_the_shop(stage: MakeStage) -> None:
    s = stage()
    s.connect(s.shop, secret="not-the-secret")
    with pytest.raises(SignInNeeded) as caught:
        s.run()

    assert str(caught.value) == (
        SHOP + "the system does not accept our sign-in: “The header x-hash does not fit the request.” "
        "(code 401.10, status 401). Check the credentials in the connection, or connect it again."
    )
    assert "not-the-secret" not in repr(caught.value.__dict__)


def test_keys_that_change_during_a_run_end_it_and_nothing_is_lost(stage: MakeStage, once: Once) -> None:
    s = stage()
    numbers = s.orders(6)
    opened = s.open()
    report = s.go(opened, seam=once("page read", lambda: s.shop.do("rotate_keys", {})))

    assert isinstance(report.stopped, SignInNeeded)
    assert "does not accept our sign-in" in str(report.stopped)
    s.connect(s.shop)
    s.run()
    s.assert_there_once(numbers)


@pytest.mark.parametrize("rotate", [True, False])
def test_revoked_sign_in_to_the_books(stage: MakeStage, rotate: bool) -> None:
    s = stage(rotate=rotate)
    s.books.do("revoke", {})
    with pytest.raises(SignInNeeded) as caught:
        s.run()

    said = BOOKS + "we are not signed in: the sign-in has ended or was withdrawn. Connect the system again."
    assert said == str(caught.value)


def test_sign_in_revoked_during_a_run_ends_it_and_nothing_is_lost(stage: MakeStage, once: Once) -> None:
    s = stage()
    numbers = s.orders(6)
    opened = s.open()

    def revoke() -> None:
        s.books.do("revoke", {})
        s.books.do("expire_tokens", {})

    report = s.go(opened, seam=once("page read", revoke))

    assert isinstance(report.stopped, SignInNeeded)
    assert s.documents() == {}
    s.connect(s.books)
    assert s.run().counts["created"] == 6
    s.assert_there_once(numbers)


@pytest.mark.parametrize("rotate", [True, False])
def test_token_that_expires_during_a_run_is_renewed_silently(stage: MakeStage, rotate: bool, once: Once) -> None:
    s = stage(rotate=rotate)
    numbers = s.orders(12)
    opened = s.open()
    expired = once("intent stored", lambda: s.books.do("expire_tokens", {}))
    report = s.go(opened, RunOptions(threads=8), seam=expired)

    assert (report.counts["created"], report.stopped, report.later) == (12, None, [])
    s.assert_there_once(numbers)
    assert any(status == 401 for _, _, status, *_ in s.requests("eaccounting"))
    tokens = [target for _, target, *_ in s.requests("eaccounting") if target == "/connect/token"]
    assert len(tokens) == 2  # one at the beginning, one for all eight threads together


# --- the other system is down, slow or answers nonsense


def test_books_that_are_down(stage: MakeStage, once: Once) -> None:
    s = stage()
    numbers = s.orders(3)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: a connection is refused
        s.connect(s.books, api_address=f"http://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(TryAgain) as caught:
            s.run()

    assert f"{BOOKS}the system cannot be reached: it does not accept a connection. {LATER}" == str(caught.value)
    s.connect(s.books)
    s.run()
    s.assert_there_once(numbers)


class Slow(httpx.BaseTransport):
    """Carries everything out, but answers to some requests never arrive in time."""

    def __init__(self, method: str, path: str, times: int) -> None:
        self._through = httpx.HTTPTransport()
        self._method, self._path, self._left = method, path, times

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self._through.handle_request(request)
        if request.method == self._method and request.url.path == self._path and self._left:
            self._left -= 1
            response.read()
            raise httpx.ReadTimeout("too slow", request=request)
        return response

    def close(self) -> None:
        self._through.close()


def test_slow_answer_to_a_write_is_looked_for_and_not_sent_twice(stage: MakeStage, once: Once) -> None:
    s = stage()
    numbers = s.orders(5)
    report = s.go(s.open(transports={"eaccounting": Slow("POST", "/v2/orders", 2)}))

    assert (report.counts["created"], report.later) == (5, [])
    s.assert_there_once(numbers)


def test_slow_shop_is_asked_again_and_then_named(stage: MakeStage, once: Once) -> None:
    s = stage()
    numbers = s.orders(3)
    report = s.go(s.open(transports={"ccv-shop": Slow("GET", "/api/rest/v1/orders/", 99)}))

    assert isinstance(report.stopped, TryAgain)
    assert str(report.stopped).startswith(SHOP + "no answer came in time") and LATER in str(report.stopped)
    assert len(s.clock.sleeps) >= 3
    s.run()
    s.assert_there_once(numbers)


SPOILED = {
    "refuse": f"the connection broke off. {LATER}",
    "html": f"the reply cannot be used: it answered with a web page. {LOOK}",
    "cut": f"the connection broke off: the reply broke off before its end. {LATER}",
    "bloat": f"the reply cannot be used: it is larger than 32 MB. {LOOK}",
    "truncate_json": "the reply cannot be used: it is not valid JSON (the closing quote of this text is missing). "
    + LOOK,
}


@pytest.mark.parametrize("kind", SPOILED)
def test_spoiled_page_of_the_shop_is_named_and_read_by_the_next_run(stage: MakeStage, kind: str, once: Once) -> None:
    s = stage()
    numbers = s.orders(3)
    opened = s.open()
    s.serving.arm("ccv-shop", [{"kind": kind, "path": "/orders"}])
    report = s.go(opened)

    assert SHOP + SPOILED[kind] == str(report.stopped)
    assert report.counts["read"] == 0 and s.ledger.cursor(FLOW, "default") is None
    s.serving.arm("ccv-shop", [])
    assert s.run().counts["created"] == 3
    s.assert_there_once(numbers)


@pytest.mark.parametrize("kind", SPOILED)
def test_one_spoiled_answer_of_the_books_hurts_nobody(stage: MakeStage, kind: str, once: Once) -> None:
    s = stage()
    numbers = s.orders(6)
    opened = s.open()
    s.serving.arm("eaccounting", [{"kind": kind, "path": "/v2/orders", "method": "POST", "times": 1}])
    report = s.go(opened)

    assert (report.counts["created"], report.stopped) == (6, None)
    s.assert_there_once(numbers)


@pytest.mark.parametrize("kind", ["html", "bloat", "refuse"])
def test_books_that_stay_broken_end_the_run_and_the_next_one_catches_up(
    stage: MakeStage, kind: str, once: Once
) -> None:
    s = stage()
    numbers = s.orders(8)
    opened = s.open()
    s.serving.arm("eaccounting", [{"kind": kind, "path": "/v2/orders", "method": "POST"}])
    report = s.go(opened)

    assert str(report.stopped).startswith(BOOKS + SPOILED[kind].split(".")[0])
    assert (report.counts["created"], report.counts["parked"]) == (0, 0)
    assert len(report.later) >= 5
    assert all(str(later.problems[0]).startswith(BOOKS) for later in report.later)
    s.serving.arm("eaccounting", [])
    s.sandbox_clock.advance(600)
    assert s.run().counts["created"] == 8
    s.assert_there_once(numbers)


def test_one_failing_search_is_tried_again_in_place(stage: MakeStage, once: Once) -> None:
    s = stage()
    numbers = s.orders(4)
    opened = s.open()
    s.serving.arm("eaccounting", [{"kind": "status", "status": 503, "path": "/v2/customers", "times": 2}])
    report = s.go(opened)

    assert (report.counts["created"], report.stopped, report.later) == (4, None, [])
    s.assert_there_once(numbers)
