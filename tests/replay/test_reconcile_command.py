"""`reconcile` as a person calls it."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.design.running.reconciled import as_csv
from engine.runs.reconciling import Day, Difference, Sums
from tests.commands.conftest import FLOW, Ran, Said, ran, say

__all__ = ["ran"]


def _days_of(ran: Ran) -> tuple[str, str]:
    """The first and the last day of the shop's orders."""
    shop: Any = ran.serving.system("ccv-shop")
    days = sorted(order["create_date"][:10] for order in shop.holdings.orders.values())
    return days[0], days[-1]


def _reconcile(ran: Ran, *words: str) -> Said:
    first, last = _days_of(ran)
    return say(ran.workspace, "reconcile", FLOW, "--from", first, "--to", last, *words)


def test_each_day_has_a_row_and_each_difference_its_story(ran: Ran) -> None:
    said = _reconcile(ran)

    assert said.code == 1, said.err
    assert "what differs" in said.out and "missing" in said.out
    assert "has no row for ‹klarna_later›" in said.out
    assert "The story of one record: " in said.out


def test_json_has_days_and_differences_with_exact_sums(ran: Ran) -> None:
    lines = _reconcile(ran, "--json").lines

    days = [line for line in lines if line["kind"] == "day"]
    found = [line for line in lines if line["kind"] == "difference"]
    assert {line["difference"] for line in found} <= {"missing", "held back", "other day"}
    lacking = sum(Decimal(line["source"]) for line in found if line["difference"] == "missing")
    source = sum(Decimal(amount) for day in days for amount in day["source"]["sums"].values())
    target = sum(Decimal(amount) for day in days for amount in day["target"]["sums"].values())
    assert source - target == lacking
    assert all(line["story"] for line in found)


def test_csv_opens_in_a_spreadsheet(ran: Ran, tmp_path: Path) -> None:
    file = tmp_path / "days.csv"
    said = _reconcile(ran, "--csv", str(file))

    assert said.code == 1
    rows = list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
    assert rows[0][:3] == ["day", "what", "number"]
    assert any(row[1] == "missing" for row in rows)


def test_what_a_spreadsheet_would_take_for_a_formula_is_guarded() -> None:
    text = '=HYPERLINK("http://evil.example")'
    wrong = Difference("missing", "2026-01-01", "@key", text, "EUR", Decimal("-5"), None, ("+1",), "-2+3\t=x")
    day = Day("2026-01-01", Sums(1, {"EUR": Decimal("-5")}), differences=[wrong])
    rows = list(csv.reader(as_csv([day]).removeprefix("\ufeff").splitlines(), delimiter=";"))

    assert rows[1][5] == rows[2][5] == "-5.00", "an amount stays a number"
    for cell in (rows[2][2], rows[2][3], rows[2][7], rows[2][8]):
        assert cell.startswith("'")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--from", "2026-02-30"), "is no day"),
        (("--from", "2026-02-02", "--to", "2026-02-01"), "comes before"),
        (("--from", "2026-02-02", "--binding", "none"), "has no binding none"),
    ],
)
def test_a_wrong_call_is_said(ran: Ran, words: tuple[str, ...], says: str) -> None:
    said = say(ran.workspace, "reconcile", FLOW, *words)

    assert said.code == 2
    assert says in said.err


def test_a_flow_that_says_nothing_of_it(ran: Ran) -> None:
    path = ran.workspace / "saved_mappings" / f"{FLOW}.json"
    document: dict[str, Any] = json.loads(path.read_text())
    del document["reconcile"]
    (path.parent / "silent.json").write_text(json.dumps(document))
    said = say(ran.workspace, "reconcile", "silent", "--from", "2026-01-01")

    assert said.code == 2
    assert "does not say how its days are compared" in said.err
