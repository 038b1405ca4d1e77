"""A replay sends its requests once, whoever else is at work, and it is told afterwards."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from engine.design.replays import records_named
from engine.errors import DocumentError, FlowBusy
from engine.runs.ledger.replays import ReplayPlace
from engine.runs.run import RunOptions
from engine.runs.story import stories
from tests.replay.conftest import break_system, change_city, desk_of, order_in_books, replaying
from tests.runs.conftest import FLOW

Delivered = tuple[Any, str]


def test_an_update_is_sent_once_and_its_second_call_says_what_the_first_did(delivered: Delivered) -> None:
    s, number = delivered
    key = s.record(number).key
    with replaying(s, "2", update=True) as work:
        first = work.send([key], "Anna")
    assert order_in_books(s, number)["DeliveryCity"] == "Utrecht"
    sent = len(s.writes("eaccounting"))
    with replaying(s, "2", update=True) as work:
        second = work.send([key], "Bert")

    assert first.done[0].delivered.outcome == "updated"
    assert second.done[0].earlier.who == "Anna"
    assert second.done[0].delivered.outcome == "updated"
    assert len(s.writes("eaccounting")) == sent


def test_again_is_deliberate(delivered: Delivered) -> None:
    s, number = delivered
    key = s.record(number).key
    for again in (False, True):
        with replaying(s, "2", update=True) as work:
            report = work.send([key], "Anna", again=again)

    assert report.done[0].earlier is None
    assert [line.what for line in s.ledger.audit(flow=FLOW)].count("replayed") == 2


def test_what_stayed_parked_is_tried_again_once_the_target_is_mended_and_arrives_once(
    stage: Callable[..., Any],
) -> None:
    s = stage(own_workspace=True)
    number = s.order()
    break_system(s, "eaccounting", {"kind": "status", "status": 400, "method": "POST", "path": "/v2/orders"})
    s.run()
    assert s.state(number) == "parked"
    key, done = s.record(number).key, []
    for is_mended in (False, True, True):
        if is_mended:
            break_system(s, "eaccounting")
        with replaying(s) as work:
            done += work.send([key], "Anna").done

    assert [each.delivered.outcome for each in done] == ["parked", "created", "created"]
    assert [each.earlier is None for each in done] == [True, True, False]
    order_in_books(s, number)


def test_it_stands_in_history_and_audit_log(delivered: Delivered) -> None:
    s, number = delivered
    with replaying(s, "2", update=True) as work:
        report = work.send([s.record(number).key], "Anna")

    record = s.record(number)
    last = s.ledger.outcomes(FLOW, "default", record.key)[-1]
    assert (last.run_id, last.outcome) == (report.run_id, "updated")
    noted = s.ledger.audit(flow=FLOW)[0]
    assert (noted.what, noted.who, noted.subject) == ("replayed", "Anna", number)
    assert noted.details["made"] == record.target_number


def test_many_are_sent_and_one_that_is_bad_does_not_keep_the_others(stage: Callable[..., Any]) -> None:
    s = stage(own_workspace=True)
    numbers = s.orders(3)
    s.run()
    s.edit_flow(_park_first(numbers[0]))
    s.run()
    keys = [s.record(number).key for number in numbers]
    with replaying(s, "2", update=True) as work:
        report = work.send(keys, "Anna")

    assert [each.delivered.outcome for each in report.done] == ["parked", "updated", "updated"]
    assert s.state(numbers[0]) == "created", "what arrived has arrived, though a replay of it failed"


def test_it_stops_after_the_record_under_way_and_the_next_call_goes_on(stage: Callable[..., Any]) -> None:
    s = stage(own_workspace=True)
    numbers = s.orders(3)
    s.run()
    s.edit_flow(change_city)
    keys = [s.record(number).key for number in numbers]
    with replaying(s, "published", update=True) as work:
        stopped = work.send(keys, "Anna", told=lambda replayed: work.stop())
        assert [each.delivered.outcome for each in stopped.done] == ["updated"]
    with replaying(s, "published", update=True) as work:
        rest = work.send(keys, "Anna")

    assert [each.earlier is not None for each in rest.done] == [True, False, False]
    assert {order_in_books(s, number)["DeliveryCity"] for number in numbers} == {"Utrecht"}


def test_another_binding_is_another_record(stage: Callable[..., Any]) -> None:
    s = stage(own_workspace=True)
    number = s.order()
    s.run()

    assert [record.binding for record in records_named(desk_of(s), [number], FLOW)] == ["default"]
    with pytest.raises(DocumentError, match="bound to live"):
        records_named(desk_of(s), [number], FLOW, "live")


def _park_first(number: str) -> Callable[[dict[str, Any]], None]:
    def change(flow: dict[str, Any]) -> None:
        [step] = [each for each in flow["steps"] if each["step"] == "order"]
        step["fields"]["DeliveryCity"]["formula"] = f'ordernumber_full = "{number}" ? $error("no") : "Utrecht"'

    return change


def test_what_was_never_delivered_arrives_by_a_replay(stage: Callable[..., Any]) -> None:
    s = stage(own_workspace=True)
    s.run()
    s.edit_flow(lambda flow: flow["steps"][2]["fields"]["DeliveryCity"].update(formula='$error("broken")'))
    number = s.order()
    s.run()
    assert s.state(number) == "parked"
    with replaying(s, "1") as work:
        report = work.send([s.record(number).key], "Anna")

    assert report.done[0].delivered.outcome == s.state(number) == "created"
    s.assert_there_once([number])


def test_the_target_is_down_in_the_middle_and_the_next_call_looks_up(delivered: Delivered) -> None:
    s, number = delivered
    key = s.record(number).key
    s.edit_connector("eaccounting", lambda document: document["http"].update(retry={"attempts": 1}))
    with replaying(s, "2", update=True) as work:
        break_system(s, "eaccounting", {"kind": "lose_reply", "method": "PUT"})
        first = work.send([key], "Anna")
        break_system(s, "eaccounting")
        assert first.later and first.done[0].delivered.outcome == "waiting"
        assert s.state(number) == "created"
        assert s.ledger.replays(FLOW, "default", key)[0].is_open
        second = work.send([key], "Anna")

    assert second.done[0].delivered.outcome in ("updated", "unchanged")
    assert order_in_books(s, number)["DeliveryCity"] == "Utrecht"
    s.assert_there_once([number])


def test_one_that_did_not_come_to_its_end_is_told_in_the_story(delivered: Delivered) -> None:
    s, number = delivered
    key = s.record(number).key
    place = ReplayPlace(FLOW, "default", key, "v", "r")
    s.ledger.begin_replay(place, "Anna", 1, s.clock.now(), again=False)
    [story] = stories(s.ledger, s.formulas, number, FLOW)

    assert [replay.who for replay in story.unfinished] == ["Anna"]


def test_two_at_once_send_it_once(delivered: Delivered) -> None:
    s, number = delivered
    key = s.record(number).key
    inside, go = threading.Event(), threading.Event()

    def wait(place: str) -> None:
        inside.set()
        assert go.wait(20)

    reports = []
    with replaying(s, "2", update=True) as slow, replaying(s, "2", update=True) as quick:
        slow._seam = wait
        thread = threading.Thread(target=lambda: reports.append(slow.send([key], "Anna")))
        thread.start()
        assert inside.wait(20)
        with pytest.raises(FlowBusy):
            quick.send([key], "Bert")
        go.set()
        thread.join()
        second = quick.send([key], "Bert")

    assert reports[0].done[0].delivered.outcome == "updated"
    assert second.done[0].earlier.who == "Anna"


def test_a_record_that_a_run_works_on_is_not_touched(delivered: Delivered) -> None:
    s, number = delivered
    with replaying(s, "2") as work, s.ledger.claim_flow(FLOW, "default"), pytest.raises(FlowBusy):
        work.send([s.record(number).key], "Anna")
    assert s.ledger.replays(FLOW, "default", s.record(number).key) == []


def test_a_run_afterwards_sends_nothing(delivered: Delivered) -> None:
    s, number = delivered
    with replaying(s, "2", update=True) as work:
        work.send([s.record(number).key], "Anna")
    sent = len(s.writes("eaccounting"))
    s.run()
    s.run(RunOptions(only=[number], threads=1))

    assert len(s.writes("eaccounting")) == sent
    s.assert_there_once([number])


def test_a_name_is_no_subject_of_the_audit_log(delivered: Delivered) -> None:
    s, _ = delivered
    place = ReplayPlace(FLOW, "default", "100001", "v", "r")
    begun = s.ledger.begin_replay(place, "Anna", 1, s.clock.now(), again=False)
    s.ledger.end_replay(begun, "updated", "anna.2@post.example", "1", s.clock.now())

    assert s.ledger.audit(flow=FLOW)[0].subject == "100001"
