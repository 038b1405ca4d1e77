"""What differs between two texts of a flow: place by place and in words, and never nothing where something does."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from engine.design.differences import Change, Side, changes_between
from engine.documents.workspace import Workspace

FLOW = "ccv-orders-to-eaccounting"
ROW = "Lookup «Payment terms by payment method», row “paypal_paypal”"
Edit = Callable[[Any], object]
Differ = Callable[[Edit], list[Change]]


def test_an_answer_is_told_in_the_words_of_its_options(differ: Differ) -> None:
    [change] = differ(lambda flow: flow["questions"]["properties"]["articles"].update(default="fail"))

    assert (change.before, change.before_words) == ("create", "Make a minimal one")
    assert (change.after, change.after_words) == ("fail", "Park the order")


def step(flow: Any, name: str) -> Any:
    return next(held for held in flow["steps"] if held["step"] == name)


def swap(holder: Any, a: Any, b: Any) -> None:
    """Two neighbours change places."""
    if isinstance(holder, list):
        holder[a], holder[b] = holder[b], holder[a]
        return
    keys = list(holder)
    at = keys.index(a), keys.index(b)
    keys[at[0]], keys[at[1]] = b, a
    held = dict(holder)
    holder.clear()
    holder.update({key: held[key] for key in keys})


CASES: list[tuple[Edit, str, str, Any, Any, str, str]] = [
    (
        lambda f: step(f, "customer")["fields"]["Name"].update(formula="customer.email"),
        "steps[0].fields.Name.formula",
        "Step «customer», field «Name»: changed",
        "$truncate($values.is_company ? $values.bill.company : $values.person_name, 50)",
        "customer.email",
        "the company if «is company» is yes, otherwise «person name»; the result shortened to at most 50 characters",
        "the e-mail",
    ),
    (
        lambda f: step(f, "order")["fields"].update({"PersonRemark": {"formula": "reference", "write": "if_empty"}}),
        "steps[2].fields.PersonRemark",
        "Step «order», field «Person remark»: added",
        None,
        {"formula": "reference", "write": "if_empty"},
        "",
        "the reference; written only where the target has nothing yet",
    ),
    (
        lambda f: step(f, "order")["fields"].pop("CurrencyCode"),
        "steps[2].fields.CurrencyCode",
        "Step «order», field «Currency»: removed",
        {"formula": "currency"},
        None,
        "the currency",
        "",
    ),
    (
        lambda f: step(f, "order")["fields"]["Rows[].Text"].update(formula="text"),
        'steps[2].fields."Rows[].Text".formula',
        "Step «order», field «Rows, text»: changed",
        "$truncate($first_filled(text, number), 2000)",
        "text",
        "the text, or the number where it is not filled; the result shortened to at most 2000 characters",
        "the text",
    ),
    (
        lambda f: step(f, "order")["fields"]["Status"].update(write="on_create"),
        "steps[2].fields.Status.write",
        "Step «order», field «Status», when it is written: changed",
        "always",
        "on_create",
        "always",
        "only when the record is created",
    ),
    (
        lambda f: step(f, "customer")["fields"]["IsPrivatePerson"].pop("note"),
        "steps[0].fields.IsPrivatePerson.note",
        "Step «customer», field «Private person», note: removed",
        "A company name makes a company.",
        None,
        "",
        "",
    ),
    (
        lambda f: step(f, "order").update(policy="create_or_update"),
        "steps[2].policy",
        "Step «order», what is done where the record is there, and where not: changed",
        "skip_if_exists",
        "create_or_update",
        "created if missing, else left as it is",
        "created if missing, else updated",
    ),
    (
        lambda f: step(f, "order")["match"].update(field="YourReference"),
        "steps[2].match.field",
        "Step «order», field by which the record is found: changed",
        "BuyersOrderReference",
        "YourReference",
        "Reference of the order",
        "Your reference",
    ),
    (
        lambda f: step(f, "order").update(when="paid = true"),
        "steps[2].when",
        "Step «order», when it is done: changed",
        '$answers.document = "order"',
        "paid = true",
        "the answer to «What an order becomes» is “order”",
        "«Paid» is yes",
    ),
    (
        lambda f: f["questions"]["properties"]["only_paid"].update(default=False),
        "questions.properties.only_paid.default",
        "Answer to «Only paid orders»: changed",
        True,
        False,
        "yes",
        "no",
    ),
    (
        lambda f: f["lookups"]["payment_terms"]["rows"].update(paypal_paypal="30 dagen"),
        "lookups.payment_terms.rows.paypal_paypal",
        f"{ROW}: changed",
        "Digitale portemonnee",
        "30 dagen",
        "",
        "",
    ),
    (
        lambda f: f["lookups"]["payment_terms"]["rows"].pop("paypal_paypal"),
        "lookups.payment_terms.rows.paypal_paypal",
        f"{ROW}: removed",
        "Digitale portemonnee",
        None,
        "",
        "",
    ),
    (
        lambda f: f["lookups"]["payment_terms"].update(otherwise={"do": "leave_out"}),
        "lookups.payment_terms.otherwise",
        "Lookup «Payment terms by payment method», what happens to a value without a row: changed",
        {"do": "fail"},
        {"do": "leave_out"},
        "the record is parked",
        "the field is left out",
    ),
    (
        lambda f: f["values"].update(home='"NL"'),
        "values.home",
        "Named value «home»: changed",
        "$facts.target.country",
        '"NL"',
        "the country of the company in Visma eAccounting",
        "“NL”",
    ),
    (
        lambda f: f["source"]["where"][0].update(condition="paid = true"),
        "source.where[0].condition",
        "A record waits until this holds; else «the buyer has not finished it»: changed",
        "is_completed = true",
        "paid = true",
        "«Finished by the buyer» is yes",
        "«Paid» is yes",
    ),
    (
        lambda f: f["source"].update(wait_days=10),
        "source.wait_days",
        "Days after which a waiting record is skipped: changed",
        30,
        10,
        "30",
        "10",
    ),
    (
        lambda f: step(f, "order")["before"][4].update(source="total_tax"),
        "steps[2].before[4].source",
        "Step «order», check before sending «the total», sum in the source: changed",
        "total_price",
        "total_tax",
        "the total",
        "the tax",
    ),
    (
        lambda f: f["examples"][0]["given"].update(id=5),
        "examples[0].given.id",
        "Example «A private person at home, with shipping: every step», given.id: changed",
        100001,
        5,
        "100001",
        "5",
    ),
    (
        lambda f: f.update(colour={"of": ["red"]}),
        "colour",
        "colour: added",
        None,
        {"of": ["red"]},
        "",
        '{"of": ["red"]}',
    ),
]


@pytest.mark.parametrize(("edit", "where", "says", "before", "after", "before_words", "after_words"), CASES)
def test_each_change_is_told_at_its_place_with_its_words(
    differ: Differ, edit: Edit, where: str, says: str, before: Any, after: Any, before_words: str, after_words: str
) -> None:
    [change] = differ(edit)

    assert (change.where, change.says) == (where, says)
    assert (change.before, change.after) == (before, after)
    assert (change.before_words, change.after_words) == (before_words, after_words)


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (lambda f: swap(f["steps"], 3, 4), "Steps: in another order"),
        (lambda f: swap(step(f, "order")["fields"], "Status", "OrderDate"), "Step «order», fields: in another order"),
        (lambda f: swap(f["values"], "home", "eu"), "Named values: in another order"),
        (lambda f: swap(f["lookups"], "units", "codings"), "Lookups: in another order"),
        (lambda f: swap(f["examples"], 0, 1), "Examples: in another order"),
        (
            lambda f: swap(f["source"]["where"], 0, 1),
            "Conditions for which records wait: in another order",
        ),
        (lambda f: swap(step(f, "order")["before"], 0, 1), "Step «order», checks before sending: in another order"),
        (lambda f: swap(f, "title", "description"), "How the file is written (spaces, line breaks, order of keys)"),
    ],
)
def test_another_order_is_told_as_such(differ: Differ, edit: Edit, says: str) -> None:
    [change] = differ(edit)

    assert change.says.startswith(says)


def test_something_put_between_moves_nothing(differ: Differ) -> None:
    def edit(flow: Any) -> None:
        flow["steps"].insert(1, {**copy.deepcopy(flow["steps"][0]), "step": "contact"})
        flow["steps"].pop(5)  # the draft

    assert [c.says for c in differ(edit)] == ["Step «contact»: added", "Step «draft»: removed"]


def test_the_same_bytes_have_no_difference_and_a_space_is_one(workspace: Workspace, text: str) -> None:
    side = Side.of(workspace, FLOW, text)

    assert changes_between(side, Side.of(workspace, FLOW, text)) == []
    [change] = changes_between(side, Side.of(workspace, FLOW, text + "\n"))
    assert "not what it says" in change.what


def test_a_formula_written_as_lines_is_the_same_formula(differ: Differ) -> None:
    [change] = differ(lambda f: f["values"].update(home=["$facts.target.country"]))

    assert "not what it says" in change.what


def test_a_step_that_is_gone_and_one_that_came_are_said_by_what_they_do(differ: Differ) -> None:
    [change] = differ(lambda f: f["steps"].pop(2))

    assert change.says == "Step «order»: removed" and change.step == "order"
    assert change.before_words.startswith("Found by reference of the order: the order number; created if missing")
