"""A value mended for one record counts in every run and replay, until the source changes it; nothing is sent by it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.design.desk import Desk
from engine.design.impact import impact
from engine.design.samples import record_of
from engine.design.support.mending import mend, take_back
from engine.design.support.telling import told
from engine.formulas import Formulas
from engine.runs.ledger import StoredRecord
from engine.runs.rehearsal import Rehearsal
from engine.runs.replaying import ReplayReport
from engine.runs.report import RunOptions
from tests.replay.conftest import break_system, desk_of, replaying
from tests.runs.conftest import FLOW
from tests.runs.handing_out import FLOW as HANDED_OUT
from tests.runs.handing_out import bench

Parked = tuple[Any, str]


@pytest.fixture
def parked(stage: Callable[..., Any]) -> Parked:
    """A stage with one order whose payment method no row of the lookup knows."""
    s = stage(own_workspace=True)
    number = s.order(fields={"paymethod": "klarna_later"}, street="Old street 1")
    s.run()
    assert s.state(number) == "parked"
    return s, number


def mended(s: Any, number: str, path: tuple[str | int, ...], value: str) -> StoredRecord:
    return mend(desk_of(s), s.record(number), path, value, "Anna")


def change_in_shop(s: Any, number: str, **fields: Any) -> None:
    with s.shop.lock:
        [order] = [o for o in s.shop.holdings.orders.values() if o["ordernumber_full"] == number]
        order.update(fields)


def send(s: Any, number: str, **manner: Any) -> ReplayReport:
    with replaying(s, "published", **manner) as work:
        return work.send([s.record(number).key], "Anna")


def test_mending_sends_nothing_and_a_chosen_run_delivers_the_mended_value(parked: Parked) -> None:
    s, number = parked
    before = s.writes("eaccounting"), s.writes("ccv-shop")
    mended(s, number, ("paymethod",), "sandboxpay_ideal")
    s.run()
    assert (s.state(number), (s.writes("eaccounting"), s.writes("ccv-shop"))) == ("parked", before)

    s.run(RunOptions(threads=4, only=[number]))

    assert s.state(number) == "created"
    s.assert_there_once([number])
    assert s.record(number).as_read["paymethod"] == "klarna_later"
    assert s.shop_orders()[number]["paymethod"] == "klarna_later"


def test_a_replay_shows_and_sends_the_mended_value(parked: Parked) -> None:
    s, number = parked
    mended(s, number, ("paymethod",), "sandboxpay_ideal")
    with replaying(s, "published") as work:
        assert work.show(s.record(number).key).sends

    assert send(s, number).done[0].delivered.outcome == "created"
    assert s.state(number) == "created"


def test_with_other_values_it_may_be_sent_once_more(parked: Parked) -> None:
    s, number = parked
    mended(s, number, ("paymethod",), "sandboxpay_ideal")
    send(s, number, update=True)
    assert send(s, number, update=True).done[0].earlier is not None

    path = ("customer", "deliveryaddress", "city")
    mended(s, number, path, "Utrecht")
    [done] = send(s, number, update=True).done
    assert (done.earlier, done.delivered.outcome) == (None, "updated")
    assert s.documents()[number][0]["DeliveryCity"] == "Utrecht"
    take_back(desk_of(s), s.record(number), path, "Anna")
    assert send(s, number, update=True).done[0].earlier is None
    assert s.documents()[number][0]["DeliveryCity"] != "Utrecht"


def test_what_was_sent_before_it_was_mended_is_sent_once_more_when_the_value_is_taken_back(
    stage: Callable[..., Any],
) -> None:
    s, path = stage(own_workspace=True), ("customer", "deliveryaddress", "city")
    number = s.order(street="Old street 1")
    s.run()
    send(s, number, update=True)
    mended(s, number, path, "Utrecht")
    send(s, number, update=True)
    assert s.documents()[number][0]["DeliveryCity"] == "Utrecht"

    take_back(desk_of(s), s.record(number), path, "Anna")
    assert send(s, number, update=True).done[0].earlier is None
    assert s.documents()[number][0]["DeliveryCity"] != "Utrecht"
    assert send(s, number, update=True).done[0].earlier is not None


def test_the_source_wins_once_it_changes_that_value(parked: Parked) -> None:
    s, number = parked
    mended(s, number, ("paymethod",), "no_such_method")
    change_in_shop(s, number, paymethod="sandboxpay_ideal")
    s.run()

    assert s.state(number) == "created"
    [value] = told_of(s, number).mended
    assert (value.holds, value.was, value.value) == (False, "klarna_later", "no_such_method")


def test_another_change_in_the_source_leaves_the_mended_value(parked: Parked) -> None:
    s, number = parked
    mended(s, number, ("paymethod",), "sandboxpay_ideal")
    with s.shop.lock:
        [order] = [o for o in s.shop.holdings.orders.values() if o["ordernumber_full"] == number]
        order["customer"]["deliveryaddress"]["city"] = "Utrecht"
    s.run()

    assert s.state(number) == "created"
    assert s.documents()[number][0]["DeliveryCity"] == "Utrecht"
    assert [each.holds for each in told_of(s, number).mended] == [True]


def test_its_values_are_forgotten_with_its_content_and_the_story_says_so(parked: Parked) -> None:
    s, number = parked
    mended(s, number, ("paymethod",), "sandboxpay_ideal")
    send(s, number)
    s.ledger.purge_before(s.clock.now() + timedelta(days=1))
    found = told_of(s, number)
    assert "values that were mended in it were forgotten" in found.note
    assert [each.says for each in found.moments if each.kind == "mended"] == ["Anna mended “paymethod” for this record"]

    with replaying(s, "published", update=True) as work:  # read anew, as the source has it
        assert "klarna_later" in work.show(s.record(number).key).delivered.problems[0].what


def test_what_is_mended_after_its_content_was_forgotten_is_sent(stage: Callable[..., Any]) -> None:
    s, path = stage(own_workspace=True), ("customer", "deliveryaddress", "city")
    number = s.order(street="Old street 1")
    s.run()
    mended(s, number, path, "Utrecht")
    send(s, number, update=True)
    s.ledger.purge_before(s.clock.now() + timedelta(days=1))
    s.run(RunOptions(threads=4, only=[number]))
    mended(s, number, path, "Zwolle")

    assert send(s, number, update=True).done[0].earlier is None
    assert s.documents()[number][0]["DeliveryCity"] == "Zwolle"


def test_looking_only_shows_what_a_run_would_send_of_a_mended_record(stage: Callable[..., Any]) -> None:
    s, path = stage(own_workspace=True), ("customer", "deliveryaddress", "city")
    number = s.order(street="Old street 1")
    break_system(s, "eaccounting", {"kind": "status", "status": 503, "method": "POST", "path": "/v2/orders"})
    s.run()
    break_system(s, "eaccounting")
    mended(s, number, path, "Utrecht")
    assert s.state(number) == "due"

    for look in (lambda work: list(work.of_new(None, None)), lambda work: [work.of_key(number)]):
        with ThreadPoolExecutor(2) as pool:
            [found] = look(Rehearsal(s.open(), s.ledger, s.clock, pool))
        assert found.result is not None
        [order] = [each.body for each in found.result.planned if each.step == "order"]
        assert order["DeliveryCity"] == "Utrecht"

    mended(s, number, ("paid",), "no")  # whether it waits a run judges by what the source says
    with ThreadPoolExecutor(2) as pool:
        assert Rehearsal(s.open(), s.ledger, s.clock, pool).of_key(number).judged.state == "due"


def test_stories_samples_and_impact_see_the_mended_record(parked: Parked) -> None:
    s, number = parked
    things = desk_of(s)
    mended(s, number, ("paymethod",), "sandboxpay_ideal")

    assert record_of(things, f"recent:{s.record(number).key}", flow_name=FLOW)["paymethod"] == "sandboxpay_ideal"
    [failure] = told_of(s, number).failures
    assert ("paymethod", "sandboxpay_ideal") in [(read.path, read.value) for read in failure.reads]
    text = things.workspace.flow_path(FLOW).read_text(encoding="utf-8")
    assert impact(things, FLOW, text.replace('"sandboxpay_ideal"', '"gone"')).failing[0].number == number


def told_of(s: Any, number: str) -> Any:
    things: Desk = desk_of(s)
    found = told(things, s.record(number).id)
    assert found is not None
    return found


def test_what_was_mended_never_becomes_what_was_read(tmp_path: Path, formulas: Formulas) -> None:
    """Where the source cannot be asked for one record, a chosen run judges it as it was read, and stores that anew."""
    with bench(tmp_path, formulas) as b:
        [change] = b.warehouse.change(1)
        b.shop.broken = True
        b.run()
        record = b.ledger.record(HANDED_OUT, "default", change)
        assert record is not None and record.payload is not None
        things = Desk(b.workspace, b.ledger, formulas, b.clock)
        after = mend(things, record, ("level",), "77", "Anna")
        assert after.payload is not None and after.payload["level"] == 77
        b.shop.broken = False

        assert b.run(only=[change]).counts["created"] == 1

        stored = b.ledger.record(HANDED_OUT, "default", change)
        assert stored is not None and stored.payload is not None
        assert (stored.as_read, stored.payload["level"]) == (record.as_read, 77)
        assert [movement["Level"] for movement in b.shop.movements] == [77]
