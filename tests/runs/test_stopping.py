"""A run is asked to stop by somebody in another process: what it has in hand is finished, and the rest comes later."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from engine.documents.workspace import Workspace
from engine.runs.ledger import Ledger, StoredRun
from sandbox.server import Serving
from tests.commands.conftest import FLOW, ROOT, connected, say, serving, workspace
from tests.commands.conftest import call as call

__all__ = ["connected", "serving", "workspace"]

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
