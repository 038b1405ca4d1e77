"""The functions of ours, in one table: evaluation, documentation and completion read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.formulas import filled, lookups, money, shares, texts
from engine.formulas.refusals import Refused


@dataclass(frozen=True)
class Function:
    """One function: how it is written, what it does, an example with its result, JSONata's signature."""

    name: str
    arguments: str
    description: str
    example: str
    result: str
    signature: str
    call: Callable[..., Any]
    in_jsonata: bool = False  # a function of the language, mended; documented there
    sees_run: bool = False  # whether `call` takes the Surroundings before its arguments


FUNCTIONS: tuple[Function, ...] = (
    Function(
        "money",
        'amount, decimals = 2, rounding = "half_up"',
        "Rounds an amount of money; half a cent goes up.",
        "$money(1.005)",
        "1.01",
        "<x-n?s?:n>",
        money.money,
    ),
    Function("multiply", "a, b, …", "The exact product.", "$multiply(3, 19.99)", "59.97", "<x+:n>", money.multiply),
    Function("add", "a, b, …", "The exact sum.", "$add(0.1, 0.2)", "0.3", "<x+:n>", money.add),
    Function("subtract", "a, b", "The exact difference.", "$subtract(0.3, 0.1)", "0.2", "<xx:n>", money.subtract),
    Function(
        "divide",
        "a, b, decimals = 12",
        "The quotient, rounded half up.",
        "$divide(100, 3, 2)",
        "33.33",
        "<xxn?:n>",
        money.divide,
    ),
    Function(
        "sum_money",
        "list",
        "The exact sum of a list of amounts.",
        "$sum_money([0.1, 0.2, 0.3])",
        "0.6",
        "<a:n>",
        money.sum_money,
    ),
    Function(
        "vat_of",
        "amount, rate_percent, basis",
        'The tax in an amount (basis "gross") or on top of it ("net"), to the cent.',
        '$vat_of(125, 25, "gross")',
        "25",
        "<xxs:n>",
        money.vat_of,
    ),
    Function(
        "without_vat",
        "gross, rate_percent, decimals = 2",
        "The amount without its tax.",
        "$without_vat(125, 25)",
        "100",
        "<xxn?:n>",
        money.without_vat,
    ),
    Function(
        "with_vat",
        "net, rate_percent, decimals = 2",
        "The amount with tax on top.",
        "$with_vat(100, 25)",
        "125",
        "<xxn?:n>",
        money.with_vat,
    ),
    Function(
        "minor_units",
        "amount, decimals = 2",
        "The amount in the currency's smallest unit, as a whole number.",
        "$minor_units(12.5)",
        "1250",
        "<x-n?:n>",
        money.minor_units,
    ),
    Function(
        "document_sums",
        "lines, basis",
        "Net, tax and total of a document, and for each tax rate; rows need quantity, price, rate.",
        '$document_sums([{"quantity": 3, "price": 19.99, "rate": 25}], "gross").tax',
        "11.99",
        "<as:o>",
        money.document_sums,
    ),
    Function(
        "distribute",
        "amount, weights",
        "The amount in shares by weight, to the cent; together they are the amount again.",
        "$distribute(10, [1, 1, 1])",
        "[3.33, 3.33, 3.34]",
        "<xx-:a>",
        shares.distribute,
    ),
    Function(
        "first_filled",
        "a, b, …",
        "The first value that is neither missing nor null nor blank.",
        '$first_filled(null, " ", "Anna")',
        '"Anna"',
        "<x+:x>",
        filled.first_filled,
    ),
    Function(
        "join_filled",
        'values, separator = " "',
        "The values that are filled, as one text.",
        '$join_filled(["Anna", null, "Berg"])',
        '"Anna Berg"',
        "<xs?:s>",
        filled.join_filled,
    ),
    Function(
        "table",
        "lookup, key",
        "The value a lookup has for a key; the lookup says what happens to keys without a row.",
        '$table("countries", "se")',
        '"SE"',
        "<xx:x>",
        lookups.table,
        sees_run=True,
    ),
    Function(
        "truncate",
        "text, length",
        "The text cut to a length, never through an emoji or an accented letter.",
        '$truncate("Storgatan", 4)',
        '"Stor"',
        "<x-n:s>",
        texts.truncate,
    ),
    Function(
        "digest",
        "value",
        "A fingerprint of any value: equal values have equal ones (SHA-256).",
        '$digest({"a": 1})',
        '"015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862"',
        "<x-:s>",
        texts.digest,
    ),
    Function("string", "", "", "", "", "<x-b?:s>", texts.string, in_jsonata=True),
    Function("number", "", "", "", "", "<x-:n>", texts.number, in_jsonata=True),
    Function("lowercase", "", "", "", "", "<x-:s>", texts.lowercase, in_jsonata=True),
)

_TWICE = "a record must give the same result every time it is mapped"

REFUSED: dict[str, Refused] = {
    "eval": Refused(
        "M1008",
        "$eval is not allowed: a formula may not run a text as a formula",
        "Write the formula out, or keep the values in a lookup.",
    ),
    "random": Refused("M1009", f"$random is not allowed: {_TWICE}", "Use a field of the record, or $digest($)."),
    "shuffle": Refused("M1009", f"$shuffle is not allowed: {_TWICE}", "Sort the list with $sort instead."),
}
