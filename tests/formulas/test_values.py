"""What formulas give: null and missing apart, plain JSON only, the run's clock, nothing left behind."""

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from engine.formulas import MISSING, Environment, Formulas, Missing

RECORD = {
    "none": None,
    "empty": [],
    "one": [{"price": 1.0}],
    "many": [{"price": 1.5, "tags": ["a"]}, {"price": None, "tags": ["b", "c"]}],
    "nested": [[1, 2], [3]],
    "nulls": [1, None],
    "name": "Åsa 𝄞",
}

VALUES: dict[str, Any] = {
    "none": None,
    "nothing": MISSING,
    "nothing.at.all": MISSING,
    "none.below": MISSING,
    "empty": [],
    "empty.price": MISSING,
    "one.price": 1,
    "one.price[]": [1],
    "[one.price]": [1],
    "many.price": [1.5, None],
    "many.tags": ["a", "b", "c"],
    "many[1].price": None,
    "nested": [[1, 2], [3]],
    "nulls": [1, None],
    "$map(nulls, function($item){ $item })": [1, None],
    "$string(none)": "null",
    "$exists(none)": True,
    "$exists(nothing)": False,
    "none = null": True,
    "nothing ?? 'other'": "other",
    "none ?? 'other'": None,
    "none ?: 'other'": "other",
    "nothing ?: many[0].price ?: -1": 1.5,
    "nothing ?: nothing ?? -1": -1,
    '{"a": nothing, "b": none}': {"b": None},
    "name & ''": "Åsa 𝄞",
    "$length(name)": 5,
    '"\\uD834\\uDD1E" = $substring(name, 4)': True,
    "1.0": 1,
    "0.1 + 0.2": 0.1 + 0.2,
    "'' & (0.1 + 0.2)": "0.3",
    "6 / 2": 3,
    "'' & 6 / 2": "3",
    "1e20 * 10": 1e21,
    "'' & 1e21": "1e+21",
    "'' & 0.0000001": "1e-7",
    "'' & -0.5": "-0.5",
    "5.5 % 2": 1.5,
    "-5 % 3": -2,
    "true in [1]": False,
    "1 in [1]": True,
    "$lowercase('STRASSE Ö ß')": "strasse ö ß",
    '$string({"å": [1.0, null]})': '{"å":[1,null]}',
    '$string({"a": []}, true)': '{\n  "a": []\n}',
    "$number('12.50')": 12.5,
    "$now()": "2026-11-20T10:11:12.345Z",
    "$now('[Y0001]-[M01]-[D01]')": "2026-11-20",
    "$millis()": 1795169472345,
    "$fromMillis($millis())": "2026-11-20T10:11:12.345Z",
    "$answers.prefix & '-' & $steps.id": "W-7",
    "$$.one.price": 1,
    "(($x := 5); $x)": MISSING,
    "($x := 5; $x + 1)": 6,
    "('abc' ~> $uppercase ~> $length)": 3,
    "($upper := $uppercase ~> $trim; $upper(' a '))": "A",
    "($first := $substring(?, 0, 1); $first('abc'))": "a",
    "($f := function($n){ $n <= 1 ? 1 : $n * $f($n - 1) }; $f(10))": 3628800,
    "($f := function($n, $sum){ $n = 0 ? $sum : $f($n - 1, $sum + $n) }; $f(5000, 0))": 12502500,
    "($f := function($n){ nothing ?? ($n = 0 ? 'end' : $f($n - 1)) }; $f(500))": "end",
    "$replace('12 kr', /(\\d)(\\d) kr/, '$2$1$3')": "21",
    "$replace('aXbX', /x/i, '-', 1)": "a-bX",
    "$split('a1b22c', /(\\d)+/)": ["a", "b", "c"],
    "$match('ab', /(b)(c)?/).groups": ["b", None],
    "$contains('Å', /\\u00c5/)": True,
    "$sort([3, 1, 2], function($a, $b){ $a > $b })": [1, 2, 3],
    "many{tags[0]: $count(tags)}": {"a": 1, "b": 2},
    "many.{'p': price, 'n': %.name}": [{"p": 1.5, "n": "Åsa 𝄞"}, {"p": None, "n": "Åsa 𝄞"}],
    "many#$i.{'i': $i, 't': tags[0]}": [{"i": 0, "t": "a"}, {"i": 1, "t": "b"}],
    "one ~> |$|{'price': 2}|": [{"price": 2}],
}


@pytest.mark.parametrize("formula", VALUES)
def test_value(formula: str, value: Callable[..., Any]) -> None:
    record = copy.deepcopy(RECORD)

    found = value(formula, record, steps={"id": 7})

    assert found == VALUES[formula] and type(found) is type(VALUES[formula])
    assert record == RECORD


def test_list_as_record_is_one_value(value: Callable[..., Any]) -> None:
    assert value("$count($)", [1, 2, 3]) == 3
    assert value("$", [1]) == [1]
    assert value("a", [{"a": 1}, {"a": None}]) == [1, None]


def test_formulas_of_a_record_do_not_see_each_other(pool: Formulas, environment: Environment) -> None:
    program = pool.program(
        {
            "set": "$x := 1",
            "get": "$x",
            "group": "empty{a: 1}",
            "count": "$count(empty)",
            "override": "$sum := 1",
        }
        | {"sum": "$sum([1, 2])"}
    )

    [result] = pool.evaluate(program, environment, [({"empty": []}, {})])

    assert result["get"].value is MISSING
    assert result["count"].value == 0
    assert result["sum"].value == 3


def test_variables_of_one_record_are_not_those_of_the_next(pool: Formulas, environment: Environment) -> None:
    program = pool.program({"id": "$steps.id"})

    results = pool.evaluate(program, environment, [({}, {"steps": {"id": None}}), ({}, {"steps": MISSING}), ({}, {})])

    assert [result["id"].value for result in results] == [None, MISSING, MISSING]


def test_lone_surrogate_survives(value: Callable[..., Any]) -> None:
    assert value("name", {"name": "a\ud83d"}) == "a\ud83d"


def test_missing_is_one_false_value_that_copies_and_pickles_to_itself() -> None:
    assert not MISSING and repr(MISSING) == "MISSING"
    assert Missing() is MISSING
    assert copy.deepcopy(MISSING) is MISSING and copy.copy(MISSING) is MISSING
    assert pickle.loads(pickle.dumps(MISSING)) is MISSING


def test_record_that_is_not_json_is_refused_at_the_door(pool: Formulas, environment: Environment) -> None:
    program = pool.program({"a": "price"})

    with pytest.raises(ValueError):
        pool.evaluate(program, environment, [({"price": float("nan")}, {})])
    assert pool.evaluate(program, environment, [({"price": 1}, {})])[0]["a"].value == 1
