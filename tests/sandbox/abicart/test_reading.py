"""Which fields come back, which records, and in what order."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.abicart import Abicart
from sandbox.abicart.awkward import BIG_UID

SIZE = 879278


def test_a_choice_reads_as_published(client: Any) -> None:
    published = {
        "mandatory": True,
        "name": {"en": "Size", "sv": "Storlek"},
        "options": [57129002, 57129003, 57129004],
        "type": "enum",
        "uid": SIZE,
    }
    assert published.items() <= client.call("ArticleChoice.get", SIZE, True).items()


@pytest.mark.parametrize(
    ("query", "given"),
    [
        ("type", {"type": "enum"}),
        (["uid", "type"], {"uid": SIZE, "type": "enum"}),
        ({"name": "sv", "uid": True}, {"name": "Storlek", "uid": SIZE}),
        ({"name": "de"}, {"name": None}),
        ("name", {"name": {"en": "Size", "sv": "Storlek"}}),
        ([], {}),
    ],
)
def test_only_what_was_asked_for_comes_back(client: Any, query: Any, given: dict[str, Any]) -> None:
    assert client.call("ArticleChoice.get", SIZE, query) == given
    assert client.call("ArticleChoice.list", query, {"limit": 1}) == [given]


@pytest.mark.parametrize(
    "query",
    [None, False, 3, "size", ["uid", "size"], [1], {"size": True}, {"uid": False}, {"uid": "sv"}, {"name": "swedish"}],
)
def test_a_query_that_does_not_fit_is_refused(client: Any, query: Any) -> None:
    assert client.code("ArticleChoice.get", SIZE, query) == -32602
    assert client.code("ArticleChoice.list", query) == -32602


def test_how_a_query_reads_can_be_chosen(client: Any, shop: Abicart) -> None:
    nested = {"costs": {"total": {"currency": True}}}
    assert client.code("Order.get", 1234, nested) == -32602
    shop.do("choose", {"nested_queries": True, "string_query": "value", "missing_language": "default"})

    assert client.call("Order.get", 1234, nested) == {"costs": {"total": {"currency": "SEK"}}}
    assert client.call("ArticleChoice.get", SIZE, "type") == "enum"
    assert client.call("ArticleChoice.get", SIZE, {"name": "de"}) == {"name": "Storlek"}
    shop.do("choose", {"missing_language": "absent"})
    assert client.call("ArticleChoice.get", SIZE, {"name": "de"}) == {}


def test_the_language_of_the_context_flattens_only_when_chosen(client: Any, shop: Abicart) -> None:
    assert client.call("ArticleChoice.get", SIZE, ["name"], language="en")["name"] == {"en": "Size", "sv": "Storlek"}
    shop.do("choose", {"language_flattens": True})

    assert client.call("ArticleChoice.get", SIZE, ["name"], language="en")["name"] == "Size"


def test_an_unknown_uid_is_not_found(client: Any) -> None:
    for kind in ("Order", "OrderItem", "Article", "ArticleChoice", "Customer", "Customergroup", "PriceListItem"):
        assert client.code(f"{kind}.get", 1_000_000_000, True) == 9003
    assert client.code("Webshop.get", 1, True) == 9003


@pytest.mark.parametrize(("limit", "given"), [(0, 0), (1, 1), (499, 499), (500, 500)])
def test_a_page_has_as_many_as_asked_for(client: Any, limit: int, given: int) -> None:
    assert len(client.call("PriceListItem.list", "uid", {"limit": limit})) == given


@pytest.mark.parametrize("limit", [501, -1, True, "5", None, 1.5])
def test_a_limit_that_does_not_fit_is_refused(client: Any, limit: Any) -> None:
    assert client.code("PriceListItem.list", "uid", {"limit": limit}) == -32602
    if limit != 501:
        assert client.code("PriceListItem.list", "uid", {"offset": limit}) == -32602


def test_more_than_500_can_be_cut_and_100_is_the_usual(client: Any, shop: Abicart) -> None:
    assert len(client.call("PriceListItem.list", "uid")) == 100
    shop.do("choose", {"too_much": "cut", "default_limit": 7})

    assert len(client.call("PriceListItem.list", "uid", {"limit": 501})) == 500
    assert len(client.call("PriceListItem.list", "uid")) == 7


@pytest.mark.parametrize("step", [1, 50, 93, 94, 95, 500])
def test_pages_give_each_record_once_until_one_is_empty(client: Any, step: int) -> None:
    uids = [one["uid"] for one in client.every("Order", ["uid"], step)]

    assert len(uids) == len(set(uids)) == client.call("Order.count") == 94
    assert uids == sorted(uids)
    assert client.call("Order.list", True, {"offset": 94}) == []


def test_an_order_in_front_shifts_the_pages(client: Any, shop: Abicart) -> None:
    first = client.call("Order.list", "uid", {"limit": 10})
    shop.do("new_order_in_front", {})

    assert client.call("Order.list", "uid", {"limit": 10, "offset": 10})[0] == first[-1]


def test_records_are_sorted_as_asked(client: Any) -> None:
    moments = [one["ordered"] for one in client.every("Order", ["ordered"], sort="ordered", descending=True)]
    known = [one for one in moments if one]

    assert known == sorted(known, reverse=True)
    assert moments[-4:] == [None] * 4  # carts: never ordered


@pytest.mark.parametrize(
    "selection",
    [
        {"sort": "costs"},
        {"sort": "nothing"},
        {"sort": "/ordered"},
        {"sort": 1},
        {"descending": "yes"},
        {"filter": {}},
        {"filters": []},
        [],
    ],
)
def test_a_selection_that_does_not_fit_is_refused(client: Any, selection: Any) -> None:
    assert client.code("Order.list", "uid", selection) == -32602


@pytest.mark.parametrize(
    "pointer", ["", "ordered", "/", "/nothing", "/ordered/year", "/ordered~2", "/ordered~", "/costs/totals", "/items/x"]
)
def test_a_bad_pointer_is_refused(client: Any, pointer: str) -> None:
    assert client.code("Order.count", {pointer: "2013-01-14T15:04:34Z"}) == -32602


@pytest.mark.parametrize(
    ("pointer", "condition"),
    [
        ("/ordered", {"min": "yesterday"}),
        ("/ordered", {"min": "2024-01-01"}),
        ("/ordered", {"min": "2024-01-01T00:00:00"}),
        ("/ordered", {"min": 1}),
        ("/ordered", {"contains": "2024"}),
        ("/ordered", {}),
        ("/ordered", {"from": "2024-01-01T00:00:00Z"}),
        ("/uid", "1234"),
        ("/uid", {"in": 1234}),
        ("/uid", {"startsWith": "12"}),
        ("/discarded", "false"),
        ("/discarded", {"min": False}),
        ("/externalOrderNumber", {"contains": 1}),
        ("/externalOrderNumber", {"relevance": 1}),
        ("/costs/total/incVat", {"max": "9"}),
        ("/uid", {"min": None}),
    ],
)
def test_a_condition_that_does_not_fit_is_refused(client: Any, pointer: str, condition: Any) -> None:
    assert client.code("Order.count", {pointer: condition}) == -32602


def numbers(client: Any, kind: str, filters: dict[str, Any]) -> set[Any]:
    field = {"Order": "uid", "Article": "articleNumber", "Customer": "uid", "OrderItem": "uid"}[kind]
    found = client.every(kind, [field], filters=filters)
    assert len(found) == client.call(f"{kind}.count", filters)
    return {one[field] for one in found}


def test_each_condition_chooses_what_it_says(client: Any) -> None:
    assert numbers(client, "Article", {"/articleNumber": "AB-1001"}) == {"AB-1001"}
    assert numbers(client, "Article", {"/articleNumber": {"equals": "AB-1001"}}) == {"AB-1001"}
    assert numbers(client, "Article", {"/articleNumber": {"in": ["AB-1001", "TR-1", "x"]}}) == {"AB-1001", "TR-1"}
    assert numbers(client, "Article", {"/articleNumber": {"in": []}}) == set()
    assert numbers(client, "Article", {"/articleNumber": {"startsWith": "TR-1"}}) == {
        *("TR-1", "TR-1-A", "TR-1-B", "TR-1-C")
    }
    assert numbers(client, "Article", {"/articleNumber": {"contains": "12,5"}}) == {"Å 12,5% & mer"}
    assert numbers(client, "Article", {"/name/sv": {"startsWith": "Ballong"}}) == {"EMOJI-1"}
    assert numbers(client, "Article", {"/name": {"term": "BALLONG 🎈"}}) == {"EMOJI-1"}
    assert numbers(client, "Article", {"/choices": {"contains": SIZE}}) == {f"TR-{place}" for place in range(1, 9)}
    assert numbers(client, "Order", {"/uid": BIG_UID}) <= {BIG_UID}


def test_all_conditions_hold_at_once(client: Any) -> None:
    both = {"/articleNumber": {"min": "AB-1010", "max": "AB-1019"}, "/vatRate": {"max": 0.06}}

    rates = client.every("Article", ["articleNumber", "vatRate"], filters=both)
    assert [(one["articleNumber"], float(one["vatRate"])) for one in rates] == [("AB-1017", 0.06)]


def test_bounds_belong_unless_chosen_otherwise(client: Any, shop: Abicart) -> None:
    moment = client.call("Order.get", 1240, ["ordered"])["ordered"]
    exactly = {"/ordered": {"min": moment, "max": moment}}

    assert 1240 in numbers(client, "Order", exactly)
    assert numbers(client, "Order", {"/ordered": {"min": moment.replace("Z", "+00:00"), "max": moment}}) == {1240}
    shop.do("choose", {"bounds_inclusive": False})
    assert numbers(client, "Order", exactly) == set()


def test_case_counts_unless_chosen_otherwise(client: Any, shop: Abicart) -> None:
    assert numbers(client, "Article", {"/articleNumber": "ab-1001"}) == set()
    shop.do("choose", {"case_matters": False})

    assert numbers(client, "Article", {"/articleNumber": "ab-1001"}) == {"AB-1001"}


def test_carts_are_orders_too_and_never_in_a_span_of_time(client: Any, shop: Abicart) -> None:
    carts = numbers(client, "Order", {"/ordered": None})
    since = numbers(client, "Order", {"/ordered": {"min": "2013-01-14T15:04:34Z"}})

    assert (len(carts), len(since), carts & since) == (4, 90, set())
    shop.do("choose", {"list_carts": False})
    assert client.call("Order.count") == 90


def test_the_items_of_many_orders_come_in_one_call(client: Any) -> None:
    orders = client.call("Order.list", ["uid", "items"], {"limit": 20})
    wanted = {uid for order in orders for uid in order["items"]}

    by_uid = client.every("OrderItem", ["uid", "order"], filters={"/uid": {"in": sorted(wanted)}})
    assert {one["uid"] for one in by_uid} == wanted
    assert {one["order"] for one in by_uid} == {order["uid"] for order in orders if order["items"]}


def test_a_schema_tells_every_field(client: Any) -> None:
    for kind in ("Order", "OrderItem", "Article", "Customer", "Webshop", "PriceListItem", "Payment"):
        told = client.call(f"{kind}.getSchema", auth=None, webshop=None)["properties"]

        assert set(told) == set(client.call(f"{kind}.list", True, {"limit": 1})[0])
