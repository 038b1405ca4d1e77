"""Formulas that are refused before or instead of a result: each with a code, a place and what to do."""

from collections.abc import Iterator
from typing import Any

import pytest

from engine.errors import FormulaError
from engine.formulas import Environment, Formulas, Limits

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


TOO_DEEP: dict[str, tuple[str, str | tuple[str, ...]]] = {
    "brackets": ("(" * 50_000, "M1004"),
    "brackets that close": ("(" * 3_000 + "1" + ")" * 3_000, "M1004"),
    "lists": ("[" * 3_000 + "1" + "]" * 3_000, "M1004"),
    "objects": ('{"a":' * 9_000 + "1" + "}" * 9_000, "M1004"),
    "signs": ("-" * 20_000 + "1", "M1004"),
    "conditions": ("1?" * 10_000 + "1", "M1004"),
    "steps": ("a" + ".a" * 20_000, ("M1004", "M1001")),
    "filters": ("a" + "[0]" * 10_000, ("M1004", "M1001")),
    "sums": ("1" + "+1" * 30_000, ("M1004", "M1001")),
    "texts joined": ("a" + "&a" * 30_000, ("M1004", "M1001")),
    "chained calls": ("1" + "~>$string" * 6_000, "M1004"),
}


@pytest.fixture(scope="module")
def patient() -> Iterator[Formulas]:
    """Where the depth must be what ends it, however busy the machine is."""
    with Formulas(limits=Limits(seconds=20)) as formulas:
        yield formulas


@pytest.mark.parametrize("attack", TOO_DEEP)
def test_formula_that_never_ends_to_nest_is_refused(attack: str, pool: Formulas, patient: Formulas) -> None:
    formula, code = TOO_DEEP[attack]
    asked = patient if code == "M1004" else pool

    error = asked.check(formula)

    assert error is not None and error.code in code and error.what_to_do
    assert asked.check("1") is None


def test_formula_of_64_kB_is_evaluated(pool: Formulas, environment: Environment) -> None:
    name, text = "a" * 65_536, "'" + "x" * 65_534 + "'"
    program = pool.program({"name": name, "text": text})

    [result] = pool.evaluate(program, environment, [({name: 7}, {})])

    assert result["name"].value == 7 and result["text"].value == "x" * 65_534


BINARY: dict[str, tuple[str, Any]] = {
    "empty": ("", "S0207"),
    "spaces": (" \t\n ", "S0207"),
    "a comment that stays open": ("/* x", "S0106"),
    "a text that stays open": ("'", "S0101"),
    "a name that stays open": ("`", "S0105"),
    "an escape that is none": ('"\\x"', "S0103"),
    "an escape cut short": ('"\\u12"', "S0104"),
    "every byte": (bytes(range(256)).decode("latin1"), "S0201"),
    "a number without end": ("1" * 5_000, "S0102"),
    "a bracket that closes nothing": (")", "S0211"),
    "two formulas": ("a; b", "S0201"),
    "an expression that repeats too often": ("$contains('a', /a{1000}{1000}/)", "S0301"),
    "an expression that repeats what repeats": ("$contains('a', /(((((a{50}){50}){50}){50}){50})/)", "S0301"),
}


@pytest.mark.parametrize("attack", BINARY)
def test_formula_that_is_none_is_refused_with_its_column(attack: str, pool: Formulas) -> None:
    formula, code = BINARY[attack]

    error = pool.check(formula)

    assert error is not None and error.code == code and error.what and error.what_to_do
    assert error.position is not None and error.formula == formula


FUNCTIONS = ("$sum", "function($x){ $x }", "[$sum, 1]", '{"a": {"b": $sum}}', "n.$uppercase", "$substring(?, 1)", "/a/")


@pytest.mark.parametrize("formula", FUNCTIONS)
def test_function_as_a_result_is_refused(formula: str, error: Any) -> None:
    found = error(formula, {"n": 1})

    assert found.code == "M1007" and found.what_to_do and found.formula == formula
