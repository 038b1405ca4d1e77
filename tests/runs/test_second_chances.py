"""Records that get another attempt: compared again, fetched anew, and never taken for arrived when they are not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from engine.runs.retrying import RETRY_SECONDS
from engine.runs.run import RunOptions
from tests.runs.conftest import MakeStage


def _never_agree(flow: dict[str, Any]) -> None:
    flow["steps"][2]["after"] = [{"what": "the total", "source": "total_price", "target": "0"}]


def test_a_document_whose_sums_differ_stays_parked_until_they_agree(stage: MakeStage) -> None:
    s = stage(own_workspace=True)
    number = s.order()
    s.edit_flow(_never_agree)
    s.run()
    s.run(RunOptions(only=[number]))
    s.edit_flow(lambda flow: flow.update(title="another version"))
    s.run()

    assert s.outcomes(number) == ["parked"] * 3
    assert len(s.documents()[number]) == 1

    s.edit_flow(lambda flow: flow["steps"][2].pop("after"))
    s.run()

    assert s.state(number) == "created"
    assert len(s.documents()[number]) == 1


def test_a_parked_order_that_was_cancelled_meanwhile_is_not_booked_when_the_flow_is_mended(stage: MakeStage) -> None:
    s = stage(own_workspace=True)
    number = s.order(paymethod_id=99)
    s.run()
    assert s.state(number) == "parked"

    s.serving.system("ccv-shop").do("cancel_order", {"ordernumber": number})
    s.edit_flow(lambda flow: flow["lookups"]["payment_terms"]["rows"].update(klarna_later="30 dagen"))
    s.run()

    assert s.state(number) == "skipped"
    assert number not in s.documents()


def test_attempts_come_at_the_times_the_guide_tells(stage: MakeStage) -> None:
    s = stage()
    number = s.order()
    s.serving.arm("eaccounting", [{"kind": "status", "status": 503, "method": "POST", "path": "/orders", "times": 100}])
    s.run()
    waited = [
        (outcome.next_attempt_at - outcome.at).total_seconds()
        for outcome in s.ledger.outcomes("ccv-orders-to-eaccounting", "default", s.record(number).key)
        if outcome.next_attempt_at
    ]

    assert len(waited) == 2  # the second lies beyond what a run waits for
    for seconds, planned in zip(waited, RETRY_SECONDS[1:], strict=False):
        assert planned <= seconds <= planned * 1.1


def test_a_record_dated_in_the_future_does_not_move_the_cursor_past_now(stage: MakeStage) -> None:
    s = stage()
    far = (s.clock.now() + timedelta(days=400)).strftime("%Y-%m-%dT%H:%M:%SZ")
    s.order(fields={"create_date": far})
    s.run()
    later = s.order()
    s.run()

    assert s.ledger.cursor("ccv-orders-to-eaccounting", "default")["until"] < far
    assert s.state(later) == "created"


def test_an_order_read_by_since_leaves_no_gap_behind_it(stage: MakeStage) -> None:
    s = stage()
    s.order()
    s.run()
    before = s.ledger.cursor("ccv-orders-to-eaccounting", "default")
    s.run(RunOptions(since=s.clock.now() + timedelta(days=2)))

    assert s.ledger.cursor("ccv-orders-to-eaccounting", "default") == before


def test_what_a_delivery_saw_is_forgotten_after_the_retention_time(stage: MakeStage) -> None:
    s = stage()
    number = s.order()
    s.run()
    key = s.record(number).key
    [run] = s.ledger.runs()
    assert s.ledger.delivery("ccv-orders-to-eaccounting", "default", key) is not None

    s.ledger.purge_before(s.clock.now() + timedelta(days=40))

    assert s.ledger.delivery("ccv-orders-to-eaccounting", "default", key) is None
    assert s.ledger.settings(run.id) is None
    assert s.outcomes(number) == ["created"]


def test_what_a_stopped_run_did_not_come_to_is_waiting_and_not_unchanged(stage: MakeStage) -> None:
    s = stage()
    s.orders(20)
    s.serving.arm("eaccounting", [{"kind": "status", "status": 503, "method": "POST", "path": "/v2/", "times": 1000}])

    counts = s.run().counts

    assert (counts["read"], counts["waiting"], counts["unchanged"]) == (20, 20, 0)
