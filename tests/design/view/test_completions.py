"""What the editor offers: every function with documentation that is true, and what a formula sees where it stands."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from engine.design.view.standard_functions import STANDARD
from engine.formulas import Environment, Formulas
from engine.formulas.functions import FUNCTIONS, REFUSED
from engine.formulas.names import FUNCTION_NAMES
from tests.design.view.conftest import Look


def test_every_function_that_may_be_used_is_offered_once(look: Look) -> None:
    names = [each["name"] for each in look().completions("order", "Number")["functions"]]

    assert sorted(names) == sorted(FUNCTION_NAMES - set(REFUSED) - {"assert", "clone"})
    assert {each.name for each in FUNCTIONS} <= set(names)


def test_examples_give_what_they_say() -> None:
    with Formulas() as formulas:
        asked = {each.name: each.example for each in STANDARD if each.result}
        found = formulas.evaluate(formulas.program(asked), Environment(datetime.now(UTC)), [({}, {})])[0]

    assert {name: json.loads(json.dumps(each.value)) for name, each in found.items()} == {
        each.name: json.loads(each.result) for each in STANDARD if each.result
    }


def test_a_formula_in_a_list_sees_its_items(look: Look) -> None:
    view = look()

    assert view.completions("order", "Number")["scope"] is None
    assert view.completions("order", "Rows[].UnitPrice")["scope"] == "lines"
    assert view.completions("articles", "Number")["scope"] == "lines"
    labels = [each["label"] for each in view.completions("order", "Rows[].UnitPrice")["variables"]]
    assert labels[-2:] == ["$record", "$index"]
