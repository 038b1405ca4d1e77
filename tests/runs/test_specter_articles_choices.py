"""Articles arrive in Specter alike, whatever both systems do where their pages say nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.formulas import Formulas
from tests.runs.specter import Make, stages
from tests.runs.specter_articles import ARTICLES, add, change, handed_in, keep_only, there

SHOP: list[dict[str, Any]] = [
    {"price_shape": "number"},
    {"language_flattens": True},
    {"string_query": "value"},
    {"bounds_inclusive": False},
    {"case_matters": False},
    {"too_much": "cut"},
    {"default_limit": 1},
    {"variants_show_base": True},
    {"unique_numbers": True},
    {"http_errors": True},
    {"missing_language": "absent"},
    {"missing_language": "default"},
]
BOOKS: list[dict[str, Any]] = [
    {"key_version": "v2"},
    {"key_version": "v1"},
    {"odd_bytes": "keep"},
    {"utf8_bytes": "keep"},
    {"unknown_fields": "ignore"},
    {"codes": "same"},
    {"known_article": "skip"},
    {"article_numbers": "any"},
    {"row_gaps": "accept"},
    {"row_gaps": "stop"},
    {"own_changes_listed": False},
]


@pytest.fixture
def stage(tmp_path: Path, formulas: Formulas) -> Iterator[Make]:
    with stages(tmp_path, formulas, flow=ARTICLES) as make:
        yield make


@pytest.mark.parametrize(
    ("shop", "books"),
    [({}, {}), *((choice, {}) for choice in SHOP), *(({}, choice) for choice in BOOKS)],
    ids=lambda choice: " ".join(f"{name}={value}" for name, value in choice.items()),
)
def test_the_same_articles_arrive_and_follow(stage: Make, shop: dict[str, Any], books: dict[str, Any]) -> None:
    first_version = {"specter": {"integrationKey": ""}} if books.get("key_version") == "v1" else {}
    s = stage(shop=shop, books=books, connections=first_version, create_fields=["barcode", "stock_level"])
    keep_only(s, "AB-1001", "TR-1", "TR-1-A", "ENGELSK-1", "9007199254740993")
    add(s, "SMÖRGÅS", name="Parkerad")
    add(s, "LJUS-1", name="Smörgåstårta é ÿ", price="64.50", vatRate=0.12, ean="2000000000017")
    s.run()

    assert set(handed_in(s)) == {"AB-1001", "TR-1", "TR-1-A", "ENGELSK-1", "9007199254740993", "LJUS-1"}
    article = there(s, "LJUS-1")
    assert [article[name] for name in ("name", "priceExclVAT", "vatPercent", "barCode")] == [
        "Smörgåstårta é ÿ",
        "57.59",
        "12",
        "2000000000017",
    ]
    assert (there(s, "TR-1")["priceExclVAT"], there(s, "TR-1-A")["priceExclVAT"]) == ("160", "160")
    assert there(s, "9007199254740993")["priceExclVAT"] == "72057594037927.94"
    assert there(s, "ENGELSK-1")["name"] == "Only in English"
    assert s.state("SMÖRGÅS") == "parked"

    change(s, "LJUS-1", name={"sv": "Tårta"})
    change(s, "SMÖRGÅS", articleNumber="SMORGAS")
    s.run()
    assert there(s, "LJUS-1")["name"] == "Tårta"
    assert "SMORGAS" in handed_in(s)


@pytest.mark.parametrize("field", ["stock", "onHand"])
def test_the_level_is_read_where_the_connection_says_that_it_stands(stage: Make, field: str) -> None:
    s = stage(shop={"stock_key": field}, connections={"abicart": {"stock_field": field}}, create_fields=["stock_level"])
    keep_only(s, "AB-1002")
    s.shop.do("set_stock", {"articleNumber": "AB-1002", "level": 7, "useStock": True})
    s.run()

    assert there(s, "AB-1002")["levels"] == {"1": "7"}


@pytest.mark.parametrize("books", [{"calls_per_minute": 2}, {"calls_per_minute": 2, "retry_after": False}])
def test_a_limit_that_nobody_told_of_delays_and_parks_nothing(stage: Make, books: dict[str, Any]) -> None:
    s = stage(books=books)
    keep_only(s, "AB-1001")
    for n in range(3):
        s.run()
        change(s, "AB-1001", name={"sv": f"Namn {n}"})
    s.run()

    assert there(s, "AB-1001")["name"] == "Namn 2"
