"""The data adds up, is the same for the same seed, and holds every special case; what a person does shows."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from sandbox.abicart import Abicart, Choices
from sandbox.abicart.awkward import BIG_UID
from sandbox.clock import Clock
from sandbox.server import Serving


@pytest.mark.parametrize("choices", [Choices(), Choices(base_currency="EUR", prices_with_vat=False)])
def test_every_cost_adds_up_to_the_cent(choices: Choices) -> None:
    own = Abicart(Clock(), orders=200, choices=choices).records
    for order in own.all("Order"):
        items = [item["costs"]["total"] for item in own.items_of(order)]
        costs = order["costs"]
        for cost in [*items, *costs.values()]:
            assert cost["incVat"] == cost["exVat"] + cost["vat"]
            assert cost["currency"] == order["currency"]
        assert costs["cart"]["incVat"] == sum(item["incVat"] for item in items)
        parts = sum(costs[name]["incVat"] for name in ("cart", "payment", "shipment"))
        if own.notes.get(order["uid"]) == "rounded to whole kronor":
            assert costs["total"]["incVat"] % 1 == 0
            assert 0 < abs(costs["total"]["incVat"] - parts) <= Decimal("0.5")
        else:
            assert costs["total"]["incVat"] == parts


def test_the_same_seed_gives_the_same_shop() -> None:
    clock = Clock()
    first, same, other = (Abicart(clock, seed=seed, orders=20) for seed in (7, 7, 8))
    first.start_anew(clock.now())
    same.start_anew(first.started)
    other.start_anew(first.started)

    assert first.records.state() == same.records.state() != other.records.state()


def test_awkward_orders_are_there(client: Any, shop: Abicart) -> None:
    notes = set(shop.records.notes.values())
    orders = client.every("Order", True)
    items = {one["uid"]: one for one in client.every("OrderItem", True)}
    articles = {one["uid"]: one for one in client.every("Article", True)}

    assert len(notes) >= 40
    assert BIG_UID in {order["uid"] for order in orders}
    assert {order["currency"] for order in orders} == {"SEK", "EUR"}
    assert {order["hasVat"] for order in orders} == {order["discarded"] for order in orders} == {True, False}
    assert any(item["costs"]["total"]["incVat"] < 0 for item in items.values())
    assert any(item["costs"]["total"]["incVat"] == 0 for item in items.values())
    assert any(item["choices"]["quantity"] == Decimal("2.5") for item in items.values())
    (gone,) = {item["article"] for item in items.values()} - set(articles)
    assert client.code("Article.get", gone, True) == 9003
    assert len(articles) >= 120
    assert len({one["articleNumber"] for one in articles.values()}) < len(articles)  # two of one number
    assert {one["useStock"] for one in (article["stock"] for article in articles.values())} == {True, False}
    assert (
        b'"SEK":90071992547409.93,'
        in client.send(
            {
                "jsonrpc": "2.0",
                "id": 1,
                "method": "Article.list",
                "params": ["price", {"filters": {"/ean": "9007199254740993"}}],
            }
        ).body
    )


def test_choices_shape_the_world(client: Any, shop: Abicart) -> None:
    wishes = {"email_at": "top", "stock_key": "level", "price_shape": "number", "item_order": "orderNumber"}
    more = {"named_methods": True, "deleted_article": "null", "identity_key": "number", "base_currency": "EUR"}
    shop.do("choose", wishes | more)
    order = client.call("Order.get", 1234, True)

    assert "email" in order["customer"] and "email" not in order["customer"]["info"]
    assert "number" in order["customer"]["info"]
    assert client.call("OrderItem.get", order["items"][0], "order") == {"order": order["orderNumber"]}
    assert set(client.call("Article.get", 777001, "stock")["stock"]) == {"useStock", "level"}
    assert isinstance(client.call("Article.get", 777001, "price")["price"], int | Decimal)
    assert client.call("Payment.get", 52, "name") == {"name": {"sv": "Kort", "en": "Card"}}
    assert client.call("OrderItem.count", {"/article": None}) == 1
    assert client.call("Webshop.get", 22222, "baseCurrency") == {"baseCurrency": "EUR"}


def test_a_variant_shows_its_own_number_unless_chosen_otherwise(client: Any, shop: Abicart) -> None:
    variant = client.call("Article.list", True, {"filters": {"/articleNumber": "TR-1-A"}})[0]
    assert variant["overrides"]["articleNumber"] == "TR-1-A"
    shop.do("choose", {"variants_show_base": True})

    shown = client.call("Article.get", variant["uid"], True)
    assert (shown["articleNumber"], shown["overrides"]["articleNumber"]) == ("TR-1", "TR-1-A")


@pytest.mark.parametrize("wish", [{"nothing": 1}, {"email_at": "moon"}, {"batches": 1}, {"default_limit": -1}])
def test_a_choice_that_there_is_not_is_a_sentence(shop: Abicart, wish: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        shop.do("choose", wish)


def test_what_a_person_does_shows(client: Any, shop: Abicart, clock: Clock) -> None:
    level = client.call("Article.get", 777002, "stock")["stock"]["stock"]
    line = {"articleNumber": "AB-1002", "quantity": 3, "price": 10.5}
    made: Any = shop.do("new_order", {"email": "ny@post.example", "lines": [line], "company": "Ny AB"})
    order = client.call("Order.get", made["uid"], True)

    assert order["customer"]["info"] == {"type": "business", "email": "ny@post.example"}
    assert order["costs"]["cart"]["incVat"] == Decimal("31.5")
    assert client.call("Article.get", 777002, "stock")["stock"]["stock"] == level - 3
    clock.advance(60)
    for action in ("pay_order", "send_order", "discard_order"):
        shop.do(action, {"orderNumber": made["orderNumber"]})
    after = client.call("Order.get", made["uid"], True)
    assert (after["paymentStatus"], after["deliveryStatus"], after["discarded"]) == ("paid", "sent", True)
    assert after["changed"] > order["changed"]
    shop.do("set_stock", {"articleNumber": "AB-1002", "level": 5, "useStock": True})
    assert client.call("Article.get", 777002, "stock") == {"stock": {"useStock": True, "stock": 5}}
    shop.do("delete_article", {"articleNumber": "AB-1002"})
    assert client.code("Article.get", 777002, "uid") == 9003
    shop.do("reset", {})
    assert client.call("Order.count") == 94


@pytest.mark.parametrize(
    ("action", "arguments"),
    [
        ("fly", {}),
        ("new_order", {"colour": "red"}),
        ("new_order", {"country": "US"}),
        ("new_order", {"currency": "NOK"}),
        ("new_order", {"payment": 1}),
        ("new_order", {"lines": [{"articleNumber": "none"}]}),
        ("new_order", {"lines": [{"price": "much"}]}),
        ("pay_order", {"orderNumber": "1"}),
        ("set_setting", {"name": "uid", "value": 1}),
        ("answer_with", {"code": 5}),
        ("change_article", {"articleNumber": "AB-1001", "fields": {"vatRate": 25}}),
    ],
)
def test_what_cannot_be_done_is_a_sentence(shop: Abicart, action: str, arguments: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        shop.do(action, arguments)


def test_everything_survives_a_restart(client: Any, shop: Abicart, clock: Clock) -> None:
    client.call("Order.set", 1234, {"note": "\ud83d kept", "externalOrderNumber": "S-9"}, "uid")
    shop.do("choose", {"default_limit": 3})
    kept = json.loads(json.dumps(shop.state()))
    again = Abicart(clock, seed=7, orders=90)
    again.restore(kept)

    with Serving([again], clock=clock) as serving:
        client.address = serving.addresses["abicart"]
        assert client.call("Order.get", 1234, "externalOrderNumber") == {"externalOrderNumber": "S-9"}
        assert len(client.call("Order.list", "uid")) == 3
    assert json.loads(json.dumps(again.state())) == kept


def test_the_page_shows_the_orders(client: Any) -> None:
    page = client.send(b"", path="/_sandbox/", method="GET").body.decode()

    assert "gift card as a negative row" in page
    assert "<script>alert(" not in page
