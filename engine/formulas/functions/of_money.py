"""The table of functions on amounts of money."""

from __future__ import annotations

from engine.formulas.functions import money, shares
from engine.formulas.functions.function import Function

MONEY = (
    Function(
        "money",
        'amount, decimals = 2, rounding = "half_up"',
        "Rounds an amount of money; half a cent goes up (away from 0). For decimals, here and below, a currency may "
        'stand: `$money(x, "JPY")` has none.',
        "$money(1.005)",
        "1.01",
        "<x-x?x?:n>",
        money.money,
    ),
    Function("multiply", "a, b, …", "The exact product.", "$multiply(3, 19.99)", "59.97", "<x+:n>", money.multiply),
    Function("add", "a, b, …", "The exact sum.", "$add(0.1, 0.2)", "0.3", "<x+:n>", money.add),
    Function("subtract", "a, b", "The exact difference.", "$subtract(0.3, 0.1)", "0.2", "<xx:n>", money.subtract),
    Function(
        "divide",
        'a, b, decimals = 12, rounding = "half_up"',
        "The quotient, rounded.",
        "$divide(100, 3, 2)",
        "33.33",
        "<xxx?x?:n>",
        money.divide,
    ),
    Function(
        "sum_money",
        "list",
        "The exact sum of a list of amounts; 0 for an empty one.",
        "$sum_money([0.1, 0.2, 0.3])",
        "0.6",
        "<x:n>",
        money.sum_money,
    ),
    Function(
        "vat_of",
        'amount, rate_percent, basis, decimals = 2, rounding = "half_up"',
        'The tax in an amount (basis "gross") or on top of it ("net"), to the cent.',
        '$vat_of(125, 25, "gross")',
        "25",
        "<xxxx?x?:n>",
        money.vat_of,
    ),
    Function(
        "without_vat",
        'gross, rate_percent, decimals = 2, rounding = "half_up"',
        "The amount without its tax.",
        "$without_vat(125, 25)",
        "100",
        "<xxx?x?:n>",
        money.without_vat,
    ),
    Function(
        "with_vat",
        'net, rate_percent, decimals = 2, rounding = "half_up"',
        "The amount with tax on top.",
        "$with_vat(100, 25)",
        "125",
        "<xxx?x?:n>",
        money.with_vat,
    ),
    Function(
        "minor_units",
        'amount, decimals = 2, rounding = "half_up"',
        "The amount in the currency's smallest unit, as a whole number.",
        '$minor_units(12.5, "SEK")',
        "1250",
        "<x-x?x?:n>",
        money.minor_units,
    ),
    Function(
        "document_sums",
        "lines, basis, decimals = 2",
        "Net, tax and total of a document, and for each tax rate; rows need quantity, price, rate.",
        '$document_sums([{"quantity": 3, "price": 19.99, "rate": 25}], "gross").tax',
        "11.99",
        "<xxx?:o>",
        money.document_sums,
    ),
    Function(
        "distribute",
        "amount, weights, decimals = 2",
        "The amount in shares by weight, to the cent; together they are the amount again.",
        "$distribute(10, [1, 1, 1])",
        "[3.33, 3.33, 3.34]",
        "<xxx?:a>",
        shares.distribute,
    ),
)
