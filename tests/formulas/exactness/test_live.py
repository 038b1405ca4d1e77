"""Formulas give what jsonata-js gives, asked on Node: on the machine of whoever works on the engine."""

import os

import pytest

from tests.formulas.exactness import documented, orders, pairs, reference
from tests.formulas.exactness.answers import Worker, compiled_answer, difference, shown

SEEDS = range(8_000_000, 8_001_000)  # the breadth is that of the recorded answers

if os.environ.get("CI"):
    pytest.skip("CI has no Node: there the recorded answers hold (test_recorded.py)", allow_module_level=True)
elif reference.why_not():
    pytest.skip(f"{reference.why_not()}; the recorded answers hold (test_recorded.py)", allow_module_level=True)


def test_random_formulas_give_what_jsonata_gives() -> None:
    worker = Worker()
    asked = [(pair.formula, pair.record) for pair in map(pairs.of_seed, SEEDS)]

    found = []
    for (formula, record), theirs in zip(asked, reference.answers(asked), strict=True):
        for our in (worker.answer(formula, record), compiled_answer(formula, record)):
            if our is not None and difference(formula, our, theirs):
                found.append(f"{formula} on {record} gives {shown(our)}, jsonata-js {shown(theirs)}")

    assert not found


def test_what_is_written_in_documentation_and_cases_is_what_jsonata_gives() -> None:
    given = [*documented.differences(), *documented.cases()]
    answers = reference.answers((each.formula, each.record) for each in given)

    wrong = [
        f"{each.formula}: {shown(theirs)}"
        for each, theirs in zip(given, answers, strict=True)
        if documented.plainly(theirs) != each.reference
    ]
    assert not wrong


def test_recorded_answers_are_those_of_the_installed_reference() -> None:
    asked = list(orders.pairs())[::50]
    from tests.formulas.exactness import recorded

    answers = [answer for _, _, answer in recorded.order_pairs()][::50]

    assert answers == reference.answers(asked)
