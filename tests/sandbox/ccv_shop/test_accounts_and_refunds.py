"""Accounts of buyers and credit invoices, as a person makes them and the shop shows them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.ccv_shop import CcvShop


def test_an_account_is_opened_without_an_order_and_shown(client: Any, shop: Any) -> None:
    made = shop.do("new_user", {"email": "anna@post.example", "name": "Anna Berg"})
    shown = client.get(f"/users/{made['id']}/").json

    assert (shown["username"], shown["status"]) == ("anna@post.example", True)
    assert shown["userinfo"]["billingaddress"]["full_name"] == "Anna Berg"


def test_an_account_is_changed_in_part(client: Any, shop: Any) -> None:
    made = shop.do("new_user", {"email": "anna@post.example"})
    before = client.get(f"/users/{made['id']}/").json["userinfo"]["billingaddress"]
    shop.do(
        "change_user", {"email": "anna@post.example", "status": False, "userinfo": {"billingaddress": {"city": "B"}}}
    )
    shown = client.get(f"/users/{made['id']}/").json

    assert shown["status"] is False
    assert shown["userinfo"]["billingaddress"] == {**before, "city": "B"}
    with pytest.raises(ValueError, match="no account of nobody"):
        shop.do("change_user", {"email": "nobody@post.example"})
    with pytest.raises(ValueError, match="no field 'colour'"):
        shop.do("change_user", {"email": "anna@post.example", "userinfo": {"colour": "red"}})


def test_orders_of_one_account_name_it_and_guests_have_none(client: Any, shop: Any) -> None:
    numbers = [
        shop.do("new_order", {"email": "anna@post.example", "account": account})["id"]
        for account in (True, True, False)
    ]
    users = [client.get(f"/orders/{number}/").json["user"]["id"] for number in numbers]

    assert users[0] == users[1] is not None
    assert users[2] is None


def test_a_refund_is_a_credit_invoice_that_can_be_read_and_filtered(client: Any, shop: Any) -> None:
    order = shop.do("new_order", {})
    number = client.get(f"/orders/{order['id']}/").json["ordernumber_full"]
    made = shop.do("refund_order", {"ordernumber": number, "amount": 1.25})

    shown = client.get(f"/invoices/{made['id']}/").json
    assert (shown["type"], shown["ordernumber_full"], shown["total_price"]) == ("credit", number, 1.25)
    assert [one["id"] for one in client.every(f"/invoices/?ordernumber_full={number}")] == [made["id"]]
    assert client.every("/invoices/?min_create_date=2999-01-01") == []
    assert client.get("/invoices/1/").status == 404


def test_accounts_and_refunds_outlive_a_restart(client: Any, shop: Any) -> None:
    order = shop.do("new_order", {"account": True})
    made = shop.do("refund_order", {"ordernumber": order["ordernumber"]})
    again = CcvShop(client.clock, seed=7, orders=60)
    again.restore(json.loads(json.dumps(shop.state())))

    assert again.holdings.invoices == {made["id"]: made}
    assert again.holdings.users == shop.holdings.users
