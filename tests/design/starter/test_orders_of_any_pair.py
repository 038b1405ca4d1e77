"""For every two systems that can have one, the starter of orders is sound, whole, and gives what a person expects."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.design.starter import offers
from engine.design.starter.templates import document
from engine.documents.workspace import Workspace
from tests.design.starter.expected_orders import EXPECTED, differences, load, part_differences
from tests.design.starter.fillable import fillable
from tests.design.starter.trial import Trial, tried

ROOT = Path(__file__).resolve().parents[3]
PAIRS = sorted(
    (each.source, each.target, each.resource)
    for each in offers(Workspace(ROOT))
    if each.kind == "order" and each.is_possible
)
WRITTEN = [pair for pair in PAIRS if (EXPECTED / f"{pair[0]}-to-{pair[1]}.json").exists()]
LEAST = 0.95
# what the expected files answer for flows made by hand, and no starter asks
OF_SHIPPED_FLOWS = set("match_customer customer_number company_on_line_1 zero_fee send_confirmation prepayment".split())

each_pair = pytest.mark.parametrize(
    ("source", "target", "resource"), PAIRS, ids=["-to-".join(each[:2]) for each in PAIRS]
)


@each_pair
def test_it_is_sound_as_it_is_made(source: str, target: str, resource: str, bench: Any) -> None:
    made = bench.make(source, target, resource)
    found = [problem for problem in bench.check(made.text) if "cannot be searched by" not in problem.what]

    assert [str(problem) for problem in found] == []  # what cannot be searched is told among the gaps as well


@each_pair
def test_it_fills_what_the_source_knows(source: str, target: str, resource: str, bench: Any) -> None:
    filled, unfilled = fillable(
        bench.connectors, source, target, resource, json.loads(bench.make(source, target, resource).text)
    )
    part = len(filled) / (len(filled) + len(unfilled))

    assert filled
    assert part >= LEAST, f"{part:.0%} of what {source} knows; nothing is put into {', '.join(unfilled)}"


def test_each_pair_for_which_a_person_wrote_down_what_is_expected_is_tried() -> None:
    assert {path.stem for path in EXPECTED.glob("*.json")} == {"-to-".join(pair[:2]) for pair in WRITTEN}


@pytest.fixture(scope="module", params=WRITTEN, ids=lambda pair: f"{pair[0]}-to-{pair[1]}")
def trial(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Trial]:
    source, target, _ = request.param
    expected = load(source, target)
    return expected, tried(tmp_path_factory.mktemp("trial"), source, target, expected)


def test_nothing_but_its_questions_was_answered(trial: tuple[dict[str, Any], Trial]) -> None:
    _, made = trial
    unanswered = [name for name, about in made.flow["questions"]["properties"].items() if "default" not in about]

    assert made.unasked <= OF_SHIPPED_FLOWS | set(document("order")["questions"])  # what these two have no need of
    assert unanswered == []


def test_every_order_arrives(trial: tuple[dict[str, Any], Trial]) -> None:
    expected, made = trial
    lost = {number: made.orders[number].problems for number in expected["orders"] if made.orders[number].problems}

    assert lost == {}
    assert made.counts["created"] == len(expected["orders"])


def test_what_cannot_be_carried_over_is_parked_and_says_why(trial: tuple[dict[str, Any], Trial]) -> None:
    expected, made = trial

    assert set(made.orders) == {*expected["orders"], *expected.get("refused", {})}
    for number, wish in expected.get("refused", {}).items():
        assert wish["says"] in " ".join(made.orders[number].problems), number


def test_every_order_is_what_a_person_expects(trial: tuple[dict[str, Any], Trial]) -> None:
    expected, made = trial
    told = []
    for number, wish in expected["orders"].items():
        arrived = made.orders[number]
        record, schema = arrived.records[made.document()], made.document_schema()
        of_row: dict[str, Any] = {"number_of": made.number_of, "rate_of": made.rates_of(record)}
        found = differences(record, schema, wish, expected["conventions"], totals=made.totals(record), **of_row)
        told += [f"{number}: {difference}" for difference in found]

    assert not told, "\n".join(told)


def test_every_customer_is_what_a_person_expects(trial: tuple[dict[str, Any], Trial]) -> None:
    expected, made = trial
    told = []
    for number, wish in expected["orders"].items():
        found = part_differences(made.orders[number].records["customer"], made.schemas["customer"], wish["customer"])
        told += [f"{number}: {difference}" for difference in found]

    assert not told, "\n".join(told)
