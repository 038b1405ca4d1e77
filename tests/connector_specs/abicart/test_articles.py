"""Articles of Abicart's stand-in over HTTP: what is read, made and changed, and what outlives a change."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.connector_specs.abicart.conftest import MakeShop, Shop


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
