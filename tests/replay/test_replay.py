"""A replay shows how its requests differ from those that were sent, and says what it cannot do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.design.replays import as_then, flow_as, records_named, replay
from engine.errors import DocumentError, TryAgain
from engine.formulas import MISSING
from tests.replay.conftest import break_system, change_city, desk_of, fields_of, order_in_books, replaying
from tests.runs.conftest import FLOW

Delivered = tuple[Any, str]


# --- looking


def test_what_would_be_sent_is_compared_with_what_was(delivered: Delivered) -> None:
    s, number = delivered
    before = s.writes("eaccounting")
    with replaying(s, "2") as work:
        shown = work.show(s.record(number).key)

    assert fields_of(shown, "order").keys() == {"DeliveryCity", "YourReference"}
    assert fields_of(shown, "order")["DeliveryCity"][1] == "Utrecht"
    assert fields_of(shown, "order")["YourReference"] == (MISSING, "as agreed")
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
    assert (change.becomes, change.there_as) == ("left", str(order_in_books(s, number)["Number"]))


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
    assert fields_of(shown, "order")["DeliveryCity"] == (MISSING, "Utrecht")
    assert s.record(number).payload is None, "it was purged, and is not kept again"


def test_an_update_compares_only_what_the_mapping_gives(delivered: Delivered) -> None:
    s, number = delivered
    with replaying(s, "2", update=True) as work:
        first = work.show(s.record(number).key)
        work.send([s.record(number).key], "Anna")
        second = work.show(s.record(number).key)

    assert fields_of(first, "order").keys() == {"DeliveryCity", "YourReference"}
    assert fields_of(second, "order") == {}
    assert not second.sends


def test_an_update_of_what_was_only_found_names_what_the_mapping_gives(stage: Callable[..., Any]) -> None:
    s = stage(own_workspace=True)
    number = s.order()
    s.run()
    s.ledger.purge_before(s.clock.now().replace(year=2090))
    s.edit_flow(change_city)
    with replaying(s, "published", update=True) as work:
        shown = work.show(s.record(number).key)

    assert fields_of(shown, "order")["DeliveryCity"] == (MISSING, "Utrecht")
    assert not {"Number", "Amount", "ModifiedUtc"} & fields_of(shown, "order").keys()


def test_what_was_refused_is_what_it_is_compared_with(stage: Callable[..., Any]) -> None:
    s = stage(own_workspace=True)
    break_system(s, "eaccounting", {"kind": "status", "status": 400, "method": "POST", "path": "/v2/orders"})
    number = s.order()
    s.run()
    break_system(s, "eaccounting")
    with replaying(s, "1") as work:
        as_it_was = work.show(s.record(number).key)
    s.edit_flow(change_city)
    with replaying(s, "published") as work:
        mended = work.show(s.record(number).key)

    [order] = [each for each in as_it_was.changes if each.step == "order"]
    assert order.refused is not None and order.before is None and order.is_news  # it was never sent well
    assert "DeliveryCity" not in {each.path for each in order.since_refused}
    [order] = [each for each in mended.changes if each.step == "order"]
    assert {"DeliveryCity", "YourReference"} <= {each.path for each in order.since_refused}


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
        break_system(s, "ccv-shop", {"kind": "status", "status": 503})
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
