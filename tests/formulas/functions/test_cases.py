"""Golden cases for people to read: a formula, a record, and what it gives."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.errors import FormulaError
from engine.formulas import MISSING
from engine.formulas.functions import FUNCTIONS

FOLDER = Path(__file__).parent / "cases"
ELSEWHERE = {"digest", "number", "lowercase"}  # in tests/formulas/test_functions.py and test_values.py


def cases() -> list[Any]:
    found = []
    for path in sorted(FOLDER.glob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        for case in document["cases"]:
            found.append(pytest.param({**document, **case}, id=f"{path.stem}: {case['case']}"))
    return found


@pytest.mark.parametrize("case", cases())
def test_a_formula_gives_what_its_case_says(value: Callable[..., Any], case: dict[str, Any]) -> None:
    record = case.get("given", {})
    if "error" in case:
        with pytest.raises(FormulaError) as caught:
            value(case["formula"], record)

        assert caught.value.code == case["error"]
        assert caught.value.what_to_do == case.get("advice", caught.value.what_to_do)
    else:
        expected = MISSING if case.get("missing") else case["expected"]
        found = value(case["formula"], record)

        assert found == expected and type(found) is type(expected)


def test_every_function_has_a_case() -> None:
    formulas = " ".join(case.values[0]["formula"] for case in cases())

    assert {each.name for each in FUNCTIONS if f"${each.name}(" not in formulas} == ELSEWHERE
