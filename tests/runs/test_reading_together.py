"""A run reads what records name by ids for a whole page at once; a bad record is parked, and none is half complete."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from engine.connectors.children import INCOMPLETE
from engine.errors import RecordProblem
from engine.formulas import Formulas
from engine.runs.ledger.mended_fields import MendedField
from engine.runs.rehearsal import Rehearsal
from engine.runs.replaying import Manner, Replay
from engine.runs.shared_reads import shared_reads
from engine.runs.story import stories
from tests.connectors.counting_shop import ITEMS, Shop, full_shop, read_operation
from tests.runs.handing_out import CONNECTORS, Bench, bench
from tests.runs.naming_ids import STEP, Ids, orders

FLOW = "orders-to-shop"
Make = Callable[..., Bench]


@pytest.fixture
def make(tmp_path: Path, formulas: Formulas) -> Iterator[Make]:
    """make(shop, read=…, get=…, source=…): both systems, a flow between them and an engine."""
    with ExitStack() as stack:

        def made(shop: Shop, read: Any = None, source: Any = None, **more: Any) -> Bench:
            flow = {
                "title": "Orders",
                "source": {"connector": "origin", "resource": "orders", **(source or {})},
                "steps": [STEP],
            }
            connectors = {"origin": {"orders": orders(read, **more)}, "shop": CONNECTORS["shop"]}
            return stack.enter_context(bench(tmp_path, formulas, connectors, {FLOW: flow}, Ids(shop)))

        yield made


def items(b: Bench, key: str) -> Any:
    """The items of an order as the ledger keeps it."""
    payload = b.record(key, FLOW).payload
    assert payload is not None
    return payload["items"]


def counts(b: Bench) -> dict[str, int]:
    return {path: b.count(f"POST {path}") for path in ("/orders", "/items", "/articles")}


def test_a_run_sends_four_requests_to_read_a_page_of_orders(make: Make) -> None:
    b = make(full_shop(25, 3, 60))

    report = b.run(FLOW)

    assert report.counts["created"] == 25
    assert counts(b) == {"/orders": 2, "/items": 1, "/articles": 1}
    assert {m["Reference"]: m["Level"] for m in b.shop.movements}["2"] == 6 + 1003


def test_an_order_whose_ids_are_none_is_parked_and_the_others_arrive(make: Make) -> None:
    shop = full_shop(5)
    shop.records["orders"][3]["items"] = [{"id": 31}]
    b = make(shop)

    report = b.run(FLOW)

    assert report.counts["created"] == 4
    assert [(p.key, "neither text nor a number" in p.problems[0].what) for p in report.parked] == [("3", True)]

    shop.records["orders"][3] |= {"items": [31, 32, 33], "changed": "2026-11-03T00:00:00Z"}
    b.run(FLOW)

    assert b.moved() == dict.fromkeys("12345", 1)


def test_a_request_that_fails_keeps_the_whole_page_for_the_next_run(make: Make) -> None:
    b = make(full_shop(5))
    assert isinstance(b.systems, Ids)
    b.systems.down = "/articles"

    report = b.run(FLOW)

    assert report.stopped is not None
    assert b.moved() == {}
    assert not b.ledger.cursor(FLOW, "default")

    b.systems.down = ""
    b.run(FLOW)

    assert b.moved() == dict.fromkeys("12345", 1)


def test_orders_that_change_while_they_are_read_all_arrive(make: Make) -> None:
    shop = full_shop(30, 1)
    shop.order = lambda order: order["changed"]
    paging = {"kind": "offset", "in": "body", "page_size": 10, "overlap": 3}
    b = make(shop, read_operation(paging=paging))

    def changes(asked: int) -> None:
        if asked == 4:  # between the first page with its items and articles, and the second
            for one in range(1, 10):
                shop.records["orders"][one]["changed"] = f"2026-11-02T00:00:{one:02}Z"

    shop.on_request = changes
    b.run(FLOW)

    assert b.moved() == {str(n): 1 for n in range(1, 31)}


def test_an_order_that_waits_is_not_completed_and_is_judged_again_where_it_cannot_be_fetched(make: Make) -> None:
    source = {"where": [{"condition": "customer = 7", "says": "nobody bought it"}]}
    shop = full_shop(2, 1)
    shop.records["orders"][2]["customer"] = 7
    b = make(shop, source=source)
    b.run(FLOW)
    assert (b.record("1", FLOW).state, items(b, "1")) == ("waiting", [11])
    assert [body["ids"] for path, body in shop.asked if path == "/items"] == [[21]]

    path = b.workspace.flow_place(FLOW)
    flow = json.loads(path.read_text())
    flow["source"] |= {"where": [{"condition": "id > 0", "says": "it has no number"}], "since": '"2026-12-01"'}
    path.write_text(json.dumps(flow))
    shop.records["orders"].clear()  # what is read now brings nothing: the order comes from the ledger
    b.run(FLOW)

    assert b.moved() == {"1": 1, "2": 1}
    assert {m["Reference"]: m["Level"] for m in b.shop.movements} == {"1": 1001, "2": 1002}


def test_orders_fetched_by_key_share_the_requests_for_their_items(make: Make) -> None:
    shop = full_shop(4)
    get = {"method": "GET", "path": "/orders/{$key}", "record": "$", "children": {"items": ITEMS}}
    b = make(shop, get=get)

    report = b.run(FLOW, only=["1", "3", "4"])

    assert report.counts["created"] == 3
    assert counts(b) == {"/orders": 0, "/items": 1, "/articles": 1}


def test_the_story_of_an_order_has_the_requests_that_read_it_together_with_others(make: Make) -> None:
    shop = full_shop(3)
    for number, order in enumerate(list(shop.records["orders"].values()), 1):
        order["id"] = 7_000 + number
    shop.records["orders"] = {order["id"]: order for order in shop.records["orders"].values()}
    b = make(shop)
    b.run(FLOW)

    [story] = stories(b.ledger, b.formulas, "W-7002", FLOW)

    together = [kept.exchange.url.rpartition("/")[2] for kept in shared_reads(b.ledger, story.record, story.loaded)]
    assert together == ["orders", "items", "articles"]
    assert {kept.step for kept in story.exchanges} == {"movement"}


@pytest.mark.parametrize("ids", [[{"id": 11}, 12], [{"id": 11}]])
def test_a_record_that_was_parked_incomplete_is_not_replayed_so(make: Make, ids: list[Any]) -> None:
    shop = full_shop(1)
    shop.records["orders"][1]["items"] = ids
    b = make(shop)
    b.run(FLOW)

    with b.opened(FLOW) as opened, ThreadPoolExecutor(2) as pool:
        replay = Replay(opened, b.ledger, b.clock, Manner("v1"), pool)
        with pytest.raises(RecordProblem, match="neither text nor a number"):
            replay.show("1")

    assert items(b, "1") == ids


def test_a_record_that_arrived_is_replayed_without_asking_its_source(make: Make) -> None:
    b = make(full_shop(1))
    b.run(FLOW)
    asked = counts(b)

    with b.opened(FLOW) as opened, ThreadPoolExecutor(2) as pool:
        Replay(opened, b.ledger, b.clock, Manner("v1"), pool).show("1")

    assert counts(b) == asked


def test_an_order_parked_incomplete_is_judged_again_when_the_flow_is_mended(make: Make) -> None:
    shop = full_shop(1)
    shop.records["orders"][1]["items"] = [{"id": 11}]
    b = make(shop)
    b.run(FLOW)
    path = b.workspace.connector_folder("origin") / "connector.json"
    connector = json.loads(path.read_text())
    together = connector["resources"]["orders"]["operations"]["read"]["children"]["items"]["together"]
    together["ids"] = "items.id"  # the connector follows the system
    path.write_text(json.dumps(connector))
    shop.records["orders"].clear()

    b.run(FLOW)

    assert b.moved() == {"1": 1}


def test_what_the_connector_cannot_make_of_one_order_is_parked_and_the_others_arrive(make: Make) -> None:
    shop = full_shop(3)
    shop.records["orders"][2]["customer"] = "somebody"
    b = make(shop, read_operation(each='$merge([$, {"made": $string(customer + 1)}])'))

    report = b.run(FLOW)
    again = b.run(FLOW)

    assert report.counts["created"] == 2
    assert [(p.key, p.problems[0].code) for p in report.parked] == [("2", "unmade")]
    assert again.counts["created"] == 0
    with b.opened(FLOW) as opened, ThreadPoolExecutor(2) as pool, pytest.raises(RecordProblem):
        Replay(opened, b.ledger, b.clock, Manner("v1"), pool).show("2")


@pytest.mark.parametrize("ids", [[{"id": 11}, 12], [{"id": 11}]])
def test_a_record_that_cannot_be_read_whole_is_not_shown_as_one_because_a_value_of_it_is_mended(
    make: Make, ids: list[Any]
) -> None:
    shop = full_shop(1)
    b = make(shop, get={"method": "GET", "path": "/orders/{$key}", "record": "$", "children": {"items": ITEMS}})
    b.run(FLOW)
    record = b.record("1", FLOW)
    field = MendedField(("id",), 1, record.as_read["id"], "Anna", b.clock.now())
    b.ledger.change_mended(record.id, 0, lambda before: (field,), [("id",)], "Anna", b.clock.now())
    shop.records["orders"][1]["items"] = ids

    with b.opened(FLOW) as opened, ThreadPoolExecutor(2) as pool:
        judged = Rehearsal(opened, b.ledger, b.clock, pool).of_key("1").judged

    assert judged.problem is not None
    assert judged.problem.code == INCOMPLETE
