"""No compiled formula runs long or grows large: what would is left to the guarded worker, whatever the record.

The records here are just large enough: none of these formulas would end the test run if its bound were gone.
"""

from typing import Any

import pytest

from engine.formulas.compiled import Defer, compiled, why_not_plain
from tests.formulas.exactness.answers import ENVIRONMENT

N = list(range(4_000))
TEXT = "x" * 100_000
RECORD: dict[str, Any] = {
    "n": N,
    "few": N[:300],
    "t": TEXT,
    "å": "å" * 100_000,
    "spaces": "a  " * 30_000,
    "zeros": [0] * 40_000,
    "deep": [[0] * 40_000],
    "rows": [{"q": each, "s": str(each)} for each in N],
    "wide": [{"f": 1}] * 9_000,
    "long": ["x" * 500] * 400,
    "texts": ["xyz"] * 40_000,
    "amounts": ["1.5"] * 60_000,
    "o": {"t": TEXT, "l": N},
    "keys": {f"k{each}": each for each in range(20_000)},
    "large": [{"l": N[:2_000], "i": each} for each in range(100)],
}


def many(pattern: str, count: int, between: str = ", ") -> str:
    """The pattern so many times, # in it being the number."""
    return between.join(pattern.replace("#", str(each)) for each in range(count))


def answer(formula: str, record: Any = RECORD) -> Any:
    function = compiled(formula)
    assert function is not None, why_not_plain(formula)
    return function.call(record, {"record": record}, ENVIRONMENT.surroundings)


LOOPS = {
    "a loop in a loop": "n.($x := $; $$.n.($ * $x))",
    "a loop in a filter": "n[$$.n[$ = 5] = $]",
    "a $filter in a $filter": "$filter(n, function($x){ $count($$.n[$ < $x]) > 2 })",
    "a $single in a loop": "n.$single($$.n, function($x){ $x = 1 })",
    "a sum in a loop": "n.$sum($$.n)",
    "a loop in a comparison of $sort": "$sort(n, function($l, $r){ $count($$.n[$ > $l]) > 5 })",
    "texts of items of another list": "few.($count($$.long.$uppercase($)))",
    "fields of a list in a loop": "n.($$.rows.q)",
    "a search in a list": "n[$ in $$.zeros]",
    "a look-up in a list": 'n.$lookup($$.rows, "nothing")',
    "places in a list": "n[$$.zeros]",
    "the truth of a list": "n.($$.zeros ? 1 : 2)",
    "the truth of a list in a list": "n.$not($$.deep)",
    "the truth of a list in and": "n.(true and $$.zeros)",
    "the truth of a list as a default": "n.($$.zeros ?: 1)",
    "two large values compared": "n.($$.o = $$.o)",
    "two long texts compared": "n.($$.t = $$.t & '')",
    "the order of long texts": "n.($$.å < $$.å)",
    "the order of a long text before a short one": "long[$$.å < $]",
    "a long text changed": "n.$uppercase($$.t)",
    "a long text in a branch": "n.$length($uppercase(($ = 1 ? '' : $$.t)))",
    "a long text as a default": "rows.$length($uppercase((nothing ?? $$.t)))",
    "a long text of a function": "rows.$length($uppercase($first_filled(nothing, $$.t)))",
    "a long text in an object": "rows.$length($uppercase({'a': $$.t}.a))",
    "a long text read by a function of ours": "few.$transliterate($$.å)",
    "many items read by a function of ours": "$count(amounts.$multiply($, 1.5)) + $count(amounts.$multiply($, 2))",
    "a large value written as text": "n.$string($$.o)",
    "a large value joined": "n.($$.o & '')",
    "keys of a large object": "n.$keys($$.keys)",
    "large objects merged": "n.$merge($$.keys)",
    "lists reversed": "n.$reverse($$.n)",
    "a list handed to the function": "$map(n, function($v, $i, $all){ $count($all) })",
    "a text gathered": "$length($reduce(texts, function($p, $c){ $p & $c }))",
    "a list gathered": "$count($reduce(texts, function($p, $c){ $append($p, $c) }))",
    "objects gathered": "$reduce(rows, function($p, $c){ $merge([$p, $$.keys]) }, {})",
    "a pile of objects": '$reduce(n, function($p, $c){ {"x": $p} }, 0)',
}
GROWTH = {
    "a list for each item": "n.($$.n)",
    "a list for each item, chosen": "$map(n, function($x){ $$.n }) & ''",
    "a list for each item, in a field": '{"x": $map(n, function($x){ $$.n })}',
    "a list for each item, in an object": 'n.{"x": $$.n}',
    "a list for each item, in a list": "n.([$$.n, 1])",
    "a text for each item": "n.($$.t & $)",
    "a made text for each item": "($t := t & ''; n.($t & $))",
    "a text for each item, then changed": "$map(n, function($x){ $$.t }).$uppercase($)",
    "a text for each item, then sorted": "$sort($map(n, function($x){ $$.t & '' }), function($l, $r){ $l > $r })",
    "an object with a text for each item": "$map(n, function($x){ $$.o }).$uppercase(t)",
    "a long literal for each item": f"texts.('{'x' * 3_000}' & $)",
    "a bound long literal for each item": f"($t := '{'x' * 3_000}'; texts.($t & $))",
    "padding for each item": "texts.$pad('', 1000)",
    "an object of many literals for each item": "texts.{" + many('"#": 1', 200) + "}",
    "a list of many literals for each item": 'texts.{"a": [' + many("1", 200) + "]}",
    "longer texts in place of letters": "long.$replace($, 'x', $substring($$.t, 0, 1000))",
    "long texts between items": f"n.$join($$.few.$string($), '{'x' * 500}')",
    "pieces of texts": "long.$split($ & $$.t, 'x')",
}
WITHOUT_LOOPS = {
    "a list of many lists": "[" + many("zeros", 60) + "]",
    "a text of many texts": many("t", 60, " & "),
    "texts of texts": "{" + many('"#": t & t & t & t', 60) + "}",
    "texts of texts, thrown away": "($x := {" + many('"#": t & t & t & t', 60) + "}; 1)",
    "doubled by names": "($a := t; " + many("$a := $a & $a; ", 4, "") + "$a)",
    "a list doubled by names": "($a := n; " + many("$a := [$a, $a]; ", 9, "") + "$a)",
    "an object doubled by names": "($a := n; " + many('$a := {"x": $a, "y": $a}; ', 9, "") + "$a)",
    "pieces in many fields": "{" + many('"#": $split(t, "x")', 60) + "}",
    "many texts of large values": many("$length($string(n))", 200, " + "),
    "many texts trimmed": many("$length($trim(spaces))", 250, " + "),
    "many fields of a list": many("$count(wide.f#)", 350, " + "),
    "all different": "$distinct(large)",
    "a long list to a function of ours": "$sum_money(amounts)",
    "a long list of weights": "$distribute(10, amounts)",
    "a long text to a function of ours": "$split_street(t & t & t).street",
}


@pytest.mark.parametrize("attack", LOOPS | GROWTH | WITHOUT_LOOPS)
def test_what_costs_too_much_is_left_to_the_worker(attack: str) -> None:
    with pytest.raises(Defer):
        answer((LOOPS | GROWTH | WITHOUT_LOOPS)[attack])


@pytest.mark.parametrize("inside", ["1 + X", "$x & X", "[X]", "(X)[b]"])
def test_filters_in_filters_are_no_endless_program(inside: str) -> None:
    formula = "b"
    for _ in range(25):
        formula = f"a[{inside.replace('X', formula)}]"

    function = compiled(formula)
    assert function is None or len(function.source) < 1_000_000


def test_what_grows_without_end_is_not_plain() -> None:
    doubled = "($a := t; " + many("$a := $a & $a; ", 40, "") + "$a)"

    assert why_not_plain(doubled) == ("it repeats what it is given very often", None)
    assert compiled("$reduce(n, function($p, $c){ $p & $p })") is None


ORDINARY = {
    "a row for each row": ('$count(rows.{"q": q, "s": s, "of": $$.few[0], "total": $multiply(q, 2)})', 4_000),
    "rows summed": ("$sum_money(rows.$multiply(q, 1.5))", 11_997_000),
    "rows sorted": ("$sort(rows, function($l, $r){ $l.q < $r.q })[0].q", 3_999),
    "rows filtered by something outside": ("$count(rows[q in $$.few])", 300),
    "texts joined one by one": ("$length($reduce(few, function($p, $c){ $p & ', ' & $c }, ''))", 1_390),
    "rows in rows": ("$count(few.($x := $; $$.few[$ = $x]))", 300),
    "a long text cut": ("$length($substringBefore(t, 'y'))", 100_000),
    "a long text changed": ("$length($uppercase($replace(t, 'x', 'y')))", 100_000),
    "all numbers once": ("$count($distinct($append(n, n)))", 4_000),
    "fields of one thing": (
        "$count($keys({" + many('"x#": o.l#', 40) + ", 'y': 1}))",
        1,
    ),
    "a large list": ("$count(zeros[$ = 0])", 40_000),
}


@pytest.mark.parametrize("work", ORDINARY)
def test_what_is_ordinary_is_not_left_to_the_worker(work: str) -> None:
    formula, value = ORDINARY[work]

    assert answer(formula) == value


@pytest.mark.parametrize("formula", ["a", "$string(a)", "a = b", "$digest(a)", "$not(a)", "a.x", "[a, b]", '{"x": a}'])
@pytest.mark.parametrize("levels", [500, 20_000])
def test_a_deep_record_is_answered_or_left_to_the_worker(formula: str, levels: int) -> None:
    deep: Any = 1
    for _ in range(levels):
        deep = {"x": deep}
    record = {"a": deep, "b": {"x": deep}}

    try:
        answer(formula, record)
    except Exception as left:  # whatever it is, the worker is asked
        assert isinstance(left, Defer | RecursionError)


def test_what_a_reduce_piles_up_is_answered_or_left_to_the_worker() -> None:
    with pytest.raises((Defer, RecursionError)):
        answer("$reduce(texts, function($p, $c){ [[$p]] })")
