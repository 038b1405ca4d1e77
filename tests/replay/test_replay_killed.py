"""A replay whose process is killed in the middle: called again, it goes on, and the order is there once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.replay.conftest import replaying
from tests.runs.conftest import FLOW, REPOSITORY

SCRIPT = Path(__file__).with_name("killed.py")


@pytest.mark.parametrize("place", ["replay begun", "intent stored: orders", "reply received: orders"])
def test_it_goes_on_and_makes_it_once(stage: Callable[..., Any], place: str) -> None:
    s = stage(own_workspace=True, rotate=False)
    s.run()
    s.edit_flow(lambda flow: flow["steps"][2]["fields"]["DeliveryCity"].update(formula='$error("broken")'))
    number = s.order()
    s.run()
    assert s.state(number) == "parked"
    key = s.record(number).key
    ledger = s.workspace.root.parent / "ledger.sqlite"
    words = [str(s.workspace.root), str(ledger), FLOW, "1", key, place, str(s.sandbox_clock.offset_seconds)]
    ended = subprocess.run(
        [sys.executable, str(SCRIPT), *words],
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        env={"PYTHONPATH": str(REPOSITORY), "PATH": ""},
    )
    assert ended.returncode == -9, ended.stdout + ended.stderr
    [left] = s.ledger.replays(FLOW, "default", key)
    assert left.is_open and left.who == "Anna"

    with replaying(s, "1") as work:
        shown = work.show(key)
        report = work.send([key], "Bert")

    assert shown.earlier is not None and shown.is_wanted(again=False)
    assert report.done[0].delivered.outcome == s.state(number) == "created"
    s.assert_there_once([number])
    assert s.outcomes(number).count("created") == 1
    assert not s.ledger.replays(FLOW, "default", key)[0].is_open
