"""`serve`, `pause` and `resume` as a person calls them, and how it stops."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

from engine.commands.serving.journal import tellable
from engine.errors import Cause, TryAgain
from tests.commands.conftest import FLOW, say
from tests.serving.conftest import Place

ROOT = Path(__file__).parents[2]


def test_once_runs_what_is_due_and_nothing_twice(place: Place) -> None:
    number = place.order()["ordernumber"]
    said = say(place.workspace, "serve", "--once")

    assert said.code == 0, said.err
    assert f"{FLOW}: 1 read, 1 created" in said.out
    assert place.booked() == [f"W-{number}"]
    assert say(place.workspace, "serve", "--once").out == ""


def test_a_flow_without_schedules_is_left_alone(place: Place) -> None:
    place.edit(schedules=None)
    place.order()

    assert say(place.workspace, "serve", "--once").code == 0
    assert place.booked() == []


def test_a_paused_flow_does_not_run_by_itself_until_it_is_resumed(place: Place) -> None:
    place.order()
    assert say(place.workspace, "pause", FLOW, "--why", "stocktaking", "--by", "Ann").code == 0
    assert "by Ann" in say(place.workspace, "pause", "--list").out
    assert say(place.workspace, "serve", "--once").code == 0
    assert place.booked() == []

    assert say(place.workspace, "resume", FLOW).code == 0
    again = say(place.workspace, "resume", FLOW)
    assert (again.code, f"{FLOW} was not paused by that name." in again.out) == (0, True)
    assert say(place.workspace, "pause").code == 0
    assert "Everything is still paused" in say(place.workspace, "resume", FLOW).out
    assert say(place.workspace, "resume").code == 0
    assert say(place.workspace, "pause", "--list").out == "Nothing is paused.\n"


def test_a_paused_flow_runs_when_a_person_asks(place: Place) -> None:
    place.order()
    say(place.workspace, "pause", FLOW)

    assert "paused" in say(place.workspace, "run", "--all").out
    assert place.booked() == []
    said = say(place.workspace, "run", FLOW)
    assert said.code == 0 and "paused" in said.out
    assert len(place.booked()) == 1


def test_a_misspelt_flow_is_neither_paused_nor_resumed(place: Place) -> None:
    assert say(place.workspace, "pause", "ordrs").code == 2
    assert say(place.workspace, "resume", "ordrs").code == 2


def test_a_broken_flow_is_told_and_the_others_run(place: Place) -> None:
    flows = place.workspace / "saved_mappings"
    (flows / "broken.json").write_text('{"title": "x"}', encoding="utf-8")
    place.order()
    said = say(place.workspace, "serve", "--once")

    assert said.code == 2
    assert "broken" in said.out
    assert len(place.booked()) == 1


# --- in a process of its own


@contextmanager
def served(place: Place, *words: str) -> Iterator[subprocess.Popen[str]]:
    call = [
        sys.executable,
        "-m",
        "engine",
        "serve",
        "--json",
        "--workspace",
        str(place.workspace),
        "--port",
        "0",
        *words,
    ]
    process = subprocess.Popen(call, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        print(*process.communicate())  # what a process says is looked through as what a test says is


def until(stream: IO[str] | None, kind: str) -> dict[str, Any]:
    """The next line of this kind."""
    assert stream is not None
    for line in stream:
        said: dict[str, Any] = json.loads(line)
        if said["kind"] == kind:
            return said
    raise AssertionError(f"it ended before it said {kind}")


def test_it_stops_well_and_loses_and_doubles_nothing(place: Place) -> None:
    numbers = sorted(f"W-{place.order()['ordernumber']}" for _ in range(40))
    place.serving.arm("eaccounting", [{"kind": "delay", "seconds": 0.05, "times": 10_000}])
    with served(place) as process:
        until(process.stdout, "started")
        while len(place.books.state()["orders"]) < 3:  # type: ignore[arg-type]
            assert process.poll() is None
        process.send_signal(signal.SIGTERM)

        assert until(process.stdout, "stopped")
        assert process.wait(30) == 0
    so_far = place.booked()
    assert 3 <= len(so_far) < 40
    place.serving.arm("eaccounting", [])

    assert say(place.workspace, "serve", "--once").code == 0  # the run was stopped, so it is due again
    assert place.booked() == numbers


def test_a_second_serve_on_one_workspace_says_that_there_is_one_and_leaves(place: Place) -> None:
    with served(place) as process:
        until(process.stdout, "started")
        with served(place) as second:
            assert until(second.stdout, "problem")["what"].startswith("another `serve` works on this workspace")
            assert second.wait(30) == 2
        assert say(place.workspace, "serve", "--once").code == 0
        process.kill()
        process.wait(10)
    with served(place) as third:  # what one that was killed held is free
        assert until(third.stdout, "started")


def test_a_second_signal_ends_it_at_once(place: Place) -> None:
    place.order()
    place.serving.arm("eaccounting", [{"kind": "delay", "seconds": 15.0, "times": 10_000}])
    with served(place) as process:
        until(process.stdout, "started")
        process.send_signal(signal.SIGTERM)
        while process.poll() is None:
            process.send_signal(signal.SIGTERM)

        assert process.wait(10) in (0, -signal.SIGTERM)


def test_a_flow_that_should_have_run_and_did_not_is_told(place: Place) -> None:
    assert say(place.workspace, "serve", "--once").code == 0
    with place.ledger() as ledger:
        [planned] = ledger.timetable()
        ledger.plan_flow(replace(planned, due_at=planned.due_at - timedelta(hours=3)))  # type: ignore[operator]
    said = say(place.workspace, "doctor")
    assert said.code == 2
    assert f"schedules: {FLOW} should have run" in said.out or f"{FLOW} should have run" in said.out

    assert "did not; it runs now, once" in say(place.workspace, "serve", "--once").out
    assert "none overdue" in say(place.workspace, "doctor").out


def test_a_flow_whose_run_cannot_begin_is_told_until_it_ran(place: Place) -> None:
    say(place.workspace, "disconnect", "eaccounting")

    assert say(place.workspace, "serve", "--once").code == 1
    assert "its last run by itself" in say(place.workspace, "doctor").out


def test_what_a_system_says_of_a_person_is_not_in_the_log() -> None:
    error = TryAgain(
        "The books failed", cause=Cause.SERVER_FAULT, why="anna@post.example is locked", what_to_do="Wait."
    )

    assert "anna" in str(error.as_problem())
    assert str(tellable(error)) == "The books failed (the system failed)\n  → Wait."


def test_who_paused_and_resumed_is_in_the_audit_log(place: Place) -> None:
    say(place.workspace, "pause", FLOW, "--by", "Ann", "--why", "stocktaking")
    say(place.workspace, "resume", FLOW, "--by", "Bo")
    with place.ledger() as ledger:
        found = [(line.who, line.what, line.flow, line.details) for line in ledger.audit(flow=FLOW)]

    assert sorted(found) == [("Ann", "paused", FLOW, {"why": "stocktaking"}), ("Bo", "resumed", FLOW, {})]


def test_a_run_that_does_not_end_is_told(place: Place) -> None:
    assert say(place.workspace, "serve", "--once").code == 0
    with place.ledger() as ledger:
        [planned] = ledger.timetable()
        began = planned.last_started - timedelta(hours=2)  # type: ignore[operator]
        ledger.plan_flow(replace(planned, last_started=began))
        ledger.planned_ended(FLOW, "default", began - timedelta(minutes=1), None)

    assert "has not ended" in say(place.workspace, "doctor").out
