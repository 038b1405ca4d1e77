"""The connector before Abicart's stand-in over HTTP, whatever that chose where nothing is documented."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from engine.errors import BrokenReply, RecordRefused, SignInNeeded
from tests.connector_specs.abicart.conftest import MakeShop, Shop


@pytest.fixture(scope="module")
def usual(shop: MakeShop) -> Shop:
    """A shop of a hundred orders, four carts among them."""
    return shop(orders=100)


# --- orders


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

    assert all(order["identityNumber"] for order in s.every("orders") if order["finished"])


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


# --- articles


@pytest.mark.parametrize("choices", [{}, {"price_shape": "number"}, {"stock_key": "level"}, {"set_merges": False}])
def test_an_article_is_made_found_and_changed(shop: MakeShop, choices: dict[str, Any]) -> None:
    form = {"map": "by_currency", "number": "one_number"}[choices.get("price_shape", "map")]
    s = shop(choices=choices, price_form=form, stock_field=choices.get("stock_key", "stock"))
    fields = {"articleNumber": "NY-1", "name": "Kåsa", "price": 105, "vatRate": 0.25, "stockLevel": 4, "useStock": True}
    made = s.system.create("articles", fields)
    found = s.article("NY-1")

    assert made.key == str(found["uid"])
    assert {name: found[name] for name in fields} == fields
    s.system.update("articles", str(found["uid"]), {"price": 99.5, "name": "Kåsa av trä"}, existing=found)
    changed = s.article("NY-1")
    assert (changed["price"], changed["name"], changed["stockLevel"]) == (99.5, "Kåsa av trä", 4)


@pytest.mark.parametrize("merges", [True, False])
def test_other_languages_currencies_and_parts_of_stock_outlive_a_change(shop: MakeShop, merges: bool) -> None:
    s = shop(choices={"set_merges": merges})
    before = s.article("AB-1002")
    fields = {"name": "Duk", "price": 10, "stockLevel": 3}
    s.system.update("articles", str(before["uid"]), fields, existing=before)
    after = s.article("AB-1002")

    assert after["names"] == {**before["names"], "sv": "Duk"}
    assert after["prices"] == {**before["prices"], "SEK": 10}
    assert after["stock"] == {**before["stock"], "stock": 3}


def test_the_level_of_stock_is_set_and_nothing_else(shop: MakeShop) -> None:
    for merges in (True, False):
        s = shop(choices={"set_merges": merges})
        before = s.article("AB-1002")
        [stock] = s.system.find("article_stock", "uid", str(before["uid"]))
        answer = s.system.update("article_stock", str(before["uid"]), {"stockLevel": 7}, existing=stock)
        after = s.article("AB-1002")

        assert answer.record["stockLevel"] == 7
        differing = {name for name in after if after[name] != before[name]}
        assert differing == {"stock", "stockLevel", "changed"}
        assert after["useStock"] is True


def test_a_language_that_is_missing_in_a_map_is_made_up_for(shop: MakeShop) -> None:
    for missing in ("null", "default", "absent"):
        s = shop(choices={"missing_language": missing}, language="de")
        names = {article["articleNumber"]: article["name"] for article in s.every("articles")}

        assert names["AB-1002"].startswith("Tuch")
        assert names["AB-1001"].startswith("Cup")
        assert names["MED MELLANSLAG 1"] == "Vara med mellanslag i numret"
        assert names["NAMNLOS-1"] is None


def test_a_variant_has_its_own_number_and_is_none_of_its_main_article(shop: MakeShop) -> None:
    for shows in (False, True):
        s = shop(choices={"variants_show_base": shows})
        stock = {one["articleNumber"]: one for one in s.every("article_stock")}

        assert stock["TR-1-A"]["isVariant"] and not stock["TR-1"]["isVariant"]
        assert s.article("TR-1")["articleTemplate"] is None


def test_a_variant_has_its_main_article_beside_it(shop: MakeShop) -> None:
    s = shop()
    articles = {article["uid"]: article for article in s.every("articles")}
    variants = [article for article in articles.values() if article["articleTemplate"]]

    assert Counter(s.calls()) == {"Article.list": 3}
    assert len(variants) == 30
    for variant in variants:
        main = articles[variant["articleTemplate"]]
        assert {name: main[name] for name in variant["mainArticle"]} == variant["mainArticle"]
    assert articles[variants[0]["articleTemplate"]]["mainArticle"] is None


def test_a_number_of_sixteen_digits_keeps_every_digit(usual: Shop) -> None:
    dearest = usual.article("9007199254740993")

    assert (dearest["ean"], str(dearest["price"])) == ("9007199254740993", "90071992547409.93")


# --- customers, methods, the shop


@pytest.mark.parametrize(("place", "answer"), [("info", "info"), ("address", "address"), ("top", "customer")])
def test_a_customer_is_made_found_and_changed(shop: MakeShop, place: str, answer: str) -> None:
    for merges in (True, False):
        s = shop(choices={"email_at": place, "set_merges": merges}, email_at=answer)
        address = {"firstName": "Ylva", "lastName": "Sågbäck", "town": "Trollkulla"}
        made = s.system.create("customers", {"email": "ylva@sagback.example", "isPerson": True, "address": address})
        [found] = s.system.find("customers", "email", "ylva@sagback.example")
        assert made.key == str(found["uid"])
        s.system.update("customers", made.key, {"address": {"town": "Ny"}}, existing=found)
        [after] = s.system.find("customers", "email", "ylva@sagback.example")

        assert (after["address"]["town"], after["name"], after["isPerson"]) == ("Ny", "Ylva Sågbäck", True)


def test_methods_have_a_name_where_the_shop_gives_one_and_their_id_else(shop: MakeShop) -> None:
    for named, names in ((False, ["41", "42", "43"]), (True, ["Postombud", "Hemleverans", "Hämtas"])):
        s = shop(choices={"named_methods": named})

        assert [method["name"] for method in s.every("deliverymethods")] == names
        assert [method["code"] for method in s.every("paymentmethods")] == ["51", "52", "53"]


def test_the_shops_settings_are_facts(shop: MakeShop) -> None:
    facts = shop(choices={"base_currency": "EUR", "prices_with_vat": False}).system.facts()

    assert facts["shop_id"] == "22222"
    assert (facts["currency"], facts["price_currency"], facts["prices_include_tax"]) == ("EUR", "SEK", False)
    assert (facts["language"], facts["country"]) == ("sv", "SE")


CHOICES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"language_flattens": True}, {}),
    ({"string_query": "value"}, {}),
    ({"nested_queries": True}, {}),
    ({"bounds_inclusive": False}, {}),
    ({"case_matters": False}, {}),
    ({"default_limit": 3}, {}),
    ({"too_much": "cut"}, {}),
    ({"item_order": "orderNumber"}, {}),
    ({"variants_show_base": True}, {}),
    ({"http_errors": True}, {}),
    ({"price_shape": "number"}, {"price_form": "one_number"}),
    ({"stock_key": "level"}, {"stock_field": "level"}),
    ({"base_currency": "EUR"}, {"currency": "EUR"}),
    ({"prices_with_vat": False}, {}),
]


@pytest.mark.parametrize(("choices", "answers"), CHOICES, ids=[next(iter(choices)) for choices, _ in CHOICES])
def test_everything_is_read_and_written_whatever_the_shop_chose(
    shop: MakeShop, choices: dict[str, Any], answers: dict[str, Any]
) -> None:
    s = shop(orders=12, choices=choices, **answers)
    orders = [order for order in s.every("orders", since="2020-01-01T00:00:00Z") if order["finished"]]
    assert len(orders) == 12
    assert all(row["quantity"] and row["articleName"] is not None for order in orders for row in order["items"])
    uid = str(orders[0]["uid"])
    s.system.update("order_changes", uid, {"externalOrderNumber": "200101"})
    assert [str(found["uid"]) for found in s.system.find("orders", "externalOrderNumber", "200101")] == [uid]

    articles = {article["articleNumber"]: article for article in s.every("articles")}
    assert len(articles) == 148  # two have one number
    cloth = articles["AB-1002"]
    assert cloth["price"] and cloth["stockLevel"] is not None and cloth["useStock"] is True
    [found] = s.system.find("articles", "articleNumber", "AB-1002")
    changed = s.system.update("articles", str(cloth["uid"]), {"price": 5, "stockLevel": 2}, existing=found).record
    assert (changed["price"], changed["stockLevel"], changed["names"]) == (5, 2, cloth["names"])


def test_a_token_of_a_sign_in_serves_where_a_key_does_not(shop: MakeShop) -> None:
    choices = {"api_key_as_auth": False}
    with pytest.raises(SignInNeeded):
        shop(choices=choices).system.facts()
    s = shop(choices=choices)
    token = s.stand_in.tokens.login(s.stand_in.tokens.username, s.stand_in.tokens.password, 0, 1e9)

    assert s.connected(auth=token).facts()["shop_id"] == "22222"


def test_a_number_that_the_shop_wants_once_is_refused_in_words(shop: MakeShop) -> None:
    s = shop(choices={"unique_numbers": True})
    with pytest.raises(RecordRefused, match="is there already"):
        s.system.create("articles", {"articleNumber": "AB-1002", "name": "En till"})


def test_a_result_of_null_is_not_taken_for_an_empty_list(shop: MakeShop) -> None:
    s = shop()
    nothing = {"jsonrpc": "2.0", "id": 1, "result": None}
    s.serving.arm("abicart", [{"kind": "status", "status": 200, "body": nothing, "times": 1}])
    with pytest.raises(BrokenReply, match="it says null"):
        s.system.find("articles", "articleNumber", "AB-1002")

    assert s.article("AB-1002")["uid"]


# --- refusals


def test_a_key_that_is_not_accepted_is_told_in_words(shop: MakeShop) -> None:
    for http_errors in (False, True):
        s = shop(choices={"http_errors": http_errors}, auth="a-wrong-key")
        with pytest.raises(SignInNeeded) as refused:
            s.every("orders")

        assert "does not accept the API key" in str(refused.value)
        assert "a-wrong-key" not in str(refused.value) + repr(s.exchanges)


def test_an_unknown_shop_and_an_unknown_field_are_told_in_words(shop: MakeShop) -> None:
    with pytest.raises(RecordRefused, match="no shop of this number"):
        shop(webshop=1).system.facts()
    with pytest.raises(RecordRefused, match="where fields stand"):
        shop(email_at="address").system.find("customers", "email", "a@buyer.example")
    with pytest.raises(RecordRefused, match="refused a field"):
        shop().system.create("articles", {"articleNumber": "A", "name": "A", "vatRate": 25})


@pytest.mark.parametrize("code", [-32700, -32600, -32601, -32602, -32603, -32000, 1006, 9001, 9002, 9003])
def test_each_error_has_words_of_its_own(specs: Any, code: int) -> None:
    errors = specs.connectors["abicart"]["http"]["errors"]

    assert errors["says"][str(code)]["what_to_do"]
    assert str(code) in errors["causes"]


def test_an_order_number_written_back_is_no_change_to_what_a_flow_reads(shop: MakeShop) -> None:
    for moves in (True, False):
        s = shop(choices={"external_number_moves_changed": moves})
        uid = s.stand_in.do("new_order", {})["uid"]
        before = s.system.get("orders", str(uid))
        s.system.update("order_changes", str(uid), {"externalOrderNumber": "200101"})
        after = s.system.get("orders", str(uid))

        differing = {name for name in after if after[name] != before[name]}
        assert differing - {"changed"} == {"externalOrderNumber"}
