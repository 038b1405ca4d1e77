"""The settings of the flow: where the number is written back, and what becomes of unknown articles."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

MakeStage = Callable[..., Any]


# --- settings


@pytest.mark.parametrize("field", ["reservationnumber", "invoicenumber", "note", "none"])
def test_number_is_written_back_where_the_setting_says(stage: MakeStage, field: str) -> None:
    s = stage(write_back=field)
    number = s.order()
    s.run()
    [document] = s.documents()[number]
    order = s.shop_orders()[number]

    seen = {"reservationnumber": order["reservationnumber"], "invoicenumber": order["invoicenumber"]}
    expected = {
        "reservationnumber": {"reservationnumber": str(document["Number"]), "invoicenumber": None},
        "invoicenumber": {"reservationnumber": None, "invoicenumber": document["Number"]},
    }.get(field, {"reservationnumber": None, "invoicenumber": None})
    assert expected == seen
    assert (0 if field == "none" else 1) == len(s.writes("ccv-shop"))
    kept = s.ledger.exchanges("ccv-orders-to-eaccounting", "default", s.record(number).key)
    sent = [json.loads(e.exchange.request_body) for e in kept if e.exchange.method == "PATCH"]
    if field == "note":
        assert [{"note": f"Order in the books: {document['Number']}"}] == sent
    assert s.run().counts["unchanged"] == 1


def test_a_draft_has_no_number_to_write_back(stage: MakeStage) -> None:
    s = stage(document="draft")
    number = s.order()
    s.run()

    assert [number] == list(s.documents("customerinvoicedrafts"))
    assert s.documents() == {} and s.writes("ccv-shop") == []


NEW_ARTICLE = [{"productnumber": "NEW-1", "name": "New", "price": 10, "count": 2}]


def test_unknown_article_is_made(stage: MakeStage) -> None:
    s = stage()
    number = s.order(lines=NEW_ARTICLE)
    s.run()

    [article] = [a for a in s.held("articles") if a["Number"] == "NEW-1"]
    assert (article["Name"], article["NetPrice"]) == ("New", 8.26)  # 10.00 with 21 % of tax in it
    assert article["Id"] == s.documents()[number][0]["Rows"][0]["ArticleId"]


def test_unknown_article_parks_the_order(stage: MakeStage) -> None:
    s = stage(articles="fail", shipping_article="SHIPPING")
    s.books.do("add_article", {"Number": "SHIPPING-21"})
    number, other = s.order(lines=NEW_ARTICLE), s.order(lines=[{"productnumber": "ART-1001"}])
    s.run()

    assert [other] == list(s.documents())
    assert s.problem(number).what.endswith("number “NEW-1”, and the flow makes none")
    assert s.problem(number).where == "step articles (Visma eAccounting, articles)"
    assert "/v2/articles" not in [target for _, target in s.writes("eaccounting")]


def test_stand_in_article_takes_the_place_of_unknown_ones(stage: MakeStage) -> None:
    s = stage(articles="stand_in", stand_in_article="STAND-IN")
    for name, rate in (("STAND-IN", 21), ("SHIPPING-21", 21), ("ROUNDING-21", 21), ("ROUNDING-0", 0)):
        s.books.do("add_article", {"Number": name, "rate": rate})
    number = s.order(lines=[*NEW_ARTICLE, {"productnumber": "ART-1001"}])
    nameless = s.order(lines=[{"name": "By hand", "price": 5}])
    s.run()

    numbers = {article["Id"]: article["Number"] for article in s.held("articles")}
    rows = {n: [(numbers[r["ArticleId"]], r["Text"]) for r in s.documents()[n][0]["Rows"]] for n in (number, nameless)}
    assert rows[number][0] == ("STAND-IN", "New") and rows[number][1][0] == "ART-1001"
    assert rows[nameless][0] == ("STAND-IN", "By hand")
    assert "/v2/articles" not in [target for _, target in s.writes("eaccounting")]


def test_stand_in_that_is_not_there_parks_the_order(stage: MakeStage) -> None:
    s = stage(articles="stand_in", stand_in_article="NO-SUCH")
    number = s.order(lines=NEW_ARTICLE)
    s.run()

    assert s.state(number) == "parked"
    assert "NEW-1" in s.problem(number).what
