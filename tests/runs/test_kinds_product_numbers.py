"""The numbers of articles and products: those that would not do, and those that two share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.errors import DocumentError
from engine.runs.checklist import checklist, may_begin
from engine.runs.run import RunOptions
from tests.runs.between import Between
from tests.runs.goods import ARTICLES, add, product, products

MakeStage = Callable[..., Any]


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
    assert s.ledger.record(ARTICLES, "default", article["Id"]).reason == "the article has no number"


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
