"""Each formula of a flow is linted with what it sees where it stands: record, item, answer, fact, target."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from engine.commands.check import run
from engine.documents.workspace import Workspace
from engine.flows.check import check_workspace
from engine.flows.check_formulas import LintProblem
from engine.formulas import Formulas

FLOW = "ccv-orders-to-eaccounting"
FILE = f"saved_mappings/{FLOW}.json"
CUSTOMER, ARTICLES, ORDER, WRITE_BACK = 0, 1, 2, 4
Found = Callable[..., list[LintProblem]]


@pytest.fixture(scope="module")
def formulas() -> Iterator[Formulas]:
    with Formulas() as pool:
        yield pool


@pytest.fixture
def found(workspace: Workspace, edit: Callable[..., None], formulas: Formulas) -> Found:
    """found(path, formula): what is said of a formula put at that path of the flow's file."""

    def put(path: str, formula: Any) -> list[LintProblem]:
        *above, last = path.split("/")

        def change(document: Any) -> None:
            for name in above:
                document = document[int(name)] if name.isdigit() else document.setdefault(name, {})
            document[int(last) if last.isdigit() else last] = formula

        edit(FILE, change)
        problems = check_workspace(workspace, [FLOW], formulas)
        told = [problem for problem in problems if isinstance(problem, LintProblem)]
        return [problem for problem in told if problem.caret.split("\n")[0].strip() in formula]

    return put


def field(step: int, name: str) -> str:
    return f"steps/{step}/fields/{name}/formula"


def test_a_condition_on_a_field_nobody_has_is_an_error_and_elsewhere_a_warning(found: Found) -> None:
    [error] = found("source/where/0/condition", 'customer.emial = "x"')
    [warning] = found(field(ORDER, "YourReference"), "customer.refrence")

    assert (error.severity, error.rule, error.position) == ("error", "unknown_path", 9)
    assert (warning.severity, warning.what_to_do) == ("warning", "Did you mean “reference”?")
    assert error.where.startswith(f"{FILE}:") and error.where.endswith("source.where[0].condition")
    assert error.caret == '    customer.emial = "x"\n             ^'


@pytest.mark.parametrize(
    ("path", "formula", "rule"),
    [
        ("values/home", '$facts.target.curency & ""', "unknown_path"),
        (field(ORDER, "DeliveryMethodName"), "$steps.customer.Nam", "unknown_path"),
        ("steps/2/before/0/says", '$answers.document = "offer" ? "x"', "never_reached"),
        (field(ORDER, "DeliveryMethodName"), 'status = "sent" ? "x"', "never_reached"),
        (field(ORDER, "OrderDate"), "$substring(create_date, 0, 10)", "day_in_utc"),
        (field(ORDER, "DeliveryMethodName"), "customer.email", "personal_data"),
        (field(ORDER, "DeliveryMethodName"), "orderrows.product_name", "list_for_one"),
        ("steps/2/match/formula", "orderrows.product_number", "list_for_one"),
        ("values/home", "total_price * 2", "money_arithmetic"),
        ("values/home", '"by " & paymethod', "null_in_text"),
        (field(ORDER, "Rows[].UnitPrice"), "price * quantity", "money_arithmetic"),
        (field(ORDER, "Rows[].Text"), "txt", "unknown_path"),
        (field(ORDER, "Rows[].Text"), "$record.ordernumber_ful", "unknown_path"),
        (field(ARTICLES, "Name"), "nmber", "unknown_path"),
        (field(ARTICLES, "Name"), '$record.paymethod & "x"', "null_in_text"),
        ("steps/2/after/0/target", "$answer.Amont", "unknown_path"),
        ("steps/0/match/where", "IsPrivatPerson = true", "unknown_path"),
        ("lookups/units/refers/by", "Nam", "unknown_path"),
        ("steps/1/when", "$coun(lines) > nmber", "unknown_path"),
    ],
)
def test_a_formula_is_read_with_what_it_sees(found: Found, path: str, formula: str, rule: str) -> None:
    assert rule in [problem.rule for problem in found(path, formula)]


@pytest.mark.parametrize(
    ("path", "formula"),
    [
        (field(ORDER, "DeliveryMethodName"), "$steps.customer.Id"),
        (field(ORDER, "DeliveryCustomerName"), "customer.email"),
        (field(ORDER, "Rows[].UnitPrice"), "$multiply(price, quantity)"),
        (field(ORDER, "Rows[].LineNumber"), "$index + 1"),
        (field(ORDER, "Rows[].ArticleId"), "$lookup($steps.articles, number).Id"),
        ("steps/0/match/where", 'IsPrivatePerson = ($scope = "person")'),
        ("source/since", "$answers.from_date"),
        ("lookups/units/refers/by", "Name"),
    ],
)
def test_what_is_right_where_it_stands_is_left_alone(found: Found, path: str, formula: str) -> None:
    assert found(path, formula) == []


def test_items_of_a_list_nothing_is_known_of_are_left_alone(found: Found) -> None:
    found("values/lines", "$spread(unheard_of)")

    assert found(field(ORDER, "Rows[].UnitPrice"), "whatever * price") == []


def test_what_a_step_is_done_for_is_known_in_it(found: Found) -> None:
    note = field(WRITE_BACK, "note")
    told = found(note, '"a" & reservationnumber')
    found(f"steps/{WRITE_BACK}/when", "reservationnumber != null and paid")

    assert [problem.rule for problem in told] == ["null_in_text"]
    assert found(note, '"a" & reservationnumber') == []


def test_a_sample_adds_fields_and_nulls_to_what_the_schema_says(workspace: Workspace, found: Found) -> None:
    formula = '"a" & currency & extra_of_the_sample.b'
    [before] = found("values/home", formula)
    path = workspace.connectors / "ccv-shop/samples/orders.json"
    orders = json.loads(path.read_bytes())
    orders[0] |= {"currency": None, "extra_of_the_sample": {"b": "c"}}
    path.write_text(json.dumps(orders))
    [after] = found("values/home", formula)
    path.write_text("[{")

    assert (before.rule, after.rule) == ("unknown_path", "null_in_text")
    assert [problem.rule for problem in found("values/home", formula)] == ["unknown_path"]


def test_a_comment_in_the_formula_silences_it(found: Found) -> None:
    formula = "total_price * 2"

    assert found("values/home", formula) != []
    assert found("values/home", f"/* accepts money_arithmetic: a sketch */ {formula}") == []


def test_json_carries_rule_column_and_the_formula_mended(found: Found) -> None:
    [problem] = found("values/home", "total_price * 2")
    [without] = found("values/home", "nothing_like_it")

    said = problem.as_json()
    assert (said["rule"], said["position"]) == ("money_arithmetic", 12)
    assert said["proposal"] == "$multiply(total_price, 2)"
    assert said["severity"] == "warning" and said["caret"] and said["where"]
    assert without.as_json()["position"] == 0 and "proposal" not in without.as_json()


def test_warnings_do_not_change_the_exit_code(found: Found, workspace: Workspace) -> None:
    asked = Namespace(json=False, workspace=str(workspace.root), flows=[FLOW], connected=False, tick="", untick="")
    assert found("values/home", "total_price * 2")
    assert run(asked) == 0

    found("source/never/0/condition", "nothing_like_it")
    assert run(asked) == 2


def test_formulas_of_a_connector_over_a_record_are_linted_too(
    workspace: Workspace, edit: Callable[..., None], formulas: Formulas
) -> None:
    def change(document: Any) -> None:
        document["resources"]["orders"]["number"] = "ordernumber_ful"

    edit("connector_specs/ccv-shop/connector.json", change)
    problems = [p for p in check_workspace(workspace, [FLOW], formulas) if "ordernumber_ful\n" in p.caret]

    assert [(p.severity, p.what_to_do) for p in problems] == [("warning", "Did you mean “ordernumber_full”?")]
    assert problems[0].where.endswith("resources.orders.number")


def test_a_precondition_sees_the_records_it_reads_and_not_those_of_the_source(found: Found) -> None:
    each = {"connector": "eaccounting", "resource": "articles"}
    about = {"name": "numbers", "title": "Numbers", "what_to_do": "Change them.", "each": each}

    found("preconditions", [{**about, "holds": "true"}])
    assert found("preconditions/0/holds", 'Number != ""') == []
    [problem] = found("preconditions/0/holds", 'ordernumber_full != ""')
    assert "articles of eaccounting" in problem.what
