"""What a connector makes of each record it reads: one by one, in lists, searches and children alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.connectors.pages import Unmade
from engine.connectors.system import System
from engine.design.connecting.peeking import peek_name, read_peek, with_peeks
from engine.errors import BrokenReply, RecordProblem
from tests.connectors.counting_shop import ITEMS, NOW, Shop, connector_of, full_shop, read_operation

Open = Callable[..., System]


@pytest.fixture
def open_shop(open_system: Any) -> Open:
    def open_it(shop: Shop, read: dict[str, Any], *, peeks: bool = False, **more: Any) -> System:
        connector = connector_of(read, **more)
        return open_system(with_peeks(connector, NOW) if peeks else connector, shop)

    return open_it


def test_a_read_gives_what_is_made_of_each_record_page_by_page(open_shop: Open) -> None:
    paging = {"kind": "offset", "in": "body", "page_size": 2}
    each = '$merge([$, {"made": "order " & $string(id)}])'
    system = open_shop(full_shop(5), read_operation(each=each, paging=paging, children={}))

    found = [order for page in system.read("orders", {"since": None}) for order in page.records]

    assert [order["made"] for order in found] == [f"order {n}" for n in range(1, 6)]
    assert found[0]["items"] == [11, 12, 13]


def test_children_are_made_one_by_one_too(open_shop: Open) -> None:
    items = {**ITEMS, "each": '$merge([$, {"count": count * 10}])'}
    system = open_shop(full_shop(2), read_operation(children={"items": items}))
    [page, _] = system.read("orders", {"since": None})

    [first, _] = system.complete("orders", "read", page.records)

    assert [(item["id"], item["count"]) for item in first.record["items"]] == [(11, 10), (12, 20), (13, 30)]
    assert first.record["items"][0]["details"]["name"] == "article 1000"


def test_a_record_that_comes_to_no_record_ends_the_read_with_the_reason(open_shop: Open) -> None:
    system = open_shop(full_shop(2), read_operation(each='id = 2 ? "two" : $', children={}))
    with pytest.raises(BrokenReply, match="something in its list is no record"):
        list(system.read("orders", {"since": None}))


def test_a_record_on_which_it_fails_stands_as_it_was_sent_beside_the_others(open_shop: Open) -> None:
    shop = full_shop(2)
    shop.records["orders"][2]["customer"] = "somebody"
    system = open_shop(shop, read_operation(each='$merge([$, {"made": customer + 1}])', children={}))

    [page, _] = system.read("orders", {"since": None})

    first, second = page.records
    assert not isinstance(first, Unmade)
    assert isinstance(second, Unmade)
    assert (dict(second), second.problem.code) == (shop.records["orders"][2], "unmade")
    with pytest.raises(RecordProblem):
        system.all("orders")


def test_a_look_into_the_system_numbers_records_as_they_are_read(open_shop: Open) -> None:
    system = open_shop(full_shop(3), read_operation(each='$merge([$, {"id": id + 100}])'), peeks=True)

    seen = read_peek(system.get(peek_name(system.resource("orders"))))

    assert [row["number"] for row in seen.rows] == ["101"]
