"""The stock of the books becomes the stock of the shop: which level, of which articles, and never a wrong one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.flows.library import load_flow
from engine.runs.checklist import checklist
from tests.runs.goods import STOCK, product
from tests.runs.levels import add, alone

AWKWARD = "ÅTER, BRUK 1"
MakeStage = Callable[..., Any]


# --- which level


@pytest.mark.parametrize(
    ("answers", "level"),
    [({}, 4), ({"level": "balance"}, 6), ({"safety_stock": 1.5}, 2.5), ({"safety_stock": 9}, 0)],
)
def test_the_product_has_the_level_that_was_asked_for(counted: MakeStage, answers: Any, level: float) -> None:
    s = counted(**answers)
    add(s, "KETTLE", balance=6, reserved=2)
    s.run()

    assert product(s, "KETTLE")["stock"] == level
    assert s.outcomes("KETTLE") == ["updated"]


def test_more_sold_than_there_is_means_nothing_left_unless_the_shop_takes_less(counted: MakeStage) -> None:
    for answers, level in (({}, 0), ({"below_zero": "as_it_is"}, -2)):
        s = counted(**answers)
        add(s, "KETTLE", balance=3, reserved=5)
        s.run()

        assert product(s, "KETTLE")["stock"] == level


def test_tenths_are_taken_exactly(counted: MakeStage) -> None:
    s = counted(safety_stock=0.1)
    add(s, "TEA", balance=0.3)
    s.run()

    assert product(s, "TEA")["stock"] == 0.2


def test_a_variant_is_found_by_its_own_number_and_its_product_is_left_alone(counted: MakeStage) -> None:
    s = counted()
    alone(s)
    s.shop.do("new_product", {"productnumber": "SHIRT", "stockenabled": True, "stock": 25})
    for size in ("S", "M"):
        s.shop.do("new_variant", {"productnumber": "SHIRT", "product_number": f"SHIRT-{size}", "stock": 9})
        s.books.do("add_article", {"Number": f"SHIRT-{size}"})
    s.books.do("set_stock", {"number": "SHIRT-M", "balance": 5})
    s.run()

    held = {one["product_number"]: one["stock"] for one in s.shop.holdings.assortment.variants.values()}
    assert held == {"SHIRT-S": 0, "SHIRT-M": 5}
    assert product(s, "SHIRT")["stock"] == 25
    assert s.outcomes("SHIRT-M") == ["updated"]


def test_a_variant_that_shares_the_number_of_its_product_gets_the_stock(counted: MakeStage) -> None:
    s = counted()
    add(s, "VASE", balance=5)
    s.shop.do("new_variant", {"productnumber": "VASE", "product_number": "VASE", "stock": 9})
    s.run()

    [variant] = s.shop.holdings.assortment.variants.values()
    assert (variant["stock"], product(s, "VASE")["stock"]) == (5, 25)


def test_two_variants_of_one_number_are_named_before_the_first_run(counted: MakeStage) -> None:
    s = counted()
    for number in ("SHIRT", "SOCK"):
        s.shop.do("new_product", {"productnumber": number})
        s.shop.do("new_variant", {"productnumber": number, "product_number": "RED"})
    [line] = [each for each in checklist(s.open(), s.ledger) if each.name == "product_numbers"]

    assert line.stops and "RED (a variant)" in " ".join(map(str, line.problems))


def test_a_product_without_a_number_is_no_articles_product(counted: MakeStage) -> None:
    s = counted()
    made = s.shop.do("new_product", {"productnumber": "X", "stock": 25})
    s.shop.holdings.products[made["id"]]["productnumber"] = None
    s.books.do("add_article", {"Number": "None", "StockBalance": 3.0})
    s.run()

    assert (s.state("None"), s.shop.holdings.products[made["id"]]["stock"]) == ("skipped", 25)


@pytest.mark.parametrize("number", [AWKWARD, "A/B?c=1&d", "50 % off'"])
def test_an_odd_number_finds_its_product_and_no_other(counted: MakeStage, number: str) -> None:
    s = counted()
    alone(s)
    add(s, number, balance=11)
    s.run()

    assert product(s, number)["stock"] == 11
    assert len(s.writes("ccv-shop")) == 1


# --- which articles


def test_what_the_shop_does_not_have_is_skipped_by_number_until_it_has_it(counted: MakeStage) -> None:
    s = counted()
    s.books.do("add_article", {"Number": "LATER", "StockBalance": 8})
    s.run()
    assert (s.record("LATER").state, s.record("LATER").reason) == (
        "skipped",
        "no product or variant of the shop has its number",
    )

    s.shop.do("new_product", {"productnumber": "LATER", "stockenabled": True, "stock": 1})
    s.run()
    assert product(s, "LATER")["stock"] == 8
    assert s.outcomes("LATER") == ["skipped", "updated"]


def test_an_article_that_is_not_marked_for_the_web_is_left_out_by_a_setting(counted: MakeStage) -> None:
    s = counted()
    add(s, "HIDDEN", balance=1, SendToWebshop=False)
    s.run()
    assert (s.state("HIDDEN"), product(s, "HIDDEN")["stock"]) == ("skipped", 25)

    s.run(only_for_web=False)
    assert (s.state("HIDDEN"), product(s, "HIDDEN")["stock"]) == ("updated", 1)


def test_an_article_that_an_order_made_does_not_empty_the_shop(stage: MakeStage) -> None:
    s = stage()
    before = product(s, "ART-1040")["stock"]
    assert before > 0
    s.order(lines=[{"productnumber": "ART-1040", "count": 1}])
    s.run()
    assert "ART-1040" in [article["Number"] for article in s.held("articles")]

    s.loaded = load_flow(s.workspace, STOCK)
    s.run()
    assert product(s, "ART-1040")["stock"] == before


def test_an_article_without_stock_is_left_or_its_product_is_always_for_sale(counted: MakeStage) -> None:
    s = counted()
    service = next(c for c in s.held("articleaccountcodings") if c["Type"] == "Service" and c["IsActive"])
    add(s, "HOUR", CodingId=service["Id"])
    s.run()
    assert (s.state("HOUR"), product(s, "HOUR")["stockenabled"]) == ("skipped", True)

    s.run(unmanaged="off")
    assert (product(s, "HOUR")["stockenabled"], product(s, "HOUR")["stock"]) == (False, 25)


def test_with_the_stock_module_only_stock_articles_are_counted(counted: MakeStage) -> None:
    s = counted()
    s.books.do("set_module", {"name": "stock_standard", "on": True})
    add(s, "COUNTED", balance=2, IsStock=True)
    add(s, "LOOSE", balance=2, IsStock=False)
    s.run()

    assert product(s, "COUNTED")["stock"] == 2
    assert (s.state("LOOSE"), product(s, "LOOSE")["stock"]) == ("skipped", 25)


def test_a_product_that_was_not_counted_is_turned_on_with_its_level_in_one_request(counted: MakeStage) -> None:
    for answers, state in (({}, (True, 7)), ({"turn_on": False}, (False, 7))):
        s = counted(**answers)
        alone(s)
        s.shop.do("new_product", {"productnumber": "VASE", "stockenabled": False, "stock": 25})
        add(s, "VASE", balance=7)
        s.run()

        assert (product(s, "VASE")["stockenabled"], product(s, "VASE")["stock"]) == state
        assert len(s.writes("ccv-shop")) == 1
