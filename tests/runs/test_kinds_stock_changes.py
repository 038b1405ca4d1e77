"""Stock from the books to the shop again and again: only what changed is sent, whatever goes wrong meanwhile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from engine.runs.run import RunOptions
from tests.runs.between import Between
from tests.runs.goods import STOCK, asked, product
from tests.runs.levels import add, alone
from tests.runs.once import Engine, world

MakeStage = Callable[..., Any]


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
    assert product(s, "KETTLE")["stock"] == 5
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
    before = {**product(s, "KETTLE")}
    s.run()

    changed = {name for name, value in product(s, "KETTLE").items() if before[name] != value}
    assert changed <= {"stock", "modifydate"}


def test_all_levels_are_sent_again_when_somebody_asks_for_it(counted: MakeStage) -> None:
    s = counted()
    add(s, "KETTLE", balance=6)
    add(s, "VASE", balance=4)
    s.run()
    s.shop.do("change_product", {"productnumber": "KETTLE", "fields": {"stock": 99}})
    s.run()
    assert product(s, "KETTLE")["stock"] == 99

    before = len(s.writes("ccv-shop"))
    report = s.run(RunOptions(again=True, threads=4))
    assert product(s, "KETTLE")["stock"] == 6
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

    assert product(s, "KETTLE")["stock"] == 6


def test_a_product_deleted_in_the_middle_parks_that_article_and_no_other(counted: MakeStage) -> None:
    s = counted()
    alone(s)
    add(s, "GOING", balance=2)
    add(s, "STAYING", balance=4)
    between = Between("PATCH", lambda: s.shop.do("delete_product", {"productnumber": "GOING"}))
    s.go(s.open({"ccv-shop": between}), RunOptions(threads=1))

    assert (s.state("GOING"), s.state("STAYING")) == ("parked", "updated")
    assert product(s, "STAYING")["stock"] == 4
    s.run()
    assert s.state("GOING") in ("parked", "skipped")


def test_an_article_put_out_of_use_in_the_middle_is_not_sent_any_more(counted: MakeStage) -> None:
    s = counted()
    add(s, "OLD", balance=2)
    s.run()
    s.books.do("change_article", {"number": "OLD", "fields": {"IsActive": False}})
    s.books.do("set_stock", {"number": "OLD", "balance": 1})
    s.run()

    assert product(s, "OLD")["stock"] == 2
    assert s.outcomes("OLD").count("updated") == 1


@pytest.mark.parametrize("level", ["available", "balance"])
def test_a_stock_that_the_books_do_not_tell_is_not_taken_for_nothing(counted: MakeStage, level: str) -> None:
    s = counted(level=level)
    add(s, "KETTLE")
    with s.books._lock:
        [article] = s.books._books["articles"].having("Number", "KETTLE")
        s.books._books["articles"].put({**article, "StockBalance": None, "StockBalanceAvailable": None})
    s.run()

    assert (s.state("KETTLE"), product(s, "KETTLE")["stock"]) == ("parked", 25)


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
    assert {product(s, f"P-{number}")["stock"] == number % 7 for number in range(160)} == {True}
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
