"""Every request and every reply is signed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

PATH = "/orders/?size=2"
TARGET = "/api/rest/v1/orders/?size=2"


def _stamp(client: Any, minutes: float) -> str:
    return str((client.clock.now() + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ"))


def test_a_signed_request_is_answered(client: Any) -> None:
    assert client.get(PATH).status == 200


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_request_six_minutes_off_is_refused(client: Any, minutes: float) -> None:
    answer = client.get(PATH, x_date=_stamp(client, minutes))

    assert answer.status == 401
    assert answer.json == {
        "status": 401,
        "code": "401.10",
        "developermessage": "The header x-date is more than five minutes from the time of this server.",
    }


@pytest.mark.parametrize("minutes", [-4.9, 4.9])
def test_a_request_within_five_minutes_is_taken(client: Any, minutes: float) -> None:
    assert client.get(PATH, x_date=_stamp(client, minutes)).status == 200


def test_the_window_is_that_of_the_sandbox_clock(client: Any) -> None:
    before = _stamp(client, 0)
    client.clock.advance(400)

    assert client.get(PATH, x_date=before).status == 401
    assert client.get(PATH).status == 200


@pytest.mark.parametrize("name", ["x_public", "x_date", "x_hash", "Accept", "accept_language"])
def test_a_missing_header_is_refused(client: Any, name: str) -> None:
    sent = {name: None}
    if name == "Accept":
        sent = {"Accept": ""}  # http.client itself sends none, an empty one is as good as none

    assert client.get(PATH, **sent).status == 401


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("x_public", "somebody-else", 401),
        ("x_hash", "0" * 128, 401),
        ("x_date", "yesterday", 401),
        ("Accept", "*/*", 406),
        ("Accept", "application/json", 406),
        ("accept_language", "nl-NL", 400),
    ],
)
def test_a_wrong_header_is_refused(client: Any, name: str, value: str, status: int) -> None:
    assert client.get(PATH, **{name: value}).status == status


def test_a_hash_over_another_query_is_refused(client: Any) -> None:
    date = _stamp(client, 0)
    other = client.hash_of("GET", TARGET.replace("2", "3"), b"", date)

    assert client.get(PATH, x_date=date, x_hash=other).status == 401


def test_a_hash_over_another_body_is_refused(client: Any) -> None:
    date = _stamp(client, 0)
    target = "/api/rest/v1/orders/100001/"
    other = client.hash_of("PATCH", target, b'{"status": 6}', date)

    assert client.send("PATCH", target, b'{"status": 5}', x_date=date, x_hash=other).status == 401


def test_a_date_in_another_zone_is_refused(client: Any) -> None:
    date = (client.clock.now() + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%S+02:00")

    assert client.get(PATH, x_date=date).status == 401


@pytest.mark.parametrize("path", [PATH, "/nothing/", "/orders/1/"])
def test_replies_and_errors_are_signed(client: Any, path: str) -> None:
    answer = client.get(path)
    target = "/api/rest/v1" + path
    expected = client.hash_of("GET", target, answer.body, answer.headers["x-date"])

    assert answer.headers["x-hash"] == expected
    assert answer.headers["content-type"] == "application/vnd.verto.webshop+json"


def test_the_shop_can_forget_to_sign(client: Any, shop: Any) -> None:
    shop.do("forget_signing", {"replies": 2})

    assert ["x-hash" in client.get(PATH).headers for _ in range(3)] == [False, False, True]


def test_the_shop_can_sign_wrong(client: Any, shop: Any) -> None:
    shop.do("forget_signing", {"replies": 1, "wrong": True})
    answer = client.get(PATH)

    assert answer.headers["x-hash"] != client.hash_of("GET", TARGET, answer.body, answer.headers["x-date"])


def test_old_keys_do_not_hold_after_a_rotation(client: Any, shop: Any) -> None:
    new = shop.do("rotate_keys", {})

    assert client.get(PATH).status == 401
    client.public, client.secret = new["public_key"], new["secret"]
    assert client.get(PATH).status == 200
