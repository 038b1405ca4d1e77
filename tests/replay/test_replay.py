"""A replay shows how its requests differ from those that were sent, and sends them once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from engine.design.replays import as_then, flow_as, records_named, replay
from engine.errors import DocumentError, FlowBusy, TryAgain
from engine.formulas import MISSING
from engine.runs.ledger.replays import ReplayPlace
from engine.runs.run import RunOptions
from engine.runs.story import stories
from tests.replay.conftest import change_city, desk_of, replaying
from tests.runs.conftest import FLOW

Delivered = tuple[Any, str]


def _order(s: Any, number: str) -> dict[str, Any]:
    [held] = s.documents()[number]
    return dict(held)


def _break(s: Any, name: str, *faults: dict[str, Any]) -> None:
    """Arm these faults of a system, in place of all others."""
    next(door for door in s.serving.doors if door.system.name == name).faults.arm(list(faults))


def _fields(shown: Any, step: str) -> dict[str, tuple[Any, Any]]:
    [change] = [each for each in shown.changes if each.step == step]
    return {each.path: (each.before, each.now) for each in change.fields}


# --- looking


def test_what_would_be_sent_is_compared_with_what_was(delivered: Delivered) -> None:
    s, number = delivered
    before = s.writes("eaccounting")
    with replaying(s, "2") as work:
        shown = work.show(s.record(number).key)

    assert _fields(shown, "order").keys() == {"DeliveryCity", "YourReference"}
    assert _fields(shown, "order")["DeliveryCity"][1] == "Utrecht"
    assert _fields(shown, "order")["YourReference"] == (MISSING, "as agreed")
    assert s.writes("eaccounting") == before


def test_by_the_version_that_sent_it_nothing_differs(delivered: Delivered) -> None:
    s, number = delivered
    with replaying(s, "1") as work:
        shown = work.show(s.record(number).key)

    assert [change.step for change in shown.changes if change.fields] == []
    assert {"customer", "order"} <= {change.step for change in shown.changes}


def test_what_is_there_is_named_and_nothing_is_sent_for_it(delivered: Delivered) -> None:
    s, number = delivered
    with replaying(s, "2") as work:
        shown = work.show(s.record(number).key)

    [change] = [each for each in shown.changes if each.step == "order"]
    assert (change.becomes, change.there_as) == ("left", str(_order(s, number)["Number"]))


def test_as_then_counts_the_answers_and_the_clock_of_the_run_that_delivered_it(stage: Callable[..., Any]) -> None:
    s = stage(own_workspace=True)
    number = s.order()
    s.run(order_status=1)
    s.edit_flow(lambda flow: flow["questions"]["properties"]["order_status"].update(default=3))
    things = desk_of(s)
    then, now = as_then(things, s.record(number)), flow_as(things, FLOW, "")

    statuses = {}
    for name, mapped in (("then", then), ("now", now)):
        with replay(things, mapped, mapped.manner()) as work:
            shown = work.show(s.record(number).key)
        [statuses[name]] = [each.body["Status"] for each in shown.changes if each.step == "order"]

    assert statuses == {"then": 1, "now": 3}


def test_a_purged_record_is_fetched_anew_and_compared_with_nothing(delivered: Delivered) -> None:
    s, number = delivered
    s.ledger.purge_before(s.clock.now().replace(year=2090))
    with replaying(s, "2") as work:
        shown = work.show(s.record(number).key)

    assert shown.was_fetched
    assert shown.before == []
    assert _fields(shown, "order")["DeliveryCity"] == (MISSING, "Utrecht")
    assert s.record(number).payload is None, "it was purged, and is not kept again"


# --- sending


def test_an_update_is_sent_once_and_its_second_call_says_what_the_first_did(delivered: Delivered) -> None:
    s, number = delivered
    key = s.record(number).key
    with replaying(s, "2", update=True) as work:
        first = work.send([key], "Anna")
    assert _order(s, number)["DeliveryCity"] == "Utrecht"
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
    assert {_order(s, number)["DeliveryCity"] for number in numbers} == {"Utrecht"}


def test_another_binding_is_another_record(stage: Callable[..., Any]) -> None:
    s = stage(own_workspace=True)
    number = s.order()
    s.run()

    assert [record.binding for record in records_named(desk_of(s), [number], FLOW)] == ["default"]
    with pytest.raises(DocumentError, match="bound to live"):
        records_named(desk_of(s), [number], FLOW, "live")


def test_an_update_compares_only_what_the_mapping_gives(delivered: Delivered) -> None:
    s, number = delivered
    with replaying(s, "2", update=True) as work:
        first = work.show(s.record(number).key)
        work.send([s.record(number).key], "Anna")
        second = work.show(s.record(number).key)

    assert _fields(first, "order").keys() == {"DeliveryCity", "YourReference"}
    assert _fields(second, "order") == {}
    assert not second.sends


def test_an_update_of_what_was_only_found_names_what_the_mapping_gives(stage: Callable[..., Any]) -> None:
    s = stage(own_workspace=True)
    number = s.order()
    s.run()
    s.ledger.purge_before(s.clock.now().replace(year=2090))
    s.edit_flow(change_city)
    with replaying(s, "published", update=True) as work:
        shown = work.show(s.record(number).key)

    assert _fields(shown, "order")["DeliveryCity"] == (MISSING, "Utrecht")
    assert not {"Number", "Amount", "ModifiedUtc"} & _fields(shown, "order").keys()


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
        _break(s, "eaccounting", {"kind": "lose_reply", "method": "PUT"})
        first = work.send([key], "Anna")
        _break(s, "eaccounting")
        assert first.later and first.done[0].delivered.outcome == "waiting"
        assert s.state(number) == "created"
        assert s.ledger.replays(FLOW, "default", key)[0].is_open
        second = work.send([key], "Anna")

    assert second.done[0].delivered.outcome in ("updated", "unchanged")
    assert _order(s, number)["DeliveryCity"] == "Utrecht"
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


def test_a_replay_by_another_kind_of_document_leaves_the_one_that_is_there(stage: Callable[..., Any]) -> None:
    s = stage(own_workspace=True)
    number = s.order()
    s.run()
    s.edit_flow(lambda flow: flow["questions"]["properties"]["document"].update(default="invoice"))
    key = s.record(number).key
    with replaying(s, "published") as work:
        shown, report = work.show(key), work.send([key], "Anna")

    assert "already" in shown.delivered.reason
    assert report.done[0].delivered.outcome in ("unchanged", "updated")
    assert s.documents("customerinvoices") == {}
    with replaying(s, "published", as_well=True) as work:
        work.send([key], "Anna")
    assert len(s.documents("customerinvoices")) == len(s.documents()) == 1


def test_what_was_deleted_in_the_books_is_not_made_a_second_time_by_itself(delivered: Delivered) -> None:
    s, number = delivered
    s.books.do("delete_order", {"number": _order(s, number)["Number"]})
    with replaying(s, "2") as work:
        shown, report = work.show(s.record(number).key), work.send([s.record(number).key], "Anna")

    assert shown.delivered.outcome == report.done[0].delivered.outcome == "parked"
    assert "not found now" in report.done[0].delivered.reason
    assert number not in s.documents()


def test_what_was_deleted_in_the_books_is_made_anew_where_somebody_says_so(delivered: Delivered) -> None:
    s, number = delivered
    key = s.record(number).key
    s.books.do("delete_order", {"number": _order(s, number)["Number"]})
    with replaying(s, "2", not_there=True) as work:
        shown, report = work.show(key), work.send([key], "Anna")
        again = work.send([key], "Bert")

    assert shown.is_made_anew and shown.is_wanted(again=False)
    assert report.done[0].delivered.outcome == "created"
    assert again.done[0].earlier is not None
    s.assert_there_once([number])
    assert s.record(number).target_number == str(_order(s, number)["Number"])


def test_what_is_there_is_not_made_anew_whatever_somebody_says(delivered: Delivered) -> None:
    s, number = delivered
    with replaying(s, "1", not_there=True) as work:
        shown, report = work.show(s.record(number).key), work.send([s.record(number).key], "Anna")

    assert not shown.is_made_anew
    assert report.done[0].delivered.outcome == "unchanged"
    s.assert_there_once([number])


def test_a_policy_that_only_creates_looks_before_it_makes_anew(stage: Callable[..., Any]) -> None:
    s = stage(own_workspace=True)

    def only_create(flow: dict[str, Any]) -> None:
        [step] = [each for each in flow["steps"] if each["step"] == "order"]
        step["policy"] = "create"

    s.edit_flow(only_create)
    number = s.order()
    s.run()
    key = s.record(number).key
    with replaying(s, "1", not_there=True) as work:
        shown, report = work.show(key), work.send([key], "Anna")
        assert not shown.is_made_anew
        assert report.done[0].delivered.outcome == "unchanged"
        s.assert_there_once([number])
        s.books.do("delete_order", {"number": _order(s, number)["Number"]})
        report = work.send([key], "Anna", again=True)

    assert report.done[0].delivered.outcome == "created"
    s.assert_there_once([number])


# --- what cannot be


def test_a_version_that_is_not_there_is_said(delivered: Delivered) -> None:
    s, _ = delivered
    with pytest.raises(DocumentError, match="no version '99'"):
        flow_as(desk_of(s), FLOW, "99")


def test_a_version_that_does_not_fit_its_connectors_any_more_is_refused(delivered: Delivered) -> None:
    s, _ = delivered
    s._edit(s.workspace.connector_folder("eaccounting") / "orders.schema.json", _without_city)
    with pytest.raises(DocumentError, match="does not fit the connectors"):
        flow_as(desk_of(s), FLOW, "1")


def _without_city(schema: dict[str, Any]) -> None:
    del schema["properties"]["DeliveryCity"]


def test_connectors_that_changed_are_named(delivered: Delivered) -> None:
    s, _ = delivered
    s.edit_connector("eaccounting", lambda document: document.update(title="Books"))

    assert flow_as(desk_of(s), FLOW, "1").files == ("connector_specs/eaccounting/connector.json",)


def test_a_source_that_is_down_is_said_where_it_must_be_read(delivered: Delivered) -> None:
    s, number = delivered
    s.ledger.purge_before(s.clock.now().replace(year=2090))
    s.edit_connector("ccv-shop", lambda document: document["http"].update(retry={"attempts": 1}))
    with replaying(s, "1") as work:
        _break(s, "ccv-shop", {"kind": "status", "status": 503})
        with pytest.raises(TryAgain):
            work.show(s.record(number).key)


def test_a_purged_record_that_the_source_has_no_more_cannot_be_replayed(delivered: Delivered) -> None:
    s, number = delivered
    key = s.record(number).key
    s.ledger.purge_before(s.clock.now().replace(year=2090))
    with s.shop.lock:
        s.shop.holdings.orders.clear()
    with replaying(s, "1") as work:
        report = work.send([key], "Anna")

    assert "does not know it any more" in report.done[0].delivered.reason
    assert s.ledger.replays(FLOW, "default", key) == []


def test_a_number_nobody_knows_and_one_of_two_flows_are_said(delivered: Delivered) -> None:
    s, number = delivered
    things = desk_of(s)
    with pytest.raises(DocumentError, match="no record is known"):
        records_named(things, ["W-99999"])
    s.ledger.store_page("another-flow", "default", 1, [_pulled(number)], None, s.clock.now())
    with pytest.raises(DocumentError, match="several flows have it"):
        records_named(things, [number])

    assert [record.flow for record in records_named(things, [number, number], FLOW)] == [FLOW]


def _pulled(number: str) -> Any:
    from engine.runs.ledger import PulledRecord

    return PulledRecord("77", number, "v", {"id": 77})


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
