"""What each hour brought is counted where history is written: both always say the same."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.errors import LedgerError
from engine.runs.ledger import Ledger, PulledRecord
from engine.runs.ledger.hours import HourCount
from tests.ledger.making import miscounted, tamper

FORMS = Path(__file__).with_name("forms")


def store(ledger: Ledger, at: datetime, *keys: str, state: str = "due", version: str = "v") -> None:
    pulled = [PulledRecord(key, key, version, {"id": key}, state=state) for key in keys]
    ledger.store_page("f", "default", None, pulled, None, at)


def finish(ledger: Ledger, key: str, outcome: str, at: datetime, *, again: datetime | None = None, **more: Any) -> bool:
    version = more.pop("version", "v")
    return ledger.finish_record("f", "default", key, version, outcome, "", [], None, None, at, again)


def counted(ledger: Ledger, at: datetime, hours: int = 48) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in ledger.throughput(at - timedelta(hours=1), at + timedelta(hours=hours)):
        found[each.outcome] = found.get(each.outcome, 0) + each.times
    return found


def test_what_a_page_decides_and_what_a_delivery_comes_to_is_counted(
    ledger: Ledger, at: datetime, later: datetime
) -> None:
    store(ledger, at, "1", "2", "3")
    store(ledger, at, "4", "5", state="waiting")
    store(ledger, at, "6", state="skipped")
    finish(ledger, "1", "created", at)
    finish(ledger, "2", "created", later)
    finish(ledger, "3", "parked", later)

    assert ledger.throughput(at, later + timedelta(hours=1)) == [
        HourCount(at, "created", 1),
        HourCount(at, "skipped", 1),
        HourCount(at, "waiting", 2),
        HourCount(later, "created", 1),
        HourCount(later, "parked", 1),
    ]
    assert miscounted(ledger) == []


def test_what_is_seen_again_and_has_not_changed_is_not_counted_again(ledger: Ledger, at: datetime) -> None:
    for _ in range(3):
        store(ledger, at, "1", "2", state="waiting")
    store(ledger, at, "1", state="waiting", version="w")

    assert counted(ledger, at) == {"waiting": 3}
    assert miscounted(ledger) == []


def test_an_attempt_that_is_made_again_has_not_failed_yet(ledger: Ledger, at: datetime) -> None:
    store(ledger, at, "1")
    finish(ledger, "1", "parked", at, again=at + timedelta(minutes=5))
    finish(ledger, "1", "created", at + timedelta(minutes=5))

    assert counted(ledger, at) == {"due": 1, "created": 1}
    assert miscounted(ledger) == []


def test_what_came_too_late_for_the_state_is_history_all_the_same(ledger: Ledger, at: datetime) -> None:
    store(ledger, at, "1")
    store(ledger, at, "1", version="w")

    assert not finish(ledger, "1", "created", at)
    assert counted(ledger, at) == {"created": 1}


def test_nothing_is_counted_of_what_was_not_written(ledger: Ledger, at: datetime) -> None:
    broken = PulledRecord("2", None, "v", {}, state="waiting")  # type: ignore[arg-type]
    with pytest.raises(Exception, match="NOT NULL"):
        ledger.store_page("f", "default", None, [PulledRecord("1", "1", "v", {}, state="waiting"), broken], None, at)
    with pytest.raises(LedgerError, match="not in the ledger"):
        finish(ledger, "nobody", "created", at)
    store(ledger, at, "3")
    tamper(ledger, "CREATE TRIGGER no_line BEFORE INSERT ON outcomes BEGIN SELECT RAISE(ABORT, 'the disk'); END")
    with pytest.raises(Exception, match="the disk"):
        finish(ledger, "3", "created", at)

    assert ledger.throughput(at, at + timedelta(hours=1)) == []


def test_many_threads_count_every_line(ledger: Ledger, at: datetime) -> None:
    keys = [str(n) for n in range(60)]
    store(ledger, at, *keys)
    threads = [
        threading.Thread(target=lambda mine=keys[n::6]: [finish(ledger, key, "created", at) for key in mine])
        for n in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert counted(ledger, at) == {"created": 60}
    assert miscounted(ledger) == []


def test_what_was_counted_stays_when_a_person_is_erased(ledger: Ledger, at: datetime, later: datetime) -> None:
    store(ledger, at, "1", "2")
    finish(ledger, "1", "created", at)
    finish(ledger, "2", "parked", at)
    for key in "12":
        record = ledger.record("f", "default", key)
        assert record is not None
        ledger.erase_record(record.id, later)

    assert counted(ledger, at) == {"created": 1, "parked": 1, "skipped": 1}
    assert miscounted(ledger) == []


def test_purging_leaves_the_counts(ledger: Ledger, at: datetime) -> None:
    store(ledger, at, "1")
    finish(ledger, "1", "created", at)

    assert ledger.purge_before(at + timedelta(days=60)).records == 1
    assert counted(ledger, at) == {"created": 1}
    assert miscounted(ledger) == []


def test_the_history_of_an_older_ledger_is_counted_when_it_is_opened(path: Path) -> None:
    path.parent.mkdir()
    connection = sqlite3.connect(path)
    connection.executescript((FORMS / "form_1.sql").read_text(encoding="utf-8"))
    row = (
        "INSERT INTO outcomes SELECT 77, record_id, run_id, version, 'parked', '', NULL, NULL, 1, at, at FROM outcomes"
    )
    connection.execute(row + " LIMIT 1")
    connection.commit()
    connection.close()
    shutil.copy(FORMS / "form_1.key", path.with_name("key"))
    path.with_name("key").chmod(0o600)

    with Ledger.open(path) as ledger:
        assert miscounted(ledger) == []
        eight = datetime(2026, 1, 5, 8, tzinfo=UTC)
        assert HourCount(eight, "created", 1) in ledger.throughput(eight, eight + timedelta(hours=1))
        assert counted(ledger, eight)["due"] == 1
