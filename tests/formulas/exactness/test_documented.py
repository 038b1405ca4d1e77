"""Every case by topic holds, and every difference in docs/exactness.md is as it is written there."""

import pytest

from tests.formulas.exactness import documented
from tests.formulas.exactness.answers import Worker, compiled_answer, difference
from tests.formulas.exactness.documented import Written, plainly

worker = Worker()


def named(written: Written) -> str:
    return f"{written.topic}: {written.formula}"


@pytest.mark.parametrize("case", documented.cases(), ids=named)
def test_case_evaluated(case: Written) -> None:
    assert case.ours == plainly(worker.answer(case.formula, case.record))


@pytest.mark.parametrize("case", documented.cases(), ids=named)
def test_case_compiled_or_left_to_the_worker(case: Written) -> None:
    compiled = compiled_answer(case.formula, case.record)

    assert compiled is None or case.ours == plainly(compiled)


@pytest.mark.parametrize("written", documented.differences(), ids=named)
def test_documented_difference(written: Written) -> None:
    our = worker.answer(written.formula, written.record)
    compiled = compiled_answer(written.formula, written.record)

    assert written.ours == plainly(our) != written.reference
    assert compiled is None or written.ours == plainly(compiled)


def test_there_are_cases_of_every_topic() -> None:
    topics = {case.topic for case in documented.cases()}

    assert topics >= {"numbers", "key_order", "sequences", "texts", "null_and_missing", "integer_names"}
    assert documented.differences() and difference("1", {"value": 1}, {"value": 2.0})
