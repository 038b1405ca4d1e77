"""What a record comes to, as a caller would say it: found by what its fields mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from engine.errors import Json

_AMOUNTS = ("order.total", "invoice.total", "receipt.total", "payment.amount", "refund.amount")
_CURRENCIES = ("order.currency", "invoice.currency", "receipt.currency", "payment.currency", "refund.currency")
Path = tuple[str, ...]


class Amounts:
    """Reads the amount and the currency of a resource's records; made once from its schema."""

    def __init__(self, schema: Mapping[str, Json]) -> None:
        fields = list(_fields(schema))
        self._amount = _first(fields, _AMOUNTS)
        self._currency = _first(fields, _CURRENCIES)

    def of(self, record: Json) -> tuple[Decimal | None, str | None]:
        """The amount in whole units of its currency, and the currency; None for what the record does not say."""
        amount = currency = None
        if self._amount is not None:
            path, about = self._amount
            number = _decimal(_at(record, path))
            amount = None if number is None else number / Decimal(repr(about.get("x-scale", 1)))
        if self._currency is not None:
            held = _at(record, self._currency[0])
            currency = held if isinstance(held, str) and held else None
        return amount, currency


def _fields(schema: Mapping[str, Json], prefix: Path = ()) -> Iterator[tuple[Path, Mapping[str, Json]]]:
    """Every field outside of lists."""
    for name, about in schema.get("properties", {}).items():
        yield (*prefix, name), about
        yield from _fields(about, (*prefix, name))


def _first(
    fields: list[tuple[Path, Mapping[str, Json]]], meanings: tuple[str, ...]
) -> tuple[Path, Mapping[str, Json]] | None:
    by_meaning = {about["x-meaning"]: (path, about) for path, about in reversed(fields) if "x-meaning" in about}
    return next((by_meaning[meaning] for meaning in meanings if meaning in by_meaning), None)


def _at(record: Any, path: Path) -> Json:
    for name in path:
        record = record.get(name) if isinstance(record, dict) else None
    return record


def _decimal(value: Json) -> Decimal | None:
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    number = Decimal(repr(value))
    return number if number.is_finite() else None
