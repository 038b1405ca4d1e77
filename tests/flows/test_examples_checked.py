"""`check` reads the examples of a flow: their names, answers and fields, and what they leave unsaid."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.errors import Problem
from engine.flows.check import check_workspace
from engine.formulas import Formulas
from tests.runs.small import CUSTOMER, FLOW, GIVEN, ORDER, ROWS_SENT, example, small_workspace

EXPECTED = {"customer": CUSTOMER, "articles": [{"Number": "MUG"}, {"Number": "PEN"}], "order": ORDER}
Found = Callable[..., list[Problem]]


@pytest.fixture(scope="module")
def formulas() -> Iterator[Formulas]:
    with Formulas() as pool:
        yield pool


@pytest.fixture
def found(tmp_path: Path, formulas: Formulas) -> Found:
    """found(**parts): what is said of examples, of which the last has these parts."""

    def go(*before: dict[str, Any], **parts: Any) -> list[Problem]:
        workspace = small_workspace(tmp_path / "workspace", *before, example(**{"expected": EXPECTED, **parts}))
        problems = check_workspace(workspace, [FLOW], formulas)
        return [problem for problem in problems if " examples" in problem.where]

    return go


def test_a_good_example_has_no_problem(found: Found) -> None:
    answered = {"customer": {"Id": "c"}, "articles": {"MUG": {"Id": "a"}}}

    assert found(answers={"greeting": "Dear"}, steps=answered, now="2026-01-31T10:00:00+02:00") == []


@pytest.mark.parametrize(
    ("parts", "what", "what_to_do"),
    [
        ({"expected": {"ordr": ORDER}}, "there is no step “ordr”", "Did you mean “order”?"),
        ({"steps": {"costumer": {}}}, "there is no step “costumer”", "Did you mean “customer”?"),
        ({"answers": {"greting": "x"}}, "there is no question “greting”", "Did you mean “greeting”?"),
        ({"lookups": {"named": {}, "trems": {}}}, "there is no lookup “trems”", "Did you mean “terms”?"),
        ({"expected": {"order": [ORDER]}}, "the step “order” is done once", "Write its fields as one object."),
        ({"expected": {"articles": {}}}, "the step “articles” is done for several items", "Write a list of them."),
        ({"now": "2026-02-30T10:00:00Z"}, "there is no such moment", "Write it as 2026-01-31T10:11:12Z."),
    ],
)
def test_names_and_forms_are_errors(found: Found, parts: dict[str, Any], what: str, what_to_do: str) -> None:
    [problem] = found(**parts)

    assert (problem.severity, problem.what, problem.what_to_do) == ("error", what, what_to_do)
    assert problem.where.startswith(f"saved_mappings/{FLOW}.json:") and " examples[0]." in problem.where


def test_facts_are_known_by_system(found: Found) -> None:
    unknown_system, unknown_fact = found(facts={"target": {"currency": "EUR", "curency": "EUR"}, "bank": {}})

    assert "there is no fact of Books “curency”" in (unknown_system.what, unknown_fact.what)
    assert "there is no system whose facts are known “bank”" in (unknown_system.what, unknown_fact.what)


def test_an_answer_that_does_not_fit_is_an_error(found: Found) -> None:
    [problem] = found(answers={"greeting": "Good morning"})

    assert "the answer does not fit its question" in problem.what
    assert problem.where.endswith("examples[0].answers.greeting")


def test_an_answer_of_the_target_for_several_items_is_by_match_value(found: Found) -> None:
    [problem] = found(steps={"articles": {"Id": "a-1"}})

    assert "done for several items, and this is no record" in problem.what


def test_fields_nobody_knows_are_warnings_and_told_once(found: Found) -> None:
    given = copy.deepcopy(GIVEN)
    given["nme"] = "x"
    for line in given["lines"]:
        line["skuu"] = "x"
    rows = [{**ROWS_SENT[0], "Pric": 1}, {**ROWS_SENT[1], "Pric": 1}]
    problems = found(given=given, expected={"order": {**ORDER, "Rows": rows}}, steps={"customer": {"Nmae": "x"}})

    assert {problem.severity for problem in problems} == {"warning"}
    assert [(problem.where.split(" ")[1], problem.what_to_do) for problem in problems] == [
        ("examples[0].given.lines[0].skuu", "Did you mean “sku”?"),
        ("examples[0].given.nme", "Did you mean “name”?"),
        ("examples[0].steps.customer.Nmae", "Did you mean “Name”?"),
        ("examples[0].expected.order.Rows[0].Pric", "Did you mean “Price”?"),
    ]


def test_two_examples_of_one_title_are_an_error(found: Found) -> None:
    [problem] = found(example(expected=EXPECTED))

    assert (problem.what, problem.severity) == ("another example has this title", "error")
    assert problem.where.endswith("examples[1].title")


def test_an_example_says_one_thing(found: Found) -> None:
    [problem] = found(parked="x", waiting=True)

    assert problem.what == "the example has `expected`, `parked` and `waiting`"


def test_facts_and_lookups_that_only_the_systems_know_are_asked_for(found: Found) -> None:
    facts, lookups = found(facts={}, lookups={})

    assert (facts.severity, lookups.severity) == ("warning", "warning")
    assert facts.what == "the example says nothing of these facts: target.currency"
    assert lookups.what == "the example says nothing of these lookups: named"


def test_what_is_held_back_needs_neither_facts_nor_lookups(found: Found, tmp_path: Path, formulas: Formulas) -> None:
    held_back = {"title": "x", "given": {**GIVEN, "paid": False}, "waiting": True}
    workspace = small_workspace(tmp_path / "another", held_back)

    assert [p for p in check_workspace(workspace, [FLOW], formulas) if "examples" in p.where] == []
