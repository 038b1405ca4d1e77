"""Formulas give what jsonata-js gives: its answers are recorded, so that this holds where there is no Node."""

from collections.abc import Iterable
from typing import Any

import pytest

from tests.formulas.exactness import recorded
from tests.formulas.exactness.answers import Answer, Worker, compiled_answer, difference, shown

Recorded = tuple[str, Any, Answer]


@pytest.fixture(scope="module")
def worker() -> Worker:
    return Worker()


def differences(found: Iterable[tuple[Recorded, Answer | None]]) -> list[str]:
    """What differs, one line each; pairs without an answer of ours are passed over."""
    return [
        f"{formula} gives {shown(our)}, jsonata-js {shown(reference)}"
        for (formula, record, reference), our in found
        if our is not None and difference(formula, our, reference)
    ]


@pytest.mark.parametrize("pairs", [recorded.random_pairs, recorded.order_pairs])
def test_evaluated_formulas_give_what_jsonata_gives(pairs: Any, worker: Worker) -> None:
    assert not differences((each, worker.answer(each[0], each[1])) for each in pairs())


@pytest.mark.parametrize("pairs", [recorded.random_pairs, recorded.order_pairs])
def test_compiled_formulas_give_what_jsonata_gives_or_leave_it_to_the_worker(pairs: Any) -> None:
    assert not differences((each, compiled_answer(each[0], each[1])) for each in pairs())


def test_most_mapping_formulas_are_answered_compiled() -> None:
    """Else the test above would say little."""
    found = [compiled_answer(formula, record) for formula, record, _ in recorded.order_pairs()]

    assert len([answer for answer in found if answer is not None]) > len(found) / 2


def test_a_wrong_answer_is_found() -> None:
    formula, _, reference = next(each for each in recorded.random_pairs() if type(each[2].get("value")) is float)

    assert difference(formula, {"value": -7}, reference) == "another value"
    assert difference(formula, {"value": True}, reference) == "another value"
    assert difference(formula, {"missing": True}, reference) == "missing for value"
    assert difference(formula, {"code": "T2001"}, reference) == "code for value"
    assert difference(formula, reference, reference) == ""
