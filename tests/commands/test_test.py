"""`test` as a person calls it: what it says, as text and as JSON, and its exit codes."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from engine.commands.arguments import build_parser
from tests.commands.conftest import Call
from tests.runs.small import CUSTOMER, FLOW, GIVEN, ORDER, example, small_workspace

WELL = example(title="An order of Anna", expected={"customer": CUSTOMER, "order": ORDER})
DIFFERS = example(
    title="An order in crowns", expected={"order": {**ORDER, "Currency": "SEK", "Rows": ORDER["Rows"][:1]}}
)
PARKED = example(title="Paid in cash", given={**copy.deepcopy(GIVEN), "pay": "cash"}, parked="no row for ‹cash›")
FAILS = {**copy.deepcopy(PARKED), "title": "Paid in cash, sent", "expected": {"customer": CUSTOMER}}
FAILS.pop("parked")


def test_what_is_as_expected_takes_a_line_each(call: Call, tmp_path: Path) -> None:
    small_workspace(tmp_path / "w", WELL, PARKED)

    said = call(tmp_path / "w", "test")

    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines() == [
        f"{FLOW}: Orders to the books",
        "  ok       An order of Anna",
        "  ok       Paid in cash",
        "2 examples, all as expected.",
    ]


def test_what_differs_is_shown_with_path_values_and_formula(call: Call, tmp_path: Path) -> None:
    small_workspace(tmp_path / "w", WELL, DIFFERS)

    said = call(tmp_path / "w", "test", FLOW)

    assert said.code == 1
    assert said.out.splitlines()[1:] == [
        "  ok       An order of Anna",
        "  differs  An order in crowns",
        '    order.Currency: expected "SEK", found "EUR"',
        "        ← $facts.target.currency",
        '    order.Rows[1]: expected nothing, found {"ArticleId": "«Id of the new article PEN»", "Price": 2}'
        " (an item too many; 1 expected, 2 found)",
        "        ← lines",
        "2 examples: 1 as expected, 1 differs.",
    ]


def test_a_record_that_is_parked_shows_column_and_advice(call: Call, tmp_path: Path) -> None:
    small_workspace(tmp_path / "w", FAILS)

    said = call(tmp_path / "w", "test")

    assert said.code == 1
    assert "the record: expected sent: customer, found parked: The lookup «Terms» has no row for ‹cash›" in said.out
    assert '            $table("terms", pay)\n            ^\n' in said.out
    assert "          → Add the row" in said.out


def test_json_has_an_object_for_each_example_and_each_difference(call: Call, tmp_path: Path) -> None:
    small_workspace(tmp_path / "w", WELL, DIFFERS, FAILS)

    lines = call(tmp_path / "w", "test", "--json").lines

    assert [line["kind"] for line in lines] == [
        "example",
        "example",
        "difference",
        "difference",
        "example",
        "difference",
        "tested",
    ]
    assert lines[0] == {"kind": "example", "flow": FLOW, "example": "An order of Anna", "ok": True, "differences": 0}
    assert lines[2] == {
        "kind": "difference",
        "flow": FLOW,
        "example": "An order in crowns",
        "path": "order.Currency",
        "expected": "SEK",
        "found": "EUR",
        "formula": "$facts.target.currency",
    }
    assert "expected" not in lines[3] and lines[3]["found"] == ORDER["Rows"][1]
    assert lines[5]["problem"]["code"] == "M2001" and lines[5]["problem"]["caret"]
    assert lines[6] == {"kind": "tested", "examples": 3, "differ": 2}


def test_a_flow_without_examples_says_how_to_add_one(call: Call, tmp_path: Path) -> None:
    small_workspace(tmp_path / "w")

    said, as_json = call(tmp_path / "w", "test"), call(tmp_path / "w", "test", "--json")

    assert said.code == as_json.code == 0
    assert f"It has no examples yet. Add one under `examples` in saved_mappings/{FLOW}.json" in said.out
    assert f"test {FLOW} --show" in said.out
    assert as_json.lines[0] == {"kind": "flow", "flow": FLOW, "examples": 0}


def test_what_is_shown_is_what_an_example_expects(call: Call, tmp_path: Path) -> None:
    unfinished = example(title="New")
    small_workspace(tmp_path / "w", unfinished, example(title="Held back", given={**GIVEN, "paid": False}), PARKED)

    lines = call(tmp_path / "w", "test", "--show", "--json").lines
    said = call(tmp_path / "w", "test", FLOW, "--show", "--example", "new")

    assert said.code == 0
    pasted = json.loads("{" + said.out.split("New\n", 1)[1] + "}")
    assert {name: lines[0][name] for name in ("kind", "flow", "example")} == {
        "kind": "found",
        "flow": FLOW,
        "example": "New",
    }
    assert pasted["expected"] == lines[0]["expected"]
    assert (lines[1]["waiting"], lines[2]["parked"]) == (
        "it is not paid yet",
        "The lookup «Terms» has no row for ‹cash›",
    )
    small_workspace(tmp_path / "again", {**unfinished, **pasted})
    assert call(tmp_path / "again", "test").code == 0


def test_an_example_that_expects_nothing_yet_is_told(call: Call, tmp_path: Path) -> None:
    small_workspace(tmp_path / "w", example(title="New"))

    said = call(tmp_path / "w", "test")

    assert said.code == 2
    assert "examples[0]: the example says nothing of what is expected" in said.err
    assert f"`test {FLOW} --show` prints it" in said.err


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"expected": {"custmer": CUSTOMER}}, "there is no step “custmer”\n  → Did you mean “customer”?"),
        ({"expected": {"customer": CUSTOMER}, "parked": "x"}, "the example has `expected` and `parked`"),
        ({"expected": {"customer": CUSTOMER}, "gven": {}}, "has an unknown key `gven`"),
        ({"expected": {}}, "`expected` must not be empty"),
        ({"parked": []}, "`parked`"),
        ({"skipped": False}, "`skipped`"),
        ({"skipped": True, "now": "yesterday"}, "`now` does not have the form"),
    ],
)
def test_a_wrong_example_is_told_and_none_of_its_flow_is_tried(
    call: Call, tmp_path: Path, parts: dict[str, Any], sentence: str
) -> None:
    small_workspace(tmp_path / "w", WELL, example(title="Wrong", **parts))

    said = call(tmp_path / "w", "test")

    assert said.code == 2
    assert sentence in said.err and "examples[1]" in said.err
    assert "An order of Anna" not in said.out


def test_a_wrong_flow_does_not_keep_others_from_being_tried(call: Call, tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path / "w", WELL)
    (workspace.flows / "another.json").write_text('{"title": "x"}', encoding="utf-8")

    said = call(tmp_path / "w", "test")

    assert said.code == 2
    assert "saved_mappings/another.json" in said.err
    assert "  ok       An order of Anna" in said.out


def test_a_formula_that_does_not_parse_is_told(call: Call, tmp_path: Path) -> None:
    small_workspace(tmp_path / "w", WELL, values={"total": "$sum("})

    said = call(tmp_path / "w", "test")

    assert said.code == 2
    assert "$sum(" in said.err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["order-to-books"], f"Did you mean '{FLOW}'?"),
        ([FLOW, "--example", "Bob"], "no example has “Bob” in its title"),
    ],
)
def test_what_is_not_there_is_told(call: Call, tmp_path: Path, words: list[str], sentence: str) -> None:
    small_workspace(tmp_path / "w", WELL)

    said = call(tmp_path / "w", "test", *words)

    assert said.code == 2
    assert sentence in said.err


def test_one_example_can_be_chosen(call: Call, tmp_path: Path) -> None:
    small_workspace(tmp_path / "w", WELL, DIFFERS)

    said = call(tmp_path / "w", "test", "--example", "ANNA")

    assert said.code == 0
    assert "1 example, all as expected." in said.out


def test_nothing_is_kept(call: Call, tmp_path: Path) -> None:
    small_workspace(tmp_path / "w", WELL, DIFFERS)
    call(tmp_path / "w", "test")

    assert sorted(path.name for path in (tmp_path / "w").iterdir()) == ["connector_specs", "saved_mappings"]


def test_the_help_teaches_with_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        build_parser().parse_args(["test", "--help"])

    assert "Example:\n  python -m engine test" in capsys.readouterr().out
