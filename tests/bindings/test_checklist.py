"""What must be so before a first run is looked at, named with its repair, and keeps that run from beginning."""

from __future__ import annotations

from typing import Any

import pytest

from engine.errors import DocumentError
from engine.runs.checklist import BY_HAND, MOST_NAMED, TICKED, UNKNOWN, WELL, WRONG, Ticked, checklist
from tests.runs.conftest import FLOW, MakeStage, Stage, stage

__all__ = ["stage"]

ARTICLES = {"connector": "eaccounting", "resource": "articles"}


def with_preconditions(make: MakeStage, *preconditions: dict[str, Any], **options: Any) -> Stage:
    s = make(own_workspace=True, **options)
    usual = {"title": "It is so", "what_to_do": "Put it right."}
    s.edit_flow(lambda flow: flow.update(preconditions=[{**usual, **each} for each in preconditions]))
    return s


def looked(s: Stage, name: str) -> Ticked:
    return next(each for each in checklist(s.open(), s.ledger) if each.name == name)


def test_a_formula_over_facts_and_answers_holds_or_does_not(stage: MakeStage) -> None:
    s = with_preconditions(
        stage,
        {"name": "euro", "holds": '$facts.target.currency = "EUR"'},
        {"name": "krona", "holds": '$facts.target.currency = "SEK"', "what_to_do": "Connect other books."},
    )
    assert looked(s, "euro").state == WELL
    wrong = looked(s, "krona")
    assert (wrong.state, wrong.is_error, wrong.stops) == (WRONG, True, True)
    assert wrong.problems[0].what_to_do == "Connect other books."


def test_records_that_offend_are_named_with_a_proposal(stage: MakeStage) -> None:
    s = with_preconditions(
        stage,
        {
            "name": "numbers",
            "each": {**ARTICLES, "where": "IsActive"},
            "holds": '$contains(Number, " ") = false',
            "names": 'Number & ": " & Name',
            "proposal": '$replace(Number, " ", "-")',
        },
    )
    assert looked(s, "numbers").state == WELL
    s.books.do("add_article", {"Number": "MUG 1", "Name": "Blue mug"})
    found = looked(s, "numbers")
    assert (found.state, found.offenders) == (WRONG, 1)
    assert found.problems[0].what == "MUG 1: Blue mug; proposed: MUG-1"


def test_many_offenders_are_counted_and_some_are_named(stage: MakeStage) -> None:
    s = with_preconditions(stage, {"name": "none", "each": ARTICLES, "holds": "false"})
    found = looked(s, "none")
    assert found.offenders > MOST_NAMED == len(found.problems)


def test_what_should_be_unique_is_told_with_those_that_share_it(stage: MakeStage) -> None:
    s = with_preconditions(stage, {"name": "once", "each": ARTICLES, "unique": "Name", "names": 'Number & ": " & Name'})
    s.books.do("add_article", {"Number": "ONE", "Name": "Twin"})
    assert not any("Twin" in problem.what for problem in looked(s, "once").problems)
    s.books.do("add_article", {"Number": "TWO", "Name": "Twin"})
    told = [problem.what for problem in looked(s, "once").problems]
    assert "“Twin” is that of 2: ONE: Twin; TWO: Twin" in told


def test_what_a_person_looks_at_is_ticked_off_by_name(stage: MakeStage) -> None:
    s = with_preconditions(stage, {"name": "bank", "by_hand": True})
    assert looked(s, "bank").state == BY_HAND
    s.ledger.tick(FLOW, "default", "bank", "Anna", s.clock.now())
    found = looked(s, "bank")
    assert (found.state, found.ticked_by) == (TICKED, "Anna")
    assert s.ledger.audit(flow=FLOW)[0].what == "ticked"
    s.ledger.untick(FLOW, "default", "bank", "Anna", s.clock.now())
    assert looked(s, "bank").state == BY_HAND


def test_a_formula_that_fails_is_told_and_stops_nothing(stage: MakeStage) -> None:
    s = with_preconditions(stage, {"name": "odd", "holds": '$number("x") = 1'})
    found = looked(s, "odd")
    assert (found.state, found.stops) == (UNKNOWN, False)
    assert "it cannot be told" in found.problems[0].what
    s.order()
    assert s.run().counts["created"] == 1


def test_what_cannot_be_read_does_not_hide_the_other_lines(stage: MakeStage) -> None:
    s = with_preconditions(stage, {"name": "articles", "each": ARTICLES, "holds": "true"})
    opened = s.open()
    s.serving.arm("eaccounting", [{"kind": "status", "status": 403, "path": "/v2/articles", "times": 99}])
    found = {each.name: each.state for each in checklist(opened, s.ledger)}
    assert found == {"lookup_rows": WELL, "articles": UNKNOWN}


def test_the_first_run_does_not_begin_and_later_ones_only_warn(stage: MakeStage) -> None:
    s = with_preconditions(stage, {"name": "never", "holds": "$answers.zero_shipping", "title": "Zeros are shown"})
    number = s.order()
    with pytest.raises(DocumentError, match="Zeros are shown"):
        s.run()
    assert s.ledger.runs(FLOW) == [] and s.documents() == {}
    assert s.run(zero_shipping=True).counts["created"] == 1
    report = s.run()
    assert [(problem.severity, problem.where) for problem in report.warnings] == [
        ("warning", f"{FLOW}, Zeros are shown")
    ]
    s.assert_there_once([number])


def test_a_warning_never_keeps_a_run_from_beginning(stage: MakeStage) -> None:
    s = with_preconditions(stage, {"name": "never", "holds": "false", "severity": "warning"})
    s.order()
    report = s.run()
    assert (report.counts["created"], [problem.severity for problem in report.warnings]) == (1, ["warning"])


def test_later_runs_read_no_records_for_it(stage: MakeStage) -> None:
    s = with_preconditions(stage, {"name": "units", "each": {**ARTICLES, "resource": "bankaccounts"}, "holds": "true"})
    s.run()
    before = [target for _, target, *_ in s.requests("eaccounting") if "bankaccounts" in target]
    s.run()
    assert before == [target for _, target, *_ in s.requests("eaccounting") if "bankaccounts" in target] != []


def test_two_currencies_are_told_where_both_systems_name_theirs(stage: MakeStage) -> None:
    s = stage(own_workspace=True)
    fact = {"title": "Currency", "resource": "webshops", "value": '"SEK"'}
    s.edit_connector("ccv-shop", lambda connector: connector["facts"].update(currency=fact))
    found = looked(s, "currencies")
    assert found.problems[0].what == "CCV Shop has SEK and Visma eAccounting has EUR"
    with pytest.raises(DocumentError, match="has SEK"):
        s.run()
