"""What a formula asks for by a name that nobody knows is an error, with its column, before anything runs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from engine.documents.workspace import Workspace
from engine.errors import DocumentError
from engine.flows.check import check_workspace, load_sound_flow
from engine.formulas import Formulas

ROOT = Path(__file__).parents[2]
FLOW = "ccv-orders-to-eaccounting"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("connector_specs", "saved_mappings"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


WRONG = {
    "$trucate(currency, 3)": ("there is no function “$trucate”", "Did you mean “$truncate”?", 0),
    "uppercase(currency)": ("“uppercase” is called without its $", "Write $uppercase(…).", 0),
    "currency & $valeus.country": ("there is no variable “$valeus”", "Did you mean “$values”?", 11),
    "$values.contry": ("there is no value “contry”", "Did you mean “country”?", 8),
    "$steps.write_back.note": ("the step “write_back” has no answer yet", "Move that step before this one", 7),
    "$facts.target.contry": ("there is no fact of Visma eAccounting “contry”", "Did you mean “country”?", 14),
    '$table("term", currency)': ("there is no lookup “term”", "There are:", 8),
    "currency ~> $trimm": ("there is no variable “$trimm”", "", 12),
}


@pytest.mark.parametrize("formula", WRONG)
def test_a_name_that_nobody_knows(formula: str, folder: Path) -> None:
    what, advice, column = WRONG[formula]
    path = folder / "saved_mappings" / f"{FLOW}.json"
    flow = json.loads(path.read_text(encoding="utf-8"))
    flow["steps"][2]["fields"]["YourReference"]["formula"] = formula
    path.write_text(json.dumps(flow, indent=2), encoding="utf-8")

    with Formulas() as formulas:
        errors = [each for each in check_workspace(Workspace(folder), [FLOW], formulas) if each.severity == "error"]
        with pytest.raises(DocumentError) as refused:
            load_sound_flow(Workspace(folder), FLOW, formulas)

    [problem] = errors
    assert what in problem.what and advice in problem.what_to_do
    assert problem.caret.splitlines()[1] == " " * (4 + column) + "^"
    assert "YourReference" in problem.where and list(refused.value.problems) == errors


@pytest.mark.parametrize(
    "formula",
    [
        "($x := currency; $map(orderrows, function($row, $n){ $row.product_name & $n & $x }))",
        "$reduce(orderrows.count, $sum)",
        "($twice := function($n){ $n * 2 }; $twice(2))",
        "orderrows#$place.{'p': $place}",
        "orderrows@$row.{'p': $row.count}",
    ],
)
def test_names_that_a_formula_makes_itself_are_known(formula: str, folder: Path) -> None:
    path = folder / "saved_mappings" / f"{FLOW}.json"
    flow = json.loads(path.read_text(encoding="utf-8"))
    flow["steps"][2]["fields"]["YourReference"]["formula"] = formula
    path.write_text(json.dumps(flow), encoding="utf-8")

    with Formulas() as formulas:
        assert load_sound_flow(Workspace(folder), FLOW, formulas)
