"""Each rule on formulas it must tell of and formulas it must leave alone: the files in cases/, one for each rule."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.formulas import Environment, Formulas
from engine.formulas.functions import FUNCTIONS
from engine.formulas.lint import RULES, Finding, Scope, from_schema, lint, record_shape
from engine.formulas.lint.results import FUNCTIONS_KNOWN

FILES = sorted((Path(__file__).parent / "cases").glob("*.json"))
CASES = [
    pytest.param(path.stem, given, case, id=f"{path.stem}: {case['formula']}")
    for path in FILES
    for given in [json.loads(path.read_text(encoding="utf-8"))]
    for case in given["cases"]
]
Find = Callable[[str], list[Finding]]


def finder(rule: str, given: dict[str, Any], case: dict[str, Any]) -> Find:
    """The findings of one rule, for formulas that stand where the case's formula stands."""
    target = case.get("target", given.get("target"))
    scope = Scope(
        record=record_shape(given["schema"], given.get("samples", ())),
        target=None if target is None else from_schema(target),
        target_path=given.get("target_path", ""),
    )
    return lambda formula: [finding for finding in lint(formula, scope) if finding.rule == rule]


@pytest.mark.parametrize(("rule", "given", "case"), CASES)
def test_a_rule_tells_of_what_it_must_and_of_nothing_else(
    rule: str, given: dict[str, Any], case: dict[str, Any]
) -> None:
    found = finder(rule, given, case)(case["formula"])
    at = case.get("at", [])

    assert [finding.position for finding in found] == (at if isinstance(at, list) else [at])
    if found:
        assert case.get("what", "") in found[0].what
        assert case.get("do", "") in found[0].what_to_do
        assert {finding.proposal for finding in found} == {case["proposal"]}


@pytest.mark.parametrize(("rule", "given", "case"), [c for c in CASES if c.values[2].get("proposal")])
def test_a_proposal_gives_what_was_meant_and_is_told_of_no_more(
    pool: Formulas, rule: str, given: dict[str, Any], case: dict[str, Any]
) -> None:
    program = pool.program({"field": case["proposal"]})
    environment = Environment(now=datetime(2026, 11, 20, tzinfo=UTC), zone=given.get("zone", ""))
    [evaluations] = pool.evaluate(program, environment, [(case.get("record", given["record"]), {})])

    assert evaluations["field"].error is None
    assert evaluations["field"].value == case["gives"]
    assert [f for f in finder(rule, given, case)(case["proposal"]) if f.proposal != case["proposal"]] == []


def test_it_is_known_what_each_function_of_ours_gives() -> None:
    assert {function.name for function in FUNCTIONS} - FUNCTIONS_KNOWN == set()


def test_every_rule_has_its_cases() -> None:
    assert {path.stem for path in FILES} == {rule.name for rule in RULES}
