"""Result, request, changes against the published flow, and examples; held against what a run and `test` do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.design.desk import Desk, desk
from engine.design.view import Live, View
from engine.errors import Json, RecordProblem
from engine.runs.examples import as_written, tried_examples
from engine.runs.reshaping import Reshaping
from tests.design.view.conftest import Look, document, with_field

ROOT = Path(__file__).resolve().parents[3]
FLOW = "ccv-orders-to-eaccounting"


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("shipped")
    for name in ("connector_specs", "saved_mappings"):
        (folder / name).symlink_to(ROOT / name)
    with desk(str(folder)) as opened:
        yield opened


def test_every_example_becomes_on_the_page_what_it_becomes_in_a_run(shipped: Desk) -> None:
    text = shipped.workspace.flow_path(FLOW).read_text()
    loaded = shipped.load(FLOW)
    seen = 0
    for example in loaded.flow.examples:
        view = View.of(shipped, FLOW, text, example.given)
        reshaping = Reshaping(view.loaded, shipped.formulas, view.environment, None)
        errors = [problem for problem in view.problems() if problem["severity"] == "error"]
        try:
            sent = reshaping.record(example.given)
        except RecordProblem as parked:
            assert errors, (example.title, parked)
            continue
        seen += 1
        assert not errors, (example.title, errors)
        for step in loaded.flow.steps:
            expected: Json = as_written(sent[step.name]) if step.name in sent else None
            if expected is None:
                assert not view.picture(step.name)["done"], (example.title, step.name)
            else:
                assert view.result(step.name) == expected, (example.title, step.name)
    assert seen >= 5


def test_examples_are_tried_as_test_tries_them(shipped: Desk) -> None:
    text = shipped.workspace.flow_path(FLOW).read_text()
    rows = View.of(shipped, FLOW, text, {}).examples()
    titles = [example.title for example, _ in tried_examples(shipped.load(FLOW), shipped.formulas)]

    assert [row["title"] for row in rows] == titles
    assert all(row["ok"] for row in rows)


def test_an_example_that_differs_says_where(look: Look) -> None:
    given = {"id": "9", "name": "Bo", "placed": "2026-11-20", "pay": "card", "lines": []}
    flow = document(examples=[{"title": "One", "given": given, "expected": {"customer": {"Name": "Hi Bo"}}}])
    [row] = look(flow).examples()

    assert row["ok"] is False
    assert {"path": "customer.Name", "expected": "Hi Bo", "found": "Hello Bo", "hint": ""} in row["differences"]


def test_facts_of_an_example_count_for_its_record(look: Look) -> None:
    given = {"id": "9", "name": "Bo", "placed": "2026-11-20", "pay": "card", "lines": []}
    example = {"title": "One", "given": given, "facts": {"target": {"currency": "NOK"}}, "waiting": True}

    assert look(document(examples=[example]), given).picture("order")["fields"]["Currency"]["value"] == "NOK"


def test_a_result_is_what_would_be_sent(look: Look, connected: Live) -> None:
    view = look(live=connected)

    assert view.result("customer") == {"Name": "Hello Anna", "Terms": "PAID"}
    assert view.result("articles") == [{"Number": "MUG"}, {"Number": "PEN"}]
    assert view.result("order")["Rows"] == [
        {"ArticleId": "«Id of the new article MUG»", "UnitPrice": 12.5},
        {"ArticleId": "«Id of the new article PEN»", "UnitPrice": 2},
    ]


def test_a_request_is_built_from_the_connector_without_a_connection(look: Look) -> None:
    told = look().request("order")
    [request] = told["requests"]

    assert (request["method"], request["address"]) == ("POST", "https://books.example/things")
    assert request["body"]["Number"] == "W-1"
    assert "«Id of the new customer Anna»" in request["placeholders"]


def test_a_step_that_is_not_done_sends_nothing_and_says_why(look: Look) -> None:
    flow = document()
    flow["steps"][2]["when"] = "paid = false"

    assert look(flow).request("order") == {
        "requests": [],
        "notes": ["The step is not done for this record: its condition does not hold."],
    }


def test_changes_against_the_published_flow_are_those_of_this_record(look: Look) -> None:
    assert look().changes() == []

    [change] = look(with_field("Number", 'id & "-x"')).changes()
    assert change == {
        "step": "order",
        "target": "Number",
        "before": "W-1",
        "after": "W-1-x",
        "where": "The order is made: Number",
    }


def test_a_formula_written_otherwise_that_gives_the_same_is_no_change(look: Look) -> None:
    assert look(with_field("Number", '"" & id')).changes() == []


def test_true_is_another_value_than_one(look: Look) -> None:
    before = json.dumps(with_field("Rows[].UnitPrice", "1"))

    assert look(with_field("Rows[].UnitPrice", "true")).changes(before)


def test_a_step_that_is_done_no_more_is_one_change(look: Look) -> None:
    flow = document()
    flow["steps"][2]["when"] = "paid = false"

    assert [(row["step"], row["target"], row["before"], row["after"]) for row in look(flow).changes()] == [
        ("order", "", "done", "not done")
    ]


def test_a_record_that_a_run_would_not_take_is_said_to_be(look: Look) -> None:
    flow = document()
    flow["source"]["where"] = [{"condition": "paid = false", "says": "it is not paid yet"}]

    assert look(flow).picture("order")["held_back"] == "it is not paid yet"
    assert look().picture("order")["held_back"] == ""
