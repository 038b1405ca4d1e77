"""Every path a formula reads, as the record knows it."""

import pytest

from engine.errors import FormulaError
from engine.formulas import Formulas

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
