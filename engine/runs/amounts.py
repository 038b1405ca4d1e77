"""What a record comes to, as a caller would say it: found by what its fields mean."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from engine.errors import Json
from engine.runs.record_fields import Path, fields_of, value_at

_AMOUNTS = ("order.total", "invoice.total", "receipt.total", "payment.amount", "refund.amount")
_CURRENCIES = ("order.currency", "invoice.currency", "receipt.currency", "payment.currency", "refund.currency")


class Amounts:
    """Reads the amount and the currency of a resource's records; made once from its schema."""

    def __init__(self, schema: Mapping[str, Json]) -> None:
        fields = list(fields_of(schema))
        self._amount = _first(fields, _AMOUNTS)
        self._currency = _first(fields, _CURRENCIES)

    def of(self, record: Json) -> tuple[Decimal | None, str | None]:
        """The amount in whole units of its currency, and the currency; None for what the record does not say."""
        amount = currency = None
        if self._amount is not None:
            path, about = self._amount
            number = _decimal(value_at(record, path))
            amount = None if number is None else number / Decimal(repr(about.get("x-scale", 1)))
        if self._currency is not None:
            held = value_at(record, self._currency[0])
            currency = held if isinstance(held, str) and held else None
        return amount, currency


def _first(
    fields: list[tuple[Path, Mapping[str, Json]]], meanings: tuple[str, ...]
) -> tuple[Path, Mapping[str, Json]] | None:
    by_meaning = {about["x-meaning"]: (path, about) for path, about in reversed(fields) if "x-meaning" in about}
    return next((by_meaning[meaning] for meaning in meanings if meaning in by_meaning), None)


def _decimal(value: Json) -> Decimal | None:
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    number = Decimal(repr(value))
    return number if number.is_finite() else None
