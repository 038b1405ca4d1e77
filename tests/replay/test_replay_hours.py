"""Runs and replays count what each hour brought as their history says it."""

from __future__ import annotations

from typing import Any

from tests.ledger.making import miscounted
from tests.replay.conftest import break_system, replaying


def test_runs_and_replays_are_counted_as_their_history_says(delivered: tuple[Any, str]) -> None:
    s, number = delivered
    key = s.record(number).key
    with replaying(s, "2", update=True) as work:
        work.send([key], "Anna")
    break_system(s, "eaccounting", {"kind": "status", "status": 503, "method": "POST", "path": "/v2/orders"})
    s.order()
    s.run()

    with s.ledger.database.read() as reading:
        counted = dict(reading.connection.exec_driver_sql("SELECT outcome, sum(times) FROM hours GROUP BY 1").all())
    assert counted["created"] == counted["updated"] == 1
    assert counted["due"] >= 1  # what the system did not take is tried again
    assert miscounted(s.ledger) == []
