"""Hostile formulas: each ends in time with a sentence, and the next record is mapped by the same pool."""

import time

import pytest

from engine.errors import FormulaError
from engine.formulas import MISSING, Environment, Formulas, Program

ATTACKS = {
    "endless recursion": ("($f := function($n){ 1 + $f($n + 1) }; $f(0))", "M1004"),
    "endless tail call": ("($f := function(){ $f() }; $f())", "M1001"),
    "sum of ten million": ("$sum([1..10000000])", ("M1001", "M1002")),
    "padding to a gigabyte": ("$pad('a', 1000000000)", ("M1001", "M1002")),
    "doubling a text": (
        "$reduce([1..40], function($text, $n){ $text & $text }, 'aaaaaaaaaa')",
        ("M1001", "M1002"),
    ),
    "nine million items": ("[1..9000000].($ * 2)", ("M1001", "M1002")),
    "a result of 50 MB": ("$pad('a', 50000000)", "M1006"),
    "lists within lists within lists": (
        "($a := [1..30]; $b := [$a.[$a]]; $c := [$a.[$b]]; $d := [$a.[$c]]; $e := [$a.[$d]]; [$a.[$e]])",
        ("M1006", "M1001", "M1002"),
    ),
    "a function as the result": ("function($x){ $x }", "M1007"),
    "a function inside the result": ('{"f": $sum}', "M1007"),
    "infinity": ("1e308 * 10", "D1001"),
    "backtracking expression": ("$contains($pad('a', 30000, 'a') & 'b', /(a+)+$/)", None),
    "the evaluator's own hooks": ("($__evaluate_entry := function(){ 1 }; 7)", None),
    "python names": ("__class__.__mro__", None),
    "python names of a text": ('"a".__class__', None),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_attack_ends_with_a_sentence_and_others_go_on(attack: str, pool: Formulas, environment: Environment) -> None:
    formula, code = ATTACKS[attack]
    program = pool.program({"before": "a", "attack": formula, "after": "a + 1"})

    results = pool.evaluate(program, environment, [({"a": 1}, {}), ({"a": 2}, {})])

    for number, result in enumerate(results, 1):
        assert result["before"].value == number and result["after"].value == number + 1
        error = result["attack"].error
        if code is None:
            assert error is None
        else:
            assert error is not None and error.code in code and error.where == "attack"
            assert str(error).startswith("attack: The ") and error.what_to_do


def test_hostile_record_costs_its_limit_and_half_a_second(environment: Environment, pool: Formulas) -> None:
    formulas = {f"f{number}": "$sum([1..10000000])" for number in range(5)} | {"good": "1"}
    program = pool.program(formulas)
    started = time.monotonic()

    [result] = pool.evaluate(program, environment, [({}, {})])

    assert time.monotonic() - started < 0.4 + 0.5 + 0.6  # the last for a loaded machine
    assert result["f0"].error is not None and result["f0"].error.code == "M1001"
    assert all(result[name].error is not None for name in formulas if name != "good")


REFUSED = {
    "$eval('1+1')": ("M1008", "a formula may not run a text as a formula", 0),
    "1 + $random()": ("M1009", "the same result every time", 4),
    "$shuffle([1,2])": ("M1009", "the same result every time", 0),
    "$match('a', /a(?=b)/)": ("M1011", "looks ahead or behind", 12),
    "$match('a', /(?<!a)b/)": ("M1011", "looks ahead or behind", 12),
    "$match('a', /(a)\\1/)": ("M1011", "repeats an earlier group", 12),
    'a) , "b": (c': ("S0201", "“)” is not expected here", 1),
    "($e := $eval; $e('1'))": ("M1008", "a formula may not run a text as a formula", 7),
}


@pytest.mark.parametrize("formula", REFUSED)
def test_formula_is_refused_before_it_runs(formula: str, pool: Formulas) -> None:
    code, sentence, position = REFUSED[formula]

    error = pool.check(formula)

    assert error is not None
    assert (error.code, error.position) == (code, position)
    assert sentence.removeprefix("“)” ") in error.what


def test_brackets_without_end_are_too_deep(pool: Formulas) -> None:
    error = pool.check("(" * 50_000)

    assert error is not None and error.code == "M1004" and "nested" in error.what
    assert pool.check("1") is None


def test_formula_over_64_kB_is_too_long(pool: Formulas) -> None:
    error = pool.check("1+" * 40_000 + "1")

    assert error is not None and error.code == "M1005" and error.what == "The formula is too long"


def test_program_names_the_formula_that_does_not_parse(pool: Formulas) -> None:
    with pytest.raises(FormulaError) as caught:
        pool.program({"good": "1", "bad": "1 +"})

    assert caught.value.where == "bad" and str(caught.value).startswith("bad: The formula ends too early.")


def test_program_that_ends_its_worker_blames_the_formula_it_was_at(pool: Formulas, environment: Environment) -> None:
    # A formula that never parsed reaches the worker only by a Program made by hand.
    program = Program.of({"bad": "1 +", "good": "2"})

    [result] = pool.evaluate(program, environment, [({}, {})])

    assert result["bad"].error is not None and result["bad"].value is MISSING
    assert result["good"].value == 2
