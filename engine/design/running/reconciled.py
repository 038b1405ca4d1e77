"""Compared days as they are shown and kept: exact amounts by currency, and a file for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from decimal import Decimal

from engine.design.lookups.cells import guarded
from engine.errors import Json
from engine.runs.reconciling import Day, Difference, Sums

__all__ = ["Day", "Difference", "Sums", "amounts_in_words", "as_csv", "counting", "plain_money", "sums_as_json"]

COLUMNS = ("day", "what", "number", "key", "currency", "source", "target", "in the target", "story")


def plain_money(amount: Decimal | None) -> str:
    """Two decimals at least, and every one there is."""
    if amount is None:
        return ""
    exponent = amount.normalize().as_tuple().exponent
    return f"{amount:.2f}" if isinstance(exponent, int) and exponent >= -2 else format(amount.normalize(), "f")


def amounts_in_words(sums: Sums) -> str:
    """The amounts of each currency."""
    return ", ".join(f"{plain_money(amount)} {currency}".strip() for currency, amount in sorted(sums.amounts.items()))


def sums_as_json(sums: Sums) -> dict[str, Json]:
    return {"count": sums.count, "sums": {currency: str(amount) for currency, amount in sums.amounts.items()}}


def counting(days: Sequence[Day]) -> tuple[list[Difference], list[Difference]]:
    """The differences that are wrong, and those that are only told since the flow wants them so."""
    every = [each for day in days for each in day.differences]
    return [each for each in every if each.counts], [each for each in every if not each.counts]


def as_csv(days: Sequence[Day]) -> str:
    """Days and differences; what a spreadsheet would take for a formula is guarded."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for day in days:
        for currency in sorted({*day.source.amounts, *day.target.amounts}) or [""]:
            sums = (day.source.amounts.get(currency), day.target.amounts.get(currency))
            counts = f"{day.source.count} in the source, {day.target.count} in the target"
            if day.held_back.count:
                counts += f", {day.held_back.count} held back"
            what = "agrees" if day.agrees else "differs"
            writer.writerow([day.day, what, "", "", guarded(currency), *map(plain_money, sums), "", counts])
        for each in day.differences:
            texts = (each.kind, each.number, each.key, each.currency)
            amounts = (plain_money(each.source), plain_money(each.target))
            writer.writerow(
                [each.day, *map(guarded, texts), *amounts, guarded(", ".join(each.made)), guarded(each.story)]
            )
    return "\ufeff" + written.getvalue()
