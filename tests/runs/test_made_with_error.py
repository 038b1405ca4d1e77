"""A target that answers success and error in one: what was made is known, a person is told, nothing is made twice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.formulas import Formulas
from engine.runs.ledger.causes import OPEN
from tests.runs.handing_out import Bench
from tests.runs.unsearchable import ORDERS, Books, unsearchable
from tests.runs.warehouse import Doc, Refused

SAID = "The order was made, but its tax could not be worked out."
Stage = tuple[Books, Bench]


@pytest.fixture(params=["searched", "guarded", "neither"])
def s(request: pytest.FixtureRequest, tmp_path: Path, formulas: Formulas) -> Iterator[Stage]:
    """Books that can be searched, that refuse a second one by themselves, or that do neither."""

    def described(connectors: dict[str, Doc]) -> None:
        operations = connectors["books"]["orders"]["operations"]
        if request.param != "guarded":
            operations["create"].pop("guarded_by")
        if request.param == "searched":
            found = {"records": "$", "finds_by": ["Reference"]}
            operations["find"] = {"method": "GET", "path": "/orders", "query": {"reference": "$match"}, **found}

    with unsearchable(tmp_path, formulas, described) as (books, b):
        books.routes["POST", "/orders"] = lambda body, query: both(books, body)
        books.routes["GET", "/orders"] = lambda body, query: [
            order for order in books.booked if order["Reference"] == query["reference"]
        ]
        tells_in_success(b)
        yield books, b


def both(books: Books, body: Doc) -> Doc:
    """Made, with an error beside it; an order of nothing is refused, with the same status."""
    if body["Total"] == 0:
        return {"code": "21", "message": "An order must come to something."}
    books.booked.append({"Number": f"S{len(books.booked) + 1}", **body})
    return {**books.booked[-1], "code": "55", "message": SAID}


def tells_in_success(b: Bench) -> None:
    path = b.workspace.root / "connector_specs" / "books" / "connector.json"
    document: Any = json.loads(path.read_text(encoding="utf-8"))
    document["http"]["errors"]["in_success"] = True
    path.write_text(json.dumps(document), encoding="utf-8")


def test_it_is_parked_under_its_number_with_the_words_of_the_target(s: Stage) -> None:
    books, b = s
    books.order("W1")
    report = b.run(ORDERS)

    record = b.record("W1", ORDERS)
    assert (report.counts["parked"], record.state, record.target_number) == (1, "parked", "S1")
    [problem] = record.problems
    assert problem.what == f"Books made it as S1, and told of an error with it: {SAID}"
    assert (problem.code, problem.where) == ("made_with_error", "step order (Books, orders)")
    assert books.orders["W1"]["booked"] is None, "what comes after it waits for the person"
    [cause] = [each for each in b.ledger.causes() if each.state == OPEN]
    assert "a person must look" in cause.says


def test_it_is_never_made_a_second_time_and_noted_as_arrived_when_a_person_sends_it(s: Stage) -> None:
    books, b = s
    books.order("W1")
    b.run(ORDERS)
    b.run(ORDERS)
    assert (b.count("POST /orders"), b.record("W1", ORDERS).state) == (1, "parked")

    b.run(ORDERS, only=["W1"])

    record = b.record("W1", ORDERS)
    assert (b.count("POST /orders"), len(books.booked)) == (1, 1)
    assert (record.state, record.target_number, books.orders["W1"]["booked"]) == ("created", "S1", "S1")


def test_its_exchange_is_kept_as_a_success_with_a_note(s: Stage) -> None:
    books, b = s
    books.order("W1")
    b.run(ORDERS)

    [kept] = [each for each in b.ledger.exchanges(ORDERS, "default", "W1") if each.exchange.url.endswith("/orders")]
    assert (kept.exchange.status, kept.exchange.problem) == (200, "")
    assert "tells of an error" in kept.exchange.note and SAID in kept.exchange.reply_body


def test_an_error_without_anything_made_is_a_refusal_as_before(s: Stage) -> None:
    books, b = s
    books.orders[books.order("W1")]["total"] = 0
    b.run(ORDERS)

    record = b.record("W1", ORDERS)
    assert (record.state, record.target_number, books.booked) == ("parked", None, [])
    assert record.problems[0].what == "Books refused it: An order must come to something."
    assert [each.state for each in b.ledger.intents(ORDERS, "default", "W1") if each.step == "order"] == []


def test_a_customer_that_was_made_with_an_error_parks_its_order_once_and_is_not_made_again(
    tmp_path: Path, formulas: Formulas
) -> None:
    with unsearchable(tmp_path, formulas) as (books, b):
        tells_in_success(b)
        books.routes["POST", "/customers"] = lambda body, query: {
            **books._number(books.customers, "K", body),
            "code": "56",
            "message": "The address is not known.",
        }
        books.order("W1")
        b.run(ORDERS)
        assert "Books made it as K1, and told of an error with it" in b.record("W1", ORDERS).problems[0].what
        assert (len(books.customers), books.booked) == (1, [])

        b.run(ORDERS, only=["W1"])
        assert (len(books.customers), len(books.booked), b.record("W1", ORDERS).state) == (1, 1, "created")


def test_a_second_request_that_is_answered_so_is_told_as_well(tmp_path: Path, formulas: Formulas) -> None:
    with unsearchable(tmp_path, formulas) as (books, b):
        tells_in_success(b)
        books.routes["POST", "/orders"] = lambda body, query: both(books, body)
        books.dropped["/orders"] = 1
        books.order("W1")
        b.run(ORDERS)

        assert (len(books.booked), b.count("POST /orders")) == (1, 1)
        assert b.record("W1", ORDERS).problems[0].code == "made_with_error"


def test_a_refusal_with_its_own_status_is_no_success(s: Stage) -> None:
    books, b = s

    def refuse(body: Doc, query: dict[str, str]) -> Doc:
        raise Refused(422, "20", "Nothing today.")

    books.routes["POST", "/orders"] = refuse
    books.order("W1")
    b.run(ORDERS)

    assert b.record("W1", ORDERS).problems[0].what == "Books refused it: Nothing today."
