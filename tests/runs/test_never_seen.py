"""What is said of a record that no run has read is true of all that was read, not of the last reads alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from engine.flows.library import load_flow
from engine.runs.story import never_seen
from tests.runs.conftest import FLOW


def test_one_read_of_all_there_is_has_read_everything(stage: Any) -> None:
    s = stage()
    now, loaded = s.clock.now(), load_flow(s.workspace, FLOW)
    since = now - timedelta(days=2)
    for each in (since, since + timedelta(days=1)):
        s.ledger.keep_window(FLOW, "default", 1, each, now, 1, 5, now)
    assert never_seen(s.ledger, loaded).since == since

    s.ledger.keep_window(FLOW, "default", 1, None, now, 1, 5, now)
    assert never_seen(s.ledger, loaded).since is None
