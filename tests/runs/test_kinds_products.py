"""The articles of the books become products of the shop: made once, changed only where the books decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from engine.errors import DocumentError
from engine.flows.library import load_flow
from engine.runs.checklist import checklist, may_begin
from engine.runs.run import RunOptions
from tests.runs.between import Between
from tests.runs.once import Engine, world

FLOW = "eaccounting-articles-to-ccv"
MakeStage = Callable[..., Any]


@pytest.fixture
def listed(stage: MakeStage) -> MakeStage:
    """A stage with the flow of articles; those of the first day are not meant for the web."""

    def make(**options: Any) -> Any:
        s = stage(**options)
        s.loaded = load_flow(s.workspace, FLOW)
        for article in s.held("articles"):
            if article["CodingName"] != "Goederen oud 19%":
                s.books.do("change_article", {"number": article["Number"], "fields": {"SendToWebshop": False}})
        return s

    return make


def add(s: Any, number: str, **fields: Any) -> dict[str, Any]:
    article: dict[str, Any] = s.books.do("add_article", {"Number": number, "NetPrice": 10, **fields})
    return article


def products(s: Any, number: str) -> list[dict[str, Any]]:
    with s.shop.lock:
        return [one for one in s.shop.holdings.products.values() if one["productnumber"] == number]


def product(s: Any, number: str) -> dict[str, Any]:
    [one] = products(s, number)
    return one


def sent(s: Any, since: int = 0) -> Counter[str]:
    return Counter(method for method, *_ in s.requests("ccv-shop")[since:])


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

    assert sent(s, before) == {"GET": 1}  # what the shop is called


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


# --- numbers


@pytest.mark.parametrize("number", ["BLÅ VAAS", "A,B", "50%", "A&B", "€1"])
def test_a_number_that_shops_refuse_is_parked_with_one_that_would_do(listed: MakeStage, number: str) -> None:
    s = listed()
    add(s, number)
    s.run()

    assert products(s, number) == []
    assert "would do" in s.problem(number).what


def test_such_a_number_is_sent_by_a_setting_and_found_again(listed: MakeStage) -> None:
    s = listed(odd_numbers="send")
    add(s, "BLÅ VAAS, 1 & 2 + 50 %")
    s.run()
    s.clock.sleep(60)
    s.books.do("change_article", {"number": "BLÅ VAAS, 1 & 2 + 50 %", "fields": {"NetPrice": 20}})
    s.run()

    assert product(s, "BLÅ VAAS, 1 & 2 + 50 %")["price"] == 24.2


def test_articles_without_a_number_and_those_of_fees_are_left_out_and_listed(listed: MakeStage) -> None:
    s = listed()
    add(s, "SHIPPING-21")
    article = add(s, "NUMBERLESS")
    with s.books._lock:
        s.books._books["articles"].put({**article, "Number": " "})
    s.run()

    assert s.state("SHIPPING-21") == "skipped"
    assert s.ledger.record(FLOW, "default", article["Id"]).reason == "the article has no number"


def test_a_number_that_a_product_took_in_the_meantime_is_not_made_twice(listed: MakeStage) -> None:
    s = listed()
    add(s, "KETTLE")
    taken = Between("POST", lambda: s.shop.do("new_product", {"productnumber": "KETTLE", "price": 3.5}))
    s.go(s.open({"ccv-shop": taken}), RunOptions(threads=1))

    assert [one["price"] for one in products(s, "KETTLE")] == [3.5]
    assert s.state("KETTLE") == "parked"
    s.run(RunOptions(only=["KETTLE"]))
    assert [one["price"] for one in products(s, "KETTLE")] == [12.1]


def test_two_products_of_one_number_park_the_article(listed: MakeStage) -> None:
    s = listed()
    s.has_begun()
    add(s, "KETTLE")
    for name in ("KETTLE", "OTHER"):
        made = s.shop.do("new_product", {"productnumber": name, "price": 3.5})
        s.shop.holdings.products[made["id"]]["productnumber"] = "KETTLE"
    s.run()

    assert s.state("KETTLE") == "parked"
    assert {one["price"] for one in products(s, "KETTLE")} == {3.5}


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


# --- many, and when things go wrong


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
        ended = engine.run(made.wish(flow=FLOW, place=place, nth=3, threads=2))
        assert ended["signal"] == 9, f"{place} was not reached"
        ended = engine.run(made.wish(flow=FLOW, threads=2, offset_seconds=made.later()))
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
        ended = engine.run(made.wish(flow=FLOW, place=place, threads=1, answers=answers))
        assert ended["signal"] == 9, f"{place} was not reached"
        ended = engine.run(made.wish(flow=FLOW, threads=1, answers=answers, offset_seconds=made.later()))
        assert ended["said"]["state"] == "ended"

        own = made.shop.holdings.assortment
        assert [one["name"] for one in own.categories.values()] == ["Kitchen"]
        assert len({held["product_id"] for held in own.places.values()}) == len(own.places) == 3


# --- what is looked at before the first run


def looked_at(s: Any) -> dict[str, Any]:
    return {line.name: line for line in checklist(s.open(), s.ledger)}


def test_numbers_and_rates_that_would_not_do_are_named_before_anything_is_sent(listed: MakeStage) -> None:
    s = listed()
    for number, rate in (("BLÅ VAAS, 1", 21), ("KETTLE", 25), ("FINE-1", 21)):
        add(s, number, rate=rate)
    found = looked_at(s)

    [odd] = found["odd_numbers"].problems
    assert "BLÅ VAAS, 1" in str(odd) and "BLAVAAS1" in str(odd)
    told = " ".join(map(str, found["tariffs"].problems))
    assert "KETTLE: 25 %" in told and "FINE-1" not in told
    assert s.writes("ccv-shop") == []
    assert not any(line.stops for line in found.values()), "each of them is parked by itself"


def test_two_articles_of_one_number_keep_the_first_run_from_beginning(listed: MakeStage) -> None:
    s = listed()
    first, second = add(s, "KETTLE"), add(s, "kettle-2")
    with s.books._lock:
        s.books._books["articles"].put({**second, "Number": "kettle"})

    assert found_in(looked_at(s)["article_numbers"]) == {first["Number"], "kettle"}
    with pytest.raises(DocumentError, match="KETTLE"):
        may_begin(s.open(), s.ledger)


def found_in(line: Any) -> set[str]:
    told = " ".join(map(str, line.problems))
    assert line.stops
    return {word for word in ("KETTLE", "kettle") if word in told}


def test_two_products_of_one_number_keep_the_first_run_from_beginning(listed: MakeStage) -> None:
    s = listed()
    s.shop.do("new_product", {"productnumber": "KETTLE"})
    s.shop.do("new_variant", {"productnumber": "KETTLE", "product_number": "KETTLE"})
    assert not looked_at(s)["product_numbers"].stops

    s.shop.do("new_product", {"productnumber": "kettle"})
    assert found_in(looked_at(s)["product_numbers"]) == {"KETTLE", "kettle"}
