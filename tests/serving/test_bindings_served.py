"""`serve` and the bindings of a flow: each by its own clock, connection and pauses; one that stops stops no other."""

from __future__ import annotations

import json
import signal
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.errors import Problem
from engine.flows.flow import Schedule
from engine.runs.ledger import Ledger
from engine.runs.ledger.webhooks import StoredWebhook
from engine.runs.serving.due import FIRST_REST, LONGEST_REST, Scheduled, Timekeeper, held_back, next_moment, overdue
from engine.runs.serving.inbox import Inbox
from engine.runs.serving.names import Name
from engine.runs.telling.causes import Went, after
from tests.commands.conftest import FLOW, say
from tests.serving.conftest import Place
from tests.serving.test_hooks import CONNECTOR, EVENT, ready
from tests.serving.test_serve import served, until

NOW = datetime(2026, 11, 27, 11, tzinfo=UTC)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def bind(place: Place, name: str, *words: str) -> None:
    said = say(place.workspace, "bindings", FLOW, name, *words)
    assert said.code == 0, said.err


def runs(said: Any) -> list[tuple[str, str]]:
    return [(line["binding"], line["kind"]) for line in said.lines if line["kind"] in ("run", "problem")]


def test_each_binding_that_is_on_runs_by_its_own_clock(place: Place) -> None:
    bind(place, "live", "--title", "Live", "--schedule", "every 10 minutes")
    bind(place, "off", "--title", "Off", "--off")
    bind(place, "nightly", "--title", "Nightly", "--schedule", "0 3 * * *")
    for name in ("live", "off", "nightly"):
        place.begin(name)
    said = say(place.workspace, "serve", "--once", "--json")

    assert sorted(runs(said)) == [("default", "run"), ("live", "run")]
    with place.ledger() as ledger:
        assert sorted(each.binding for each in ledger.timetable()) == ["default", "live", "nightly"]
    bind(place, "live", "--off")
    say(place.workspace, "serve", "--once")
    with place.ledger() as ledger:
        assert sorted(each.binding for each in ledger.timetable()) == ["default", "nightly"]


def test_the_first_run_of_a_flow_and_of_each_binding_is_a_person_s(place: Place) -> None:
    bind(place, "live", "--title", "Live")
    number = place.order()["ordernumber"]
    said = say(place.workspace, "serve", "--once", "--json")
    assert runs(said) == [("default", "run")]
    assert [line["binding"] for line in said.lines if line["kind"] == "first_run"] == ["live"]

    assert say(place.workspace, "run", FLOW, "--binding", "live", "--only", str(number)).code == 0
    assert say(place.workspace, "serve", "--once", "--json").lines[0]["kind"] == "first_run"
    assert say(place.workspace, "run", FLOW, "--binding", "live").code == 0
    assert runs(say(place.workspace, "serve", "--once", "--json")) == [("live", "run")]


def test_a_binding_that_cannot_run_keeps_no_other_from_it(place: Place) -> None:
    with place.ledger() as ledger:
        ledger.change_binding(FLOW, "live", lambda new: replace(new, connections={"eaccounting": "gone"}), NOW)
    place.begin("live")
    order = place.order()["ordernumber"]
    said = say(place.workspace, "serve", "--once", "--json")

    assert sorted(runs(said)) == [("default", "run"), ("live", "problem")]
    assert place.booked() == [f"W-{order}"]
    with place.ledger() as ledger:
        assert [(c.binding, c.fingerprint) for c in ledger.causes()] == [("live", "stopped:connection:")]


def test_a_token_revoked_in_mid_run_is_told_and_rests_longer_each_time_until_somebody_signs_in(
    place: Place, tmp_path: Path
) -> None:
    place.order()
    place.serving.arm("eaccounting", [{"kind": "status", "status": 401, "times": 1_000, "after": 6}])
    assert say(place.workspace, "serve", "--once").code == 3
    with place.ledger() as ledger:
        assert [cause.fingerprint for cause in ledger.causes()] == ["stopped:sign_in:"]
        assert place.booked() == []
        [planned] = ledger.timetable()
        assert planned.problem is not None and planned.problem.code == "sign_in"
        ended = planned.last_ended or NOW
        assert held_back(ledger, lambda name: None) == {Name(FLOW): ended + FIRST_REST}
    assert say(place.workspace, "serve", "--once").out == ""
    place.serving.arm("eaccounting", [])

    answers = tmp_path / "again.json"
    answers.write_text(json.dumps(place.books.credentials(place.serving.addresses["eaccounting"])))
    assert say(place.workspace, "connect", "eaccounting", "--answers", str(answers), "--allow-private").code == 0
    with place.ledger() as ledger:
        connection = ledger.connection("eaccounting")
        assert connection is not None
        assert held_back(ledger, lambda name: connection.saved_at) == {}


def test_a_consent_taken_back_in_mid_run_loses_and_doubles_nothing(place: Place, tmp_path: Path) -> None:
    numbers = sorted(f"W-{place.order()['ordernumber']}" for _ in range(30))
    place.serving.arm("eaccounting", [{"kind": "delay", "seconds": 0.03, "times": 10_000}])
    with served(place) as process:
        until(process.stdout, "started")
        while len(place.booked()) < 3:
            assert process.poll() is None
        place.books.do("revoke", {})
        place.books.do("expire_tokens", {})
        problem = until(process.stdout, "problem")["problem"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert problem["code"] == "sign_in"
    assert 3 <= len(place.booked()) < 30
    place.serving.arm("eaccounting", [])
    answers = tmp_path / "again.json"
    answers.write_text(json.dumps(place.books.credentials(place.serving.addresses["eaccounting"])))
    assert say(place.workspace, "connect", "eaccounting", "--answers", str(answers), "--allow-private").code == 0

    assert say(place.workspace, "run", FLOW).code == 0
    assert place.booked() == numbers


@pytest.fixture
def ledger(tmp_path: Path) -> Any:
    with Ledger.open(tmp_path / "ledger.sqlite") as opened:
        yield opened


OFTEN = Scheduled("orders", (Schedule(5),), AMSTERDAM)
NAME = Name("orders")


def stopped(ledger: Ledger, at: datetime) -> None:
    ledger.planned_ended("orders", "default", at, Problem("", "x", "y", code="sign_in"))
    ledger.change_causes(
        "orders", "default", lambda known: after(known, "orders", "default", Went(True, False, "sign_in"), at)
    )


def test_a_flow_that_is_held_back_is_tried_more_and_more_seldom_and_is_not_overdue(ledger: Ledger) -> None:
    keeper, at, rests = Timekeeper(ledger), NOW, []
    for _ in range(7):
        held = held_back(ledger, lambda name: None)
        assert [due.name for due in keeper.due([OFTEN], set(), at, held)] == [NAME]
        stopped(ledger, at)
        held = held_back(ledger, lambda name: None)
        assert keeper.due([OFTEN], set(), at + timedelta(seconds=30), held) == []
        assert next_moment(ledger) == held[NAME]
        rests.append(held[NAME] - at)
        assert overdue(ledger, at + timedelta(hours=9)) == []
        at = held[NAME]

    assert rests[:4] == [FIRST_REST * 1, FIRST_REST * 2, FIRST_REST * 4, FIRST_REST * 8]
    assert rests[-1] == LONGEST_REST


def test_a_flow_is_due_again_as_soon_as_somebody_changed_a_connection(ledger: Ledger) -> None:
    keeper = Timekeeper(ledger)
    keeper.due([OFTEN], set(), NOW)
    for minute in range(6):
        stopped(ledger, NOW + timedelta(minutes=minute))
    later = NOW + timedelta(minutes=15)
    assert keeper.due([OFTEN], set(), later, held_back(ledger, lambda name: None)) == []

    changed = held_back(ledger, lambda name: later)
    assert [due.name for due in keeper.due([OFTEN], set(), later, changed)] == [NAME]


def test_a_webhook_wakes_the_bindings_whose_connection_told_it(ledger: Ledger) -> None:
    for name in ("default", "live"):
        ledger.keep_webhook(StoredWebhook(f"shop-{name}", EVENT, {}, "http://127.0.0.1:1/hooks/", NOW), "t" + name)
    flows = []
    for binding in ("live", "test"):
        ledger.change_binding(FLOW, binding, lambda before: before, NOW)
    for binding, connection in (("live", "shop-live"), ("test", "shop-test"), ("default", "ccv-shop")):
        each = ready(ledger, binding)
        flows.append(
            replace(each, bound=replace(each.bound, connections={**each.bound.connections, "ccv-shop": connection}))
        )
    ledger.receive("shop-live", EVENT, "1", "100001", NOW)
    inbox = Inbox(ledger, lambda connection: CONNECTOR)

    assert inbox.keys(flows, [Name(FLOW, "live")], NOW, 10.0) == {}
    assert inbox.keys(flows, [Name(FLOW)], NOW, 10.0) == {Name(FLOW, "live"): ["100001"]}
    inbox.fetched(Name(FLOW, "live"), ["100001"], NOW, 12.0)
    assert ledger.hints_waiting() == 0


def test_another_company_stops_its_flow_and_no_name_of_it_is_in_the_log_or_told(place: Place) -> None:
    other = {"name": "Bakkerij Zon B.V.", "number": "00000002"}
    assert say(place.workspace, "serve", "--once").code == 0
    place.books.do("choose_company", other)
    place.order()
    with place.ledger() as ledger:  # as if five minutes had gone
        [planned] = ledger.timetable()
        ledger.plan_flow(replace(planned, due_at=planned.last_started))
    said = say(place.workspace, "serve", "--once", "--json")

    assert said.code == 1 and place.booked() == []
    [problem] = [line["problem"] for line in said.lines if line["kind"] == "problem"]
    assert problem["code"] == "company" and "Bakkerij" not in said.out and "Linde" not in said.out
    with place.ledger() as ledger:
        assert [cause.fingerprint for cause in ledger.causes()] == ["stopped:company:"]
        assert "Bakkerij" not in repr(ledger.causes())
        assert list(held_back(ledger, lambda name: None)) == [Name(FLOW)]
    assert "--accept-account" in problem["what_to_do"]
