"""The flow from the shop to the books, run against both sandboxes: what is made, what waits, what is left alone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest

from engine.errors import FlowBusy, Problem
from engine.runs.results import UNKNOWN
from engine.runs.run import RunOptions

MakeStage = Callable[..., Any]
DAY = 86_400


# --- customers


@pytest.mark.parametrize("threads", [1, 8])
def test_orders_of_one_new_customer_make_one_customer(stage: MakeStage, threads: int) -> None:
    s = stage()
    for written in ("Eva@Nieuw.example", "eva@nieuw.example") * 4:
        s.order(email=written)
    report = s.run(RunOptions(threads=threads))

    assert report.counts["created"] == 8
    assert [c["EmailAddress"] for c in s.held("customers") if "nieuw" in c["EmailAddress"]] == ["eva@nieuw.example"]
    assert len({document["CustomerId"] for [document] in s.documents().values()}) == 1
    assert len([target for _, target in s.writes("eaccounting") if target == "/v2/articles"]) == 1  # for shipping


def test_a_company_and_a_person_with_one_address_are_two_customers(stage: MakeStage) -> None:
    s = stage()
    s.order(email="one@both.example", company="Beide BV")
    s.order(email="one@both.example", name="Piet Beide")
    s.run()

    made = [customer for customer in s.held("customers") if customer["EmailAddress"] == "one@both.example"]
    assert {("Beide BV", False), ("Piet Beide", True)} == {(c["Name"], c["IsPrivatePerson"]) for c in made}


def test_known_customer_follows_the_latest_order_or_stays(stage: MakeStage) -> None:
    for update, name in ((True, "Ans Nieuw"), (False, "Ans Oud")):
        s = stage(update_customers=update)
        s.books.do("add_customer", {"Name": "Ans Oud", "EmailAddress": "ans@bekend.example"})
        s.order(email="ans@bekend.example", name="Ans Nieuw")
        s.run()

        [known] = [c for c in s.held("customers") if c["EmailAddress"] == "ans@bekend.example"]
        assert name == known["Name"]


# --- what waits and what is left alone


def test_unpaid_order_waits_and_arrives_the_day_it_is_paid(stage: MakeStage) -> None:
    s = stage()
    number = s.order(pays_after_hours=24)
    paid = s.order()
    first = s.run()

    assert (first.counts["created"], first.counts["waiting"]) == (1, 1)
    assert [paid] == list(s.documents())
    assert s.record(number).reason == "its status is none of those chosen; it is not paid yet"

    s.sandbox_clock.advance(DAY + 60)
    second = s.run()

    assert (second.counts["created"], second.counts["waiting"]) == (1, 0)
    assert {paid, number} == set(s.documents())


def test_waiting_order_is_fetched_again_although_the_cursor_has_passed_it(stage: MakeStage) -> None:
    s = stage()
    number = s.order(pays_after_hours=5)
    for _ in range(3):
        s.run()
        s.sandbox_clock.advance(2 * 3600)
        s.order()
    s.run()

    assert s.state(number) == "created"
    assert len(s.documents()) == 4


def test_cancelled_orders_are_skipped_even_after_waiting(stage: MakeStage) -> None:
    s = stage()
    early, late = s.order(), s.order(pays_after_hours=24)
    s.shop.do("cancel_order", {"ordernumber": early})
    s.run()
    assert [s.state(early), s.state(late)] == ["skipped", "waiting"]

    s.shop.do("cancel_order", {"ordernumber": late})
    s.run()

    assert [s.state(early), s.state(late)] == ["skipped", "skipped"]
    assert s.record(late).reason == "it was cancelled in the shop"
    assert s.documents() == {}


def test_waiting_is_given_up_after_the_days_the_flow_allows(stage: MakeStage) -> None:
    s = stage()
    number = s.order(paid=False, status=2)
    s.run()
    s.sandbox_clock.advance(29 * DAY)
    s.run()
    assert s.state(number) == "waiting"

    s.sandbox_clock.advance(1.1 * DAY)
    report = s.run()

    assert s.state(number) == "skipped"
    assert s.record(number).reason == "waited 30 days: it is not paid yet"
    assert report.counts["skipped"] == 1
    gets = len(s.requests("ccv-shop"))
    s.run()
    assert not any("/orders/1" in target for _, target, *_ in s.requests("ccv-shop")[gets:])  # never asked for again


def test_second_run_creates_nothing(stage: MakeStage) -> None:
    s = stage(orders=30)
    s.run()
    wrote = s.writes("eaccounting"), s.writes("ccv-shop")
    documents, customers = s.documents(), s.held("customers")
    second = s.run()

    assert {name: second.counts[name] for name in ("created", "updated")} == {"created": 0, "updated": 0}
    assert wrote == (s.writes("eaccounting"), s.writes("ccv-shop"))
    assert documents == s.documents() and customers == s.held("customers")


def test_reading_from_the_beginning_again_creates_nothing(stage: MakeStage) -> None:
    s = stage()
    for _ in range(5):
        s.order()
    s.run()
    documents = s.documents()
    report = s.run(RunOptions(since=s.clock.now() - timedelta(days=20)))

    assert tuple(report.counts[name] for name in ("read", "created", "unchanged")) == (5, 0, 5)
    assert documents == s.documents()


def test_overlap_catches_orders_that_were_committed_late(stage: MakeStage) -> None:
    s = stage()
    s.order()
    s.run()
    number = f"W-{s.shop.do('new_order_in_front', {})['ordernumber']}"  # a minute older than the cursor
    report = s.run()

    assert report.counts["created"] == 1 and number in s.documents()
    newest = max(datetime.fromisoformat(o["create_date"]) for o in s.shop_orders().values())
    asked = [target for _, target, *_ in s.requests("ccv-shop") if "min_create_date" in target]
    assert f"{newest - timedelta(minutes=60):%Y-%m-%dT%H:%M:%SZ}" in asked[-1]


def test_cursor_never_moves_back(stage: MakeStage) -> None:
    s = stage()
    s.order()
    s.sandbox_clock.advance(7200)
    s.order()
    s.run()
    cursor = s.ledger.cursor("ccv-orders-to-eaccounting", "default")
    s.run(RunOptions(since=s.clock.now() - timedelta(days=25), limit=1))  # sees the older one only

    assert cursor == s.ledger.cursor("ccv-orders-to-eaccounting", "default")


# --- parked, and mended


def test_unknown_payment_method_parks_with_the_lookups_name(stage: MakeStage) -> None:
    s = stage()
    number, other = s.order(paymethod_id=99), s.order()
    report = s.run()

    assert {other} == set(s.documents())
    [parked] = report.parked
    assert number == parked.number
    assert (parked.problems[0].where, parked.problems[0].what, parked.problems[0].what_to_do) == (
        "step customer (Visma eAccounting, customers), field TermsOfPaymentId",
        "The lookup «Payment terms by payment method» has no row for ‹klarna_later›",
        "Add the row, or say in the lookup what to do with keys it does not know.",
    )


def test_changed_order_supersedes_the_parked_one(stage: MakeStage) -> None:
    s = stage()
    number = s.order(fields={"currency": "USD"})
    s.run()
    assert s.problem(number).what == "the order is in USD, the books are kept in EUR"

    s.shop.do("change_order", {"ordernumber": number, "fields": {"currency": "EUR"}})
    report = s.run()

    assert (report.counts["created"], report.counts["parked"]) == (1, 0)
    assert s.outcomes(number)[-2:] == ["parked", "created"]
    assert s.record(number).problems == ()


def test_parked_order_is_not_tried_again_while_nothing_changed(stage: MakeStage) -> None:
    s = stage()
    number = s.order(fields={"currency": "USD"})
    s.run()
    before = s.outcomes(number)
    report = s.run()

    assert before == s.outcomes(number)
    assert report.counts["parked"] == 1 and [number] == [parked.number for parked in report.parked]


def test_another_version_of_the_flow_tries_parked_records_again_but_no_unknown_outcome(stage: MakeStage) -> None:
    s = stage(own_workspace=True)
    mendable, unknown = s.order(paymethod_id=99), s.order(paymethod_id=99)
    s.run()
    record = s.record(unknown)
    s.ledger.finish_record(
        record.flow,
        "default",
        record.key,
        record.version,
        "parked",
        f"{UNKNOWN}: the record may have been made, but no answer came",
        [Problem("step order", UNKNOWN, "Look in the books.")],
        None,
        None,
        s.clock.now(),
    )
    s.edit_flow(lambda flow: flow["lookups"]["payment_terms"]["rows"].update(klarna_later="30 dagen"))
    report = s.run()

    assert {mendable} == set(s.documents())
    assert [unknown] == [parked.number for parked in report.parked]
    assert s.state(unknown) == "parked"


def test_order_without_rows_is_parked_and_the_others_go_on(stage: MakeStage) -> None:
    s = stage()
    numbers = [s.order(), s.order(lines=[]), s.order()]
    s.run()

    assert {numbers[0], numbers[2]} == set(s.documents())
    assert s.problem(numbers[1]).what == "the order has no rows"
    assert s.problem(numbers[1]).what_to_do == "Look at the order in the shop; fill it, or cancel it there."


# --- two at once, and limits


def test_two_runs_of_one_flow_at_once_are_refused(stage: MakeStage) -> None:
    s = stage()
    s.order()
    begun, may_go_on = threading.Event(), threading.Event()

    def hold(place: str) -> None:
        begun.set()
        may_go_on.wait(20)

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(s.go, s.open(), None, seam=hold)
        assert begun.wait(20)
        try:
            with pytest.raises(FlowBusy) as caught:
                s.run()
        finally:
            may_go_on.set()
        report = first.result()

    assert "run" in str(caught.value) and "ccv-orders-to-eaccounting" in str(caught.value)
    assert report.counts["created"] == 1
    assert s.run().counts["created"] == 0


def test_limits_are_waited_for_and_the_run_ends(stage: MakeStage) -> None:
    s = stage(limits=True)
    for _ in range(104):  # the shop takes 100 changes of orders a minute, and says not how long to wait
        s.order()
    report = s.run(RunOptions(threads=2))

    assert report.stopped is None and report.later == []
    assert 104 == report.counts["created"] == len(s.documents())
    assert sum(order["reservationnumber"] is not None for order in s.shop_orders().values()) == 104
    refused = [r for r in s.requests("ccv-shop") if r[2] == 429]
    assert refused and max(s.clock.sleeps) > 30
