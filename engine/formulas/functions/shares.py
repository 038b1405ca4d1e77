"""An amount shared out by weights, to the cent, so that the shares add up to it."""

from __future__ import annotations

from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from typing import Any

from engine.formulas.functions.currencies import places
from engine.formulas.functions.money import amount, too_large, written
from engine.formulas.missing import MISSING
from engine.formulas.refusals import Refused

_EXACT = Context(prec=4_000, Emax=MAX_EMAX, Emin=MIN_EMIN)
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
    each = _as_integers([amount(weight, "distribute") for weight in held])
    if not each:
        return []
    if whole.adjusted() > _MOST_DIGITS:
        raise too_large()
    if not sum(each):
        raise Refused(
            "M2015",
            "$distribute has nothing to go by: the weights add up to 0",
            "Give weights that are not all 0, such as the amounts of the rows.",
        )
    # A credit is shared as its debit would be: -10 in thirds is the negative of 10 in thirds.
    scaled = abs(whole).scaleb(digits, _EXACT)
    units = int(scaled)
    exact = [Decimal(share) for share in _shared(units, each)]
    exact[-1] = _EXACT.add(exact[-1], _EXACT.subtract(scaled, Decimal(units)))
    return [written((share.copy_negate() if whole < 0 else share).scaleb(-digits, _EXACT)) for share in exact]


def _shared(units: int, weights: list[int]) -> list[int]:
    """Whole units by weights."""
    base = sum(weights)
    if base < 0:
        base, weights = -base, [-weight for weight in weights]
    shares, cut = zip(*(divmod(units * weight, base) for weight in weights), strict=True)
    given = list(shares)
    by_cut = sorted(range(len(weights)), key=lambda at: (cut[at], at), reverse=True)
    for at in by_cut[: units - sum(shares)]:
        given[at] += 1
    return given


def _as_integers(weights: list[Decimal]) -> list[int]:
    """The weights, all as many times larger as makes them whole."""
    finest = min((int(weight.as_tuple().exponent) for weight in weights), default=0)
    return [int(weight.scaleb(-finest, _EXACT)) for weight in weights]
