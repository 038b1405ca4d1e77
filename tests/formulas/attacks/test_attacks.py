"""Hostile formulas and records: each ends in time with a sentence, and the next record is mapped by the same pool."""

import os
import re
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from engine import evaluate
from engine.errors import FormulaError
from engine.formulas import MISSING, Environment, Formulas, Limits, Program
from tests.formulas.attacks.conftest import nested

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


def test_program_that_ends_its_worker_blames_the_formula_it_was_at(pool: Formulas, environment: Environment) -> None:
    # A formula that never parsed reaches the worker only by a Program made by hand.
    program = Program.of({"bad": "1 +", "good": "2"})

    [result] = pool.evaluate(program, environment, [({}, {})])

    assert result["bad"].error is not None and result["bad"].value is MISSING
    assert result["good"].value == 2


SECONDS = 0.15
USED_UP = ("M1001", "M1002", "M1003", "M1006")  # too long, too much memory, both too much, too large
RECORD = {
    "n": list(range(10_000)),
    "t": "x" * 5_000,
    "wide": [{str(number): number for number in range(1_000)}] * 200,
    "deep": nested(200),
}
COSTLY = {
    "a tail call with a counter": "($f := function($n){ $f($n + 1) }; $f(0))",
    "a name doubled again and again": "($a := 'aaaaaaaaaa'; " + "$a := $a & $a; " * 40 + "$a)",
    "a text of a list of texts": "($a := '\"'; " + "$a := $string([$a, $a]); " * 30 + "$a)",
    "letters replaced by many": "($a := 'aaaaaaaaaa'; " + "$a := $replace($a, 'a', 'aaaaaaaaaa'); " * 12 + "$a)",
    "a long text between many": "$join([1..100000].$string($), $pad('', 10000, 'x'))",
    "a list appended to itself": "($a := [1]; " + "$a := $append($a, $a); " * 40 + "$a)",
    "a list in a list twice": "($a := [1]; " + "$a := [$a, $a]; " * 40 + "$a)",
    "an object in an object twice": "($a := {}; " + "$a := {'a': $a, 'b': $a}; " * 40 + "$a)",
    "a text gathered twice": "$reduce(n, function($p, $c){ $p & $p }, 'aaaaaaaaaa')",
    "ten thousand times ten thousand": "$map(n, function($x){ $count($map($$.n, function($y){ $x * $y })) })",
    "ten thousand times ten thousand in a path": "n.($x := $; $sum($$.n.($ * $x)))",
    "ten thousand times ten thousand in a filter": "n[$$.n[$ = 5] = $]",
    "ten thousand times ten thousand in a comparison": "$sort(n, function($l, $r){ $sum($$.n) > $l })",
    "ten thousand times ten thousand in ^": "n^($sum($$.n))",
    "ten thousand times ten thousand in groups": "n{$string($): $sum($$.n)}",
    "anything below anything": "$count(**.**.**)",
    "spread wide": "$spread(wide)",
    "a list for each item": "$map(n, function($x){ $$.n })",
    "a list for each item, in an object": '{"a": $map(n, function($x){ $$.n })}',
    "a text for each item, as one": "$join($map(n, function($x){ $$.t }))",
    "nine million numbers": "[1..9000000]",
}


def read_by(formula: str) -> dict[str, Any]:
    """The fields of RECORD that the formula reads: to send megabytes that nobody reads takes longer than the attack."""
    return {name: value for name, value in RECORD.items() if "**" in formula or name in re.findall(r"\w+", formula)}


@pytest.fixture(scope="module")
def hasty() -> Iterator[Formulas]:
    """Compiles what is plain; what costs too much comes to a worker in any case."""
    with Formulas(limits=Limits(seconds=SECONDS, memory_mb=200, result_mb=4)) as formulas:
        yield formulas


@pytest.mark.parametrize("attack", COSTLY)
def test_costly_formula_ends_with_a_sentence_and_the_next_record_goes_on(
    attack: str, hasty: Formulas, environment: Environment
) -> None:
    record = read_by(COSTLY[attack])
    program = hasty.program({"before": "1", "attack": COSTLY[attack]})
    after = hasty.program({"after": "$power(2, 2)", "plain": "2 + 2"})
    started = time.monotonic()

    [result] = hasty.evaluate(program, environment, [(record, {})])
    [next_one] = hasty.evaluate(after, environment, [(record, {})])

    assert time.monotonic() - started < SECONDS + 0.5 + 3  # the last for a loaded machine that starts a process
    error = result["attack"].error
    assert error is not None and error.code in USED_UP
    assert error.formula == COSTLY[attack] and error.what_to_do and str(error).startswith("attack: The ")
    assert result["before"].value == 1
    assert next_one["after"].value == next_one["plain"].value == 4


def test_worker_killed_in_the_middle_of_a_batch_costs_at_most_one_formula(environment: Environment) -> None:
    limits = Limits(seconds=20)
    with Formulas(limits=limits, compiles=False) as formulas:
        program = formulas.program({"slow": "$count([1..1000].$power($, 2))", "quick": "n + 1"})
        formulas.evaluate(program, environment, [({"n": 0}, {})])
        [worker] = formulas._idle
        killer = threading.Timer(0.1, os.kill, (worker.pid, 9))
        killer.start()
        results = []
        while killer.is_alive() or not results:
            results += formulas.evaluate(program, environment, [({"n": number}, {}) for number in range(64)])
        [last] = formulas.evaluate(program, environment, [({"n": 1}, {})])

    failed = [each.error for result in results for each in result.values() if each.error is not None]
    assert len(failed) <= 1 and all(error.code == "M1003" and error.what_to_do for error in failed)
    quick = [(number % 64 + 1, result["quick"]) for number, result in enumerate(results)]
    assert all(evaluation.error is not None or evaluation.value == expected for expected, evaluation in quick)
    assert last["slow"].value == 1000 and last["quick"].value == 2


@pytest.mark.parametrize("attack", ["a tail call with a counter", "a list for each item, in an object"])
def test_evaluate_ends_too(attack: str) -> None:
    with pytest.raises(FormulaError) as caught:
        evaluate(COSTLY[attack], RECORD, seconds=SECONDS)

    assert caught.value.code in USED_UP and caught.value.formula == COSTLY[attack]
    assert evaluate("$power(a, 2)", {"a": 3}, seconds=SECONDS) == 9
