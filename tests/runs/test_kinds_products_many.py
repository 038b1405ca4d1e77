"""Products stay whole where there are many, where the shop refuses some, and where a run is killed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from engine.runs.run import RunOptions
from tests.runs.between import Between
from tests.runs.goods import ARTICLES, add, product
from tests.runs.once import Engine, world

MakeStage = Callable[..., Any]


def test_five_hundred_articles_come_in_pages_within_the_limits_of_the_shop(listed: MakeStage) -> None:
    s = listed(limits=True, only_for_web=True)
    s.has_begun()
    for number in range(500):
        add(s, f"P-{number}", SendToWebshop=number < 130)
    report = s.run(RunOptions(threads=8))

    assert report.counts["read"] == 531
    assert report.counts["created"] == 130
    told = Counter((method, status) for method, _, status, *_ in s.requests("ccv-shop"))
    assert told["POST", 201] + told["POST", 204] == 130
    assert told["GET", 200] == 1 + 130 + told["POST", 204]  # the shop's name, each number once, and silent answers
    pages = [target for _, target, *_ in s.requests("eaccounting") if "/v2/articles?" in target]
    assert len(pages) == 6


def test_a_shop_that_is_full_parks_new_products_with_what_to_do_and_the_run_goes_on(
    listed: MakeStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    s = listed()
    monkeypatch.setattr("sandbox.ccv_shop.writing.MOST_PRODUCTS", 66)
    for number in range(8):
        add(s, f"P-{number}")
    s.shop.do("new_product", {"productnumber": "THERE", "price": 3.5})
    add(s, "THERE")
    report = s.run(RunOptions(threads=1))

    assert report.stopped is None
    # the eighth is the article of the past, whose rate has no tariff
    assert (report.counts["created"], report.counts["updated"], report.counts["parked"]) == (1, 1, 8)
    parked = next(f"P-{n}" for n in range(8) if s.state(f"P-{n}") == "parked")
    assert "may not hold more products" in s.problem(parked).what
    assert "subscription" in s.problem(parked).what_to_do


def test_a_product_deleted_in_the_middle_parks_that_article_and_no_other(listed: MakeStage) -> None:
    s = listed()
    for number in ("GOING", "STAYING"):
        s.shop.do("new_product", {"productnumber": number, "price": 3.5})
        add(s, number)
    between = Between("PATCH", lambda: s.shop.do("delete_product", {"productnumber": "GOING"}))
    s.go(s.open({"ccv-shop": between}), RunOptions(threads=1))

    assert (s.state("GOING"), s.state("STAYING")) == ("parked", "updated")
    assert product(s, "STAYING")["price"] == 12.1


@pytest.mark.parametrize("place", ["intent stored: products", "reply unread: products", "reply received: products"])
def test_killed_at_any_moment_of_making_a_product_it_is_there_once(engine: Engine, tmp_path: Any, place: str) -> None:
    with world(tmp_path) as made:
        for number in range(5):
            made.books.do("add_article", {"Number": f"P-{number}", "NetPrice": 10})
        ended = engine.run(made.wish(flow=ARTICLES, place=place, nth=3, threads=2))
        assert ended["signal"] == 9, f"{place} was not reached"
        ended = engine.run(made.wish(flow=ARTICLES, threads=2, offset_seconds=made.later()))
        assert ended["said"]["state"] == "ended"

        numbers = Counter(one["productnumber"] for one in made.shop.holdings.products.values())
        assert {f"P-{n}": numbers[f"P-{n}"] for n in range(5)} == {f"P-{n}": 1 for n in range(5)}


IN_CATEGORIES = (
    "intent stored: categories",
    "reply unread: categories",
    "reply unread: producttocategories",
    "reply received: product_categories",
)


@pytest.mark.parametrize("place", IN_CATEGORIES)
def test_killed_while_a_product_is_put_into_its_category_it_is_there_once(
    engine: Engine, tmp_path: Any, place: str
) -> None:
    with world(tmp_path) as made:
        for number in range(3):
            made.books.do("add_article", {"Number": f"P-{number}", "NetPrice": 10})
            made.books.do("label_article", {"number": f"P-{number}", "labels": ["Kitchen"]})
        answers = {"categories": "labels"}
        ended = engine.run(made.wish(flow=ARTICLES, place=place, threads=1, answers=answers))
        assert ended["signal"] == 9, f"{place} was not reached"
        ended = engine.run(made.wish(flow=ARTICLES, threads=1, answers=answers, offset_seconds=made.later()))
        assert ended["said"]["state"] == "ended"

        own = made.shop.holdings.assortment
        assert [one["name"] for one in own.categories.values()] == ["Kitchen"]
        assert len({held["product_id"] for held in own.places.values()}) == len(own.places) == 3
