"""How a value is written for a target field: cut to its length, in its scale, with or without tax, on its calendar."""

from __future__ import annotations

import re

from engine.design.starter.fields import Field

_NEVER_CUT = ("id", "email", "country", "currency", "language", "date", "datetime", "number", "flag", "rate", "money")
_SPELLED = ("name", "text", "address", "")  # keys, codes and addresses on the net are never written otherwise
_CHOSEN = re.compile(r'([^?:]+) \? "gross" : "net"')
ZONE, LETTERS = "$answers.time_zone", "$answers.other_letters"


def written_for(
    field: Field, formula: str, *, whole: bool = False, kind: str = "", zone: str = ZONE, letters: str = LETTERS
) -> str:
    """The formula for this field. kind: what the formula gives, where that is known; whole: never cut to a length.

    letters: what is done with characters that the field cannot hold; nothing where it is empty.
    """
    if field.kind == "date" and kind == "datetime":
        return f"$local_date({formula}, {zone})"
    if field.kind == "datetime" and field.about.get("x-zone") and kind == "datetime":
        return f'$in_zone({formula}, "{field.about["x-zone"]}")'
    if field.kind == "rate" and field.scale not in (None, 100):
        return (
            f"$divide({formula}, 100)" if field.scale == 1 else f"$divide($multiply({formula}, {field.scale:g}), 100)"
        )
    if field.kind == "money" and field.scale and field.scale != 1:
        return f"$minor_units({formula})" if field.scale == 100 else f"$multiply({formula}, {field.scale:g})"
    if field.kind == "quantity" and field.scale and field.scale != 1:
        return f"$multiply({formula}, {field.scale:g})"
    if field.kind == "flag" and field.codes:
        return _coded_flag(field, formula)
    if field.charset and letters and not whole and field.is_text and field.kind in _SPELLED:
        formula = f'$spelled({formula}, "{field.charset}", {letters})'
    if field.length is not None and not whole and field.kind not in _NEVER_CUT:
        return f"$truncate({formula}, {field.length})"
    return formula


def with_basis(field: Field, formula: str, basis: str, rate: str) -> str:
    """An amount for a field that is always net or always gross. basis: what the amount is, a formula or a literal."""
    wanted = field.fixed_basis
    if not wanted or basis.strip('"') == wanted:
        return formula
    turned = f"$without_vat({formula}, {rate}, 2)" if wanted == "net" else f"$with_vat({formula}, {rate}, 2)"
    if basis.strip('"') in ("net", "gross"):
        return turned
    chosen = _CHOSEN.fullmatch(basis)
    if chosen is not None:
        gross, net = (formula, turned) if wanted == "gross" else (turned, formula)
        return f"{chosen[1]} ? {gross} : {net}"
    sides = basis if basis.replace(".", "").replace("$", "").replace("_", "").isalnum() else f"({basis})"
    return f'{sides} = "{wanted}" ? {formula} : {turned}'


def _coded_flag(field: Field, formula: str) -> str:
    yes, no = field.code_for("true"), field.code_for("false")
    if yes is None or no is None:
        return formula
    shown = [f'"{code}"' if isinstance(code, str) else str(code).lower() for code in (yes, no)]
    return f"({formula}) ? {shown[0]} : {shown[1]}"
