"""Orders chosen by hand, and rehearsals that send nothing."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from engine.errors import DocumentError
from engine.mappings.finish import PLACEHOLDER
from engine.runs.rehearsal import Rehearsal
from engine.runs.run import RunOptions

MakeStage = Callable[..., Any]


# --- chosen by hand


def test_only_takes_one_order_by_number_or_by_key(stage: MakeStage) -> None:
    s = stage()
    numbers = [s.order() for _ in range(4)]
    key = str(s.shop_orders()[numbers[1]]["id"])
    by_number = s.run(RunOptions(only=[numbers[2]]))
    assert {numbers[2]} == set(s.documents())
    by_key = s.run(RunOptions(only=[key]))

    assert {numbers[1], numbers[2]} == set(s.documents())
    assert [(r.counts["read"], r.counts["created"]) for r in (by_number, by_key)] == [(1, 1), (1, 1)]
    assert s.ledger.cursor("ccv-orders-to-eaccounting", "default") is None  # the others are not passed over
    assert s.run().counts["created"] == 2


@pytest.mark.parametrize("name", ["10002", "W-10002", "100002"])
def test_only_knows_the_number_without_its_prefix(stage: MakeStage, name: str) -> None:
    s = stage()
    numbers = [s.order() for _ in range(3)]
    s.run(RunOptions(only=[name]))

    assert [numbers[1]] == list(s.documents())


def test_only_delivers_an_order_again_without_doubling_it(stage: MakeStage) -> None:
    s = stage()
    number = s.order()
    s.run()
    report = s.run(RunOptions(only=[number]))

    assert (report.counts["created"], report.counts["unchanged"]) == (0, 1)
    assert len(s.documents()[number]) == 1


def test_only_reads_an_order_whose_content_was_forgotten_and_delivers_it_at_once(stage: MakeStage) -> None:
    s = stage()
    number = s.order()
    s.run()
    s.ledger.purge_before(s.clock.now() + timedelta(days=1))
    assert s.record(number).payload is None
    report = s.run(RunOptions(only=[number]))

    assert (report.counts["read"], report.counts["unchanged"]) == (1, 1)
    assert (s.state(number), s.record(number).payload["ordernumber_full"]) == ("unchanged", number)
    s.assert_there_once([number])


def test_only_tries_a_parked_order_again(stage: MakeStage) -> None:
    s = stage()
    number, other = s.order(paymethod_id=99), s.order(paymethod_id=99)
    s.run()
    report = s.run(RunOptions(only=[number]), update_customers=False)

    assert [number, other] == sorted(parked.number for parked in report.parked)
    assert s.outcomes(number).count("parked") == 2
    assert s.outcomes(other).count("parked") == 1


def test_only_keeps_to_the_conditions(stage: MakeStage) -> None:
    s = stage()
    number = s.order(pays_after_hours=24)
    report = s.run(RunOptions(only=[number]))

    assert report.counts["waiting"] == 1
    assert s.documents() == {}


@pytest.mark.parametrize("name", ["W-99999", "no such order", "77", "X-10001", "0001"])
def test_only_says_what_it_does_not_find(stage: MakeStage, name: str) -> None:
    s = stage(own_workspace=True)
    s.edit_connector("ccv-shop", lambda c: c["http"]["errors"]["causes"].update({"500.20": "refused_record"}))
    s.order()
    with pytest.raises(DocumentError) as caught:
        s.run(RunOptions(only=[name]))

    [problem] = caught.value.problems
    assert (name, "CCV Shop has no such record, by number or by key") == (problem.where, problem.what)
    assert s.documents() == {}


def test_limit_takes_so_many_and_the_next_run_the_rest(stage: MakeStage) -> None:
    s = stage()
    for _ in range(5):
        s.order()
    first = s.run(RunOptions(limit=2))
    assert (first.counts["read"], len(s.documents())) == (2, 2)

    assert s.run().counts["created"] == 3


# --- preview


def test_rehearsal_sends_nothing_and_marks_what_does_not_exist_yet(stage: MakeStage) -> None:
    s = stage()
    number = s.order(email="new@buyer.example", lines=[{"productnumber": "NEW-1", "name": "New", "price": 10}])
    opened = s.open()
    with ThreadPoolExecutor(2) as pool:
        rehearsed = Rehearsal(opened, s.ledger, s.clock, pool).of_key(number)

    assert rehearsed.result is not None and rehearsed.result.outcome == "created"
    assert (s.writes("ccv-shop"), s.writes("eaccounting")) == ([], [])
    assert s.ledger.find_records(number) == []
    planned = {(request.step, request.method): request for request in rehearsed.result.planned}
    assert {("customer", "POST"), ("articles", "POST"), ("order", "POST"), ("write_back", "PATCH")} == set(planned)
    order = planned["order", "POST"]
    assert (
        PLACEHOLDER + "Id of the new customer new@buyer.example»" == order.body["CustomerId"] == order.placeholders[0]
    )
    assert order.body["Rows"][0]["ArticleId"] == PLACEHOLDER + "Id of the new article NEW-1»"
    assert "«" in planned["write_back", "PATCH"].body["reservationnumber"]
    assert planned["customer", "POST"].placeholders == ()


def test_rehearsal_of_all_agrees_with_the_run(stage: MakeStage) -> None:
    s = stage(orders=30)
    with ThreadPoolExecutor(2) as pool:
        rehearsed = list(Rehearsal(s.open(), s.ledger, s.clock, pool).of_new(None, None))
    assert (s.writes("ccv-shop"), s.writes("eaccounting")) == ([], [])
    foreseen = {r.judged.key: r.result.outcome if r.result else r.judged.state for r in rehearsed}
    report = s.run()

    found = {key: s.ledger.record("ccv-orders-to-eaccounting", "default", key).state for key in foreseen}
    differing = {key for key in foreseen if foreseen[key] != found[key]}
    refused = {p.key for p in report.parked if "refused it" in p.problems[0].what}  # only the books can know that
    assert differing <= refused
    assert sum(outcome == "created" for outcome in foreseen.values()) > 20


def test_rehearsal_of_a_held_back_order_says_why(stage: MakeStage) -> None:
    s = stage()
    s.order(pays_after_hours=24)
    with ThreadPoolExecutor(2) as pool:
        [rehearsed] = Rehearsal(s.open(), s.ledger, s.clock, pool).of_new(None, 1)

    assert rehearsed.result is None
    assert "it is not paid yet" in rehearsed.judged.reason
