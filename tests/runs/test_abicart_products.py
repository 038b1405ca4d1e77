"""Articles of Specter become articles of the shop, over both sandboxes: made once, changed where a setting says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.formulas import Formulas
from engine.runs.checklist import checklist
from tests.runs.specter import Make, OrdersStage, stages

FLOW = "specter-articles-to-abicart"


@pytest.fixture
def stage(tmp_path: Path, formulas: Formulas) -> Iterator[Make]:
    with stages(tmp_path, formulas, begun=True, flow=FLOW) as make:

        def without_the_first_days(**options: Any) -> OrdersStage:
            stage = make(**options)
            for article in stage.books.books.articles.values():
                article["managed"] = False
            return stage

        yield without_the_first_days


def articles(s: OrdersStage, number: str) -> list[dict[str, Any]]:
    """The shop's articles of a number."""
    with s.shop.lock:
        return [one for one in s.shop.records.all("Article") if one["articleNumber"] == number]


def article(s: OrdersStage, number: str) -> dict[str, Any]:
    [one] = articles(s, number)
    return one


def add(s: OrdersStage, number: str, *, managed: bool = True, **fields: Any) -> None:
    """A new article in Specter."""
    known = {"name": f"Vara {number}", "priceExclVAT": "84", "vatPercent": "25"}
    s.books.do("new_article", {"articleNo": number, **known, **fields})
    if managed:
        s.books.do("set_stock", {"articleNo": number, "level": 0})


# --- making


def test_a_new_article_is_made_hidden_with_tax_in_its_price_and_stock_that_is_kept(stage: Make) -> None:
    s = stage()
    add(s, "KASA-1", description="Rymmer två deciliter & lite till", barCode="2000000000017")
    s.run()
    made = article(s, "KASA-1")

    assert made["name"] == {"sv": "Vara KASA-1"}
    assert made["description"] == {"sv": "Rymmer två deciliter & lite till"}
    assert made["price"] == {"SEK": 105}
    assert (made["vatRate"], made["ean"], made["hidden"]) == (Decimal("0.25"), "2000000000017", True)
    assert made["stock"] == {"useStock": True, "stock": 0}
    assert s.outcomes("KASA-1") == ["created"]


def test_the_first_run_takes_everything_and_the_next_one_what_changed(stage: Make) -> None:
    s = stage(only_managed=False)
    first, second = s.run(), s.run()

    assert (first.counts["created"], second.counts["read"]) == (60, 0)
    s.books.do("change_article", {"articleNo": "SP-001", "priceExclVAT": "40"})
    third = s.run()
    assert (third.counts["read"], third.counts["updated"]) == (1, 1)
    assert article(s, "SP-001")["price"]["SEK"] == Decimal(40) * (100 + _rate(s, "SP-001")) / 100


def _rate(s: OrdersStage, number: str) -> Decimal:
    return Decimal(next(one["vatPercent"] for one in s.held("articles") if one["articleNo"] == number))


def test_a_shop_that_stores_prices_without_tax_gets_them_so(stage: Make) -> None:
    s = stage(shop={"prices_with_vat": False})
    add(s, "KASA-1", priceExclVAT="84.005")
    s.run()

    assert article(s, "KASA-1")["price"] == {"SEK": Decimal("84.01")}


def test_a_price_that_is_one_number_is_written_as_one(stage: Make) -> None:
    s = stage(shop={"price_shape": "number"}, connections={"abicart": {"price_form": "one_number"}})
    add(s, "KASA-1")
    add(s, "AB-1002", priceExclVAT="10")
    s.run()

    assert [article(s, number)["price"] for number in ("KASA-1", "AB-1002")] == [105, Decimal("12.5")]


def test_an_article_is_made_once_though_the_reply_is_lost(stage: Make) -> None:
    s = stage()
    add(s, "KASA-1")
    s.serving.arm("abicart", [{"kind": "lose_reply", "holds": '"Article.set"', "times": 1}])
    s.run()
    s.run()

    assert len(articles(s, "KASA-1")) == 1
    assert s.outcomes("KASA-1")[-1] in ("created", "unchanged")


# --- changing


def test_price_and_tax_rate_follow_and_nothing_else_does(stage: Make) -> None:
    s = stage()
    before = {**article(s, "AB-1002"), "name": dict(article(s, "AB-1002")["name"])}
    add(s, "AB-1002", name="Annat namn", priceExclVAT="100", vatPercent="12", description="Annan text")
    s.run()
    after = article(s, "AB-1002")

    assert after["price"] == {**before["price"], "SEK": 112}
    assert after["vatRate"] == Decimal("0.12")
    kept = ("name", "description", "ean", "weight", "hidden", "stock", "articlegroup", "images")
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert s.outcomes("AB-1002") == ["updated"]


@pytest.mark.parametrize("merges", [True, False])
def test_a_changed_name_leaves_the_other_languages(stage: Make, merges: bool) -> None:
    s = stage(shop={"set_merges": merges}, update_fields=["name", "description"])
    add(s, "AB-1002", name="Ny duk", description="Ny text")
    s.run()
    after = article(s, "AB-1002")

    assert after["name"] == {"sv": "Ny duk", "en": "Cloth blue", "de": "Tuch blau"}
    assert after["description"]["sv"] == "Ny text"


@pytest.mark.parametrize(("weight", "grams"), [("kg", 1500), ("g", 1.5), ("none", None)])
def test_a_weight_is_sent_in_grams_once_its_unit_is_known(stage: Make, weight: str, grams: Any) -> None:
    s = stage(weight=weight)
    add(s, "KASA-1", productWeight="1.5")
    s.run()

    assert article(s, "KASA-1")["weight"] == grams


def test_only_missing_articles_are_made_or_only_those_that_are_there_are_changed(stage: Make) -> None:
    for write, made, price in (("create", 1, None), ("update", 0, 105)):
        s = stage(write=write)
        before = article(s, "AB-1002")["price"]["SEK"]
        add(s, "KASA-1")
        add(s, "AB-1002")
        s.run()

        assert len(articles(s, "KASA-1")) == made
        assert article(s, "AB-1002")["price"]["SEK"] == (price or before)


def test_what_is_as_it_is_already_is_not_written_again(stage: Make) -> None:
    s = stage()
    add(s, "KASA-1")
    s.run()
    changed = article(s, "KASA-1")["changed"]
    s.serving.clock.advance(3600)
    s.books.do("change_article", {"articleNo": "KASA-1", "description": "Något annat"})
    s.run()

    assert article(s, "KASA-1")["changed"] == changed
    assert s.outcomes("KASA-1")[-1] == "unchanged"


# --- what is left out, and bad input


def test_articles_whose_stock_is_not_managed_and_those_of_charges_are_left_out(stage: Make) -> None:
    s = stage()
    add(s, "TJANST-1", managed=False)
    add(s, "SHIPPING", name="Frakt")
    s.run()

    assert (s.state("TJANST-1"), s.state("SHIPPING")) == ("skipped", "skipped")
    assert articles(s, "TJANST-1") == articles(s, "SHIPPING") == []


def test_a_variant_of_the_shop_is_left_alone_though_it_shows_its_main_articles_number(stage: Make) -> None:
    for shows in (False, True):
        s = stage(shop={"variants_show_base": shows})
        add(s, "TR-1-B", priceExclVAT="1")
        s.run()

        assert s.state("TR-1-B") == "skipped"
        assert len(articles(s, "TR-1-B")) == 1


def test_two_articles_of_the_shop_with_one_number_park_the_article(stage: Make) -> None:
    s = stage()
    add(s, "DUBBEL-1")
    add(s, "KASA-1")
    s.run()

    assert s.state("DUBBEL-1") == "parked"
    assert s.state("KASA-1") == "created"


def test_an_article_without_a_tax_rate_or_a_price_is_parked_and_the_others_arrive(stage: Make) -> None:
    s = stage()
    for number in ("UTAN-1", "UTAN-2", "KASA-1"):
        add(s, number)
    s.books.books.articles["UTAN-1"].pop("vatPercent")
    s.books.books.articles["UTAN-2"].pop("priceExclVAT")
    s.run()

    assert "tells no tax rate" in s.problem("UTAN-1").what
    assert "tells no price" in s.problem("UTAN-2").what
    assert s.state("KASA-1") == "created"


def test_a_number_of_sixteen_digits_is_a_number_like_any_other(stage: Make) -> None:
    s = stage()
    add(s, "9007199254740993", priceExclVAT="1")
    s.run()

    assert article(s, "9007199254740993")["price"]["SEK"] == Decimal("1.25")


def test_a_shop_in_euro_or_a_price_in_another_currency_is_told_before_the_first_run(stage: Make) -> None:
    for options in ({"shop": {"base_currency": "EUR"}}, {"connections": {"abicart": {"currency": "EUR"}}}):
        s = stage(**options)
        wrong = {one.name for one in checklist(s.open(), s.ledger) if one.stops}

        assert "currency" in wrong


def test_how_many_requests_the_shop_gets(stage: Make) -> None:
    s = stage()
    add(s, "KASA-1")
    add(s, "AB-1002")
    s.run()
    asked = Counter(method for method, *_ in s.requests("abicart"))

    # settings; all numbers, in pages until an empty one; each article: looked for, and written
    assert asked == {"POST": 1 + 2 + 2 * (1 + 1)}
