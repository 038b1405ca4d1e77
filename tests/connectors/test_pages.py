"""Pages are read to their end through a real server: none is missed, none leads on for ever, and records may move."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from engine.connectors.connector import Fact
from engine.connectors.system import System
from engine.errors import BrokenReply
from engine.formulas import Formulas
from tests.connectors.counting_shop import Shop, connector_of, full_shop, read_operation, system_of

Open = Callable[..., System]
BODY = '{"since": $since, "start": $paging.start, "size": $paging.size, "page": $paging.page}'


@pytest.fixture
def open_shop(open_system: Any) -> Open:
    """open_shop(shop, body=…, **paging): a system that reads this shop's orders, without their items."""

    def open_it(shop: Shop, body: str = BODY, **paging: Any) -> System:
        about = {"kind": "offset", "in": "body", **paging}
        return open_system(connector_of(read_operation(body=body, paging=about, children={})), shop)

    return open_it


def ids(system: System, since: str | None = None) -> list[int]:
    return [order["id"] for page in system.read("orders", {"since": since}) for order in page.records]


def bodies(shop: Shop, name: str) -> list[Any]:
    return [body.get(name) for _, body in shop.asked]


def test_the_place_of_a_page_stands_in_the_body(open_shop: Open) -> None:
    shop = full_shop(25, 0)

    assert ids(open_shop(shop, page_size=10)) == list(range(1, 26))
    assert bodies(shop, "start") == [0, 10, 20, 25]
    assert bodies(shop, "size") == [10] * 4


def test_pages_may_be_numbered_in_the_body(open_shop: Open) -> None:
    shop = full_shop(25, 0)
    body = '{"since": $since, "start": ($paging.page - 1) * 10, "size": 10, "page": $paging.page}'

    assert ids(open_shop(shop, body, kind="page_number")) == list(range(1, 26))
    assert bodies(shop, "page") == [1, 2, 3, 4]


def test_a_short_page_is_the_last_only_where_that_is_known(open_shop: Open) -> None:
    shop = full_shop(25, 0)

    assert ids(open_shop(shop, page_size=10, short_page_ends=True)) == list(range(1, 26))
    assert bodies(shop, "start") == [0, 10, 20]


def test_a_system_that_gives_fewer_than_asked_for_is_read_to_its_end(open_shop: Open) -> None:
    shop = full_shop(25, 0)
    shop.most = 4

    assert ids(open_shop(shop, page_size=10)) == list(range(1, 26))
    assert ids(open_shop(shop, page_size=10, overlap=5)) == list(range(1, 26))


def test_other_variables_stay_from_page_to_page(open_shop: Open) -> None:
    shop = full_shop(9, 0)

    assert ids(open_shop(shop, page_size=2), "2026-11-01T00:05:00Z") == [5, 6, 7, 8, 9]
    assert set(bodies(shop, "since")) == {"2026-11-01T00:05:00Z"}


def test_a_body_that_does_not_say_the_place_names_itself(open_shop: Open) -> None:
    with pytest.raises(BrokenReply, match="names itself"):
        ids(open_shop(full_shop(3, 0), '{"start": 0, "size": 2}', page_size=2))


@pytest.mark.parametrize("overlap", [0, 3])
def test_a_system_that_does_not_heed_the_place_is_found_out(open_shop: Open, overlap: int) -> None:
    shop = full_shop(30, 0)

    with pytest.raises(BrokenReply, match="page after page holds the same records"):
        ids(open_shop(shop, '{"start": 0, "size": 10, "other": $paging.start}', page_size=10, overlap=overlap))

    assert len(shop.asked) == 3


def test_pages_end_after_as_many_as_the_connector_says(open_shop: Open) -> None:
    with pytest.raises(BrokenReply, match="more than 2 pages"):
        ids(open_shop(full_shop(30, 0), page_size=10, max_pages=2))


def test_an_overlap_brings_no_record_twice(open_shop: Open) -> None:
    shop = full_shop(25, 0)

    assert ids(open_shop(shop, page_size=10, overlap=3)) == list(range(1, 26))
    assert bodies(shop, "start") == [0, 7, 14, 21, 22]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 10, 11])
@pytest.mark.parametrize("overlap", [0, 1, 3, 10, 100])
def test_lists_of_any_length_come_whole_and_once(open_shop: Open, count: int, overlap: int) -> None:
    system = open_shop(full_shop(count, 0), page_size=3, overlap=overlap)

    assert ids(system) == list(range(1, count + 1))
    assert [order["id"] for order in system.all("orders")] == list(range(1, count + 1))


def changes(shop: Shop, ids: list[int]) -> None:
    """These orders are changed now, so that in a list sorted by change they come last."""
    for one in ids:
        shop.records["orders"][one]["changed"] = f"2026-11-02T00:00:{one:02}Z"


def in_mid_read(shop: Shop, number: int, happens: Callable[[], None]) -> None:
    """Let something happen just before the request of this number is answered."""
    shop.on_request = lambda asked: happens() if asked == number else None


@pytest.mark.parametrize("moved", [1, 3, 9, 10])
@pytest.mark.parametrize("at", [2, 3])
def test_orders_that_change_while_pages_are_read_push_none_out_of_sight(open_shop: Open, moved: int, at: int) -> None:
    shop = full_shop(40, 0)
    shop.order = lambda order: order["changed"]
    in_mid_read(shop, at, lambda: changes(shop, list(range(1, moved + 1))))

    found = ids(open_shop(shop, page_size=10, overlap=3))

    assert set(found) == set(range(1, 41))


@pytest.mark.parametrize("gone", [1, 2, 9, 10, 19])
@pytest.mark.parametrize("overlap", [1, 3])
def test_orders_that_vanish_while_pages_are_read_take_none_along(open_shop: Open, gone: int, overlap: int) -> None:
    shop = full_shop(40, 0)

    def vanish() -> None:
        for one in range(1, gone + 1):
            shop.records["orders"].pop(one, None)

    in_mid_read(shop, 3, vanish)
    system = open_shop(shop, page_size=10, overlap=overlap)

    assert set(range(20, 41)) <= set(ids(system))
    shop.asked.clear()
    shop.records = full_shop(40, 0).records
    every = [order["id"] for order in system.all("orders")]
    assert len(every) == len(set(every))
    assert set(range(20, 41)) <= set(every)


def test_without_an_overlap_an_order_that_vanishes_takes_another_along(open_shop: Open) -> None:
    """Why a connector declares one: this is what is lost without."""
    shop = full_shop(40, 0)
    in_mid_read(shop, 2, lambda: shop.records["orders"].pop(1, None))

    assert set(ids(open_shop(shop, page_size=10))) == set(range(1, 41)) - {11}


def test_orders_that_are_added_while_pages_are_read_come_with_the_last_page(open_shop: Open) -> None:
    shop = full_shop(20, 0)

    def adds() -> None:
        shop.records["orders"] |= {n: {"id": n, "changed": "2026-11-02T00:00:00Z"} for n in range(21, 24)}

    in_mid_read(shop, 3, adds)

    assert ids(open_shop(shop, page_size=10)) == list(range(1, 24))


def test_the_rest_of_a_list_that_is_emptied_is_not_waited_for(open_shop: Open) -> None:
    shop = full_shop(40, 0)
    in_mid_read(shop, 3, shop.records["orders"].clear)

    assert ids(open_shop(shop, page_size=10, overlap=3)) == list(range(1, 18))


def test_facts_and_lookups_may_be_read_with_a_body_and_a_fact_needs_one_page(serve: Any, formulas: Formulas) -> None:
    shop = full_shop(25, 0)
    read = read_operation(body=BODY, paging={"kind": "offset", "in": "body", "page_size": 10}, children={})
    connector = replace(connector_of(read), facts={"oldest": Fact("oldest", "Oldest order", "orders", "id")})
    system = system_of(connector, serve(shop), formulas)

    assert system.facts() == {"oldest": 1}
    assert bodies(shop, "start") == [0]
    assert len(system.all("orders")) == 25
    system.close()
