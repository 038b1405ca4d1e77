"""What a person does in the shop, time passing, and a restart."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from sandbox.ccv_shop import CcvShop


def _unpaid(shop: Any) -> list[int]:
    return [o["id"] for o in shop.holdings.orders.values() if o["case"].startswith("unpaid")]


def test_unpaid_orders_are_paid_after_a_day_of_the_clock(client: Any, shop: Any) -> None:
    before = [client.get(f"/orders/{identity}/").json for identity in _unpaid(shop)]
    client.clock.advance(86_400)
    after = [client.get(f"/orders/{identity}/").json for identity in _unpaid(shop)]

    assert [(o["paid"], o["status"], o["transaction_id"]) for o in before] == [(False, 4, None)] * 2
    assert all(o["paid"] and o["status"] in (1, 2) and o["transaction_id"] for o in after)


def test_a_cancelled_order_is_not_paid_later(client: Any, shop: Any) -> None:
    identity = _unpaid(shop)[0]
    shop.do("cancel_order", {"ordernumber": shop.holdings.orders[identity]["ordernumber"]})
    client.clock.advance(86_400)
    order = client.get(f"/orders/{identity}/").json

    assert (order["paid"], order["status"]) == (False, 8)


def test_a_new_order_can_be_made_to_measure(client: Any, shop: Any) -> None:
    made = shop.do(
        "new_order",
        {
            "email": "Iemand@post.example",
            "lines": [{"productnumber": "NIET-IN-DE-SHOP", "count": 2, "price": 3.33, "tax": 21}],
            "paid": False,
            "paymethod_id": 99,
        },
    )
    order = client.get(f"/orders/{made['id']}/?expand=orderrows").json

    assert order["customer"]["email"] == "Iemand@post.example"
    assert (order["paid"], order["status"], order["paymethod"]) == (False, 4, "klarna_later")
    row = order["orderrows"]["items"][0]
    assert (row["product_number"], row["product_id"], row["total_price"]) == ("NIET-IN-DE-SHOP", None, 6.66)


def test_a_total_may_be_off_and_a_buyer_say_where_they_live(client: Any, shop: Any) -> None:
    wishes = {"telephone": "+31 20 000 00 12", "street": "Wolkenkade"}
    right, off = (shop.do("new_order", {**wishes, **more})["id"] for more in ({}, {"total_off": "0.08"}))
    first, second = (client.get(f"/orders/{identity}/").exact_json for identity in (right, off))

    assert second["total_price"] - first["total_price"] == Decimal("0.08")
    assert second["total_tax"] == first["total_tax"]
    address = first["customer"]["billingaddress"]
    assert (address["telephone"], address["street"]) == ("+31 20 000 00 12", "Wolkenkade")


def test_an_order_in_front_shifts_the_pages(client: Any, shop: Any) -> None:
    second_page = client.get("/orders/?start=10&size=10").json["items"]
    made = shop.do("new_order_in_front", {})
    shifted = client.get("/orders/?start=10&size=10").json["items"]

    assert client.get("/orders/?size=1&orderby=create_date").json["items"][0]["id"] == made["id"]
    assert [o["id"] for o in shifted[1:]] == [o["id"] for o in second_page[:-1]]


def test_an_order_is_paid_and_changed(client: Any, shop: Any) -> None:
    number = shop.do("new_order", {"paid": False})["ordernumber"]
    assert shop.do("pay_order", {"ordernumber": number})["paid"] is True
    shop.do("change_order", {"ordernumber": f"W-{number}", "fields": {"extra_costs": 5, "paid": True}})

    assert client.every(f"/orders/?ordernumber={number}")[0]["extra_costs"] == 5.0


@pytest.mark.parametrize(
    ("action", "arguments"),
    [
        ("juggle", {}),
        ("pay_order", {"ordernumber": 1}),
        ("new_order", {"colour": "red"}),
        ("new_order", {"country": "US"}),
        ("new_order", {"lines": [{"count": "many"}]}),
        ("new_order", {"fields": {"rows": []}}),
        ("change_order", {"ordernumber": 10001, "fields": {"colour": "red"}}),
    ],
)
def test_a_wish_that_cannot_be_met_is_refused_with_a_sentence(
    shop: Any, action: str, arguments: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        shop.do(action, arguments)


def test_everything_survives_a_restart(client: Any, shop: Any, clock: Any) -> None:
    made = shop.do("new_order", {"email": "blijft@post.example"})
    shop.do("rotate_keys", {})
    client.public, client.secret = shop.keys
    client.write("PATCH", "/orders/100003/", {"reservationnumber": "S-3"})
    client.write("PATCH", "/products/501/", {"stock": 3})
    state = json.loads(json.dumps(shop.state()))
    clock.advance(3600)
    again = CcvShop(clock, seed=7, orders=60)
    again.restore(state)

    assert again.holdings.orders == shop.holdings.orders
    assert again.holdings.products == shop.holdings.products
    assert again.holdings.orders[made["id"]]["customer"]["email"] == "blijft@post.example"
    assert again.keys == shop.keys
    assert again.do("new_order", {})["id"] == made["id"] + 1


def test_somebody_new_after_a_restart_is_nobody_from_before(shop: Any, clock: Any) -> None:
    before = {shop.do("new_order", {})["email"] for _ in range(3)}
    again = CcvShop(clock, seed=7, orders=60)
    again.restore(json.loads(json.dumps(shop.state())))

    assert before.isdisjoint({again.do("new_order", {})["email"] for _ in range(3)})


def test_the_state_holds_only_what_has_changed(client: Any, shop: Any) -> None:
    client.write("PATCH", "/orders/100003/", {"reservationnumber": "S-3"})

    assert [order["id"] for order in shop.state()["holdings"]["orders"]] == [100003]
