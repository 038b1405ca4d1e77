"""Runs, the versions they ran by and the windows they read, as one process sees them."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.dialects import sqlite

from engine.errors import FlowBusy, Problem
from engine.runs.ledger import Ledger, runs


def test_a_flow_is_claimed_by_one_thread_at_a_time(ledger: Ledger, path: Path) -> None:
    with Ledger.open(path) as other, ledger.claim_flow("f", "live"):
        for asked in (ledger, other):
            with pytest.raises(FlowBusy, match="already being run"), asked.claim_flow("f", "live"):
                pass
        with other.claim_flow("f", "test"):
            pass
    with ledger.claim_flow("f", "live"):
        pass


def test_a_run_left_open_is_interrupted_when_its_flow_is_claimed(ledger: Ledger, at: datetime) -> None:
    with ledger.claim_flow("f", "live"):
        left = ledger.start_run("f", "live", "v", "all", at)
    other = ledger.start_run("f", "test", "v", "all", at)

    with ledger.claim_flow("f", "live"):
        mine = ledger.start_run("f", "live", "v", "all", at)
        states = {run.id: run.state for run in ledger.runs()}

    assert states == {left: "interrupted", other: "running", mine: "running"}


def test_a_run_says_how_it_ended(ledger: Ledger, at: datetime, later: datetime) -> None:
    run_id = ledger.start_run("f", "live", "v", "all", at)
    problem = Problem("shop", "cannot be reached", "try again", severity="warning")
    ledger.end_run(run_id, later, {"read": 3}, "stopped", problem)

    (run,) = ledger.runs("f")

    assert (run.state, run.started_at, run.ended_at, run.counts, run.problem) == (
        "stopped",
        at,
        later,
        {"read": 3},
        problem,
    )
    assert ledger.runs("g") == []


def test_a_version_gives_back_its_documents(ledger: Ledger, at: datetime) -> None:
    documents = {"saved_mappings/f.json": '{"title": "é"}\r\n'}
    ledger.remember_version("hash", "f", documents, at)
    ledger.remember_version("hash", "f", {"other": ""}, at)

    assert ledger.version("hash") == documents
    assert ledger.version("none") is None


def test_windows_tell_the_latest_read_first(ledger: Ledger, at: datetime, later: datetime) -> None:
    ledger.keep_window("f", "live", 1, None, at, 2, 30, at)
    ledger.keep_window("f", "live", 2, at, later, 1, 4, later)

    assert [(w.run_id, w.since, w.records) for w in ledger.windows("f", "live")] == [
        (2, at, 4),
        (1, None, 30),
    ]


def test_whoever_asks_first_whether_a_flow_is_claimed_makes_no_run_busy(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking = ledger.locks.hold('flow:["f", "live"]', wait=False)
    asking.__enter__()
    monkeypatch.setattr("engine.runs.ledger.runs.time.sleep", lambda seconds: asking.__exit__(None, None, None))

    with ledger.claim_flow("f", "live"):
        assert ledger.is_claimed("f", "live")
        assert not ledger.is_claimed("f", "test")
    assert not ledger.is_claimed("f", "live")


def test_a_run_is_asked_to_stop_once_and_only_while_it_runs(ledger: Ledger, at: datetime) -> None:
    run_id = ledger.start_run("f", "live", "v", "all", at, "Bo")
    assert ledger.asked_to_stop(run_id) == ""
    assert ledger.ask_to_stop(run_id, "Anna", at)
    assert ledger.ask_to_stop(run_id, "Carl", at)  # it stops already
    assert ledger.asked_to_stop(run_id) == "Anna"
    ledger.end_run(run_id, at, {}, "stopped")

    assert not ledger.ask_to_stop(run_id, "Carl", at)
    assert not ledger.ask_to_stop(999, "Carl", at)
    assert ledger.started_by([run_id, 999]) == {run_id: "Bo"}
    assert [(line.what, line.who, line.subject) for line in ledger.audit()] == [
        ("run stopped", "Anna", str(run_id)),
        ("run started", "Bo", str(run_id)),
    ]


def test_who_started_runs_is_looked_for_among_the_lines_of_their_time_alone(ledger: Ledger) -> None:
    asked = runs._STARTED.params(runs=[1, 2], subjects=["1", "2"])
    sql = asked.compile(dialect=sqlite.dialect(), compile_kwargs={"render_postcompile": True})
    with ledger.database.read() as reading:
        values = tuple("x" for _ in sql.positiontup or ())
        plan = reading.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values).all()

    assert any("audit_by_what (what=? AND at>? AND at<?)" in step[3] for step in plan)
