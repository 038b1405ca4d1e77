"""What scripts import from `engine`: one formula on one record, safely."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import engine
from engine import MISSING, FormulaError, evaluate, is_plain


def test_a_plain_json_value_comes_out() -> None:
    record = {"lines": [{"price": 19.99, "quantity": 3}], "one": 1.0, "none": None}

    assert evaluate("$sum_money(lines.$multiply(price, quantity))", record) == 59.97
    assert evaluate("one", record) == 1 and type(evaluate("one", record)) is int
    assert evaluate("none", record) is None
    assert evaluate("lines.nothing", record) is MISSING
    assert evaluate("$replace('a1', /[0-9]/, '')", record) == "a"


def test_variables_are_seen_and_may_be_called_as_functions_are() -> None:
    assert evaluate("$rate * 2", {}, variables={"rate": 21}) == 42
    assert evaluate("$sum", {}, variables={"sum": 7}) == 7
    with pytest.raises(FormulaError) as caught:
        evaluate("$uppercase('a')", {}, variables={"uppercase": "no function"})
    assert caught.value.code == "T1006"


@pytest.mark.parametrize(
    ("formula", "record", "code", "position"),
    [
        ("a +", {}, "S0207", 3),
        ("a + 'x'", {"a": 1}, "T2002", None),
        ("$money(a)", {"a": None}, "M2010", 0),
        ("$number('x')", {}, "D3030", 0),
        ("", {}, "S0207", 0),
        ("$eval('1')", {}, "M1008", 0),
    ],
)
def test_an_error_says_code_column_and_formula(formula: str, record: Any, code: str, position: int | None) -> None:
    with pytest.raises(FormulaError) as caught:
        evaluate(formula, record)

    error = caught.value
    assert error.formula == formula and error.what and error.what_to_do and error.where == ""
    assert error.code == code
    if position is not None:
        assert error.position == position


def test_binary_and_odd_formulas_are_names_or_errors() -> None:
    assert evaluate("\x00", {"\x00": 1}) == 1
    for formula in ('"\\x"', "`", "\x00 '", "'open", "1 +"):
        with pytest.raises(FormulaError):
            evaluate(formula, {})


def test_seconds_bound_a_formula_that_never_ends() -> None:
    with pytest.raises(FormulaError) as caught:
        evaluate("($f := function(){ $f() }; $f())", {}, seconds=0.2)

    assert caught.value.code == "M1001"
    assert evaluate("1 + 1", {}, seconds=0.2) == 2


@pytest.mark.parametrize("seconds", [0, -1, 1e9])
def test_seconds_that_make_no_sense_are_refused(seconds: float) -> None:
    with pytest.raises(ValueError, match="seconds"):
        evaluate("1", {}, seconds=seconds)


def test_many_threads_may_evaluate_at_once() -> None:
    formulas = ["a * 2", "$power(a, 2)", "$string(a) & 'x'"] * 20
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda each: evaluate(each, {"a": 3}), formulas))

    assert found == [6, 9, "3x"] * 20


def test_plain_formulas_are_told_from_others() -> None:
    assert is_plain("billing.company ? billing.company : billing.first_name & ' ' & billing.last_name")
    assert is_plain("$map(lines, function($line){ $line.price })")
    for formula in ("$match(a, /x/)", "[1..9]", "($f := function(){ 1 }; $f())", "a +", "a{b: c}", "(" * 500):
        assert not is_plain(formula)


def test_public_names_are_all_there_and_no_others() -> None:
    assert sorted(engine.__all__) == ["FormulaError", "MISSING", "evaluate", "is_plain"]
    with pytest.raises(AttributeError):
        _ = engine.nothing_of_this_name


def test_importing_the_engine_loads_nothing_heavy() -> None:
    script = "import sys, engine; sys.exit(bool({'jsonata', 're2', 'httpx', 'sqlalchemy'} & set(sys.modules)))"

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
