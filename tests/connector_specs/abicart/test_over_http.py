"""The connector before Abicart's stand-in over HTTP: customers, methods, the shop, what it may choose, refusals."""

from __future__ import annotations

from typing import Any

import pytest

from engine.errors import BrokenReply, RecordRefused, SignInNeeded
from tests.connector_specs.abicart.conftest import MakeShop

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
