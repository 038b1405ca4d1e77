"""Every case by topic holds, and every difference in docs/exactness.md is as it is written there."""

import pytest

from tests.formulas.exactness import documented
from tests.formulas.exactness.answers import Worker, compiled_answer, difference
from tests.formulas.exactness.documented import Written, plainly

worker = Worker()

# What compiled formulas do not give yet; a line goes when its case holds.
COMPILED_DIFFERS = {
    "$string(5e-324)": "fifteen digits are not read back as a number before they are written",
    "many.nothing[true]": "a filter that holds for a missing field keeps a nothing for each item",
    "$contains(note, half)": "half a character is found in a whole one",
    "$map(b, function($v, $i, $all){ $all }) ? 1 : 2": "the list that a function gets as its third argument",
    "[o, 1][0].n": "behind a list that is written first, one value is no list, and a text is its letters",
    "[e, 'ab'][1].$uppercase()": "the same",
    "$map(one, function($v){ $map([1], function($w){ $w }) })": "a list of one item stays one as a last call gives it",
    "$map(many, function($v){ $map($v.p, function($w){ $w }) })": "the same",
    "$map(many, function($v){ $filter([1, 2], function($w){ $w = $v.p }) })": "the same",
}


def named(written: Written) -> str:
    return f"{written.topic}: {written.formula}"


@pytest.mark.parametrize("case", documented.cases(), ids=named)
def test_case_evaluated(case: Written) -> None:
    assert case.ours == plainly(worker.answer(case.formula, case.record))


@pytest.mark.parametrize("case", documented.cases(), ids=named)
def test_case_compiled_or_left_to_the_worker(case: Written, request: pytest.FixtureRequest) -> None:
    if case.formula in COMPILED_DIFFERS:
        request.applymarker(pytest.mark.xfail(strict=True, reason=COMPILED_DIFFERS[case.formula]))
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
