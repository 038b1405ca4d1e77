"""Examples of a flow are tried without any system, and each difference is told at its place."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.documents.workspace import Workspace
from engine.flows.library import load_flow
from engine.formulas import MISSING, Formulas
from engine.runs import examples
from engine.runs.differences import Difference, differences
from engine.runs.examples import Outcome, example_environment, tried_examples
from engine.runs.reshaping import Reshaping
from tests.runs.small import CUSTOMER, DOCUMENT, FLOW, GIVEN, ORDER, ROWS_SENT, example, small_workspace

REPOSITORY = Path(__file__).parents[2]
Try = Callable[..., tuple[Outcome, list[Difference]]]


@pytest.fixture(scope="module")
def formulas() -> Iterator[Formulas]:
    with Formulas() as pool:
        yield pool


@pytest.fixture
def tried(tmp_path: Path, formulas: Formulas) -> Try:
    """tried(**parts of the example): what became of it, and what differs from what it expects."""

    def go(changes: dict[str, Any] | None = None, **parts: Any) -> tuple[Outcome, list[Difference]]:
        loaded = load_flow(small_workspace(tmp_path / "workspace", example(**parts), **(changes or {})), FLOW)
        [(held, outcome)] = tried_examples(loaded, formulas)
        return outcome, differences(held, outcome, loaded.flow) if held.outcomes else []

    return go


def given(**changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(GIVEN), **changes}


# --- what becomes of a record


def test_an_example_sends_what_its_steps_would_send(tried: Try) -> None:
    articles = [{"Number": "MUG"}, {"Number": "PEN"}]
    outcome, found = tried(expected={"customer": CUSTOMER, "articles": articles, "order": ORDER})

    assert outcome.steps == {"customer": CUSTOMER, "articles": articles, "order": ORDER}
    assert found == []


def test_each_example_has_its_own_answers_though_steps_are_compiled_once(
    tmp_path: Path, formulas: Formulas, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []
    monkeypatch.setattr(examples, "Reshaping", lambda *parts: opened.append(parts) or Reshaping(*parts))
    greetings = ["Hej", "Dear", "Hej"]
    each = [example(title=str(n), answers={"greeting": word}) for n, word in enumerate(greetings)]
    loaded = load_flow(small_workspace(tmp_path / "workspace", *each), FLOW)

    names = [outcome.steps["customer"]["Name"] for _, outcome in tried_examples(loaded, formulas)]

    assert names == [f"{word} Anna" for word in greetings]
    assert len(opened) == 1


def test_answers_go_over_the_defaults(tried: Try) -> None:
    outcome, _ = tried(answers={"greeting": "Dear"})

    assert outcome.steps["customer"]["Name"] == "Dear Anna"
    assert "order" in outcome.steps


@pytest.mark.parametrize(
    ("parts", "day"),
    [
        ({"now": "2026-03-31T23:30:00-02:00"}, "2026-04-01"),
        ({"now": "2026-02-03T10:00Z"}, "2026-02-03"),
        ({}, "2026-01-01"),
    ],
)
def test_the_clock_is_the_examples_own_or_always_the_same(tried: Try, parts: dict[str, Any], day: str) -> None:
    outcome, _ = tried(**parts)

    assert outcome.steps["customer"]["Day"] == day


@pytest.mark.parametrize("side", ["target", "books"])
def test_facts_are_known_by_side_and_by_name(tried: Try, side: str) -> None:
    outcome, _ = tried(facts={side: {"currency": "SEK"}})

    assert outcome.steps["order"]["Currency"] == "SEK"


def test_rows_of_a_lookup_are_those_of_the_example_or_those_written(tried: Try) -> None:
    outcome, _ = tried(lookups={"named": {"Anna": "customer-7"}, "terms": {"card": "AT ONCE"}})

    assert outcome.steps["order"]["CustomerId"] == "customer-7"
    assert outcome.steps["customer"]["Terms"] == "AT ONCE"


def test_what_the_target_answered_goes_over_the_placeholders(tried: Try) -> None:
    outcome, _ = tried(steps={"customer": {"Id": "c-1"}, "articles": {"PEN": {"Id": "a-2"}}})

    assert outcome.steps["order"]["CustomerId"] == "c-1"
    assert [row["ArticleId"] for row in outcome.steps["order"]["Rows"]] == ["«Id of the new article MUG»", "a-2"]


def test_conditions_are_judged_as_in_a_run(tried: Try) -> None:
    assert tried(given=given(paid=False)) == (Outcome("waiting", reason="it is not paid yet"), [])


def test_a_condition_of_never_comes_first(tried: Try) -> None:
    assert tried(given=given(paid=False, name="nobody"), skipped="a trial") == (
        Outcome("skipped", reason="it is a trial"),
        [],
    )


def test_a_condition_that_fails_parks(tried: Try) -> None:
    outcome, found = tried(given=given(id="one"), parked="the condition “it is a trial”")

    assert (outcome.kind, found) == ("parked", [])
    assert outcome.problems[0].caret


def test_a_record_no_step_is_done_for_is_skipped(tried: Try) -> None:
    outcome, found = tried(answers={"makes_orders": False, "makes_customers": False}, skipped=True)

    assert (outcome, found) == (Outcome("skipped", reason="no step is done"), [])


def test_a_failing_check_parks_with_its_sums(tried: Try) -> None:
    _, found = tried({"values": {"total": "1"}}, parked="the sums do not agree: 1.00 in Shop, 14.50 in Books")

    assert found == []


def test_the_shipped_placeholder_sign_is_not_seen(tried: Try) -> None:
    """What is shown can be pasted: nothing invisible is in it."""
    outcome, _ = tried()

    assert outcome.as_document()["expected"]["order"] == ORDER
    assert "\u2060" not in str(outcome.as_document())


def test_no_disk_is_written(tried: Try, tmp_path: Path) -> None:
    tried()

    assert sorted(path.name for path in (tmp_path / "workspace").iterdir()) == ["connector_specs", "saved_mappings"]


def test_facts_of_the_source_are_apart(tmp_path: Path) -> None:
    loaded = load_flow(small_workspace(tmp_path / "w", example(facts={"source": {"currency": "NOK"}})), FLOW)
    facts = example_environment(loaded, loaded.flow.examples[0]).variables["facts"]

    assert facts == {
        "shop": {"currency": "NOK"},
        "source": {"currency": "NOK"},
        "books": {},
        "target": {},
    }


# --- differences


def test_a_differing_field_has_path_values_and_formula(tried: Try) -> None:
    rows = [ROWS_SENT[0], {**ROWS_SENT[1], "Price": 3}]
    _, found = tried(expected={"order": {**ORDER, "Rows": rows}})

    assert found == [Difference("order.Rows[1].Price", 3, 2, "price")]


def test_numbers_are_compared_by_value_and_texts_are_no_numbers(tried: Try) -> None:
    rows = [ROWS_SENT[0], {**ROWS_SENT[1], "Price": 2.0}]
    _, same = tried(expected={"order": {**ORDER, "Rows": rows}})

    assert same == []


@pytest.mark.parametrize(
    ("expected", "hint"),
    [
        ({"Number": 1}, "a text, where a number is expected"),
        ({"Number": True}, ""),
        ({"Number": "1 "}, "only spaces, or signs that look alike, differ"),
        ({"Number": None}, ""),
        ({"Currency": "eur"}, "only small and capital letters differ"),
    ],
)
def test_values_that_look_alike_get_a_hint(tried: Try, expected: dict[str, Any], hint: str) -> None:
    _, [found] = tried(expected={"order": {**ORDER, **expected}})

    assert found.hint == hint
    assert found.path == f"order.{next(iter(expected))}"


def test_a_field_nobody_expected_differs(tried: Try) -> None:
    _, found = tried(expected={"customer": {"Name": "Hello Anna", "Day": "2026-01-01"}})

    assert found == [
        Difference("customer.Terms", MISSING, "PAID", '$table("terms", pay)', "nobody expected this field")
    ]


def test_a_field_that_is_missing_says_why(tried: Try) -> None:
    _, found = tried(facts={}, expected={"order": {**ORDER, "Total": 14.5}})

    assert found == [
        Difference("order.Currency", "EUR", MISSING, "$facts.target.currency", "its formula gave nothing"),
        Difference("order.Total", 14.5, MISSING, "", "no formula gives it"),
    ]


def test_a_field_for_updates_only_says_so(tried: Try) -> None:
    steps = copy.deepcopy(DOCUMENT["steps"])
    steps[0]["fields"]["Terms"]["write"] = "on_update"
    _, [found] = tried({"steps": steps}, expected={"customer": CUSTOMER})

    assert (found.path, found.hint) == ("customer.Terms", "it is written on updates only")


def test_a_missing_item_is_told_at_its_place(tried: Try) -> None:
    extra = {"ArticleId": "x", "Price": 1}
    _, found = tried(expected={"order": {**ORDER, "Rows": [ROWS_SENT[0], extra, ROWS_SENT[1]]}})

    assert found == [
        Difference("order.Rows[1]", extra, MISSING, "lines", "this item is missing; 3 expected, 2 found"),
    ]


def test_an_item_too_many_is_told_at_its_place(tried: Try) -> None:
    _, found = tried(expected={"order": {**ORDER, "Rows": ROWS_SENT[1:]}, "articles": [{"Number": "MUG"}]})

    assert found == [
        Difference("order.Rows[0]", MISSING, ROWS_SENT[0], "lines", "an item too many; 1 expected, 2 found"),
        Difference("articles[1]", MISSING, {"Number": "PEN"}, "lines", "an item too many; 1 expected, 2 found"),
    ]


def test_items_that_differ_in_number_and_content_are_compared_by_position(tried: Try) -> None:
    rows = [{**ROWS_SENT[0], "Price": 1}]
    _, found = tried(expected={"order": {**ORDER, "Rows": rows}})

    assert [each.path for each in found] == ["order.Rows[0].Price", "order.Rows[1]"]


def test_the_same_items_in_another_order_are_one_difference(tried: Try) -> None:
    _, found = tried(expected={"order": {**ORDER, "Rows": ROWS_SENT[::-1]}})

    assert [(each.path, each.hint) for each in found] == [("order.Rows", "the same items in another order")]


def test_a_field_of_a_step_for_several_items_has_its_formula(tried: Try) -> None:
    _, found = tried(expected={"articles": [{"Number": "MUG"}, {"Number": "CUP"}]})

    assert found == [Difference("articles[1].Number", "CUP", "PEN", "sku")]


def test_a_step_that_is_not_named_is_not_compared_and_null_means_not_done(tried: Try) -> None:
    _, found = tried(answers={"makes_orders": False}, expected={"customer": CUSTOMER, "order": None})

    assert found == []


def test_a_step_that_is_done_or_not_done_against_expectation_differs(tried: Try) -> None:
    _, [done] = tried(expected={"customer": None})

    assert (done.path, done.hint, done.formula) == ("customer", "the step is done", "$answers.makes_customers")
    assert (done.expected, done.found) == (MISSING, CUSTOMER)


def test_a_step_that_is_not_done_differs(tried: Try) -> None:
    _, [found] = tried(answers={"makes_orders": False}, expected={"order": ORDER})

    assert (found.path, found.expected, found.found) == ("order", ORDER, MISSING)
    assert (found.hint, found.formula) == ("the step is not done", "$answers.makes_orders")


# --- parked, waiting, skipped


def test_a_record_that_is_parked_in_place_of_sent_says_the_problem_with_its_column(tried: Try) -> None:
    _, [found] = tried(given=given(pay="cash"), expected={"customer": CUSTOMER})

    assert (found.path, found.expected) == ("", "sent: customer")
    assert found.problem is not None and found.problem.code == "M2001"
    assert found.problem.caret.splitlines()[0].strip() == '$table("terms", pay)'
    assert "field Terms" in found.problem.where


def test_a_record_that_is_sent_in_place_of_parked_says_which_steps(tried: Try) -> None:
    _, found = tried(parked="no row")

    assert found == [Difference("", "parked: no row", "sent: customer, articles, order")]


def test_another_reason_than_the_expected_differs(tried: Try) -> None:
    _, [found] = tried(given=given(pay="cash"), parked="the sums do not agree")

    assert found.expected == "parked: the sums do not agree"
    assert found.found == "parked: The lookup «Terms» has no row for ‹cash›"
    assert found.problem is not None


def test_a_part_that_no_reason_has_differs(tried: Try) -> None:
    _, [found] = tried(given=given(pay="cash"), parked=["has no row", "no such thing"])

    assert (found.expected, found.hint) == ("parked: no such thing", "no reason says so")


def test_a_second_reason_nobody_expected_differs(tried: Try) -> None:
    steps = copy.deepcopy(DOCUMENT["steps"])
    steps[0]["fields"]["Day"] = {"formula": '$error("the day is unknown")'}
    outcome, found = tried({"steps": steps}, given=given(pay="cash"), parked="has no row")

    assert len(outcome.problems) == 2
    assert [each.hint for each in found] == ["a reason nobody expected"]
    assert found[0].problem is outcome.problems[1]


def test_each_reason_of_a_list_is_found(tried: Try) -> None:
    steps = copy.deepcopy(DOCUMENT["steps"])
    steps[0]["fields"]["Day"] = {"formula": '$error("the day is unknown")'}
    outcome, found = tried({"steps": steps}, given=given(pay="cash"), parked=["field Terms", "the day is unknown"])

    assert found == []
    assert outcome.as_document()["parked"] == [problem.what for problem in outcome.problems]


@pytest.mark.parametrize(
    ("parts", "expected", "found"),
    [
        (
            {"given": given(paid=False), "waiting": "not complete"},
            "waiting: not complete",
            "waiting: it is not paid yet",
        ),
        ({"given": given(paid=False), "skipped": True}, "skipped", "waiting: it is not paid yet"),
        ({"waiting": True}, "waiting", "sent: customer, articles, order"),
    ],
)
def test_another_outcome_differs(tried: Try, parts: dict[str, Any], expected: str, found: str) -> None:
    assert tried(**parts)[1] == [Difference("", expected, found)]


@pytest.mark.parametrize("folder", [".", "benchmarks/mapping"])
def test_the_examples_of_the_repositorys_flows_are_as_expected(folder: str, formulas: Formulas) -> None:
    workspace = Workspace(REPOSITORY / folder)
    for name in workspace.flow_names():
        loaded = load_flow(workspace, name)
        found = {
            held.title: differences(held, outcome, loaded.flow) for held, outcome in tried_examples(loaded, formulas)
        }

        assert len(found) >= 2, name
        assert found == {title: [] for title in found}
