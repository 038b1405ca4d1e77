"""How many requests a minute the shop takes."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _limits_on_at_the_start_of_a_minute(shop: Any, clock: Any) -> None:
    shop.limits_on = True
    clock.advance(60 - clock.now().timestamp() % 60)


def _until_refused(client: Any, path: str, most: int) -> tuple[int, Any]:
    for number in range(most):
        answer = client.get(path)
        if answer.status != 200:
            return number, answer
    return most, None


def test_the_resource_limit_is_429_10_without_retry_after(client: Any) -> None:
    number, answer = _until_refused(client, "/orders/?size=1", 200)

    assert number == 150
    assert (answer.status, answer.json["code"]) == (429, "429.10")
    assert "retry-after" not in answer.headers
    assert client.get("/products/?size=1").status == 200


def test_the_limit_is_lifted_with_the_next_minute(client: Any) -> None:
    _until_refused(client, "/orders/?size=1", 200)
    client.clock.advance(60)

    assert client.get("/orders/?size=1").status == 200


def test_the_total_limit_is_429_11(client: Any) -> None:
    for path in ("/orders/?size=1", "/products/?size=1"):
        assert _until_refused(client, path, 150) == (150, None)
    number, answer = _until_refused(client, "/paymethods/", 150)

    assert (number, answer.json["code"]) == (100, "429.11")


def test_rows_of_an_order_count_for_the_rows(client: Any) -> None:
    _until_refused(client, "/orders/?size=1", 200)

    assert client.get("/orders/100001/orderrows/").status == 200


def test_limits_can_be_switched_off(client: Any, shop: Any) -> None:
    shop.limits_on = False

    assert _until_refused(client, "/paymethods/", 160) == (160, None)
