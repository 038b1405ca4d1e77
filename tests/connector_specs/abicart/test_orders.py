"""Orders of Abicart's stand-in over HTTP: whole, found, since a moment, and changed."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.connector_specs.abicart.conftest import MakeShop, Shop


def test_a_hundred_orders_with_rows_and_articles_are_few_calls(shop: MakeShop) -> None:
    s = shop(orders=100)
    orders = s.every("orders")

    assert len([order for order in orders if order["finished"]]) == 100
    assert Counter(s.calls()) == {"Order.list": 2, "OrderItem.list": 1, "ArticleChoice.list": 1, "Article.list": 1}


def test_every_order_has_its_rows_in_order_and_each_row_its_article(usual: Shop) -> None:
    for order in usual.every("orders"):
        held = usual.stand_in.records.one("Order", int(order["uid"]))

        assert [row["uid"] for row in order["items"]] == held["items"]
        for row in order["items"]:
            assert row["quantity"] == row["choices"]["quantity"]
            assert row["articleDetails"] is None or row["articleDetails"]["uid"] == row["article"]


def test_one_order_by_its_key_is_the_same_as_in_the_list(usual: Shop) -> None:
    orders = usual.every("orders")

    assert usual.system.get("orders", str(orders[3]["uid"])) == orders[3]


def test_a_cart_is_told_from_an_order(shop: MakeShop) -> None:
    s = shop()
    number = s.stand_in.do("new_order", {})["orderNumber"]
    cart = s.stand_in.do("new_cart", {})
    orders = {order["uid"]: order for order in s.every("orders")}

    assert orders[cart["uid"]]["finished"] is False
    assert s.order(number)["finished"] is True
    s.stand_in.do("finish_cart", {"uid": cart["uid"]})
    assert s.system.get("orders", str(cart["uid"]))["finished"] is True


def test_an_order_whose_article_was_deleted_keeps_its_row(shop: MakeShop) -> None:
    for way in ("uid", "null"):
        s = shop(choices={"deleted_article": way})
        number = s.stand_in.do("new_order", {"lines": [{"articleNumber": "AB-1001", "quantity": 2}]})["orderNumber"]
        s.stand_in.do("delete_article", {"articleNumber": "AB-1001"})
        [row] = s.order(number)["items"]

        assert (row["articleNumber"], row["quantity"], row["articleDetails"]) == ("AB-1001", 2, None)


def test_an_id_of_sixteen_digits_is_read_and_followed_digit_for_digit(usual: Shop) -> None:
    [big] = [order for order in usual.every("orders") if str(order["uid"]) == "9007199254740993"]

    assert usual.system.get("orders", "9007199254740993")["orderNumber"] == big["orderNumber"]
    assert usual.system.update("order_changes", "9007199254740993", {"note": "x"}).record["uid"] == "9007199254740993"


def test_only_what_changed_since_a_moment_is_read(shop: MakeShop) -> None:
    s = shop(orders=20)
    s.serving.clock.advance(3600)
    since = s.serving.clock.now().isoformat()
    s.serving.clock.advance(60)
    number = s.stand_in.do("new_order", {})["orderNumber"]

    assert [order["orderNumber"] for order in s.every("orders", since=since)] == [number]
    assert [record["uid"] for record in s.every("customers", since=since)] == []


@pytest.mark.parametrize("place", ["info", "address", "top", "nowhere"])
def test_the_buyers_e_mail_is_read_wherever_the_shop_keeps_it(shop: MakeShop, place: str) -> None:
    s = shop(choices={"email_at": place})
    number = s.stand_in.do("new_order", {"email": "ylva@sagback.example"})["orderNumber"]

    assert s.order(number).get("email") == (None if place == "nowhere" else "ylva@sagback.example")


def test_a_number_of_the_buyer_is_read_from_the_field_that_the_connection_names(shop: MakeShop) -> None:
    s = shop(orders=3, choices={"identity_key": "identity"}, identity_field="identity")

    numbers = [order["identityNumber"] for order in s.every("orders") if order["finished"]]
    assert len(numbers) == 3 and all(numbers)


def test_orders_are_found_by_their_number_and_by_that_of_the_other_system(usual: Shop) -> None:
    [found] = usual.system.find("orders", "externalOrderNumber", "SO-77")

    assert usual.system.find("orders", "orderNumber", found["orderNumber"])[0]["uid"] == found["uid"]
    assert usual.system.find("orders", "orderNumber", "no such number") == []


def test_a_change_of_an_order_sends_what_is_given_and_leaves_the_rest(shop: MakeShop) -> None:
    s = shop()
    uid = s.stand_in.do("new_order", {"fields": {"note": "Ring först", "tags": ["vip"]}})["uid"]
    answer = s.system.update("order_changes", str(uid), {"externalOrderNumber": "200101", "state": "sent"})
    held = s.stand_in.records.one("Order", uid)

    assert (held["externalOrderNumber"], held["deliveryStatus"], held["discarded"]) == ("200101", "sent", False)
    assert (held["note"], held["tags"]) == ("Ring först", ["vip"])
    assert (answer.key, answer.record["state"]) == (str(uid), "sent")
    s.system.update("order_changes", str(uid), {"state": "discarded"})
    assert s.stand_in.records.one("Order", uid)["discarded"] is True


@pytest.mark.parametrize("gone", [7, 40])
def test_reading_in_pages_loses_nothing_when_orders_change_and_others_go_meanwhile(shop: MakeShop, gone: int) -> None:
    s = shop(orders=600)
    uids = sorted(order["uid"] for order in s.stand_in.records.all("Order") if order["uid"] < 2000)
    seen: set[int] = set()
    for place, page in enumerate(s.system.read("orders", {})):
        seen |= {int(order["uid"]) for order in page.records}
        if place == 0:
            for uid in uids[100:140]:
                s.stand_in.do("change_order", {"uid": uid, "fields": {"note": "changed"}})
            for uid in uids[:gone]:
                s.stand_in.records.remove("Order", uid)

    assert set(uids[gone:]) <= seen


def test_an_order_number_written_back_is_no_change_to_what_a_flow_reads(shop: MakeShop) -> None:
    for moves in (True, False):
        s = shop(choices={"external_number_moves_changed": moves})
        uid = s.stand_in.do("new_order", {})["uid"]
        before = s.system.get("orders", str(uid))
        s.system.update("order_changes", str(uid), {"externalOrderNumber": "200101"})
        after = s.system.get("orders", str(uid))

        differing = {name for name in after if after[name] != before[name]}
        assert differing - {"changed"} == {"externalOrderNumber"}
