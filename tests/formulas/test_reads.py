"""Every path a formula reads, as the record knows it."""

import pytest

from engine.errors import FormulaError
from engine.formulas import Formulas
from engine.formulas.paths import reads_here, way_of

READS = {
    "'constant'": [],
    "customer.email": ["customer.email"],
    "first & ' ' & last & first": ["first", "last"],
    "$sum(lines.price)": ["lines.price"],
    "$sum(lines.(quantity * price))": ["lines.quantity", "lines.price"],
    "lines[type = 'sale' and $$.paid].price": ["lines.type", "paid", "lines.price"],
    "lines[0].sku": ["lines.sku"],
    "lines.{'a': sku, 'b': vat.rate}": ["lines.sku", "lines.vat.rate"],
    "[lines.{'a': sku}]": ["lines.sku"],
    "$map(lines, function($line){ $line.sku & order })": ["lines", "lines.sku", "order"],
    "$filter(lines, function($line, $i){ $line.sku = $i }).price": ["lines", "lines.sku"],
    "$reduce(lines.price, function($sum, $price){ $sum + $price })": ["lines.price"],
    "$sort(lines, function($l, $r){ $l.price > $r.price })": ["lines", "lines.price"],
    "lines^(>price).sku": ["lines.price", "lines.sku"],
    "lines{sku: $sum(price)}": ["lines.sku", "lines.price"],
    "$steps.customer.Id": ["$steps.customer.Id"],
    "$answers.prefix & number": ["$answers.prefix", "number"],
    "($c := customer; $c.name & $c.`e mail`)": ["customer", "customer.name", "customer.`e mail`"],
    "lines.(sku & %.number)": ["lines.sku", "number"],
    "lines@$l.customers[id = $l.id].name": ["lines", "customers.id", "lines.id", "customers.name"],
    "lines#$i[$i = 0].sku": ["lines.sku"],
    "paid ? total : rest ?? 0": ["paid", "total", "rest"],
    "a ?: b.c ?? d": ["a", "b.c", "d"],
    "name ~> $trim ~> $substring(0, size)": ["name", "size"],
    "$ ~> |lines|{'x': sku}, 'y'|": ["$", "lines", "lines.sku"],
    "$string($)": ["$"],
    "[1, 2].($ + 1)": [],
    "*.price": ["*.price"],
    "`order number`.`a.b`": ["`order number`.`a.b`"],
    "$table('vat', lines.rate)": ["lines.rate"],
    "$.total & $$.id": ["total", "id"],
}


@pytest.mark.parametrize("formula", READS)
def test_reads(formula: str, pool: Formulas) -> None:
    assert pool.reads(formula) == READS[formula]


def test_formula_that_does_not_parse_has_no_paths(pool: Formulas) -> None:
    with pytest.raises(FormulaError) as caught:
        pool.reads("a +")

    assert caught.value.code == "S0207"


@pytest.mark.parametrize("formula", READS)
def test_the_same_is_read_without_a_worker(formula: str) -> None:
    assert reads_here(formula) == READS[formula]


@pytest.mark.parametrize("formula", ["a +", "a" * 10_000, "(" * 100 + ")" * 100, "&".join("a" * 3_900)])
def test_what_cannot_be_read_here_is_for_a_worker(formula: str) -> None:
    assert reads_here(formula) is None


WAYS = {
    "customer.email": ("customer", "email"),
    "email": ("email",),
    "$$.customer.email": ("customer", "email"),
    "$.`e mail`": ("e mail",),
    "$values.bill.city": ("$values", "bill", "city"),
    "$index": ("$index",),
    "lines[0]": None,
    "lines[]": None,
    "lines[paid].sku": None,
    "lines.(sku)": None,
    "lines{sku: 1}": None,
    "a & b": None,
    "$": None,
    "'text'": None,
    "a +": None,
}


@pytest.mark.parametrize("formula", WAYS)
def test_only_a_formula_that_names_a_place_has_a_way(formula: str) -> None:
    assert way_of(formula) == WAYS[formula]
