"""A formula has one meaning: compiled and evaluated it gives the same."""

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from tests.formulas.exactness import records
from tests.formulas.exactness.answers import Worker, alike, compiled_answer
from tests.formulas.exactness.pairs import Pair, of_seed, pairs

worker = Worker()
often = settings(
    derandomize=True,
    deadline=None,
    max_examples=400,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def differing(pair: Pair) -> str:
    """The formula and both answers where they differ."""
    compiled = compiled_answer(pair.formula, pair.record)
    if compiled is None:
        return ""
    evaluated = worker.answer(pair.formula, pair.record)
    if evaluated.keys() == compiled.keys() and alike(evaluated.get("value"), compiled.get("value")):
        return ""
    return f"{pair.formula} compiled gives {compiled}, evaluated {evaluated}"


@often
@given(pairs())
def test_compiled_and_evaluated_agree(pair: Pair) -> None:
    event("compiled" if compiled_answer(pair.formula, pair.record) is not None else "left to the worker")

    assert differing(pair) == ""


def test_compiled_and_evaluated_agree_for_thousands_of_seeds() -> None:
    assert not [found for seed in range(3_000) if (found := differing(of_seed(seed)))]


@often
@given(st.randoms(use_true_random=False))
def test_random_records_hold_only_numbers_that_a_double_holds(random: records.Random) -> None:
    def numbers(value: object) -> list[object]:
        if isinstance(value, dict | list):
            inside = value.values() if isinstance(value, dict) else value
            return [number for each in inside for number in numbers(each)]
        return [value] if isinstance(value, int | float) else []

    assert all(float(number) == number for number in numbers(records.wild(random)))  # type: ignore[arg-type]
