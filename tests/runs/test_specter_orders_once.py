"""Nothing twice and nothing lost where the target has no search: lost replies, refusals, kills."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.formulas import Formulas
from engine.runs.results import UNKNOWN
from engine.runs.run import RunOptions
from tests.runs.specter import Make, OrdersStage, stages


@pytest.fixture
def stage(tmp_path: Path, formulas: Formulas) -> Iterator[Make]:
    with stages(tmp_path, formulas) as make:
        yield make


def lose(s: OrdersStage, action: str, kind: str = "lose_reply", times: int = 1) -> None:
    s.serving.arm("specter", [{"kind": kind, "holds": f"action={action}", "times": times}])


# --- orders


@pytest.mark.parametrize("how", ["refuse", "refuse_with_number"])
def test_an_order_whose_reply_was_lost_is_sent_once_more_and_parked_where_it_was_there(stage: Make, how: str) -> None:
    s = stage(books={"duplicate_order": how})
    number = s.order()
    lose(s, "newOrderSubmit")
    for _ in range(3):
        s.run()
        s.sandbox_clock.advance(600)

    assert len(s.documents()[number]) == 1
    assert s.actions().count("newOrderSubmit") == 2
    assert s.state(number) == "parked"
    said = s.problem(number)
    assert said.what.startswith(UNKNOWN)
    assert "finns redan" in said.what + said.what_to_do


def test_an_order_whose_reply_was_lost_gets_its_number_where_specter_tells_it(stage: Make) -> None:
    s = stage(books={"duplicate_order": "same_order"})
    number = s.order()
    lose(s, "newOrderSubmit")
    s.run()

    [made] = s.documents()[number]
    assert (s.state(number), s.placed(number)["externalOrderNumber"]) == ("created", made["orderNo"])


def test_an_order_that_never_arrived_is_sent_once_more_and_made(stage: Make) -> None:
    s = stage()
    number = s.order()
    lose(s, "newOrderSubmit", "refuse")
    s.run()

    [made] = s.documents()[number]
    assert (s.state(number), s.placed(number)["externalOrderNumber"]) == ("created", made["orderNo"])


def test_a_lost_write_back_is_made_up_for_and_no_second_order_is_made(stage: Make) -> None:
    s = stage()
    number = s.order()
    s.serving.arm("abicart", [{"kind": "lose_reply", "holds": '"Order.set"', "times": 10}])
    s.run()
    s.serving.arm("abicart", [])
    s.sandbox_clock.advance(600)
    s.run()

    [made] = s.documents()[number]
    assert s.placed(number)["externalOrderNumber"] == made["orderNo"]
    assert s.outcomes(number).count("created") == 1


# --- customers


def test_a_customer_whose_reply_was_lost_is_not_made_twice_and_a_person_is_told(stage: Make) -> None:
    s = stage(books={"customer_match": "none"})
    number = s.order()
    lose(s, "newCustomerSubmit")
    before = len(s.held("customers"))
    for _ in range(3):
        s.run()
        s.sandbox_clock.advance(600)

    assert len(s.held("customers")) == before + 1
    assert s.documents() == {}
    assert s.problem(number).what.startswith(UNKNOWN)


# --- a person says what became of it


def test_an_order_that_was_there_gets_its_number_from_a_person_and_is_written_back(stage: Make) -> None:
    s = stage()
    number = s.order()
    lose(s, "newOrderSubmit")
    s.run()
    there = s.made(number)["orderNo"]
    s.run(RunOptions(only=[number], threads=1, made_as=there))

    assert s.state(number) == "created"
    assert s.placed(number)["externalOrderNumber"] == there
    assert s.actions().count("newOrderSubmit") == 2


def test_a_customer_who_was_made_gets_the_number_from_a_person_and_the_order_is_made(stage: Make) -> None:
    s = stage(books={"customer_match": "none"})
    number = s.order(email="anna@post.example")
    lose(s, "newCustomerSubmit")
    s.run()
    [anna] = [c for c in s.held("customers") if c["emailAddress"] == "anna@post.example"]
    s.run(RunOptions(only=[number], threads=1, made_as=anna["customerId"]), update_customers=False)

    assert s.made(number)["customerId"] == anna["customerId"]
    assert s.state(number) == "created"
    assert s.actions().count("newCustomerSubmit") == 1


def test_a_customer_who_is_surely_not_there_is_sent_again_when_a_person_says_so(stage: Make) -> None:
    s = stage(books={"customer_match": "none"})
    number = s.order(email="anna@post.example")
    lose(s, "newCustomerSubmit", "refuse")
    s.run()
    assert s.state(number) == "parked"
    s.run(RunOptions(only=[number], threads=1, not_there=True))

    assert s.state(number) == "created"
    assert len([c for c in s.held("customers") if c["emailAddress"] == "anna@post.example"]) == 1
