"""Which orders go from Abicart to Specter, and when: paid, sent, discarded, from the first day on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.formulas import Formulas
from tests.runs.specter import CARD, INVOICE, Make, stages

ALL = {"only_paid": False, "from_date": "2020-01-01"}


@pytest.fixture
def stage(tmp_path: Path, formulas: Formulas) -> Iterator[Make]:
    with stages(tmp_path, formulas) as make:
        yield make


def test_an_order_waits_until_it_is_paid_but_for_those_on_account(stage: Make) -> None:
    s = stage()
    card, account = (s.order(payment=p, fields={"paymentStatus": "unpaid"}) for p in (CARD, INVOICE))
    s.run()
    assert (s.state(card), s.state(account)) == ("waiting", "created")

    s.shop.do("pay_order", {"orderNumber": card})
    s.run()
    assert s.state(card) == "created"


def test_an_order_that_is_never_paid_is_given_up_after_thirty_days(stage: Make) -> None:
    s = stage(from_date="2020-01-01")
    number = s.order(fields={"paymentStatus": "unpaid"})
    s.run()
    s.sandbox_clock.advance(86_400 * 31)
    s.run()

    assert (s.state(number), s.documents()) == ("skipped", {})


def test_only_orders_that_were_sent_are_taken_where_that_is_chosen(stage: Make) -> None:
    s = stage(states=["sent"])
    number = s.order()
    s.run()
    assert s.state(number) == "waiting"

    s.shop.do("send_order", {"orderNumber": number})
    s.run()
    assert s.state(number) == "created"


def test_a_cart_is_never_taken_and_the_order_it_becomes_is(stage: Make) -> None:
    s = stage()
    cart: Any = s.shop.do("new_cart", {"fields": {"paymentStatus": "paid"}})
    s.run()
    assert s.documents() == {}

    s.sandbox_clock.advance(60)
    number = str(s.shop.do("finish_cart", {"uid": cart["uid"]})["orderNumber"])
    s.run()
    assert s.state(number) == "created"


def test_a_discarded_order_is_never_taken(stage: Make) -> None:
    s = stage()
    number = s.order(fields={"discarded": True})
    s.run()

    assert (s.state(number), s.documents()) == ("skipped", {})


def test_an_order_placed_before_the_first_day_stays_out_though_it_changes(stage: Make) -> None:
    s = stage(from_date="2020-01-01")
    number = s.order()
    s.sandbox_clock.advance(86_400 * 40)
    s.shop.do("change_order", {"orderNumber": number, "fields": {"note": "changed"}})
    s.run(from_date=(s.sandbox_clock.now()).date().isoformat())

    assert (s.state(number), s.documents()) == ("skipped", {})
