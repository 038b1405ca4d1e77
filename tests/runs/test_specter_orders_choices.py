"""Where the public pages of Abicart and Specter are silent, orders arrive whichever way the systems really are."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.formulas import Formulas
from engine.runs.run import RunOptions
from sandbox.specter.books import sums
from tests.runs.specter import INVOICE, Make, OrdersStage, stages

# several at once where they have nothing to do with each other
SHOPS: list[dict[str, Any]] = [
    {"email_at": "address", "item_order": "orderNumber", "named_methods": True, "deleted_article": "null"},
    {"email_at": "top", "prices_with_vat": False, "price_shape": "number", "language_flattens": True},
    {"identity_key": "orgnr", "missing_language": "absent", "string_query": "value", "bounds_inclusive": False},
    {"missing_language": "default", "default_limit": 2, "too_much": "cut", "list_carts": False},
    {"external_number_moves_changed": False, "set_merges": False, "http_errors": True},
    {"calls_per_minute": 5, "retry_after": 7},
]
BOOKS: list[dict[str, Any]] = [
    {"key_version": "v2", "odd_bytes": "keep", "utf8_bytes": "keep", "unknown_fields": "ignore", "codes": "same"},
    {"customer_match": "orgNo", "row_gaps": "stop", "duplicate_order": "same_order"},
    {"customer_match": "none", "known_customer": "same", "own_changes_listed": False, "new_orders_listed": True},
    {"known_customer": "refuse"},
    {"calls_per_minute": 5, "retry_after": 7},
    {"calls_per_minute": 5, "retry_after": 0},
]


@pytest.fixture
def stage(tmp_path: Path, formulas: Formulas) -> Iterator[Make]:
    with stages(tmp_path, formulas) as make:
        yield make


def some_orders(s: OrdersStage) -> list[str]:
    """A person's, a company's on account, one whose article is gone, one of several rows in another language."""
    s.shop.do("new_article", {"articleNumber": "GONE-1", "name": "Borta", "price": 99})
    placed = [
        s.order(email="anna@post.example", name="Åsa Östersjö"),
        s.order(email="inkop@pahitt.example", company="Påhitt AB", payment=INVOICE),
        s.order(email="gone@post.example", lines=[{"articleNumber": "GONE-1", "quantity": 3}]),
        s.order(email="many@post.example", language="fi", lines=[{"articleNumber": "AB-1001"}] * 3),
    ]
    s.shop.do("delete_article", {"articleNumber": "GONE-1"})
    return placed


def arrived(s: OrdersStage) -> list[str]:
    """Orders of which each has arrived as the shop has it, and once."""
    placed = some_orders(s)
    s.run()
    s.sandbox_clock.advance(300)
    s.run()

    assert {number: s.state(number) for number in placed} == dict.fromkeys(placed, "created")
    for number in placed:
        total, (net, tax) = s.placed(number)["costs"]["total"], sums(s.made(number))
        assert (net + tax, tax) == (Decimal(str(total["incVat"])), Decimal(str(total["vat"]))), number
        assert s.placed(number)["externalOrderNumber"] == s.made(number)["orderNo"]
    return placed


def named(choice: dict[str, Any]) -> str:
    return " ".join(f"{name}={value}" for name, value in choice.items())


@pytest.mark.parametrize("choice", SHOPS, ids=named)
def test_orders_arrive_whichever_way_the_shop_is(stage: Make, choice: dict[str, Any]) -> None:
    s = stage(shop=choice)
    placed = arrived(s)

    assert s.actions().count("newOrderSubmit") == len(placed)


@pytest.mark.parametrize("choice", BOOKS, ids=named)
def test_orders_arrive_whichever_way_specter_is(stage: Make, choice: dict[str, Any]) -> None:
    s = stage(books=choice)
    placed = arrived(s)

    assert len(s.documents()) == len(placed)


def test_without_any_e_mail_orders_are_parked_or_each_has_a_customer_of_its_own(stage: Make) -> None:
    s = stage(shop={"email_at": "nowhere"})
    placed = some_orders(s)
    s.run()
    assert {s.state(number) for number in placed} == {"parked"}
    assert s.documents() == {}

    s.run(RunOptions(only=placed, threads=1), match_customer="never")
    assert {s.state(number) for number in placed} == {"created"}
    assert len({s.made(number)["customerId"] for number in placed}) == len(placed)


@pytest.mark.parametrize(
    ("known", "update", "becomes"),
    [
        ("new", True, "the one who is there"),
        ("new", False, "another one"),
        ("same", False, "the one who is there"),
        ("refuse", False, "parked"),
    ],
)
def test_a_customer_whom_people_made_in_specter(stage: Make, known: str, update: bool, becomes: str) -> None:
    s = stage(books={"known_customer": known}, update_customers=update)
    there = s.held("customers")[0]
    number = s.order(email=there["emailAddress"], name="Anna Omdöpt")
    s.run()

    if becomes == "parked":
        assert "Kunden finns redan" in s.problem(number).what and s.documents() == {}
    else:
        assert (s.made(number)["customerId"] == there["customerId"]) == (becomes == "the one who is there")
        assert (s.buyer(number)["name"] == "Anna Omdöpt") == (update or becomes == "another one")
