"""What can be written, what is refused with which code, and when `changed` moves."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sandbox.abicart import Abicart
from sandbox.clock import Clock


def cart_uid(client: Any) -> int:
    uid: int = client.call("Order.list", "uid", {"filters": {"/ordered": None}})[0]["uid"]
    return uid


@pytest.mark.parametrize("moves", [True, False])
def test_writing_the_number_back_moves_changed_as_chosen(client: Any, shop: Abicart, clock: Clock, moves: bool) -> None:
    shop.do("choose", {"external_number_moves_changed": moves})
    before = client.call("Order.get", 1234, "changed")
    clock.advance(60)
    after = client.call("Order.set", 1234, {"externalOrderNumber": "S-1"}, ["changed", "externalOrderNumber"])

    assert after["externalOrderNumber"] == "S-1"
    assert (after["changed"] > before["changed"]) is moves


def test_a_write_that_changes_nothing_leaves_changed(client: Any, clock: Clock) -> None:
    first = client.call("Order.set", 1234, {"note": "a", "tags": ["b"]}, "changed")
    clock.advance(60)

    assert client.call("Order.set", 1234, {"note": "a", "tags": ["b"]}, "changed") == first


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"nothing": 1}, 9001),
        ({"uid": 5}, 9001),
        ({"orderNumber": "1"}, 9001),
        ({"costs": {}}, 9001),
        ({"note": 5}, 9001),
        ({"tags": "vip"}, 9001),
        ({"paymentStatus": "free"}, 9001),
        ({"discarded": "no"}, 9001),
        ({"currency": "EUR"}, 1006),
        ({"customer": {"info": {"type": "private"}}}, 1006),
        ("note", -32602),
        (None, -32602),
    ],
)
def test_an_order_refuses(client: Any, data: Any, code: int) -> None:
    before = client.call("Order.get", 1234, True)

    assert client.code("Order.set", 1234, data, "uid") == code
    assert client.code("Order.validate", 1234, data) == code
    assert client.call("Order.get", 1234, True) == before


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"vatRate": 25}, 9001),
        ({"vatRate": "0.25"}, 9001),
        ({"name": "Kopp"}, 9001),
        ({"name": None}, 9001),
        ({"name": {"swedish": "Kopp"}}, 9002),
        ({"price": {"NOK": 5}}, 9002),
        ({"price": 5}, 9001),
        ({"stock": {"amount": 1}}, 9001),
        ({"stock": None}, 9001),
        ({"choices": [1]}, 9001),
        ({"changed": "2024-01-01T00:00:00Z"}, 9001),
        ({"weight": True}, 9001),
    ],
)
def test_an_article_refuses(client: Any, data: Any, code: int) -> None:
    assert client.code("Article.set", 777001, data, "uid") == code
    assert client.code("Article.create", {"name": {"sv": "x"}} | data, "uid") == code


def test_an_article_is_made_changed_and_deleted(client: Any, clock: Clock) -> None:
    data = {"articleNumber": "NY-1", "name": {"sv": "Ny"}, "price": {"SEK": 10.1}, "vatRate": 0.12}
    made = client.call("Article.create", data, ["uid", "changed", "created", "pricing", "stock"])
    clock.advance(60)
    client.call("Article.set", made["uid"], {"name": {"en": "New"}, "stock": {"stock": 4}, "price": {"EUR": 1}}, "uid")
    read = client.call("Article.get", made["uid"], True)

    assert made["created"] == made["changed"] < read["changed"]
    assert made["pricing"] == [{"qtyFloor": 1, "regular": {"SEK": Decimal("10.1")}, "specialOffer": None}]
    assert (read["name"], read["stock"]) == ({"sv": "Ny", "en": "New"}, {"useStock": False, "stock": 4})
    assert read["pricing"][0]["regular"] == read["price"] == {"SEK": Decimal("10.1"), "EUR": 1}
    assert client.call("Article.delete", made["uid"]) is None
    assert client.code("Article.delete", made["uid"]) == 9003
    assert client.code("Article.create", {"articleNumber": "x"}, "uid") == 9001  # no name


def test_objects_are_joined_or_replaced_as_chosen(client: Any, shop: Abicart) -> None:
    shop.do("choose", {"set_merges": False})
    client.call("Article.set", 777001, {"name": {"en": "Alone"}}, "uid")

    assert client.call("Article.get", 777001, "name") == {"name": {"en": "Alone"}}


def test_numbers_need_be_unique_only_when_chosen(client: Any, shop: Abicart) -> None:
    data = {"articleNumber": "AB-1001", "name": {"sv": "Samma"}}
    assert client.call("Article.set", None, data, ["articleNumber"]) == {"articleNumber": "AB-1001"}
    shop.do("choose", {"unique_numbers": True})

    assert client.code("Article.create", data, "uid") == 9001


def test_a_cart_is_filled_and_becomes_an_order(client: Any, shop: Abicart) -> None:
    cart = client.call("Order.create", {"language": "sv"}, "uid")["uid"]
    item = client.call("Order.addArticle", cart, 777091, {"879278": 57129002, "quantity": 2})
    own = client.call("OrderItem.get", item, True)

    assert own["choices"] == {"879278": 57129002, "quantity": 2}
    assert (own["articleNumber"], own["costs"]["total"]["incVat"]) == ("TR-1-A", 400)
    assert client.call("OrderItem.delete", item) is None
    assert client.call("Order.get", cart, ["items"]) == {"items": []}
    item = client.call("Order.addArticle", cart, 777091, {"879278": 57129004})
    shop.do("finish_cart", {"uid": cart})
    total = client.call("Order.get", cart, True)["costs"]["total"]
    assert (total["incVat"], total["exVat"], total["vat"]) == (249, Decimal("199.2"), Decimal("49.8"))
    for refused in (("OrderItem.delete", item), ("Order.delete", cart), ("Order.addArticle", cart, 777001)):
        assert client.code(*refused) == 1006


@pytest.mark.parametrize(
    ("article", "choices", "code"),
    [
        (1, None, 9003),
        (777091, {}, 9001),
        (777091, {"879278": 1}, 9001),
        (777001, {"1": 1}, 9001),
        (777001, {"quantity": 0}, 9001),
        (777001, {"quantity": "2"}, 9001),
        (777001, 2, -32602),
    ],
)
def test_what_cannot_be_put_into_a_cart(client: Any, article: int, choices: Any, code: int) -> None:
    assert client.code("Order.addArticle", cart_uid(client), article, choices) == code


def test_items_are_not_made_directly(client: Any) -> None:
    assert client.code("OrderItem.create", {"article": 777001}, "uid") == 1006
    assert client.code("OrderItem.set", 555001, {"articleName": "x"}, "uid") == 1006


def test_a_cart_is_deleted_with_its_items(client: Any) -> None:
    uid = cart_uid(client)
    items = client.call("Order.get", uid, "items")["items"]

    assert client.call("Order.delete", uid) is None
    assert {client.code("OrderItem.get", item, "uid") for item in items} == {9003}


def test_customers_are_made_and_changed(client: Any) -> None:
    data = {"address": {"firstName": "Anna", "country": "SE"}, "info": {"type": "private", "email": "a@post.example"}}
    uid = client.call("Customer.create", data | {"groups": [1]}, "uid")["uid"]
    client.call("Customer.set", uid, {"address": {"town": "Skyby"}}, "uid")

    address = client.call("Customer.get", uid, "address")["address"]
    assert (address["firstName"], address["town"]) == ("Anna", "Skyby")
    assert client.code("Customer.set", uid, {"address": {"country": "Sverige"}}, "uid") == 9002
    assert client.code("Customer.set", uid, {"language": "swe"}, "uid") == 9002
    assert client.code("Customer.set", uid, {"email": "a@post.example"}, "uid") == 9001
    assert client.code("Customer.set", uid, {"groups": [99]}, "uid") == 9001


def test_half_a_surrogate_and_many_digits_come_back(client: Any) -> None:
    client.call("Order.set", 1234, {"note": "\ud83d"}, "uid")
    assert client.call("Order.get", 1234, "note") == {"note": "\ud83d"}
    raw = b'{"jsonrpc":"2.0","id":7,"method":"Article.set","params":[777001,{"weight":12345678901234567.89},"weight"]}'
    assert b'"weight":12345678901234567.89}' in client.send(raw).body
