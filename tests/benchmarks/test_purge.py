"""The benchmark of the purge fills a ledger of today's form, all of which the purge then finds."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from benchmarks.purge import AT, fill
from engine.runs.ledger import Ledger


def test_what_it_fills_is_what_a_purge_takes_away(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        fill(ledger, 3)

        gone = ledger.purge_before(AT + timedelta(days=1))

    assert (gone.records, gone.exchanges, gone.answers, gone.deliveries) == (3, 3, 3, 3)
