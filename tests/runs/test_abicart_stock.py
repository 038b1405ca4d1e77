"""Levels of Specter become the stock of the shop, over both sandboxes: only where it is kept, and never a wrong one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.formulas import Formulas
from engine.runs.checklist import checklist
from engine.runs.run import RunOptions
from tests.runs.specter import Make, OrdersStage, stages

FLOW = "specter-stock-to-abicart"


@pytest.fixture
def stage(tmp_path: Path, formulas: Formulas) -> Iterator[Make]:
    with stages(tmp_path, formulas, begun=True, flow=FLOW, stock_site="1") as make:
        yield make


def level(s: OrdersStage, number: str, level: float, site: str = "1") -> None:
    """An article with this number has so many in Specter."""
    if number not in s.books.books.articles:
        s.books.do("new_article", {"articleNo": number, "name": number})
    s.books.do("set_stock", {"articleNo": number, "level": level, "site": site})


def stock(s: OrdersStage, number: str) -> dict[str, Any]:
    with s.shop.lock:
        [one] = [a for a in s.shop.records.all("Article") if a["articleNumber"] == number]
        return dict(one["stock"])


def record(s: OrdersStage, number: str, site: str = "1") -> Any:
    """What the ledger has of an article's level at a site."""
    return next(r for r in s.ledger.find_records(number) if r.key == f"{number} @{site}")


@pytest.mark.parametrize("merges", [True, False])
def test_a_level_becomes_the_stock_of_the_article(stage: Make, merges: bool) -> None:
    s = stage(shop={"set_merges": merges})
    level(s, "AB-1002", 17)
    s.run()

    assert stock(s, "AB-1002") == {"useStock": True, "stock": 17}
    assert record(s, "AB-1002").state == "updated"


@pytest.mark.parametrize(
    ("answers", "told", "shown"),
    [({"safety_stock": 1.5}, 4, 2.5), ({"safety_stock": 9}, 4, 0), ({}, -2, 0), ({"below_zero": "as_it_is"}, -2, -2)],
)
def test_a_safety_stock_is_kept_back_and_nothing_is_less_than_none_unless_it_is_asked_for(
    stage: Make, answers: dict[str, Any], told: float, shown: float
) -> None:
    s = stage(**answers)
    level(s, "AB-1002", told)
    s.run()

    assert stock(s, "AB-1002")["stock"] == shown


def test_only_the_site_that_was_chosen_counts(stage: Make) -> None:
    s = stage()
    level(s, "AB-1002", 3, site="1")
    level(s, "AB-1002", 90, site="2")
    s.run()

    assert stock(s, "AB-1002")["stock"] == 3
    assert record(s, "AB-1002", "2").state == "skipped"


def test_levels_of_sites_wait_until_one_is_chosen(stage: Make) -> None:
    s = stage(stock_site="")
    before = stock(s, "AB-1002")
    for site in ("1", "2"):
        level(s, "AB-1002", 70 + int(site), site=site)
    s.run()
    assert (record(s, "AB-1002").state, stock(s, "AB-1002")) == ("waiting", before)

    s.run(stock_site="2")
    assert stock(s, "AB-1002")["stock"] == 72
    assert (record(s, "AB-1002", "1").state, record(s, "AB-1002", "2").state) == ("skipped", "updated")


def test_one_level_for_each_article_is_read_too(stage: Make) -> None:
    s = stage(connections={"specter": {"stockSites": False}})
    level(s, "AB-1002", 11)
    s.run()

    assert stock(s, "AB-1002")["stock"] == 11


def test_stock_that_the_shop_does_not_keep_is_left_alone_unless_it_is_turned_on(stage: Make) -> None:
    for answers, shown in (({}, {"useStock": False}), ({"turn_on": True}, {"useStock": True, "stock": 6})):
        s = stage(**answers)
        level(s, "AB-1001", 6)
        s.run()

        assert {name: stock(s, "AB-1001")[name] for name in shown} == shown


def test_a_variant_gets_its_own_level_and_its_main_article_keeps_its_own(stage: Make) -> None:
    for shows in (False, True):
        s = stage(shop={"variants_show_base": shows})
        before = stock(s, "TR-1")
        level(s, "TR-1-B", 5)
        s.run()

        assert stock(s, "TR-1-B")["stock"] == 5
        assert stock(s, "TR-1") == before


def test_a_level_of_another_name_is_read_and_written_once_the_connection_says_it(stage: Make) -> None:
    s = stage(shop={"stock_key": "level"})
    level(s, "AB-1002", 4)
    wrong = {one.name: one for one in checklist(s.open(), s.ledger) if one.stops}
    assert "levels_are_read" in wrong

    s = stage(shop={"stock_key": "level"}, connections={"abicart": {"stock_field": "level"}})
    level(s, "AB-1002", 4)
    assert "levels_are_read" not in {one.name for one in checklist(s.open(), s.ledger) if one.stops}
    s.run()
    assert stock(s, "AB-1002") == {"useStock": True, "level": 4}


def test_a_level_waits_until_the_shop_has_the_article_and_keeps_its_stock(stage: Make) -> None:
    s = stage()
    level(s, "NY-1", 4)
    s.run()
    assert (record(s, "NY-1").state, record(s, "NY-1").reason) == (
        "waiting",
        "no article of the shop has its number yet",
    )

    s.shop.do("new_article", {"articleNumber": "NY-1", "name": {"sv": "Ny"}, "price": 10})
    s.shop.do("set_stock", {"articleNumber": "NY-1", "level": 0, "useStock": False})
    s.run()
    assert record(s, "NY-1").state == "waiting"

    s.shop.do("set_stock", {"articleNumber": "NY-1", "level": 0, "useStock": True})
    s.run()
    assert stock(s, "NY-1") == {"useStock": True, "stock": 4}


def test_a_level_that_is_there_already_is_not_written(stage: Make) -> None:
    s = stage()
    with s.shop.lock:
        there = int(stock(s, "AB-1002")["stock"])
    level(s, "AB-1002", there)
    s.run()

    assert record(s, "AB-1002").state == "unchanged"


def test_a_level_that_was_edited_in_the_shop_is_set_once_more_when_it_is_named(stage: Make) -> None:
    s = stage()
    level(s, "AB-1002", 8)
    s.run()
    s.shop.do("set_stock", {"articleNumber": "AB-1002", "level": 99})
    s.run()
    assert stock(s, "AB-1002")["stock"] == 99

    s.run(RunOptions(threads=4, only=["AB-1002"]))
    assert stock(s, "AB-1002")["stock"] == 8


def test_a_crash_between_taking_a_batch_and_saying_so_sets_each_level_once(stage: Make) -> None:
    s = stage()
    level(s, "AB-1002", 8)
    s.serving.arm("specter", [{"kind": "refuse", "holds": "updateArticlesFromBatch", "times": 6}])
    s.run()
    level(s, "AB-1003", 9)
    s.serving.arm("specter", [])
    s.run()

    assert [stock(s, number)["stock"] for number in ("AB-1002", "AB-1003")] == [8, 9]
    assert len(s.ledger.outcomes(FLOW, "default", "AB-1002 @1")) == 1
