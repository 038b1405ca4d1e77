"""Purging: no transaction is long, whatever there is to forget, and what is still needed stays."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.commands.main import main
from engine.runs.ledger import Exchange, Ledger, PulledRecord
from engine.runs.ledger.purging import AIM_SECONDS, FEWEST, MOST, PAUSE_SECONDS, Pace, Purged
from tests.care.conftest import FLOW

AT = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)
LATER = AT + timedelta(days=40)
WORDS = ("Anna Berg", "anna@post.example")


def fill(ledger: Ledger, how_many: int, outcome: str = "created") -> None:
    """Records that came to an end, each with all that is kept beside one."""
    keys = [f"{outcome}{number}" for number in range(how_many)]
    pulled = [PulledRecord(key, key, "v", {"name": WORDS[0]}, search_words=WORDS) for key in keys]
    ledger.store_page(FLOW, "default", None, pulled, {}, AT)
    for key in keys:
        run = ledger.start_run(FLOW, "default", "aaaa", "run", AT) if key.endswith("7") else 1
        intent = ledger.open_intent("books", "orders", key, FLOW, "default", key, "order", key, AT)
        ledger.intent_done(intent.id, "1", "1", {"name": WORDS[0]}, AT)
        ledger.keep_exchange(None, FLOW, "default", key, "order", Exchange("create", "POST", "u"), AT)
        ledger.keep_delivery(FLOW, "default", key, run, {"steps": {}}, AT)
        ledger.finish_record(FLOW, "default", key, "v", outcome, "", [], "1", None, AT)


@pytest.fixture
def changed(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows each transaction changed."""
    write, found = ledger.database.write, []

    def counted(work: Callable[[Any], Any], **how: Any) -> Any:
        def counting(transaction: Any) -> Any:
            driver = transaction.connection.connection.driver_connection
            before = driver.total_changes
            result = work(transaction)
            found.append(driver.total_changes - before)
            return result

        return write(counting, **how)

    monkeypatch.setattr(ledger.database, "write", counted)
    return found


def test_no_transaction_changes_more_than_a_few_hundred_rows(ledger: Ledger, changed: list[int]) -> None:
    fill(ledger, 900)
    changed.clear()
    pace = Pace(clock=lambda: 0.0, sleep=lambda seconds: None)  # everything is quick: the most that may be
    gone = ledger.purge_before(LATER, pace)

    words = 3  # anna, berg, and the address
    assert max(changed) <= MOST * (4 + words)
    assert len([many for many in changed if many]) > gone.total / MOST
    assert (gone.records, gone.exchanges, gone.answers, gone.deliveries) == (900,) * 4


def test_the_pace_follows_the_time_a_transaction_takes() -> None:
    now, slept = [0.0], []
    pace = Pace(clock=lambda: now[0], sleep=slept.append)
    sizes = []
    for seconds_a_row in [0.0] * 5 + [AIM_SECONDS / 100] * 3 + [AIM_SECONDS] * 3:
        with pace.measured():
            now[0] += pace.rows * seconds_a_row
        sizes.append(pace.rows)

    assert sizes == pytest.approx([100, 200, MOST, MOST, MOST, 100, 100, 100, FEWEST, FEWEST, FEWEST], abs=1)
    assert min(slept) == PAUSE_SECONDS and max(slept) == pytest.approx(100 * AIM_SECONDS, rel=0.02)


def test_a_dry_run_counts_what_would_go_and_changes_nothing(ledger: Ledger) -> None:
    fill(ledger, 12)
    fill(ledger, 3, "parked")
    expected = ledger.to_purge(LATER)

    assert ledger.to_purge(LATER) == expected
    assert (expected.records, expected.exchanges, expected.answers, expected.deliveries) == (12, 15, 12, 12)
    assert ledger.purge_before(LATER) == expected
    assert ledger.to_purge(LATER).total == 0
    assert ledger.purge_before(LATER) == Purged(0, 0, 0, 0, 0, 0)


def test_what_is_parked_keeps_all_it_needs(ledger: Ledger) -> None:
    fill(ledger, 2, "parked")
    ledger.purge_before(LATER)
    record = ledger.record(FLOW, "default", "parked0")

    assert record is not None and record.payload == {"name": WORDS[0]}
    assert ledger.intents(FLOW, "default", "parked0")[0].answer == {"name": WORDS[0]}
    assert ledger.delivery(FLOW, "default", "parked0") is not None
    assert len(ledger.find_records(WORDS[1])) == 2


def test_a_record_that_changes_meanwhile_is_left_alone(ledger: Ledger) -> None:
    fill(ledger, 60)

    def again(seconds: float) -> None:  # the first of two portions of records is gone; somebody asks for the last one
        first = ledger.record(FLOW, "default", "created0")
        if first is not None and first.payload is None:
            ledger.make_due(FLOW, "default", "created59", LATER)

    ledger.purge_before(LATER, Pace(clock=lambda: 0.0, sleep=again))
    record = ledger.record(FLOW, "default", "created59")

    assert record is not None and record.payload is not None
    other = ledger.record(FLOW, "default", "created58")
    assert other is not None and other.payload is None


def test_the_command_forgets_and_the_audit_log_says_so(
    root: Path, ledger: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(ledger, 4)
    words = ["--workspace", str(root)]

    assert main(["purge", "--dry-run", "--json", *words]) == 0
    assert json.loads(capsys.readouterr().out)["records"] == 4
    assert ledger.audit() == []
    assert main(["purge", "--days", "7", "--by", "Anna", *words]) == 0
    assert "Older than 7 days and forgotten: the content of 4 records, 4 exchanges" in capsys.readouterr().out
    assert [(line.who, line.what, line.details["days"]) for line in ledger.audit()] == [("Anna", "purged", 7)]
    with pytest.raises(SystemExit):
        main(["purge", "--days", "-1", *words])
