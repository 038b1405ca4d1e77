"""A run is asked to stop by somebody in another process: what it has in hand is finished, and the rest comes later."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.design.desk import desk
from engine.design.replays import flow_as, replay
from engine.documents.workspace import Workspace
from engine.runs import stopping
from engine.runs.ledger import Ledger, StoredRecord, StoredRun
from engine.runs.replaying import Replayed
from engine.runs.report import Listener
from engine.runs.results import Delivered
from engine.runs.run import RunOptions
from sandbox.server import Serving
from tests.commands.conftest import FLOW, ROOT, Ran, connected, ran, say, serving, workspace
from tests.commands.conftest import call as call

__all__ = ["connected", "ran", "serving", "workspace"]

SLOWLY = {"kind": "delay", "method": "POST", "path": "/v2/orders", "seconds": 0.2}


@pytest.fixture
def ledger(connected: Path) -> Ledger:
    return Ledger.open(Workspace(connected).ledger_path)


def booked(serving: Serving) -> list[str]:
    books = serving.system("eaccounting")
    return [each["BuyersOrderReference"] for each in books.state()["orders"]]  # type: ignore[attr-defined]


def test_a_run_in_another_process_stops_when_it_is_asked_and_says_by_whom(
    connected: Path, serving: Serving, ledger: Ledger
) -> None:
    serving.arm("eaccounting", [SLOWLY])
    before = len(booked(serving))
    call = [sys.executable, "-m", "engine", "run", FLOW, "--threads", "1", "--workspace", str(connected)]
    with ledger, subprocess.Popen(call, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        run = first_delivered(ledger, process)
        assert ledger.is_claimed(FLOW, "default")
        assert ledger.ask_to_stop(run.id, "Anna", run.started_at)
        said, wrong = process.communicate(timeout=60)

        assert process.returncode == 1, wrong
        assert "Anna asked it to stop" in said
        kept = ledger.run(run.id)
        assert kept is not None
        assert (kept.state, kept.stopped_by, kept.problem) == ("stopped", "Anna", None)
        assert 1 <= kept.counts["created"] < 20
        assert kept.counts["created"] == len(booked(serving)) - before  # what it had in hand is finished
        assert not ledger.is_claimed(FLOW, "default")
        assert [(line.what, line.who, line.subject) for line in ledger.audit()][:1] == [
            ("run stopped", "Anna", str(run.id))
        ]
        assert not ledger.ask_to_stop(run.id, "Bo", run.started_at)  # it is over
    assert "run 1: Anna asked it to stop" in say(connected, "history").out

    serving.arm("eaccounting", [])
    say(connected, "run", FLOW)
    numbers = booked(serving)[before:]
    assert len(numbers) == len(set(numbers)) > 20


def first_delivered(ledger: Ledger, process: subprocess.Popen[str]) -> StoredRun:
    """The run, once it has delivered something."""
    while process.poll() is None:
        for run in ledger.unended_runs():
            if ledger.counts(run.id).get("created"):
                return run
    raise AssertionError(process.communicate())


class Asks(Listener):
    """Asks a run to stop as soon as it has delivered something."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._run_id = 0

    def began(self, run_id: int) -> None:
        self._run_id = run_id

    def delivered(self, record: StoredRecord, result: Delivered) -> None:
        self._ledger.ask_to_stop(self._run_id, "Anna", record.last_seen)


def test_what_a_webhook_told_of_is_not_taken_for_fetched_by_a_run_that_was_stopped(
    stage: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stopping, "LOOK_SECONDS", 0.0)
    s = stage()
    s.orders(4)
    s.run()
    numbers = s.orders(4)
    hinted = [str(order["id"]) for number, order in s.shop_orders().items() if number in numbers]
    options = RunOptions(threads=1, hinted=hinted)
    report = s.go(s.open(), options, listener=Asks(s.ledger))

    assert report.stopped_by == "Anna"
    assert not report.went_through
    assert report.counts["waiting"] > 0


def test_a_replay_is_asked_to_stop_too(ran: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "LOOK_SECONDS", 0.0)
    with desk(str(ran.workspace)) as things:
        records = [r for r in things.ledger.parked(FLOW, "default") if r.number in ("W-10001", "W-10003", "W-10008")]
        mapped = flow_as(things, FLOW, "")
        with replay(things, mapped, mapped.manner()) as work:

            def told(replayed: Replayed) -> None:
                [run] = things.ledger.unended_runs()
                things.ledger.ask_to_stop(run.id, "Anna", run.started_at)

            report = work.send([record.key for record in records], "Bo", told=told)
        kept = things.ledger.run(report.run_id)

        assert len(report.done) == 1
        assert kept is not None
        assert (kept.state, kept.stopped_by) == ("stopped", "Anna")
        assert things.ledger.started_by([kept.id]) == {kept.id: "Bo"}


def test_a_replay_that_is_asked_to_stop_when_all_was_sent_has_ended(ran: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "LOOK_SECONDS", 0.0)
    with desk(str(ran.workspace)) as things:
        record = things.ledger.parked(FLOW, "default")[-1]
        mapped = flow_as(things, FLOW, "")
        with replay(things, mapped, mapped.manner()) as work:

            def told(replayed: Replayed) -> None:
                [run] = things.ledger.unended_runs()
                things.ledger.ask_to_stop(run.id, "Anna", run.started_at)

            report = work.send([record.key], "Bo", told=told)
        kept = things.ledger.run(report.run_id)

        assert len(report.done) == 1
        assert kept is not None
        assert kept.state == "ended"
