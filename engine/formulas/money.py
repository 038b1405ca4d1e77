"""Money and rates in decimals: what goes in is read digit by digit, what comes out is written from decimals.

Nothing in gives nothing out; null, or a text that holds no number, is an error in words.
"""

from __future__ import annotations

import decimal
import re
from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Any

from engine.formulas.missing import MISSING
from engine.formulas.refusals import Refused, kind

ROUNDINGS = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "up": ROUND_UP, "down": ROUND_DOWN}
_NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?")
_EXACT = decimal.Context(prec=60, rounding=ROUND_HALF_UP)
_MOST_DECIMALS = 12


def amount(value: Any, function: str) -> Decimal:
    """The decimal a number or a text like "12.50" says. M2010 for anything else."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(repr(value))
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return Decimal(value.strip())
    raise Refused(
        "M2010",
        f'${function} needs a number or a text that holds one (like "12.50"), but it got {kind(value)}',
        "Point the formula at the amount, or give a default with ?? .",
    )


def money(value: Any, decimals: Any = MISSING, rounding: Any = MISSING) -> Any:
    """The amount rounded to `decimals` places (2), half up unless `rounding` says otherwise."""
    if value is MISSING:
        return MISSING
    return _out(_rounded(amount(value, "money"), _places(decimals, "money"), _rounding(rounding)))


def multiply(*factors: Any) -> Any:
    """The exact product, written with at most 12 decimals."""
    return _folded("multiply", _EXACT.multiply, factors)


def add(*terms: Any) -> Any:
    """The exact sum, written with at most 12 decimals."""
    return _folded("add", _EXACT.add, terms)


def subtract(first: Any, second: Any) -> Any:
    """The exact difference, written with at most 12 decimals."""
    return _folded("subtract", _EXACT.subtract, (first, second))


def divide(dividend: Any, divisor: Any, decimals: Any = MISSING) -> Any:
    """The quotient, rounded half up to `decimals` places (12). M2011 when the divisor is 0."""
    if dividend is MISSING or divisor is MISSING:
        return MISSING
    above, below = amount(dividend, "divide"), amount(divisor, "divide")
    if not below:
        raise Refused("M2011", "$divide cannot divide by 0", "Test for 0 first: x = 0 ? 0 : $divide(y, x).")
    places = _MOST_DECIMALS if decimals is MISSING else _places(decimals, "divide")
    return _out(_rounded(_EXACT.divide(above, below), places))


def sum_money(amounts: Any) -> Any:
    """The exact sum of a list of amounts; an empty list gives 0."""
    if amounts is MISSING:
        return MISSING
    return add(*amounts) if amounts else 0


def vat_of(value: Any, rate_percent: Any, basis: Any) -> Any:
    """The tax in an amount ("gross") or on top of it ("net"), to the cent; the rate as 25 for 25 %."""
    if MISSING in (value, rate_percent, basis):
        return MISSING
    return _out(_tax(amount(value, "vat_of"), _rate(rate_percent, "vat_of"), _gross(basis, "vat_of")))


def without_vat(gross: Any, rate_percent: Any, decimals: Any = MISSING) -> Any:
    """The amount without tax, from one with tax, rounded half up to `decimals` places (2)."""
    if gross is MISSING or rate_percent is MISSING:
        return MISSING
    divisor = 1 + _rate(rate_percent, "without_vat") / 100
    return _out(_rounded(_EXACT.divide(amount(gross, "without_vat"), divisor), _places(decimals, "without_vat")))


def with_vat(net: Any, rate_percent: Any, decimals: Any = MISSING) -> Any:
    """The amount with tax, from one without, rounded half up to `decimals` places (2)."""
    if net is MISSING or rate_percent is MISSING:
        return MISSING
    factor = 1 + _rate(rate_percent, "with_vat") / 100
    return _out(_rounded(_EXACT.multiply(amount(net, "with_vat"), factor), _places(decimals, "with_vat")))


def minor_units(value: Any, decimals: Any = MISSING) -> Any:
    """The amount in the currency's smallest unit, a whole number: 12.5 with 2 decimals is 1250."""
    if value is MISSING:
        return MISSING
    scaled = amount(value, "minor_units").scaleb(_places(decimals, "minor_units"), _EXACT)
    return _out(_rounded(scaled, 0))


def document_sums(lines: Any, basis: Any) -> Any:
    """Net, tax and total of a document, and net and tax for each rate (in the order the rates appear).

    lines: [{quantity, price, discount (percent, may be missing), rate (percent)}]; a row's amount is rounded
    to the cent, tax is worked out on the sum of each rate's rows; `basis` says whether prices include tax.
    """
    if lines is MISSING or basis is MISSING:
        return MISSING
    gross = _gross(basis, "document_sums")
    sums: dict[Decimal, Decimal] = {}
    for number, line in enumerate(lines if isinstance(lines, list) else [lines], 1):
        rate, row = _row(line, number)
        sums[rate] = sums.get(rate, Decimal(0)) + row
    per_rate, net_total, tax_total = [], Decimal(0), Decimal(0)
    for rate, amount_of_rate in sums.items():
        tax = _tax(amount_of_rate, rate, gross)
        net = amount_of_rate - tax if gross else amount_of_rate
        per_rate.append({"rate": _out(rate), "net": _out(net), "tax": _out(tax)})
        net_total, tax_total = net_total + net, tax_total + tax
    return {
        "net": _out(net_total),
        "tax": _out(tax_total),
        "total": _out(net_total + tax_total),
        "per_rate": per_rate,
    }


def _row(line: Any, number: int) -> tuple[Decimal, Decimal]:
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
    return _rate(part("rate"), "document_sums"), _rounded(row, 2)


def _tax(value: Decimal, rate: Decimal, gross: bool) -> Decimal:
    tax = _EXACT.multiply(value, rate)
    return _rounded(_EXACT.divide(tax, 100 + rate if gross else Decimal(100)), 2)


def _folded(function: str, step: Callable[[Decimal, Decimal], Decimal], values: tuple[Any, ...]) -> Any:
    if MISSING in values:
        return MISSING
    first, *others = (amount(value, function) for value in values)
    for other in others:
        first = step(first, other)
    return _out(_rounded(first, _MOST_DECIMALS))


def _rounded(value: Decimal, places: int, rounding: str = ROUND_HALF_UP) -> Decimal:
    try:
        return value.quantize(Decimal(1).scaleb(-places), rounding=rounding, context=_EXACT)
    except decimal.InvalidOperation:
        raise Refused("M2012", "The amount is too large to work with", "Check the source value.") from None


def _out(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _places(decimals: Any, function: str) -> int:
    if decimals is MISSING:
        return 2
    if isinstance(decimals, bool) or not isinstance(decimals, int | float) or decimals not in range(13):
        raise Refused("M2013", f"The number of decimals of ${function} must be a whole number from 0 to 12")
    return int(decimals)


def _rounding(name: Any) -> str:
    if name is MISSING:
        return ROUND_HALF_UP
    if isinstance(name, str) and name in ROUNDINGS:
        return ROUNDINGS[name]
    raise Refused("M2013", "The rounding of $money must be one of " + ", ".join(f'"{each}"' for each in ROUNDINGS))


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
    if basis not in ("gross", "net"):
        raise Refused(
            "M2013",
            f'${function} needs "gross" or "net" as its basis, but it got {kind(basis)} that is neither',
            'Write "gross" when the amount includes tax, "net" when it does not.',
        )
    return bool(basis == "gross")
