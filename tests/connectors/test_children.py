"""Children are fetched with as few requests as can be, each record gets its own, and none is silently incomplete."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from engine.connectors.system import System
from engine.errors import BrokenReply, Cause, ExchangeError, RecordProblem
from tests.connectors.counting_shop import DETAILS, ITEMS, Shop, connector_of, full_shop, read_operation

Open = Callable[..., System]


@pytest.fixture
def open_shop(open_system: Any) -> Open:
    """open_shop(shop, read=…, **operations): a system that reads this shop."""

    def open_it(shop: Shop, read: dict[str, Any] | None = None, **more: Any) -> System:
        return open_system(connector_of(read or read_operation(), **more), shop)

    return open_it


def whole(system: System, **options: Any) -> list[dict[str, Any]]:
    """Every order with its children, a page at a time, as a run completes them."""
    found = []
    with ThreadPoolExecutor(4) as pool:
        for page in system.read("orders", {"since": None}):
            found += system.complete("orders", "read", page.records, each=pool.map, **options)
    assert not [one.problem for one in found if one.problem]
    return [one.record for one in found]


def items_of(order: dict[str, Any]) -> list[int]:
    return [item["id"] for item in order["items"]]


def with_children(**children: Any) -> dict[str, Any]:
    return read_operation(children=children)


def test_a_hundred_orders_cost_two_requests_and_one_each_for_items_and_articles(open_shop: Open) -> None:
    shop = full_shop(100, 3, 60)

    orders = whole(open_shop(shop))

    assert shop.paths() == ["/orders", "/items", "/articles", "/orders"]
    assert [len(body["ids"]) for _, body in shop.asked if "ids" in body] == [300, 60]
    assert [items_of(order) for order in orders] == [[n * 10 + 1, n * 10 + 2, n * 10 + 3] for n in range(1, 101)]
    assert all(item["details"]["id"] == item["article"] for order in orders for item in order["items"])


def test_only_what_is_described_is_asked_for_with_the_ids_that_are_followed(open_shop: Open) -> None:
    shop = full_shop(1, 1, 1)

    [order] = whole(open_shop(shop))

    asked = {path: body["fields"] for path, body in reversed(shop.asked)}
    assert asked == {
        "/orders": ["id", "changed", "items", "customer", "buyer", "notes"],  # not `made`, which is the connector's
        "/items": ["id", "count", "article"],
        "/articles": ["id", "name"],
    }
    assert order["items"] == [{"id": 11, "count": 1, "article": 1000, "details": {"id": 1000, "name": "article 1000"}}]


def test_ids_are_asked_in_portions_and_each_once(open_shop: Open) -> None:
    shop = full_shop(4, 2, 3)
    items = ITEMS | {"together": {"ids": "items", "by": "id", "at_most": 3}}

    orders = whole(open_shop(shop, with_children(items=items)))

    assert sorted(body["ids"] for path, body in shop.asked if path == "/items") == [
        [11, 12, 21],
        [22, 31, 32],
        [41, 42],
    ]
    assert [body["ids"] for path, body in shop.asked if path == "/articles"] == [[1000, 1001, 1002]]
    assert [items_of(order) for order in orders] == [[11, 12], [21, 22], [31, 32], [41, 42]]


def test_the_order_of_the_ids_is_kept_whatever_the_reply_says(open_shop: Open) -> None:
    shop = full_shop(1, 3)
    shop.records["orders"][1]["items"] = [13, 11, 12, 11]

    [order] = whole(open_shop(shop))

    assert items_of(order) == [13, 11, 12, 11]


def test_what_does_not_come_back_is_left_out_and_a_single_one_is_null(open_shop: Open) -> None:
    shop = full_shop(2, 2)
    del shop.records["items"][12], shop.records["articles"][1000]

    first, second = whole(open_shop(shop))

    assert items_of(first) == [11]
    assert first["items"][0]["details"] is None
    assert second["items"][0]["details"]["id"] == 1002


@pytest.mark.parametrize("ids", [None, [], [None], ""])
def test_an_order_without_items_asks_for_none(open_shop: Open, ids: Any) -> None:
    shop = full_shop(1)
    shop.records["orders"][1]["items"] = ids

    [order] = whole(open_shop(shop))

    assert order["items"] == []
    assert shop.paths() == ["/orders", "/orders"]


def test_one_id_that_is_no_list_is_followed_and_text_and_number_are_one(open_shop: Open) -> None:
    shop = full_shop(1)
    shop.records["orders"][1]["items"] = 12
    items = ITEMS | {"together": {"ids": "items", "by": "$string(id)", "at_most": 500}}

    [order] = whole(open_shop(shop, with_children(items=items)))

    assert items_of(order) == [12]


def test_an_id_that_is_none_parks_that_record_and_the_others_go_on(open_shop: Open) -> None:
    shop = full_shop(2)
    shop.records["orders"][1]["items"] = [{"id": 11}]
    system = open_shop(shop)

    [page, _] = system.read("orders", {"since": None})
    first, second = system.complete("orders", "read", page.records)

    assert first.problem is not None
    assert "neither text nor a number" in first.problem.what
    assert items_of(second.record) == [21, 22, 23]
    with pytest.raises(RecordProblem, match="neither text nor a number"):
        system.with_children("orders", "read", page.records[0])


def test_a_formula_that_fails_on_one_record_parks_that_one(open_shop: Open) -> None:
    shop = full_shop(2)
    shop.records["orders"][1]["changed"] = 7
    system = open_shop(shop, with_children(items=ITEMS | {"inline": "$uppercase(changed) = 'NONE' ? []"}))

    [page, _] = system.read("orders", {"since": None})
    first, second = system.complete("orders", "read", page.records)

    assert first.problem is not None
    assert second.problem is None
    assert items_of(second.record) == [21, 22, 23]


def test_a_problem_of_an_item_is_one_of_its_order(open_shop: Open) -> None:
    shop = full_shop(2)
    shop.records["items"][12]["article"] = [1000, 1001]
    system = open_shop(shop)

    [page, _] = system.read("orders", {"since": None})
    first, second = system.complete("orders", "read", page.records)

    assert first.problem is not None
    assert "several where there can be one" in first.problem.what
    assert second.problem is None


def test_a_request_that_fails_leaves_no_record_half_complete(open_shop: Open) -> None:
    shop = full_shop(3)
    system = open_shop(shop, with_children(items=ITEMS | {"path": "/items/0"}))
    [page, _] = system.read("orders", {"since": None})

    with pytest.raises(ExchangeError) as failed:
        system.complete("orders", "read", page.records)

    assert failed.value.cause is Cause.NOT_FOUND


@pytest.mark.parametrize(
    ("by", "why"), [("missing", "no id"), ("article = article ? 1", "two different records in it have the same id")]
)
def test_a_reply_whose_records_cannot_be_told_apart_is_refused(open_shop: Open, by: str, why: str) -> None:
    items = ITEMS | {"together": {"ids": "items", "by": by, "at_most": 500}}

    with pytest.raises(BrokenReply, match=why):
        whole(open_shop(full_shop(1), with_children(items=items)))


def test_ids_may_be_read_in_pages_only_until_all_came(open_shop: Open) -> None:
    shop = full_shop(1, 5)
    del shop.records["items"][15]
    body = '{"ids": $ids, "fields": $choose, "start": $paging.start, "size": $paging.size}'
    items = ITEMS | {"body": body, "paging": {"kind": "offset", "in": "body", "page_size": 2}}

    [order] = whole(open_shop(shop, with_children(items=items)))

    assert items_of(order) == [11, 12, 13, 14]
    assert shop.paths().count("/items") == 3
    shop.records["items"][15] = {"id": 15, "count": 1, "article": 1000}
    shop.records["orders"][1]["items"] = [11, 12, 13, 14]
    shop.asked.clear()
    whole(open_shop(shop, with_children(items=items)))
    assert shop.paths().count("/items") == 2  # no third request for an empty page


def test_what_stands_in_the_record_is_not_fetched_and_its_own_children_are(open_shop: Open) -> None:
    shop = full_shop(2, 1)
    inside = {"id": 99, "article": 1001}
    shop.records["orders"][1]["notes"] = [inside]
    items = ITEMS | {"inline": "notes"}

    first, second = whole(open_shop(shop, with_children(items=items)))

    assert first["items"] == [inside | {"details": {"id": 1001, "name": "article 1001"}}]
    assert items_of(second) == [21]
    assert [body["ids"] for path, body in shop.asked if path == "/items"] == [[21]]


def test_children_asked_for_record_by_record_may_be_objects_and_null(open_shop: Open) -> None:
    shop = full_shop(3, 1)
    shop.records["customers"] = {7: {"id": 7}}
    for order, customer in ((1, 7), (2, 8), (3, None)):
        shop.records["orders"][order]["customer"] = customer
    buyer = {"path": "/customers/{customer}", "records": "$", "single": True}

    orders = whole(open_shop(shop, with_children(buyer=buyer)))

    assert [order["buyer"] for order in orders] == [{"id": 7}, None, None]  # 8 is not found, None not asked for
    assert sorted(path for path in shop.paths() if "customers" in path) == ["/customers/7", "/customers/8"]


def test_children_fetched_record_by_record_have_theirs_together(open_shop: Open) -> None:
    shop = full_shop(3, 1)
    shop.records["positions"] = {n: {"found": [{"id": n * 10 + 1, "article": 1000 + n}]} for n in (1, 2, 3)}
    items = {"path": "/positions/{$string(id)}", "records": "found", "children": {"details": DETAILS}}
    shop.records["articles"] = {n: {"id": n, "name": f"article {n}"} for n in (1001, 1002, 1003)}

    orders = whole(open_shop(shop, with_children(items=items)))

    assert [order["items"][0]["details"]["id"] for order in orders] == [1001, 1002, 1003]
    assert shop.paths().count("/articles") == 1


def test_a_record_got_by_key_is_completed_like_a_page_of_one(open_shop: Open) -> None:
    shop = full_shop(3)
    get = {"method": "GET", "path": "/orders/{$key}", "record": "$", "children": {"items": ITEMS}}

    order = open_shop(shop, get=get).get("orders", "2")

    assert items_of(order) == [21, 22, 23]
    assert shop.paths() == ["/orders/2", "/items", "/articles"]


def test_an_exchange_is_told_with_the_records_it_was_made_for(open_shop: Open) -> None:
    shop = full_shop(2, 1, 2)
    shop.records["orders"][2]["items"] = None
    told: list[tuple[list[int], str]] = []
    system = open_shop(shop)
    [page, _] = system.read("orders", {"since": None})

    system.complete("orders", "read", page.records, lambda of: lambda exchange: told.append((sorted(of), exchange.url)))

    assert [(of, url.rpartition("/")[2]) for of, url in told] == [([0], "items"), ([0], "articles")]


def test_a_write_may_say_which_fields_it_wants_answered(open_shop: Open) -> None:
    shop = full_shop(1)
    update = {"method": "POST", "path": "/orders/1", "body": '{"set": $fields, "fields": $choose}', "record": "$"}

    open_shop(shop, update=update).update("orders", "1", {"customer": 7})

    assert shop.asked == [
        ("/orders/1", {"set": {"customer": 7}, "fields": ["id", "changed", "items", "customer", "buyer", "notes"]})
    ]


def test_a_search_does_not_ask_for_what_a_read_fetches_apart(open_shop: Open) -> None:
    shop = full_shop(1)
    find = {"method": "POST", "path": "/orders", "body": '{"start": 0, "fields": $choose}', "records": "found"}
    notes = {"path": "/notes/{$string(id)}", "records": "$"}

    open_shop(shop, with_children(items=ITEMS, notes=notes), find=find).find("orders", "id", 1)

    assert shop.asked[0][1]["fields"] == ["id", "changed", "items", "customer", "buyer"]


def test_of_a_kept_record_only_what_it_lacks_is_fetched(open_shop: Open) -> None:
    shop = full_shop(3, 2)
    system = open_shop(shop)
    complete = system.with_children("orders", "read", shop.records["orders"][1])
    lacks_details = {
        **complete,
        "items": [{n: v for n, v in item.items() if n != "details"} for item in complete["items"]],
    }
    held_back = shop.records["orders"][2]
    shop.asked.clear()

    again = system.complete("orders", "read", [complete, lacks_details, held_back], kept=True)

    assert [one.record for one in again[:2]] == [complete, complete]
    assert items_of(again[2].record) == [21, 22]
    assert [(path, body["ids"]) for path, body in shop.asked] == [
        ("/items", [21, 22]),
        ("/articles", [1000, 1001, 1002, 1003]),
    ]


def test_a_kept_record_whose_single_child_was_not_there_is_complete(open_shop: Open) -> None:
    shop = full_shop(1)
    buyer = {"path": "/customers/{$string(customer)}", "records": "$", "single": True}

    [one] = open_shop(shop, with_children(buyer=buyer)).complete(
        "orders", "read", [{"id": 1, "buyer": None}], kept=True
    )

    assert (one.record, shop.asked) == ({"id": 1, "buyer": None}, [])


def test_what_the_connector_cannot_make_of_one_child_is_a_problem_of_its_record(open_shop: Open) -> None:
    shop = full_shop(2, 1)
    shop.records["items"][11]["count"] = "many"
    items = {**ITEMS, "each": '$merge([$, {"twice": count * 2}])'}
    apart = {"path": "/positions/{$string(id)}", "records": "found", "each": items["each"]}
    shop.records["positions"] = {n: {"found": [{"count": count}]} for n, count in ((1, "many"), (2, 4))}
    system = open_shop(shop, with_children(items=items, notes=apart))

    [page, _] = system.read("orders", {"since": None})
    first, second = system.complete("orders", "read", page.records)

    assert first.problem is not None
    assert second.problem is None
    assert (second.record["items"][0]["twice"], second.record["notes"]) == (2, [{"count": 4, "twice": 8}])


@pytest.mark.parametrize("single", [True, False])
def test_one_record_of_which_no_request_can_be_made_keeps_the_others_from_nothing(
    open_shop: Open, single: bool
) -> None:
    shop = full_shop(3, 1, 1)
    shop.records["customers"] = {7: {"id": 7}}
    for number, customer in ((1, 7), (2, "x"), (3, 7)):
        shop.records["orders"][number]["customer"] = customer
    buyer = {"path": "/customers/{$number(customer)}", "records": "$", "single": single}
    system = open_shop(shop, with_children(buyer=buyer))
    [page] = [page for page in system.read("orders", {"since": None}) if page.records]
    first, second, third = system.complete("orders", "read", page.records)

    held = {"id": 7} if single else [{"id": 7}]
    assert (first.record["buyer"], third.record["buyer"]) == (held, held)
    assert second.problem is not None and "$number" in second.problem.what
