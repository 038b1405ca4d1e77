"""A look into a system is one short request for each resource, whatever way its records are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from engine.connectors.connector import Connector
from engine.connectors.system import System
from engine.design.connecting.looking import look_around
from engine.design.connecting.peeking import peek_name, read_peek, with_peeks
from engine.errors import RecordProblem
from engine.formulas import Formulas
from tests.connectors.counting_shop import NOW, Shop, connector_of, full_shop, read_operation, served, system_of

Open = Callable[[Connector, Shop], System]
BATCH = {"batch": {}, "body": '{"batch": $batch, "start": 0}', "paging": {"kind": "none"}}


@pytest.fixture
def open_shop() -> Iterator[Open]:
    """open_shop(connector, shop): the system with its looks."""
    with ExitStack() as held:
        formulas = held.enter_context(Formulas())

        def open_it(connector: Connector, shop: Shop) -> System:
            address = held.enter_context(served(shop))
            system = system_of(with_peeks(connector, NOW), address, formulas)
            held.callback(system.close)
            return system

        yield open_it


def test_a_read_whose_place_stands_in_the_body_is_looked_into_by_one_record_without_its_items(open_shop: Open) -> None:
    shop = full_shop(5)
    system = open_shop(connector_of(read_operation()), shop)

    seen = read_peek(system.get(peek_name(system.resource("orders"))))

    assert [row["number"] for row in seen.rows] == ["1"]
    fields = ["id", "changed", "items", "customer", "buyer", "notes"]
    assert shop.asked == [("/orders", {"fields": fields, "since": None, "start": 0, "size": 1})]


def test_what_is_asked_for_and_what_has_requests_of_its_own_stay_apart(open_shop: Open) -> None:
    shop = full_shop(1)
    children = {"notes": {"path": "/notes/{$string(id)}", "records": "$"}}
    system = open_shop(connector_of(read_operation(children=children)), shop)

    system.get(peek_name(system.resource("orders")))

    assert shop.asked[0][1]["fields"] == ["id", "changed", "items", "customer", "buyer"]


def test_records_read_by_time_in_the_body_are_counted_for_the_last_weeks(open_shop: Open) -> None:
    shop = full_shop(5)
    read = read_operation(ordered=True)

    look = look_around(open_shop(connector_of(read), shop), NOW)

    assert look.sentences == ["Orders: 5 in the last 30 days; the newest is 5 of 2026-11-01."]
    assert shop.asked[0][1]["since"] == "2026-10-28T12:00:00Z"


def test_a_full_page_is_not_taken_for_all(open_shop: Open) -> None:
    shop = full_shop(5)
    read = read_operation(ordered=True, paging={"kind": "offset", "in": "body", "page_size": 3})

    look = look_around(open_shop(connector_of(read), shop), NOW)

    assert look.sentences == ["Orders: more than 3 in the last 30 days."]


def test_what_is_handed_out_once_is_not_asked_for_by_who_looks(open_shop: Open) -> None:
    shop = full_shop(5)
    connector = connector_of(read_operation(**BATCH), acknowledge={"method": "POST", "path": "/done"})
    system = open_shop(connector, shop)

    look = look_around(system, NOW)

    assert shop.asked == []
    assert look.sentences == ["Orders: handed out once to who asks for them, so nothing was looked at here."]
    with pytest.raises(RecordProblem, match="handed out once, so there is no list of all of them"):
        system.all("orders")
