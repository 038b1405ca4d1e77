"""What a starter makes of two systems' meanings is what the shipped flow of that kind does.

In what they differ is listed, each with its reason, in `shipped_pairs`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.design.starter import StarterResult
from engine.flows.flow import Example, Step
from engine.flows.library import LoadedFlow, load_flow
from engine.runs.examples import Outcome, tried_examples
from sandbox.ccv_shop import CcvShop
from sandbox.clock import Clock
from sandbox.eaccounting import EAccounting
from tests.design.starter.shipped_pairs import ARTICLES, CUSTOMERS, PAIRS, STOCK, Pair

SAVED = Path(__file__).resolve().parents[3] / "saved_mappings"
# flows of which a starter makes no such thing, and why
NO_STARTER = {
    "ccv-cancellations-to-eaccounting": "what is done with a document that was made is not told by meanings",
    "ccv-refunds-to-eaccounting": "it only tells people; nothing is carried over",
}
ORDERS = "ccv-orders-to-eaccounting"  # test_against_the_shipped_flow


@pytest.fixture(scope="module", params=PAIRS, ids=lambda pair: pair.shipped)
def both(request: pytest.FixtureRequest, bench: Any) -> tuple[Pair, LoadedFlow, LoadedFlow, StarterResult]:
    pair: Pair = request.param
    made = bench.make(pair.source, pair.target, pair.resource)
    return pair, load_flow(bench.workspace, pair.shipped), bench.load(made.text), made


def test_every_shipped_flow_is_compared_or_has_a_reason() -> None:
    compared = {pair.shipped for pair in PAIRS} | {ORDERS}

    assert {path.stem for path in SAVED.glob("ccv-*.json")} | {
        path.stem for path in SAVED.glob("eaccounting-*.json")
    } == compared | set(NO_STARTER)


def test_the_starters_flow_is_checked_without_a_problem(both: Any, bench: Any) -> None:
    _, _, _, made = both

    assert bench.check(made.text) == []


def test_the_steps_are_the_same(both: Any) -> None:
    pair, shipped, starter, _ = both
    kept = [step for step in shipped.flow.steps if step.name not in pair.only_steps]

    assert {step.name for step in shipped.flow.steps} >= set(pair.only_steps)
    assert [(pair.steps.get(s.name, s.name), s.connector, s.resource) for s in kept] == [
        (s.name, s.connector, s.resource) for s in starter.flow.steps
    ]
    found = {s.name for s, other in zip(kept, starter.flow.steps, strict=True) if how(s, pair) != how(other, pair)}
    assert found == set(pair.matches)


def how(step: Step, pair: Pair) -> str:
    """How a step finds its record, and when it is done; steps as the starter calls them."""
    text = str([step.match, step.key, step.when, step.each, step.policy, step.policy_formula])
    for shipped, starter in pair.steps.items():
        text = text.replace(f"$steps.{shipped}.", f"$steps.{starter}.")
    return text


def test_the_fields_are_the_same(both: Any) -> None:
    pair, shipped, starter, _ = both
    wanted, found = written_fields(shipped, pair), written_fields(starter, pair)

    assert set(wanted) - set(found) == set(pair.less)
    assert set(found) - set(wanted) == set(pair.more)
    assert {place for place in wanted.keys() & found.keys() if wanted[place] != found[place]} == set(pair.writes)


def written_fields(loaded: LoadedFlow, pair: Pair) -> dict[tuple[str, str], str]:
    return {
        (pair.steps.get(step.name, step.name), field.path): field.write
        for step in loaded.flow.steps
        if step.name not in pair.only_steps
        for field in step.fields
    }


def test_the_questions_are_the_same_with_the_same_answers(both: Any) -> None:
    pair, shipped, starter, _ = both
    wanted, found = (each.flow.questions.get("properties", {}) for each in (shipped, starter))

    assert set(wanted) - set(found) == set(pair.questions_less)
    assert set(found) - set(wanted) == set(pair.questions_more)
    names = wanted.keys() & found.keys()
    assert {n for n in names if found[n].get("default") != wanted[n].get("default")} == set(pair.defaults)


def test_the_lookups_are_the_same_with_the_same_rows(both: Any) -> None:
    pair, shipped, starter, _ = both
    wanted = {pair.lookups.get(name, name): lookup for name, lookup in shipped.flow.lookups.items()}
    found = starter.flow.lookups

    assert set(wanted) - set(found) == set(pair.lookups_less)
    assert set(found) - set(wanted) == set(pair.lookups_more)
    for name in wanted.keys() & set(found):
        assert (found[name].rows, found[name].refers) == (wanted[name].rows, wanted[name].refers), name


def test_the_shipped_examples_become_the_same(both: Any, bench: Any) -> None:
    pair, shipped, starter, _ = both
    examples = [each for each in shipped.flow.examples if not each.answers.keys() & pair.questions_less.keys()]

    assert len(examples) >= 3
    assert different(pair, shipped, starter, examples, bench.formulas) == set(pair.examples)


def different(
    pair: Pair, shipped: LoadedFlow, starter: LoadedFlow, examples: list[Example], formulas: Any
) -> set[object]:
    """The titles of the examples that become another thing with the starter, in fields that both map."""
    wanted = outcomes(shipped, examples, formulas)
    found = outcomes(starter, [called_otherwise(each, pair) for each in examples], formulas)
    left_out = {*pair.less, *pair.more}
    return {
        title
        for title in wanted
        if told(wanted[title], pair.steps, left_out, pair.only_steps) != told(found[title], {}, left_out, {})
    }


def outcomes(loaded: LoadedFlow, examples: list[Example], formulas: Any) -> dict[str, Outcome]:
    flow = replace(loaded, flow=replace(loaded.flow, examples=tuple(examples)))
    return {example.title: outcome for example, outcome in tried_examples(flow, formulas)}


def called_otherwise(example: Example, pair: Pair) -> Example:
    lookups = {pair.lookups.get(name, name): rows for name, rows in example.lookups.items()} | dict(pair.holds)
    steps = {pair.steps.get(name, name): held for name, held in example.steps.items()}
    return replace(example, lookups=lookups, steps=steps)


def told(outcome: Outcome, names: Mapping[str, str], left_out: set[Any], without: Mapping[object, str]) -> Any:
    steps = {
        names.get(step, step): {
            name: value for name, value in fields.items() if (names.get(step, step), name) not in left_out
        }
        for step, fields in outcome.steps.items()
        if step not in without and isinstance(fields, dict)
    }
    return outcome.kind, {step: fields for step, fields in steps.items() if fields}


# --- records of the sandbox


@pytest.fixture(scope="module")
def sandbox() -> tuple[CcvShop, EAccounting]:
    clock = Clock()
    return CcvShop(clock, seed=7, orders=60), EAccounting(clock, seed=7, orders=60)


def records(pair: Pair, sandbox: tuple[CcvShop, EAccounting]) -> Iterator[Example]:
    """Every record of the sandbox as an example, with the lookups and facts that the systems would give."""
    shop, books = sandbox
    state: Any = books.state()
    rates = {each["Id"]: each["VatRatePercent"] for each in state["articleaccountcodings"]}
    terms = {each["Name"]: each["Id"] for each in state["termsofpayments"]}
    products = {each["productnumber"]: each["id"] for each in shop.holdings.products.values()}
    lookups = {"coding_rates": rates, "terms": terms, "products": products, "variants": {}}
    held = list(shop.holdings.users.values()) if pair is CUSTOMERS else state["articles"]
    if pair is ARTICLES:  # those out of use wait with the one and are skipped with the other: ARTICLES.examples
        held = [record for record in held if record["IsActive"]]
    for number, record in enumerate(held):
        yield Example(f"{number}", record, {}, {"target": {"country": "NL"}}, lookups, "", {}, {"expected": {}})


@pytest.mark.parametrize("pair", [STOCK, CUSTOMERS, ARTICLES], ids=lambda pair: pair.shipped)
def test_records_of_the_sandbox_become_the_same(pair: Pair, bench: Any, sandbox: Any) -> None:
    shipped = load_flow(bench.workspace, pair.shipped)
    starter = bench.load(bench.make(pair.source, pair.target, pair.resource).text)
    examples = list(records(pair, sandbox))

    assert sum(one.kind == "expected" for one in outcomes(shipped, examples, bench.formulas).values()) >= 6
    assert different(pair, shipped, starter, examples, bench.formulas) == set()
