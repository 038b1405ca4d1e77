"""Runs that are started at a screen: watched, stopped, refused where they cannot begin, and found again afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from engine.design.desk import Desk, desk, user_of_machine
from engine.design.people.rights import Person, Role
from engine.design.running.comparing import compare
from engine.design.running.past_runs import WITH_NEWS, WITH_TROUBLE, past_run, past_runs
from engine.design.running.starting import OwnRun, OwnRuns, RunOptions, start
from engine.design.running.under_way import live_runs, stop, under_way
from engine.errors import ConnectionMissing, DocumentError, FlowBusy, NotAllowed
from sandbox.server import Serving
from tests.commands.conftest import FLOW, Ran, connected, ran, say, serving, try_once, workspace
from tests.commands.conftest import call as call

__all__ = ["connected", "ran", "serving", "workspace"]

ANNA = Person("Anna", Role.MEND)
SLOWLY = {"kind": "delay", "method": "POST", "path": "/v2/orders", "seconds": 0.2}
LONG = 60.0


@pytest.fixture
def things(connected: Path) -> Iterator[Desk]:
    with desk(str(connected)) as opened:
        yield replace(opened, person=ANNA)


@pytest.fixture
def after(ran: Ran) -> Iterator[Desk]:
    """Of a workspace whose flow has run once."""
    with desk(str(ran.workspace)) as opened:
        yield replace(opened, person=ANNA)


@pytest.fixture
def own() -> Iterator[OwnRuns]:
    held = OwnRuns()
    yield held
    held.end(lambda line: None)


def over(run: OwnRun) -> OwnRun:
    assert run.wait(LONG)
    return run


def until_delivered(run: OwnRun) -> None:
    while not run.done and not run.wait(0.01):
        pass
    assert not run.is_over, run.error


def test_everything_new_is_run_and_kept_with_who_started_it(things: Desk, own: OwnRuns) -> None:
    run = over(start(things, own, FLOW, "default", RunOptions()))

    assert run.error is None
    assert run.report is not None
    assert run.outcomes["created"] == run.report.counts["created"] > 20
    assert run.read_so_far == run.report.counts["read"]
    [past] = past_runs(things).runs
    assert (past.who, past.state, past.label, past.run.id) == ("Anna", "ended", "version 1", run.run_id)
    assert [(line.what, line.who, line.details) for line in things.ledger.audit(flow=FLOW)][-1] == (
        "run started",
        "Anna",
        {"mode": "all"},
    )


def test_it_is_seen_while_it_works_and_stops_after_what_it_has_in_hand(
    things: Desk, own: OwnRuns, serving: Serving
) -> None:
    serving.arm("eaccounting", [SLOWLY])
    run = start(things, own, FLOW, "default", RunOptions(threads=1))
    until_delivered(run)

    [seen] = under_way(things, own)
    assert (seen.run_id, seen.who, seen.own) == (run.run_id, "Anna", run)
    [elsewhere] = under_way(things, OwnRuns())  # another process sees it by the ledger
    assert (elsewhere.run_id, elsewhere.own) == (run.run_id, None)
    assert elsewhere.share is not None
    with pytest.raises(FlowBusy, match=f"run {run.run_id} is under way since .* started by Anna"):
        start(things, own, FLOW, "default", RunOptions())
    assert stop(things, own, run.run_id)
    over(run)

    [past] = past_runs(things).runs
    assert (past.state, past.run.stopped_by) == ("stopped", "Anna")
    assert past.counts["created"] < 20
    assert past.counts["waiting"] > 5  # what was read and is still to be delivered has not arrived
    assert run.report is not None
    assert run.report.stopped_by == "Anna"
    assert under_way(things, own) == []


def test_what_would_be_tried_again_later_is_tried_when_a_person_starts_it(
    things: Desk, own: OwnRuns, serving: Serving, connected: Path
) -> None:
    try_once(connected)
    over(start(things, own, FLOW, "default", RunOptions()))
    number = f"W-{serving.system('ccv-shop').do('new_order', {})['ordernumber']}"  # type: ignore[index]
    serving.arm("eaccounting", [{"kind": "status", "path": "/v2/orders", "method": "POST", "status": 503}])
    failed = over(start(things, own, FLOW, "default", RunOptions()))
    serving.arm("eaccounting", [])
    [record] = things.ledger.find_records(number)
    assert failed.report is not None
    assert failed.report.counts["waiting"] > 0
    assert record.next_attempt_at is not None
    assert record.next_attempt_at > things.clock.now()
    over(start(things, own, FLOW, "default", RunOptions(only=["W-10002"])))
    [untouched] = things.ledger.find_records(number)
    assert untouched.next_attempt_at == record.next_attempt_at  # nobody asked for it

    over(start(things, own, FLOW, "default", RunOptions()))
    [record] = things.ledger.find_records(number)
    assert record.state == "created"


def test_named_records_alone_are_run(after: Desk, own: OwnRuns) -> None:
    run = over(start(after, own, FLOW, "default", RunOptions(only=["W-10002"])))

    assert run.report is not None
    assert run.report.counts["read"] == 1
    told = past_run(after, run.run_id)
    assert told is not None
    assert told.past.is_of_named_records


def test_a_run_by_command_is_known_by_whom_where_somebody_sits_at_a_terminal(
    after: Desk, ran: Ran, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert past_runs(after, flow=FLOW).runs[-1].who == ""  # called by a program
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    say(ran.workspace, "run", FLOW, "--only", "W-10002")

    assert past_runs(after, flow=FLOW).runs[0].who == user_of_machine()


def test_looking_only_says_what_would_come_and_keeps_no_run(things: Desk, own: OwnRuns, serving: Serving) -> None:
    run = over(start(things, own, FLOW, "default", RunOptions(limit=8), is_dry=True))

    assert run.error is None
    assert len(run.looked_at) == 8
    assert {each.outcome for each in run.looked_at} <= {"created", "parked", "skipped", "waiting"}
    assert any(sent.method == "POST" for each in run.looked_at for sent in each.requests)
    assert things.ledger.runs() == []


def test_what_cannot_begin_is_refused_at_once(things: Desk, own: OwnRuns, connected: Path) -> None:
    (connected / "saved_mappings" / "broken.json").write_text('{"title": ')
    with pytest.raises(DocumentError):
        start(things, own, "broken", "default", RunOptions())
    with pytest.raises(DocumentError, match="has no binding nobody"):
        start(things, own, FLOW, "nobody", RunOptions())
    with pytest.raises(ConnectionMissing, match="is not connected"):
        start(things, own, "specter-stock-to-abicart", "default", RunOptions())
    with pytest.raises(NotAllowed):
        start(replace(things, person=Person("Lena", Role.LOOK)), own, FLOW, "default", RunOptions())
    with pytest.raises(DocumentError, match="named"):
        start(things, own, FLOW, "default", RunOptions(only=[str(n) for n in range(200)]))
    assert own.all() == []


def test_a_first_run_that_may_not_begin_says_what_must_be_so(things: Desk, own: OwnRuns, serving: Serving) -> None:
    serving.arm("eaccounting", [{"kind": "status", "path": "/v2/companysettings", "status": 403}])
    run = over(start(things, own, FLOW, "default", RunOptions()))

    assert run.report is None
    assert run.error is not None
    assert things.ledger.runs() == []


def test_ending_the_process_stops_what_runs_and_says_so(things: Desk, own: OwnRuns, serving: Serving) -> None:
    serving.arm("eaccounting", [SLOWLY])
    run = start(things, own, FLOW, "default", RunOptions(threads=1))
    until_delivered(run)
    said: list[str] = []
    own.end(said.append)

    assert said == [f"{FLOW}: its run is stopped; records under way are finished."]
    assert run.is_over
    assert [each.state for each in things.ledger.runs()] == ["stopped"]


def test_a_run_whose_process_is_gone_is_told_as_cut_short(after: Desk, own: OwnRuns) -> None:
    left = after.ledger.start_run(FLOW, "default", "v", "all", datetime.now(UTC))
    try:
        assert live_runs(after) == []
        assert past_runs(after).runs[0].state == "interrupted"
        with after.ledger.claim_flow(FLOW, "other"):  # of another binding
            assert live_runs(after) == []
        with after.ledger.locks.hold(f'flow:["{FLOW}", "default"]'):
            assert [each.id for each in live_runs(after)] == [left]
    finally:
        after.ledger.end_run(left, datetime.now(UTC), {}, "ended")


def test_the_list_is_paged_and_leaves_out_what_came_to_nothing(after: Desk) -> None:
    now = datetime.now(UTC)
    for n in range(30):
        quiet = after.ledger.start_run("quiet", "default", "v", "all", now)
        after.ledger.end_run(quiet, now + timedelta(seconds=n), {"read": 0}, "stopped" if n == 7 else "ended")

    first, second = (past_runs(after, flow="quiet", size=25, page=page) for page in (1, 2))
    assert (first.all, len(first.runs), len(second.runs)) == (30, 25, 5)
    assert first.runs[0].run.id > first.runs[-1].run.id > second.runs[0].run.id
    assert [each.state for each in past_runs(after, WITH_NEWS, "quiet").runs] == ["stopped"]
    assert past_runs(after, WITH_TROUBLE, "quiet").all == 1
    assert past_runs(after, WITH_NEWS, FLOW).all >= 1


def test_one_run_tells_what_it_read_and_leads_to_its_records(after: Desk) -> None:
    run_id = min(run.id for run in after.ledger.runs(FLOW))
    told = past_run(after, run_id)

    assert told is not None
    assert told.windows[0].records > 20
    assert next(iter(told.records)) == "parked"
    assert {each.record_id for each in told.records["parked"]} <= {r.id for r in after.ledger.parked(FLOW, "default")}
    assert len(told.records["created"]) == told.past.counts["created"]
    assert past_run(after, 999_999) is None


def test_days_are_compared_beside_the_work_and_can_be_stopped(after: Desk, ran: Ran) -> None:
    shop = ran.serving.system("ccv-shop")
    days = sorted(order["create_date"][:10] for order in shop.holdings.orders.values())  # type: ignore[attr-defined]
    first, last = date.fromisoformat(days[-1]) - timedelta(30), date.fromisoformat(days[-1])
    found = compare(after, FLOW, "default", first, last)
    assert found.wait(LONG)

    assert found.error is None
    assert found.days is not None
    assert len(found.days) == 31
    missing = [each for day in found.days for each in day.differences if each.kind == "missing"]
    assert missing
    assert after.ledger.record_by_id(found.records[missing[0].key]).number == missing[0].number  # type: ignore[union-attr]
    with pytest.raises(DocumentError, match="more than 31 days"):
        compare(after, FLOW, "default", first - timedelta(1), last)
    with pytest.raises(DocumentError, match="does not say"):
        compare(after, "ccv-refunds-to-eaccounting", "default", first, last)

    stopped = compare(after, FLOW, "default", first, last)
    stopped.stop()
    assert stopped.wait(LONG)
    assert stopped.days is None
    assert stopped.error is None
