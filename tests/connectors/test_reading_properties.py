"""Whatever the records are and however they move: each that stays is read, and each gets exactly its own children."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as some

from engine.formulas import Formulas
from tests.connectors.counting_shop import ITEMS, Shop, at_hand, connector_of, read_operation

BODY = '{"start": $paging.start, "size": $paging.size}'
IDS = some.one_of(some.none(), some.integers(1, 12), some.lists(some.one_of(some.integers(1, 12), some.none())))
ARTICLES = some.one_of(some.none(), some.integers(1, 5))


@given(
    orders=some.lists(IDS, max_size=12),
    items=some.dictionaries(some.integers(1, 12), ARTICLES, max_size=12),
    articles=some.sets(some.integers(1, 5)),
    at_most=some.integers(1, 7),
)
@settings(max_examples=60)
def test_each_record_gets_its_own_children_as_if_it_were_alone(
    formulas: Formulas, orders: list[Any], items: dict[int, Any], articles: set[int], at_most: int
) -> None:
    held_items = {one: {"id": one, "article": article} for one, article in items.items()}
    held_articles = {one: {"id": one, "name": str(one)} for one in articles}
    held = {n: {"id": n, "changed": "2026-11-01T00:00:00Z", "items": ids} for n, ids in enumerate(orders, 1)}
    shop = Shop({"orders": held, "items": held_items, "articles": held_articles})
    together = {**ITEMS, "together": {**ITEMS["together"], "at_most": at_most}}
    system = at_hand(connector_of(read_operation(children={"items": together})), shop, formulas)

    records = [order for page in system.read("orders", {"since": None}) for order in page.records]
    completed = [one.record for one in system.complete("orders", "read", records)]

    for ids, order in zip(orders, completed, strict=True):
        wanted = [one for one in (ids if isinstance(ids, list) else [ids]) if one in held_items]
        expected = [{**held_items[one], "details": held_articles.get(items[one])} for one in wanted]
        assert order["items"] == expected
    asked = [one for path, body in shop.asked if path == "/items" for one in body["ids"]]
    assert len(asked) == len(set(asked))
    assert shop.paths().count("/items") == -(-len(asked) // at_most)
    system.close()


@given(
    count=some.integers(0, 30),
    size=some.integers(2, 7),
    overlap=some.integers(1, 8),
    given_at_most=some.integers(2, 7),
    moves=some.lists(some.tuples(some.integers(2, 12), some.sampled_from(["go", "last", "new"]), some.integers(1, 30))),
)
@settings(max_examples=150)
def test_records_that_stay_are_read_however_the_others_move(
    formulas: Formulas, count: int, size: int, overlap: int, given_at_most: int, moves: list[tuple[int, str, int]]
) -> None:
    shop = Shop({"orders": {n: {"id": n, "changed": f"{n:04}"} for n in range(1, count + 1)}}, most=given_at_most)
    shop.order = lambda order: order["changed"]
    stays = set(range(1, count + 1))

    def move(asked: int) -> None:
        for number, (at, how, one) in enumerate(moves):
            if at != asked:
                continue
            if how == "go":
                shop.records["orders"].pop(one, None)
                stays.discard(one)
            elif how == "last" and one in shop.records["orders"]:
                shop.records["orders"][one] = {"id": one, "changed": f"9{asked:03}{number:03}"}
            elif how == "new":
                shop.records["orders"][1_000 + number] = {"id": 1_000 + number, "changed": f"9{asked:03}{number:03}"}

    shop.on_request = move
    paging = {"kind": "offset", "in": "body", "page_size": size, "overlap": overlap}
    system = at_hand(connector_of(read_operation(body=BODY, paging=paging, children={})), shop, formulas)

    read = [order["id"] for page in system.read("orders", {"since": None}) for order in page.records]

    assert stays <= set(read)
    system.close()
