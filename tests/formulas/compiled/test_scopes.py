"""Compiled or evaluated, a name means the same wherever it stands, and a branch not taken does nothing."""

import json
from copy import deepcopy
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from engine.formulas import MISSING
from engine.formulas.compiled import compiled, why_not_plain
from tests.formulas.compiled import scopes
from tests.formulas.exactness.answers import ENVIRONMENT, Answer, Worker, alike

often = settings(
    derandomize=True,
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
worker = Worker()


def compiled_answer(formula: str, record: Any, variables: dict[str, Any]) -> Answer | None:
    function = compiled(formula)
    seen = {"record": record, **variables}
    if function is None or not function.calls.isdisjoint(seen):
        return None
    try:
        value = function.call(record, seen, ENVIRONMENT.surroundings)
    except Exception:  # whatever it is, the worker is asked
        return None
    return {"missing": True} if value is MISSING else {"value": value}


def differing(formula: str, record: Any, variables: dict[str, Any]) -> str:
    """The formula and both answers where they differ."""
    before = deepcopy(record)
    quick = compiled_answer(formula, record, variables)
    assert repr(record) == repr(before)
    if quick is None:
        return ""
    slow = worker.answer(formula, record, variables)
    if quick.keys() == slow.keys() and alike(quick.get("value"), slow.get("value")):
        return ""
    return f"{formula} of {record} with {variables}: compiled {quick}, evaluated {slow}"


@often
@given(st.randoms(use_true_random=False))
def test_names_mean_the_same_compiled_and_evaluated(random: Random) -> None:
    formula = scopes.Scopes(random).formula()
    event("plain" if compiled(formula) else "not plain")

    assert differing(formula, scopes.record(random), random.choice(scopes.OUTSIDE)) == ""


def test_names_mean_the_same_for_thousands_of_seeds() -> None:
    found = []
    for seed in range(1_500):
        random = Random(seed)
        formula = scopes.Scopes(random).formula()
        found += [differing(formula, scopes.record(random), random.choice(scopes.OUTSIDE)) for _ in range(3)]

    assert not [each for each in found if each]


RECORD = {
    "f": False,
    "t": True,
    "e": [],
    "one": 5,
    "n": None,
    "b": [2, 1],
    "s": ["x", "y"],
    "l": [{"v": 1}, {"v": 2}, {"v": 3}],
}


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("($y := 1; $x := 5; f ? $x := $y; $x)", 5),
        ("($y := 1; $x := 5; t ?: $x := $y; $x)", 5),
        ('($y := 1; $x := 5; e.{"k": $x := $y}; $x)', 5),
        ('($x := 0; l.{"k": $x, "j": $x := v}.k)', [0, 1, 2]),
        ("($x := 1; [$x := 2, $x])", [2, 2]),
        ("$reduce(one, function($p, $c){ $c }, 0)", 5),
        ("$reduce(n, function($p, $c){ [$p, $c] }, 0)", [0, None]),
        ('"s"[0].$', "x"),
        ("[[n, 2], [b, s][$ != 2]]", [[None, 2], [1, "x", "y"]]),
        ("($count := 3; $count)", 3),
        ("($$ := 7; [$$])", [7]),
        ("$map(b, function($$){ $$ })", [2, 1]),
        ("$map(l, function($l){ $l.v + $count($$.l) })", [4, 5, 6]),
        ("($v := 9; $map(l, function($v, $i){ ($i := $i + 1; $v.v * $i) }) & $v)", "[1,4,9]9"),
    ],
)
def test_a_name_means_what_jsonata_says(formula: str, value: Any) -> None:
    assert worker.answer(formula, RECORD) == {"value": value}
    assert differing(formula, RECORD, {}) == ""


def test_why_a_value_in_the_middle_of_something_is_not_plain_is_said() -> None:
    assert why_not_plain("($x := 5; a ? $x := 1; $x)") == ("it gives $x a value in the middle of something", 17)
    assert compiled("($x := $y := 1; $map(l, function($v){ $z := $v }))") is not None


@pytest.mark.parametrize("formula", ["l", "$record", "[l]", '{"l": l}', "l[v > 1]", "$first_filled(l)", "$x", "$$"])
def test_a_result_shares_nothing_with_what_was_given(formula: str) -> None:
    given = {"record": deepcopy(RECORD), "x": [{"y": [1]}]}
    before = json.dumps(given)

    function = compiled(formula)
    assert function is not None
    spoil(function.call(given["record"], given, ENVIRONMENT.surroundings))

    assert json.dumps(given) == before


def spoil(value: Any) -> None:
    """Change every list and object in the value."""
    if isinstance(value, dict):
        for each in value.values():
            spoil(each)
        value["spoilt"] = True
    elif isinstance(value, list):
        for each in value:
            spoil(each)
        value.append("spoilt")
