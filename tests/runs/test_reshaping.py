"""What `map` makes of lines: in order, odd ones told by line and reason, the same whichever way it is worked out."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.orders import texts
from engine.documents.workspace import Workspace
from engine.errors import DocumentError
from engine.runs.reshaping import Reshaping, open_reshaping

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "mapping"
FLOW = "web-orders"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(BENCHMARK, tmp_path / "w", ignore=shutil.ignore_patterns(".studio"))
    return tmp_path / "w"


@pytest.fixture
def reshaping(folder: Path) -> Iterator[Reshaping]:
    with open_reshaping(Workspace(folder), FLOW, None) as opened:
        yield opened


def mended(folder: Path, **formulas: str) -> Workspace:
    """The workspace with other formulas for some fields of its flow."""
    path = folder / "saved_mappings" / f"{FLOW}.json"
    flow = json.loads(path.read_text(encoding="utf-8"))
    for field, formula in formulas.items():
        flow["steps"][0]["fields"][field.replace("__", "[].")]["formula"] = formula
    path.write_text(json.dumps(flow), encoding="utf-8")
    return Workspace(folder)


def lines(count: int) -> list[bytes]:
    return list(texts(range(1, count + 1)))


def told(failures: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in failures.splitlines()]


def test_each_line_becomes_a_line_in_order(reshaping: Reshaping) -> None:
    results, failures, failed = reshaping.chunk(b"".join(lines(30)), 1)

    found = [json.loads(line)["yourReference"] for line in results.splitlines()]
    assert found == [f"Web order W{number}" for number in range(1, 31)]
    assert (failures, failed) == (b"", 0)


def test_odd_lines_are_told_by_number_and_the_others_go_on(reshaping: Reshaping) -> None:
    good = lines(3)
    order = json.loads(good[0])
    long = json.dumps({**order, "number": "x" * 60}).encode() + b"\n"
    lacking = json.dumps({name: held for name, held in order.items() if name != "customer"}).encode() + b"\n"
    data = [good[0], b"\n", b"{nonsense\n", b"[1]\n", b'"text"\n', good[1], long, lacking, b"  \n", good[2]]

    results, failures, failed = reshaping.chunk(b"".join(data), 11)

    assert len(results.splitlines()) == 3 and failed == 5
    said = {failure["line"]: failure["problems"] for failure in told(failures)}
    assert list(said) == [13, 14, 15, 17, 18]
    assert (
        "valid JSON" in said[13][0]["what"]
        and "no record" in said[14][0]["what"]
        and "no record" in said[15][0]["what"]
    )
    assert "yourReference" in said[17][0]["where"] and "the target takes 35" in said[17][0]["what"]
    assert "customerEmail" in said[18][0]["where"] and all(problem["what_to_do"] for problem in said[18])


def test_what_is_not_plain_gives_the_same(folder: Path, reshaping: Reshaping) -> None:
    data = b"".join(lines(150))
    expected = reshaping.chunk(data, 1)
    workspace = mended(
        folder, invoicePostal="$replace(billing.zip, / /, '')", rows__text="$replace(name, /no such words/, '')"
    )

    with open_reshaping(workspace, FLOW, None) as opened:
        assert opened.chunk(data, 1) == expected


def test_a_formula_that_is_not_plain_fails_its_own_line_only(folder: Path) -> None:
    workspace = mended(folder, invoicePostal="number = 'W2' ? $number('x') & '' : $replace(billing.zip, / /, '')")

    with open_reshaping(workspace, FLOW, None) as opened:
        results, failures, failed = opened.chunk(b"".join(lines(4)), 1)

    [failure] = told(failures)
    assert (len(results.splitlines()), failed, failure["line"]) == (3, 1, 2)
    assert failure["problems"][0]["code"] == "D3030" and "^" in failure["problems"][0]["caret"]


def test_a_step_that_is_not_there_is_refused_with_those_that_are(folder: Path) -> None:
    with pytest.raises(DocumentError, match="Its steps are: order"), open_reshaping(Workspace(folder), FLOW, "ordr"):
        pass
