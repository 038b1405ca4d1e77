"""Money and rates in decimals: what goes in is read digit by digit, what comes out is written from decimals.

Nothing in gives nothing out; null, or a text that holds no number, is an error in words.
"""

from __future__ import annotations

import decimal
import math
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.formulas.functions.currencies import places
from engine.formulas.missing import MISSING
from engine.formulas.refusals import Refused, kind

ROUNDINGS = {
    "half_up": decimal.ROUND_HALF_UP,
    "half_even": decimal.ROUND_HALF_EVEN,
    "half_down": decimal.ROUND_HALF_DOWN,
    "up": decimal.ROUND_UP,
    "down": decimal.ROUND_DOWN,
    "ceiling": decimal.ROUND_CEILING,
    "floor": decimal.ROUND_FLOOR,
}
_NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?")
_EXACT = decimal.Context(prec=60, rounding=decimal.ROUND_HALF_UP)
_MOST_DECIMALS = 12
_STEPS = [Decimal(1).scaleb(-digits) for digits in range(_MOST_DECIMALS + 1)]
_LOSS = Decimal("0.00005")  # what a number may lose of an amount that has more digits than it can hold


def amount(value: Any, function: str) -> Decimal:
    """The decimal a number or a text like "12.50" says. M2010 for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, float) and math.isfinite(value):
        return Decimal(repr(value))
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return Decimal(value.strip())
    raise Refused(
        "M2010",
        f'${function} needs a number or a text that holds one (like "12.50"), but it got {_unfit(value)}',
        "Point the formula at the amount, or give a default with ?? .",
    )


def _unfit(value: Any) -> str:
    return "a text that is no number" if isinstance(value, str) and value.strip() else kind(value)


def money(value: Any, decimals: Any = MISSING, rounding: Any = MISSING) -> Any:
    """The amount rounded to `decimals` places (2), or to those of a currency; half up unless `rounding` says so."""
    if value is MISSING:
        return MISSING
    return written(_rounded(amount(value, "money"), places(decimals, "money"), _rounding(rounding, "money")))


def multiply(*factors: Any) -> Any:
    """The exact product, written with at most 12 decimals."""
    return _folded("multiply", _EXACT.multiply, factors)


def add(*terms: Any) -> Any:
    """The exact sum, written with at most 12 decimals."""
    return _folded("add", _EXACT.add, terms)


def subtract(first: Any, second: Any) -> Any:
    """The exact difference, written with at most 12 decimals."""
    return _folded("subtract", _EXACT.subtract, (first, second))


def divide(dividend: Any, divisor: Any, decimals: Any = MISSING, rounding: Any = MISSING) -> Any:
    """The quotient, rounded to `decimals` places (12) or to those of a currency. M2011 when the divisor is 0."""
    if dividend is MISSING or divisor is MISSING:
        return MISSING
    above, below = amount(dividend, "divide"), amount(divisor, "divide")
    if not below:
        raise Refused("M2011", "$divide cannot divide by 0", "Test for 0 first: x = 0 ? 0 : $divide(y, x).")
    digits = places(decimals, "divide", _MOST_DECIMALS)
    return written(_rounded(_EXACT.divide(above, below), digits, _rounding(rounding, "divide")))


def sum_money(amounts: Any) -> Any:
    """The exact sum of a list of amounts; an empty list gives 0, one amount itself."""
    if amounts is MISSING:
        return MISSING
    return _folded("sum_money", _EXACT.add, (0, *(amounts if isinstance(amounts, list) else [amounts])))


def vat_of(value: Any, rate_percent: Any, basis: Any, decimals: Any = MISSING, rounding: Any = MISSING) -> Any:
    """The tax in an amount ("gross") or on top of it ("net"), to the cent; the rate as 25 for 25 %."""
    if MISSING in (value, rate_percent, basis):
        return MISSING
    rate, gross = _rate(rate_percent, "vat_of"), _gross(basis, "vat_of")
    digits, mode = places(decimals, "vat_of"), _rounding(rounding, "vat_of")
    return written(_tax(amount(value, "vat_of"), rate, gross, digits, mode))


def without_vat(gross: Any, rate_percent: Any, decimals: Any = MISSING, rounding: Any = MISSING) -> Any:
    """The amount without tax, from one with tax, rounded to `decimals` places (2) or to those of a currency."""
    if gross is MISSING or rate_percent is MISSING:
        return MISSING
    net = _EXACT.divide(amount(gross, "without_vat"), 1 + _rate(rate_percent, "without_vat") / 100)
    return written(_rounded(net, places(decimals, "without_vat"), _rounding(rounding, "without_vat")))


def with_vat(net: Any, rate_percent: Any, decimals: Any = MISSING, rounding: Any = MISSING) -> Any:
    """The amount with tax, from one without, rounded to `decimals` places (2) or to those of a currency."""
    if net is MISSING or rate_percent is MISSING:
        return MISSING
    gross = _EXACT.multiply(amount(net, "with_vat"), 1 + _rate(rate_percent, "with_vat") / 100)
    return written(_rounded(gross, places(decimals, "with_vat"), _rounding(rounding, "with_vat")))


def minor_units(value: Any, decimals: Any = MISSING, rounding: Any = MISSING) -> Any:
    """The amount in the currency's smallest unit, a whole number: 12.5 with 2 decimals or in SEK is 1250."""
    if value is MISSING:
        return MISSING
    scaled = amount(value, "minor_units").scaleb(places(decimals, "minor_units"), _EXACT)
    return written(_rounded(scaled, 0, _rounding(rounding, "minor_units")))


def document_sums(lines: Any, basis: Any, decimals: Any = MISSING) -> Any:
    """Net, tax and total of a document, and net and tax for each rate (in the order the rates appear).

    lines: [{quantity, price, discount (percent, may be missing), rate (percent)}]; a row's amount is rounded to the
    cent (or to `decimals` places, or those of a currency), tax is worked out on the sum of each rate's rows;
    `basis` says whether prices include tax.
    """
    if lines is MISSING or basis is MISSING:
        return MISSING
    gross, digits = _gross(basis, "document_sums"), places(decimals, "document_sums")
    sums: dict[Decimal, Decimal] = {}
    for number, line in enumerate(lines if isinstance(lines, list) else [lines], 1):
        rate, row = _row(line, number, digits)
        sums[rate] = _EXACT.add(sums.get(rate, Decimal(0)), row)
    per_rate, net_total, tax_total = [], Decimal(0), Decimal(0)
    for rate, amount_of_rate in sums.items():
        tax = _tax(amount_of_rate, rate, gross, digits)
        net = _EXACT.subtract(amount_of_rate, tax) if gross else amount_of_rate
        per_rate.append({"rate": written(rate), "net": written(net), "tax": written(tax)})
        net_total, tax_total = _EXACT.add(net_total, net), _EXACT.add(tax_total, tax)
    return {
        "net": written(net_total),
        "tax": written(tax_total),
        "total": written(_EXACT.add(net_total, tax_total)),
        "per_rate": per_rate,
    }


def _row(line: Any, number: int, digits: int) -> tuple[Decimal, Decimal]:
    """Rate and rounded amount of a document's row."""
    if not isinstance(line, dict):
        raise Refused("M2010", f"$document_sums needs rows as objects, but row {number} is {kind(line)}")

    def part(name: str) -> Decimal:
        value = line.get(name, MISSING)
        if name == "discount" and value in (MISSING, None):
            return Decimal(0)
        if value is MISSING or value is None:
            raise Refused(
                "M2010",
                f"$document_sums finds no {name} in row {number}",
                "Each row needs quantity, price and rate; discount (in percent) may be left out.",
            )
        return amount(value, "document_sums")

    full = _EXACT.multiply(part("quantity"), part("price"))
    row = _EXACT.multiply(full, 1 - part("discount") / 100)
    return _rate(part("rate"), "document_sums"), _rounded(row, digits)


def _tax(value: Decimal, rate: Decimal, gross: bool, digits: int, rounding: str = decimal.ROUND_HALF_UP) -> Decimal:
    tax = _EXACT.multiply(value, rate)
    return _rounded(_EXACT.divide(tax, 100 + rate if gross else Decimal(100)), digits, rounding)


def _folded(function: str, step: Callable[[Decimal, Decimal], Decimal], values: tuple[Any, ...]) -> Any:
    if MISSING in values:
        return MISSING
    first, *others = (amount(value, function) for value in values)
    try:
        for other in others:
            first = step(first, other)
    except decimal.Overflow:
        raise too_large() from None
    return written(_rounded(first, _MOST_DECIMALS))


def _rounded(value: Decimal, digits: int, rounding: str = decimal.ROUND_HALF_UP) -> Decimal:
    try:
        return value.quantize(_STEPS[digits], rounding=rounding, context=_EXACT)
    except decimal.InvalidOperation:
        raise too_large() from None


def too_large() -> Refused:
    return Refused("M2012", "The amount is too large to work with", "Check the source value.")


def written(value: Decimal) -> int | float:
    """The decimal as a number. M2012 where a number cannot hold its digits."""
    if value == value.to_integral_value():
        return int(value)
    number = float(value)
    if abs(Decimal(repr(number)) - value) > _LOSS:
        raise too_large()
    return number


def _rounding(name: Any, function: str) -> str:
    if name is MISSING:
        return decimal.ROUND_HALF_UP
    if isinstance(name, str) and name in ROUNDINGS:
        return ROUNDINGS[name]
    known = ", ".join(f'"{each}"' for each in ROUNDINGS)
    raise Refused("M2013", f"The rounding of ${function} must be one of {known}")


def _rate(value: Any, function: str) -> Decimal:
    rate = value if isinstance(value, Decimal) else amount(value, function)
    if not 0 <= rate <= 1000:
        raise Refused(
            "M2014",
            f"The tax rate of ${function} must lie between 0 and 1000 percent",
            "Write 25 for 25 %.",
        )
    return rate


def _gross(basis: Any, function: str) -> bool:
    if not isinstance(basis, str) or basis not in ("gross", "net"):
        raise Refused(
            "M2013",
            f'${function} needs "gross" or "net" as its basis, but it got {kind(basis)} that is neither',
            'Write "gross" when the amount includes tax, "net" when it does not.',
        )
    return bool(basis == "gross")
