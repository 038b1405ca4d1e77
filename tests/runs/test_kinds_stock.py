"""The stock of the books becomes the stock of the shop: as a level, only where it changed, and never a wrong one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from engine.flows.library import load_flow
from engine.runs.checklist import checklist
from engine.runs.run import RunOptions
from tests.runs.between import Between
from tests.runs.goods import STOCK, asked
from tests.runs.once import Engine, world

AWKWARD = "ÅTER, BRUK 1"
MakeStage = Callable[..., Any]


def add(s: Any, number: str, balance: float = 3, reserved: float = 0, **fields: Any) -> None:
    """An article in the books and a product in the shop, which has 25."""
    s.books.do("add_article", {"Number": number, **fields})
    s.books.do("set_stock", {"number": number, "balance": balance, "reserved": reserved})
    if all(one["productnumber"] != number for one in s.shop.holdings.products.values()):
        s.shop.do("new_product", {"productnumber": number, "stockenabled": True, "stock": 25})


def in_shop(s: Any, number: str) -> dict[str, Any]:
    return next(one for one in s.shop.holdings.products.values() if one["productnumber"] == number)


def alone(s: Any) -> None:
    """The articles of the first day are out of the way."""
    for number in range(1001, 1031):
        s.books.do("change_article", {"number": f"ART-{number}", "fields": {"SendToWebshop": False}})


# --- which level


@pytest.mark.parametrize(
    ("answers", "level"),
    [({}, 4), ({"level": "balance"}, 6), ({"safety_stock": 1.5}, 2.5), ({"safety_stock": 9}, 0)],
)
def test_the_product_has_the_level_that_was_asked_for(counted: MakeStage, answers: Any, level: float) -> None:
    s = counted(**answers)
    add(s, "KETTLE", balance=6, reserved=2)
    s.run()

    assert in_shop(s, "KETTLE")["stock"] == level
    assert s.outcomes("KETTLE") == ["updated"]


def test_more_sold_than_there_is_means_nothing_left_unless_the_shop_takes_less(counted: MakeStage) -> None:
    for answers, level in (({}, 0), ({"below_zero": "as_it_is"}, -2)):
        s = counted(**answers)
        add(s, "KETTLE", balance=3, reserved=5)
        s.run()

        assert in_shop(s, "KETTLE")["stock"] == level


def test_tenths_are_taken_exactly(counted: MakeStage) -> None:
    s = counted(safety_stock=0.1)
    add(s, "TEA", balance=0.3)
    s.run()

    assert in_shop(s, "TEA")["stock"] == 0.2


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
    assert in_shop(s, "SHIRT")["stock"] == 25
    assert s.outcomes("SHIRT-M") == ["updated"]


def test_a_variant_that_shares_the_number_of_its_product_gets_the_stock(counted: MakeStage) -> None:
    s = counted()
    add(s, "VASE", balance=5)
    s.shop.do("new_variant", {"productnumber": "VASE", "product_number": "VASE", "stock": 9})
    s.run()

    [variant] = s.shop.holdings.assortment.variants.values()
    assert (variant["stock"], in_shop(s, "VASE")["stock"]) == (5, 25)


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

    assert in_shop(s, number)["stock"] == 11
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
    assert in_shop(s, "LATER")["stock"] == 8
    assert s.outcomes("LATER") == ["skipped", "updated"]


def test_an_article_that_is_not_marked_for_the_web_is_left_out_by_a_setting(counted: MakeStage) -> None:
    s = counted()
    add(s, "HIDDEN", balance=1, SendToWebshop=False)
    s.run()
    assert (s.state("HIDDEN"), in_shop(s, "HIDDEN")["stock"]) == ("skipped", 25)

    s.run(only_for_web=False)
    assert (s.state("HIDDEN"), in_shop(s, "HIDDEN")["stock"]) == ("updated", 1)


def test_an_article_that_an_order_made_does_not_empty_the_shop(stage: MakeStage) -> None:
    s = stage()
    before = in_shop(s, "ART-1040")["stock"]
    assert before > 0
    s.order(lines=[{"productnumber": "ART-1040", "count": 1}])
    s.run()
    assert "ART-1040" in [article["Number"] for article in s.held("articles")]

    s.loaded = load_flow(s.workspace, STOCK)
    s.run()
    assert in_shop(s, "ART-1040")["stock"] == before


def test_an_article_without_stock_is_left_or_its_product_is_always_for_sale(counted: MakeStage) -> None:
    s = counted()
    service = next(c for c in s.held("articleaccountcodings") if c["Type"] == "Service" and c["IsActive"])
    add(s, "HOUR", CodingId=service["Id"])
    s.run()
    assert (s.state("HOUR"), in_shop(s, "HOUR")["stockenabled"]) == ("skipped", True)

    s.run(unmanaged="off")
    assert (in_shop(s, "HOUR")["stockenabled"], in_shop(s, "HOUR")["stock"]) == (False, 25)


def test_with_the_stock_module_only_stock_articles_are_counted(counted: MakeStage) -> None:
    s = counted()
    s.books.do("set_module", {"name": "stock_standard", "on": True})
    add(s, "COUNTED", balance=2, IsStock=True)
    add(s, "LOOSE", balance=2, IsStock=False)
    s.run()

    assert in_shop(s, "COUNTED")["stock"] == 2
    assert (s.state("LOOSE"), in_shop(s, "LOOSE")["stock"]) == ("skipped", 25)


def test_a_product_that_was_not_counted_is_turned_on_with_its_level_in_one_request(counted: MakeStage) -> None:
    for answers, state in (({}, (True, 7)), ({"turn_on": False}, (False, 7))):
        s = counted(**answers)
        alone(s)
        s.shop.do("new_product", {"productnumber": "VASE", "stockenabled": False, "stock": 25})
        add(s, "VASE", balance=7)
        s.run()

        assert (in_shop(s, "VASE")["stockenabled"], in_shop(s, "VASE")["stock"]) == state
        assert len(s.writes("ccv-shop")) == 1


# --- only what changed


def test_after_the_first_time_only_what_moved_is_asked_for_and_sent(counted: MakeStage) -> None:
    s = counted()
    add(s, "KETTLE", balance=6)
    s.run()
    before = len(s.requests("ccv-shop"))
    s.run()
    assert asked(s, before) == {"GET": 2}  # what the shop is called, and its products

    s.books.do("set_stock", {"number": "KETTLE", "balance": 5})
    before = len(s.requests("ccv-shop"))
    s.run()
    assert asked(s, before) == {"GET": 3, "PATCH": 1}
    assert in_shop(s, "KETTLE")["stock"] == 5
    assert s.outcomes("KETTLE") == ["updated", "updated"]


def test_a_level_that_the_shop_has_already_is_not_sent(counted: MakeStage) -> None:
    s = counted()
    alone(s)
    add(s, "KETTLE", balance=25)
    s.run()

    assert s.writes("ccv-shop") == []
    assert s.outcomes("KETTLE") == ["unchanged"]


def test_another_field_of_the_product_is_never_touched(counted: MakeStage) -> None:
    s = counted()
    add(s, "KETTLE", balance=6)
    s.shop.do("change_product", {"productnumber": "KETTLE", "fields": {"name": "Our own kettle", "price": 99.5}})
    before = {**in_shop(s, "KETTLE")}
    s.run()

    changed = {name for name, value in in_shop(s, "KETTLE").items() if before[name] != value}
    assert changed <= {"stock", "modifydate"}


def test_all_levels_are_sent_again_when_somebody_asks_for_it(counted: MakeStage) -> None:
    s = counted()
    add(s, "KETTLE", balance=6)
    add(s, "VASE", balance=4)
    s.run()
    s.shop.do("change_product", {"productnumber": "KETTLE", "fields": {"stock": 99}})
    s.run()
    assert in_shop(s, "KETTLE")["stock"] == 99

    before = len(s.writes("ccv-shop"))
    report = s.run(RunOptions(again=True, threads=4))
    assert in_shop(s, "KETTLE")["stock"] == 6
    assert len(s.writes("ccv-shop")) == before + 1  # the others have their level
    assert (report.counts["updated"], s.outcomes("VASE")) == (1, ["updated", "unchanged"])


def test_a_product_made_anew_under_its_old_number_is_found_when_all_are_sent_again(counted: MakeStage) -> None:
    s = counted()
    add(s, "KETTLE", balance=6)
    s.run()
    s.shop.do("delete_product", {"productnumber": "KETTLE"})
    s.run()
    s.shop.do("new_product", {"productnumber": "KETTLE", "stockenabled": True, "stock": 1})
    s.run(RunOptions(again=True))

    assert in_shop(s, "KETTLE")["stock"] == 6


# --- when things go wrong


def test_a_product_deleted_in_the_middle_parks_that_article_and_no_other(counted: MakeStage) -> None:
    s = counted()
    alone(s)
    add(s, "GOING", balance=2)
    add(s, "STAYING", balance=4)
    between = Between("PATCH", lambda: s.shop.do("delete_product", {"productnumber": "GOING"}))
    s.go(s.open({"ccv-shop": between}), RunOptions(threads=1))

    assert (s.state("GOING"), s.state("STAYING")) == ("parked", "updated")
    assert in_shop(s, "STAYING")["stock"] == 4
    s.run()
    assert s.state("GOING") in ("parked", "skipped")


def test_an_article_put_out_of_use_in_the_middle_is_not_sent_any_more(counted: MakeStage) -> None:
    s = counted()
    add(s, "OLD", balance=2)
    s.run()
    s.books.do("change_article", {"number": "OLD", "fields": {"IsActive": False}})
    s.books.do("set_stock", {"number": "OLD", "balance": 1})
    s.run()

    assert in_shop(s, "OLD")["stock"] == 2
    assert s.outcomes("OLD").count("updated") == 1


@pytest.mark.parametrize("level", ["available", "balance"])
def test_a_stock_that_the_books_do_not_tell_is_not_taken_for_nothing(counted: MakeStage, level: str) -> None:
    s = counted(level=level)
    add(s, "KETTLE")
    with s.books._lock:
        [article] = s.books._books["articles"].having("Number", "KETTLE")
        s.books._books["articles"].put({**article, "StockBalance": None, "StockBalanceAvailable": None})
    s.run()

    assert (s.state("KETTLE"), in_shop(s, "KETTLE")["stock"]) == ("parked", 25)


def test_two_products_of_one_number_park_the_article(counted: MakeStage) -> None:
    s = counted()
    s.has_begun()
    add(s, "TWICE", balance=2)
    twin = s.shop.do("new_product", {"productnumber": "OTHER", "stock": 25})
    s.shop.holdings.products[twin["id"]]["productnumber"] = "TWICE"
    s.run()

    assert s.state("TWICE") == "parked"
    assert {p["stock"] for p in s.shop.holdings.products.values() if p["productnumber"] == "TWICE"} == {25}


def test_five_hundred_articles_come_in_pages_and_keep_to_the_limits_of_the_shop(counted: MakeStage) -> None:
    s = counted(limits=True)
    s.has_begun()
    alone(s)
    for number in range(500):
        s.books.do("add_article", {"Number": f"P-{number}", "StockBalance": float(number % 7)})
    for number in range(160):
        s.shop.do("new_product", {"productnumber": f"P-{number}", "stockenabled": True, "stock": 25})
    report = s.run(RunOptions(threads=8))

    assert report.counts["updated"] == 160
    assert {in_shop(s, f"P-{number}")["stock"] == number % 7 for number in range(160)} == {True}
    told = Counter((method, status) for method, _, status, *_ in s.requests("ccv-shop"))
    assert told["GET", 200] == 1 + 3 + 160  # the shop's name, its 225 products, each product that is due
    assert told["PATCH", 204] == 160
    pages = [target for _, target, *_ in s.requests("eaccounting") if "/v2/articles" in target]
    assert len(pages) == 6


@pytest.mark.parametrize("nth", [3, 7, 12])
def test_killed_anywhere_the_next_run_brings_every_level(engine: Engine, tmp_path: Any, nth: int) -> None:
    with world(tmp_path) as made:
        for number in range(6):
            made.books.do("add_article", {"Number": f"P-{number}", "StockBalance": float(number)})
            made.shop.do("new_product", {"productnumber": f"P-{number}", "stockenabled": True, "stock": 25})
        ended = engine.run(made.wish(flow=STOCK, place="reply", nth=nth + 6, threads=2))
        assert ended["signal"] == 9
        ended = engine.run(made.wish(flow=STOCK, threads=2, offset_seconds=made.later()))
        assert ended["said"]["state"] == "ended"

        held = {p["productnumber"]: p["stock"] for p in made.shop.holdings.products.values()}
        assert {f"P-{n}": held[f"P-{n}"] for n in range(6)} == {f"P-{n}": n for n in range(6)}
