"""The articles of the books become products of the shop: made once, changed only where the books decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from engine.runs.run import RunOptions
from tests.runs.goods import add, asked, product, products

MakeStage = Callable[..., Any]


# --- the first time, and then on change


def test_every_article_for_the_web_becomes_a_product_once(listed: MakeStage) -> None:
    s = listed()
    for number in ("KETTLE", "VASE", "LAMP", "RUG"):  # each third answer of the shop says nothing
        add(s, number, Name=number.title(), rate=9)
    s.run()

    made = {n: product(s, n) for n in ("KETTLE", "VASE", "LAMP", "RUG")}
    assert {one["price"] for one in made.values()} == {10.9}
    assert {one["taxtariff"] for one in made.values()} == {"low a"}
    assert [one["name"] for one in made.values()] == ["Kettle", "Vase", "Lamp", "Rug"]
    assert all(s.outcomes(number) == ["created"] for number in made)
    assert s.record("KETTLE").state == "created"


def test_what_did_not_change_costs_no_request_for_it(listed: MakeStage) -> None:
    s = listed()
    add(s, "KETTLE")
    s.run()
    before = len(s.requests("ccv-shop"))
    s.clock.sleep(7_200)
    s.run()

    assert asked(s, before) == {"GET": 1}  # what the shop is called


def test_a_second_run_asks_the_books_for_what_changed_since(listed: MakeStage) -> None:
    s = listed()
    add(s, "KETTLE")
    s.run()
    s.clock.sleep(7_200)
    add(s, "VASE")
    s.run()
    report = s.run()

    assert product(s, "VASE")["price"] == 12.1
    assert (report.counts["read"], report.counts["unchanged"]) == (1, 1)  # what changed in the last hour, once more
    last = [target for _, target, *_ in s.requests("eaccounting") if "/v2/articles?" in target][-1]
    assert "ChangedUtc%20gt%20" in last


def test_only_what_differs_is_sent_to_a_product_that_is_there(listed: MakeStage) -> None:
    s = listed()
    add(s, "KETTLE")
    s.run()
    s.shop.do(
        "change_product",
        {"productnumber": "KETTLE", "fields": {"name": "Our best kettle", "description": "<p>Boils.</p>", "stock": 3}},
    )
    before, held = len(s.writes("ccv-shop")), {**product(s, "KETTLE")}
    s.books.do("change_article", {"number": "KETTLE", "fields": {"NetPrice": 20, "Name": "Kettle 2"}})
    s.clock.sleep(60)
    s.run()

    changed = {name for name, value in product(s, "KETTLE").items() if held[name] != value}
    assert changed == {"price", "modifydate"}
    assert (product(s, "KETTLE")["price"], product(s, "KETTLE")["name"]) == (24.2, "Our best kettle")
    assert len(s.writes("ccv-shop")) == before + 1
    assert s.outcomes("KETTLE") == ["created", "updated"]


def test_the_name_follows_the_books_by_a_setting(listed: MakeStage) -> None:
    s = listed(update_fields=["name"])
    s.shop.do("new_product", {"productnumber": "KETTLE", "name": "Old", "price": 3.5})
    add(s, "KETTLE", Name="Kettle 2")
    s.run()

    assert (product(s, "KETTLE")["name"], product(s, "KETTLE")["price"]) == ("Kettle 2", 3.5)


@pytest.mark.parametrize(
    ("write", "there", "missing"), [("create", 3.5, 12.1), ("update", 12.1, None), ("both", 12.1, 12.1)]
)
def test_missing_ones_are_made_or_known_ones_changed_or_both(
    listed: MakeStage, write: str, there: float, missing: float | None
) -> None:
    s = listed(write=write)
    s.shop.do("new_product", {"productnumber": "THERE", "price": 3.5})
    add(s, "THERE")
    add(s, "MISSING")
    s.run()

    assert product(s, "THERE")["price"] == there
    assert [one["price"] for one in products(s, "MISSING")] == ([missing] if missing else [])
    if missing is None:
        assert s.state("MISSING") == "skipped"
        assert "MISSING" in s.record("MISSING").reason


def test_an_article_out_of_use_is_not_for_sale_any_more_by_a_setting(listed: MakeStage) -> None:
    s = listed(update_fields=["price", "active"])
    add(s, "KETTLE")
    s.run()
    s.clock.sleep(60)
    s.books.do("change_article", {"number": "KETTLE", "fields": {"IsActive": False}})
    s.run()
    assert product(s, "KETTLE")["is_active"] is False

    s.clock.sleep(60)
    s.books.do("change_article", {"number": "KETTLE", "fields": {"IsActive": True}})
    s.run()
    assert product(s, "KETTLE")["is_active"] is True


# --- prices and taxes


@pytest.mark.parametrize(
    ("answers", "fields", "price"),
    [
        ({}, {"NetPrice": 33.05, "rate": 21}, 39.99),
        ({"prices": "net"}, {"NetPrice": 33.05, "rate": 21}, 33.05),
        ({}, {"GrossPrice": 0.89, "NetPrice": None, "rate": 21}, 0.89),
        ({"prices": "net"}, {"GrossPrice": 0.89, "NetPrice": None, "rate": 21}, 0.74),
        ({}, {"NetPrice": 0, "rate": 0}, 0),
    ],
)
def test_the_price_is_that_of_the_books_to_the_cent(
    listed: MakeStage, answers: dict[str, Any], fields: dict[str, Any], price: float
) -> None:
    s = listed(**answers)
    add(s, "KETTLE", **fields)
    s.run()

    assert product(s, "KETTLE")["price"] == price


@pytest.mark.parametrize(("told", "price"), [(1.005, 1.01), (12.344, 12.34), (12.345, 12.35), (2.675, 2.68)])
def test_a_price_of_three_decimals_is_rounded_as_it_is_written(listed: MakeStage, told: float, price: float) -> None:
    s = listed()
    article = add(s, "KETTLE")
    with s.books._lock:
        s.books._books["articles"].put({**article, "GrossPrice": told})
    s.run()

    assert product(s, "KETTLE")["price"] == price


def test_a_rate_without_a_tariff_parks_its_articles_only(listed: MakeStage) -> None:
    s = listed()
    add(s, "SWEDISH", rate=25)
    add(s, "KETTLE")
    s.run()

    assert (s.state("SWEDISH"), s.state("KETTLE")) == ("parked", "created")
    assert "tax rate of 25 %" in s.problem("SWEDISH").what


# --- categories


def test_labels_become_categories_once_by_a_setting(listed: MakeStage) -> None:
    s = listed(categories="labels")
    for number, labels in (("KETTLE", ["Kitchen", "Steel"]), ("SPOON", ["kitchen"]), ("VASE", [])):
        add(s, number)
        s.books.do("label_article", {"number": number, "labels": labels})
    s.run(RunOptions(threads=1))
    s.run(RunOptions(again=True, threads=1))

    own = s.shop.holdings.assortment
    names = {one["id"]: one["name"] for one in own.categories.values()}
    assert sorted(name.lower() for name in names.values()) == ["kitchen", "steel"]
    placed = Counter((place["product_id"], names[place["category_id"]].lower()) for place in own.places.values())
    kettle, spoon = product(s, "KETTLE")["id"], product(s, "SPOON")["id"]
    assert placed == {(kettle, "kitchen"): 1, (kettle, "steel"): 1, (spoon, "kitchen"): 1}


def test_many_articles_at_once_make_one_category_of_one_label(listed: MakeStage) -> None:
    s = listed(categories="labels")
    for number in range(16):
        add(s, f"P-{number}")
        s.books.do("label_article", {"number": f"P-{number}", "labels": ["Kitchen"]})
    s.run(RunOptions(threads=8))

    own = s.shop.holdings.assortment
    assert [one["name"] for one in own.categories.values()] == ["Kitchen"]
    assert len({place["product_id"] for place in own.places.values()}) == len(own.places) == 16


def test_without_the_setting_labels_do_nothing(listed: MakeStage) -> None:
    s = listed()
    add(s, "KETTLE")
    s.books.do("label_article", {"number": "KETTLE", "labels": ["Kitchen"]})
    s.run()

    assert s.shop.holdings.assortment.categories == {}
