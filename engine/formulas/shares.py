"""An amount shared out by weights, to the cent, so that the shares add up to it."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from engine.formulas.missing import MISSING
from engine.formulas.money import amount
from engine.formulas.refusals import Refused

_CENT = Decimal("0.01")


def distribute(total: Any, weights: Any) -> Any:
    """The amount in shares, one for each weight, rounded to the cent; the last share takes what rounding leaves.

    Missing amount: missing. No weights: an empty list. M2015 where the weights add up to nothing.
    """
    if total is MISSING:
        return MISSING
    whole = amount(total, "distribute")
    held = [] if weights is MISSING else weights if isinstance(weights, list) else [weights]
    each = [amount(weight, "distribute") for weight in held]
    if not each:
        return []
    base = sum(each, Decimal(0))
    if not base:
        raise Refused(
            "M2015",
            "$distribute has nothing to go by: the weights add up to 0",
            "Give weights that are not all 0, such as the amounts of the rows.",
        )
    shares = [(whole * weight / base).quantize(_CENT, ROUND_HALF_UP) for weight in each[:-1]]
    shares.append(whole - sum(shares, Decimal(0)))
    return [int(share) if share == share.to_integral_value() else float(share) for share in shares]
