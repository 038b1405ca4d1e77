"""How flows stand is told from indexes, whatever the ledger holds: what is parked, waits, is due, and the last run."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.dialects import sqlite

from engine.errors import Problem
from engine.runs.ledger import Ledger, PulledRecord, parked_causes, standing
from engine.runs.ledger.sql import Prepared
from engine.runs.ledger.standing import OldestParked, Standing

NO_ROW = Problem("step order, field Terms", "no row for ‹later›", "Add it.")


def store(ledger: Ledger, at: datetime, key: str, state: str = "due", binding: str = "live", **more: Any) -> None:
    pulled = [PulledRecord(key, f"N{key}", "v", {"id": key}, state=state, **more)]
    ledger.store_page("f", binding, None, pulled, None, at)


def park(ledger: Ledger, at: datetime, key: str, **more: Any) -> None:
    store(ledger, at, key, **more)
    binding = more.get("binding", "live")
    ledger.finish_record("f", binding, key, "v", "parked", "", [NO_ROW], None, None, at)


def test_each_binding_stands_for_itself(ledger: Ledger, at: datetime, later: datetime) -> None:
    park(ledger, later, "1", amount=Decimal("0.10"), currency="SEK")
    park(ledger, at, "2", amount=Decimal("0.20"), currency="SEK")
    park(ledger, later, "3", amount=Decimal("99"), currency="EUR")
    park(ledger, later, "4")
    store(ledger, at, "5")
    store(ledger, at, "6", "waiting")
    store(ledger, at, "7", "waiting", binding="test")
    second = ledger.record("f", "live", "2")
    assert second is not None

    assert ledger.standing() == {
        ("f", "live"): Standing(
            4, 1, 1, {"EUR": Decimal(99), "SEK": Decimal("0.30")}, OldestParked(second.id, "N2", at)
        ),
        ("f", "test"): Standing(0, 1, 0),
    }


def test_what_is_parked_no_more_counts_no_more(ledger: Ledger, at: datetime) -> None:
    park(ledger, at, "1", amount=Decimal(5), currency="SEK")
    ledger.make_due("f", "live", "1", at)
    assert ledger.standing() == {("f", "live"): Standing(0, 0, 1)}

    ledger.finish_record("f", "live", "1", "v", "created", "", [], "7", None, at)
    assert ledger.standing() == {("f", "live"): Standing()}


def test_the_last_run_of_each_is_found_whatever_its_state(ledger: Ledger, at: datetime) -> None:
    runs: dict[tuple[str, str], int] = {}
    for number, (place, state) in enumerate(
        [(("a", "x"), "stopped"), (("a", "x"), "ended"), (("a", "y"), "running"), (("b", "x"), "ended")] * 2
    ):
        runs[place] = ledger.start_run(*place, "v", "all", at + timedelta(minutes=number))
        if state != "running":
            ledger.end_run(runs[place], at, {}, state)

    assert ledger.last_run_ids() == runs
    assert list(runs) == [("a", "x"), ("a", "y"), ("b", "x")]


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param(standing._PARKED, id="sums"),
        pytest.param(standing._OLDEST, id="oldest"),
        pytest.param(standing._HOW_MANY, id="counts"),
        pytest.param(standing._LAST_OF_STATE, id="last run"),
        pytest.param(standing._NEXT_STATE, id="states of runs"),
        pytest.param(parked_causes._GROUPS, id="causes"),
    ],
)
def test_an_index_alone_answers_and_no_row_is_read(ledger: Ledger, statement: Prepared) -> None:
    sql, order, _ = statement.text_for(sqlite.dialect())
    with ledger.database.read() as reading:
        plan = reading.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", tuple("x" for _ in order or ())).all()

    assert any("USING COVERING INDEX" in step[3] for step in plan)
    assert not any("SCAN records" in step[3] or "SCAN runs" in step[3] for step in plan)
