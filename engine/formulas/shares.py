"""An amount shared out by weights, to the cent, so that the shares add up to it."""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction
from math import floor
from typing import Any

from engine.formulas.currencies import places
from engine.formulas.missing import MISSING
from engine.formulas.money import amount, too_large, written
from engine.formulas.refusals import Refused

_EXACT = Context(prec=80)
_MOST_DIGITS = 40


def distribute(total: Any, weights: Any, decimals: Any = MISSING) -> Any:
    """The amount in shares, one for each weight, to the cent (or to `decimals` places, or those of a currency).

    No share is a whole cent away from its exact part. The cents that are left go where most was cut off, among equals
    to the last; what is smaller than a cent in the amount itself goes to the last share. Missing amount: missing.
    No weights: an empty list. M2015 where the weights add up to nothing.
    """
    if total is MISSING:
        return MISSING
    whole, digits = amount(total, "distribute"), places(decimals, "distribute")
    held = [] if weights is MISSING else weights if isinstance(weights, list) else [weights]
    each = [Fraction(amount(weight, "distribute")) for weight in held]
    if not each:
        return []
    if whole.adjusted() > _MOST_DIGITS:
        raise too_large()
    base = sum(each)
    if not base:
        raise Refused(
            "M2015",
            "$distribute has nothing to go by: the weights add up to 0",
            "Give weights that are not all 0, such as the amounts of the rows.",
        )
    # A credit is shared as its debit would be: -10 in thirds is the negative of 10 in thirds.
    sign, scaled = (-1 if whole < 0 else 1), abs(Fraction(whole)) * 10**digits
    shares = _shared(floor(scaled), [weight / base for weight in each])
    dust = scaled - floor(scaled)
    exact = [Fraction(share) for share in shares[:-1]] + [shares[-1] + dust]
    return [written(_decimal(sign * share / 10**digits)) for share in exact]


def _shared(units: int, parts: list[Fraction]) -> list[int]:
    """Whole units by parts that add up to 1."""
    exact = [units * part for part in parts]
    shares = [floor(share) for share in exact]
    by_cut = sorted(range(len(parts)), key=lambda at: (shares[at] - exact[at], -at))
    for at in by_cut[: units - sum(shares)]:
        shares[at] += 1
    return shares


def _decimal(value: Fraction) -> Decimal:
    # Its denominator is a power of ten: the amount's own, or that of the decimals.
    return _EXACT.divide(Decimal(value.numerator), Decimal(value.denominator))
