"""The starter of orders gives what the shipped flow gives, field by field, over the shipped flow's examples."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.design.starter import StarterResult
from engine.documents.choices import choices
from engine.flows.flow import Example
from engine.flows.library import LoadedFlow, load_flow
from engine.runs.examples import Outcome, tried_examples

SHIPPED = "ccv-orders-to-eaccounting"
LOOKUPS = {"coding_rates": "tax_code_rates", "codings": "tax_codes"}  # what the starter calls them

# what the starter maps and the shipped flow does not: (step, field) → why
OWN_ADDRESS = "the order has an address of its own; the shipped flow leaves it to the customer"
TO_BUYER = "the first order tells where the buyer's goods go; the shipped flow leaves it to orders"
TOLD = "the shop tells it, and the books have a field for it"
DOCUMENTS = ("order", "invoice", "draft", "quote")
ADDRESS = ("Address1", "Address2", "PostalCode", "City", "CountryCode")
MORE: dict[tuple[str, str], str] = {
    **{(step, f"Invoice{part}"): OWN_ADDRESS for step in DOCUMENTS if step != "draft" for part in ADDRESS},
    **{("draft", f"Invoice{part}"): OWN_ADDRESS for part in ADDRESS[:2]},
    **{("customer", f"Delivery{part}"): TO_BUYER for part in ("CustomerName", *ADDRESS)},
    **{(step, "DeliveryDate"): TOLD for step in DOCUMENTS},
    ("customer", "CurrencyCode"): TOLD,
    ("customer", "SalesDocumentLanguage"): TOLD,
}

# what the shipped flow does and the starter does not: settings that are written for these two systems. The search by
# organisation number is a way of one of them; the others rest on it, or on an account that only this shop tells of
OWN_SETTINGS = {
    "match_customer",
    "default_customer",
    "customer_number",
    "company_on_line_1",
    "zero_fee",
}
# tables without rows, which change nothing until somebody fills them
OWN_TABLES = {"country_codings", "country_endings", "delivery_methods"}
OWN_FIELDS = {("customer", "CustomerNumber"), ("customer", "Note"), ("draft", "DeliveryMethodName")}
HOW_FOUND = {"customer"}  # by the search and the settings above
OF_SETTINGS, OF_COUNTRIES = {"the customer for all"}, {"the coding of each row"}
MORE_CHECKS = {
    "order": OF_SETTINGS | OF_COUNTRIES,
    "invoice": OF_SETTINGS | OF_COUNTRIES,
    "draft": OF_SETTINGS,
    "quote": OF_SETTINGS | OF_COUNTRIES | {"the status of the quote"},  # a draft could not be found again
}


def outcomes(loaded: LoadedFlow, examples: tuple[Example, ...], formulas: Any) -> dict[str, Outcome]:
    """What becomes of each record, by the example's title."""
    flow = replace(loaded, flow=replace(loaded.flow, examples=examples))
    return {example.title: outcome for example, outcome in tried_examples(flow, formulas)}


def less(outcome: Outcome, left_out: set[tuple[str, str]]) -> dict[str, Any]:
    """What was made, without some fields."""
    return {
        step: {name: value for name, value in fields.items() if (step, name) not in left_out}
        if isinstance(fields, dict)
        else fields
        for step, fields in outcome.steps.items()
    }


def options(question: dict[str, Any]) -> tuple[tuple[Any, str], ...]:
    """The answers there are to a question, each with its words."""
    return choices(question) or choices(question.get("items", {}))


@pytest.fixture(scope="module")
def both(bench: Any, made: StarterResult) -> tuple[LoadedFlow, LoadedFlow]:
    return load_flow(bench.workspace, SHIPPED), bench.load(made.text)


def test_every_example_becomes_the_same(both: tuple[LoadedFlow, LoadedFlow], bench: Any) -> None:
    shipped, starter = both
    examples = tuple(
        each
        for each in shipped.flow.examples
        if not OWN_SETTINGS & each.answers.keys() | OWN_TABLES & each.lookups.keys()
    )
    renamed = tuple(
        replace(example, lookups={LOOKUPS.get(name, name): rows for name, rows in example.lookups.items()})
        for example in examples
    )
    wanted = outcomes(shipped, examples, bench.formulas)
    found = outcomes(starter, renamed, bench.formulas)

    assert len(wanted) == 20
    for title, outcome in wanted.items():
        assert found[title].kind == outcome.kind, (title, found[title].problems)
        assert less(found[title], set(MORE)) == less(outcome, set()), title
        assert [p.where for p in found[title].problems] == [p.where for p in outcome.problems], title
        assert found[title].reason == outcome.reason, title


def test_the_starter_maps_every_field_of_the_shipped_flow_and_few_more(both: tuple[LoadedFlow, LoadedFlow]) -> None:
    shipped, starter = ({(s.name, f.path) for s in loaded.flow.steps for f in s.fields} for loaded in both)

    assert shipped - starter == OWN_FIELDS
    assert starter - shipped == set(MORE)


def test_write_rules_matches_and_policies_are_the_same(both: tuple[LoadedFlow, LoadedFlow]) -> None:
    shipped, starter = both
    for one, other in zip(shipped.flow.steps, starter.flow.steps, strict=True):
        writes = {field.path: field.write for field in other.fields}

        assert (one.name, one.connector, one.resource) == (other.name, other.connector, other.resource)
        found = [(each.match, each.key, each.policy, each.policy_formula) for each in (one, other)]
        assert found[0] == found[1] or one.name in HOW_FOUND
        assert (one.each, one.when, one.instead) == (other.each, other.when, other.instead)
        kept = [field for field in one.fields if (one.name, field.path) not in OWN_FIELDS]
        assert {field.path: field.write for field in kept} == {field.path: writes[field.path] for field in kept}
        checks = [check.what for check in one.before + one.after]
        more = MORE_CHECKS.get(one.name, set())
        assert [what for what in checks if what not in more] == [c.what for c in other.before + other.after]
        assert more <= set(checks)


def test_questions_and_their_defaults_are_the_same(both: tuple[LoadedFlow, LoadedFlow]) -> None:
    shipped, starter = both
    answers = shipped.flow.answers()

    assert starter.flow.answers() == {name: held for name, held in answers.items() if name not in OWN_SETTINGS}
    assert answers.keys() >= OWN_SETTINGS


def test_options_of_questions_are_the_same_and_have_words(both: tuple[LoadedFlow, LoadedFlow]) -> None:
    shipped, starter = (
        {name: options(about) for name, about in each.flow.questions["properties"].items()} for each in both
    )

    assert starter == {name: shipped[name] for name in starter}
    assert {name for name, held in starter.items() if held} >= {"articles", "document", "order_status", "statuses"}
    for name, held in starter.items():
        assert all(title != str(code) and "_" not in title for code, title in held), name


def test_conditions_of_the_source_are_the_same(both: tuple[LoadedFlow, LoadedFlow]) -> None:
    shipped, starter = both

    assert starter.flow.source == shipped.flow.source


def test_lookups_propose_the_rows_of_the_shipped_flow(both: tuple[LoadedFlow, LoadedFlow]) -> None:
    shipped, starter = both
    named = {LOOKUPS.get(name, name): lookup for name, lookup in shipped.flow.lookups.items() if name not in OWN_TABLES}
    assert shipped.flow.lookups.keys() >= OWN_TABLES
    assert not any(shipped.flow.lookups[name].rows for name in OWN_TABLES)

    assert set(starter.flow.lookups) == set(named)
    for name, lookup in named.items():
        assert starter.flow.lookups[name].rows == lookup.rows, name
        assert starter.flow.lookups[name].refers == lookup.refers, name
        assert starter.flow.lookups[name].otherwise == lookup.otherwise, name
