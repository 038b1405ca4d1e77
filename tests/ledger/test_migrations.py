"""A ledger that an older program made: brought to the form of today with all it holds, or left as it was.

`forms/form_1.sql` was written out by the last program of form 1, with a key of its own that opens nothing else.
"""

from __future__ import annotations

import shutil
import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.errors import LedgerError
from engine.runs.ledger import Ledger, migrations
from engine.runs.ledger.tables import SCHEMA_VERSION

FORMS = Path(__file__).with_name("forms")
Shape = dict[str, list[tuple[object, ...]]]


@pytest.fixture
def old(path: Path) -> Path:
    path.parent.mkdir()
    connection = sqlite3.connect(path)
    connection.executescript((FORMS / "form_1.sql").read_text(encoding="utf-8"))
    connection.close()
    shutil.copy(FORMS / "form_1.key", path.with_name("key"))
    path.with_name("key").chmod(0o600)
    return path


def shape_of(path: Path) -> Shape:
    """Every table with its columns, and every index with those it is over."""
    connection = sqlite3.connect(path)
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    shape: Shape = {}
    for table in tables:
        shape[table] = [column[1:] for column in connection.execute(f"PRAGMA table_info('{table}')")]
        for index in connection.execute(f"PRAGMA index_list('{table}')").fetchall():
            shape[f"{table} {index[1]}"] = list(connection.execute(f"PRAGMA index_info('{index[1]}')"))
    connection.close()
    return shape


def test_an_old_ledger_keeps_what_it_holds_and_its_versions_get_numbers(old: Path) -> None:
    with Ledger.open(old) as ledger:
        versions = ledger.versions("orders")
        record = ledger.record("orders", "default", "k1")

        assert [(v.number, v.hash, v.name, v.published_at) for v in versions] == [
            (2, "bbbb", "", None),
            (1, "aaaa", "", None),
        ]
        assert versions[1].at == datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
        assert versions[0].file_sha256 and versions[0].file_sha256 != versions[1].file_sha256
        assert [v.number for v in ledger.versions("returns")] == [1]
        assert ledger.runs_of_versions("orders")[1][0] == 3
        assert ledger.version("aaaa") is not None
        assert record is not None and record.payload == {"n": 1} and record.target_number == "SO-1"
        assert ledger.remember_version("dddd", "orders", {}, versions[0].at) == 3
    with Ledger.open(old) as ledger:
        assert len(ledger.versions("orders")) == 3


def test_an_old_ledger_gets_the_form_of_a_new_one(old: Path, tmp_path: Path) -> None:
    Ledger.open(old).close()
    new = tmp_path / "new" / "ledger.sqlite"
    Ledger.open(new).close()

    assert shape_of(old) == shape_of(new)


def test_there_is_a_step_to_each_form() -> None:
    assert sorted(migrations.STEPS) == list(range(2, SCHEMA_VERSION + 1))


def test_a_step_that_fails_leaves_the_ledger_as_it_was(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = shape_of(old)

    def half(transaction: object) -> None:
        migrations._number_versions(transaction)  # type: ignore[arg-type]
        raise ArithmeticError

    monkeypatch.setitem(migrations.STEPS, 2, half)
    with pytest.raises(ArithmeticError):
        Ledger.open(old)
    monkeypatch.undo()

    assert shape_of(old) == before
    with Ledger.open(old) as ledger:
        assert len(ledger.versions("orders")) == 2


def test_two_who_open_an_old_ledger_at_once_number_it_once(old: Path) -> None:
    failed: list[BaseException] = []

    def look() -> None:
        try:
            with Ledger.open(old) as ledger:
                assert len(ledger.versions("orders")) == 2
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=look) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []


def test_an_old_ledger_with_a_wrong_key_is_left_as_it_was(old: Path) -> None:
    before = shape_of(old)
    old.with_name("key").write_text("A" * 43 + "=\n")
    with pytest.raises(LedgerError, match="the key is not the one"):
        Ledger.open(old)

    assert shape_of(old) == before
