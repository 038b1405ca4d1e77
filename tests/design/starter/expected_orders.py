"""Compares what was sent to a system with what a person wrote down beforehand, by meanings alone.

The files in expected/ speak in meanings of the vocabulary; where each of them stands in a record is read from
`x-meaning` of the target's schema, so that this is one piece of code for every target. Nothing here calls the engine.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

EXPECTED = Path(__file__).parent / "expected"
Doc = dict[str, Any]
OfRow = Callable[[Doc], Any]

_CENT = Decimal("0.01")
_HALF_CENT = Decimal("0.005")  # a unit price may be sent rounded to the cent
_LINES = "order.lines"
# Two ways to say one thing: a target that has both may be given either.
_EITHER = (
    ("customer.name", ("customer.given_name", "customer.family_name")),
    ("customer.name", ("customer.company",)),
    *(
        (f"{place}.line1", (f"{place}.street", f"{place}.house_number", f"{place}.house_number_addition"))
        for place in ("customer.billing", "customer.shipping", "order.billing", "order.shipping_address")
    ),
)


def load(source: str, target: str) -> Doc:
    """Give the expected file of a pair."""
    document: Doc = json.loads((EXPECTED / f"{source}-to-{target}.json").read_text())
    return document


def differences(
    record: Doc,
    schema: Doc,
    expected: Doc,
    conventions: Doc,
    *,
    number_of: OfRow | None = None,
    rate_of: OfRow | None = None,
    totals: Mapping[str, Any] | None = None,
) -> list[str]:
    """Say in words how an order that was sent differs from what is expected; nothing to say means that it does not.

    `number_of` and `rate_of` give article number and rate (in percent) of a sent row where rows of the target do not
    hold them; `totals` gives net, tax and gross as the target itself tells them, else they are reckoned from the rows.
    """
    sent = _sent_rows(record, schema, expected["prices"], number_of, rate_of)
    told = part_differences(record, schema, expected["order"])
    told += _row_differences(sent, expected, conventions)
    if totals is None:
        if any(row.rate is None for row in sent):
            raise TypeError("The rows have no rate: give rate_of, or the totals that the target tells.")
        totals = reckoned(sent, expected["prices"], conventions["tax_is_rounded"])
    told += _total_differences(totals, expected)
    return told + _rounding_differences(sent, expected, conventions)


def part_differences(record: Doc, schema: Doc, expected: Doc) -> list[str]:
    """Say how a record differs from the expected meanings; what has no place in the target is passed over."""
    placed = _places(schema)
    wrong = {
        meaning: found
        for meaning, value in expected.items()
        if meaning in placed
        and (found := _wrong(record, placed[meaning], meaning, value))
        and not _is_joined(record, placed[meaning], meaning, expected)
    }
    right = {meaning for meaning in expected if meaning in placed} - set(wrong)
    silent = {
        meaning for meaning, found in wrong.items() if found.missing and _said_otherwise(meaning, expected, right)
    }
    return [found.words for meaning, found in wrong.items() if meaning not in silent]


def unplaced(schema: Doc, expected: Doc) -> list[str]:
    """Give the expected meanings for which the target has no field that can be written."""
    placed = _places(schema)
    return [meaning for meaning in expected if meaning not in placed]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a meaning stands in a record, and what the schema says of it."""

    path: tuple[str, ...]
    about: Doc

    def of(self, record: Any) -> Any:
        """Read it."""
        for name in self.path:
            record = record.get(name) if isinstance(record, dict) else None
        return None if record == "" else record


@dataclass(frozen=True, slots=True)
class SentRow:
    """A row that was sent: the price is that of one unit after the row's own percentage."""

    number: str
    name: str
    quantity: Decimal
    price: Decimal
    rate: Decimal | None

    @property
    def amount(self) -> Decimal:
        """What the row comes to, in cents."""
        return _cents(self.quantity * self.price)


@dataclass(frozen=True, slots=True)
class _Wrong:
    words: str
    missing: bool


def _places(schema: Doc) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = {}
    for place in _walk(schema, ()):
        found.setdefault(place.about["x-meaning"], []).append(place)
    return found


def _walk(schema: Doc, path: tuple[str, ...]) -> Iterable[Place]:
    for name, about in schema.get("properties", {}).items():
        if about.get("x-write") == "never":
            continue
        if about.get("x-meaning"):
            yield Place((*path, name), about)
        if "properties" in about:
            yield from _walk(about, (*path, name))


def _wrong(record: Doc, places: list[Place], meaning: str, expected: Any) -> _Wrong | None:
    held = [(place, value) for place in places if (value := place.of(record)) is not None]
    if not held:
        fields = " or ".join(".".join(place.path) for place in places)
        return _Wrong(f"{meaning}: {expected!r} is expected, but nothing was sent in {fields}.", missing=True)
    for place, value in held:
        if not _same(expected, value, place.about):
            return _Wrong(
                f"{meaning}: {expected!r} is expected, but {value!r} was sent in {'.'.join(place.path)}.", missing=False
            )
    return None


def _said_otherwise(meaning: str, expected: Doc, right: set[str]) -> bool:
    for whole, parts in _EITHER:
        told = [part for part in parts if part in expected]
        if meaning == whole and told and right.issuperset(told):
            return True
        if meaning in parts and whole in right:
            return True
    return False


def _is_joined(record: Doc, places: list[Place], meaning: str, expected: Doc) -> bool:
    """Does a field hold the parts of what is expected, parted by blanks? “12 A” is “12A” in the parts of an address."""
    parts = next((parts for whole, parts in _EITHER if whole == meaning and len(parts) > 1), ())
    told = " ".join(str(expected[part]) for part in parts if part in expected)
    held = [value for place in places if (value := place.of(record)) is not None]
    return bool(told) and all(_plain(str(value)) == _plain(told) for value in held) and bool(held)


def _same(expected: Any, value: Any, about: Doc) -> bool:
    if isinstance(expected, bool):
        return _flag(value, about) is expected
    meant = about.get("x-codes", {}).get(str(value))
    if meant == expected:
        return True
    if about.get("format") == "date":
        return str(value)[:10] == str(expected)[:10]
    if about.get("x-kind") == "datetime":
        return _moment(str(value)) == _moment(str(expected))
    if about.get("x-kind") in ("email", "country", "currency"):
        return str(value).lower() == str(expected).lower()
    return _plain(str(value)) == _plain(str(expected))


def _flag(value: Any, about: Doc) -> bool | None:
    meant = about.get("x-codes", {}).get(str(value), value)
    return {"true": True, "1": True, "false": False, "0": False}.get(str(meant).lower())


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _plain(text: str) -> str:
    """A text in which neither runs of blanks nor the way of composing accents count."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, ROUND_HALF_UP)


def _sent_rows(record: Doc, schema: Doc, basis: str, number_of: OfRow | None, rate_of: OfRow | None) -> list[SentRow]:
    [lines] = [place for place in _walk(schema, ()) if place.about["x-meaning"] == _LINES]
    places = {meaning.removeprefix(f"{_LINES}[]."): held[0] for meaning, held in _places(lines.about["items"]).items()}
    rows = [row for row in lines.of(record) or [] if not ("text_only" in places and places["text_only"].of(row))]
    fixed = places["price"].about.get("x-basis", "").strip('"')
    if fixed in ("net", "gross") and fixed != basis:
        raise ValueError(f"The target's prices are {fixed}, and the expectation reckons in {basis}.")
    return [_sent_row(row, places, number_of, rate_of) for row in rows]


def _sent_row(row: Doc, places: dict[str, Place], number_of: OfRow | None, rate_of: OfRow | None) -> SentRow:
    def number(name: str, default: str = "0") -> Decimal:
        value = places[name].of(row) if name in places else None
        return Decimal(str(default if value is None else value))

    scale = Decimal(places["price"].about.get("x-scale", 1))
    left = 1 - _percent(number("discount_percent"), places.get("discount_percent")) / 100
    rate = rate_of(row) if rate_of else places["tax_rate"].of(row) if "tax_rate" in places else None
    percent = None if rate is None else Decimal(str(rate))
    if percent is not None and not rate_of:
        percent = _percent(percent, places["tax_rate"])
    sku = number_of(row) if number_of else places["sku"].of(row) if "sku" in places else ""
    name = places["name"].of(row) if "name" in places else ""
    return SentRow(str(sku or ""), str(name or ""), number("quantity"), number("price") / scale * left, percent)


def _percent(rate: Decimal, place: Place | None) -> Decimal:
    return rate * 100 / Decimal((place.about if place else {}).get("x-scale", 100))


def _number(row: Doc, conventions: Doc) -> str:
    """The article number of an expected row; a charge has the one that was answered, with its rate behind it."""
    if "charge" not in row:
        return str(row["sku"])
    number = str(conventions["charge_numbers"][row["charge"]])
    return f"{number}-{row['rate']}" if conventions["rate_follows_number"] else number


def _is_rounding(row: SentRow, conventions: Doc) -> bool:
    number = conventions["charge_numbers"]["rounding"]
    return row.number == number or row.number.startswith(f"{number}-")


def _row_differences(sent: list[SentRow], expected: Doc, conventions: Doc) -> list[str]:
    """Goods in the order of the source, then charges in any order; rows that round count in the totals only.

    Where the rate does not stand behind a charge's number, one number may stand at several rates.
    """
    follows = conventions["rate_follows_number"]
    charges = {
        (_number(row, conventions), None if follows else _shown(Decimal(row["rate"]))): row
        for row in expected["rows"]
        if "charge" in row
    }
    numbers = {number for number, _ in charges}
    goods = [row for row in expected["rows"] if "charge" not in row]
    rest = [row for row in sent if not _is_rounding(row, conventions)]
    sent_goods = [row for row in rest if row.number not in numbers]
    sent_charges = [((row.number, None if follows else _shown(row.rate)), row) for row in rest if row.number in numbers]
    wanted = [row["sku"] for row in goods]
    if [row.number for row in sent_goods] != wanted:
        return [f"rows: {wanted} are expected, but {[row.number for row in sent_goods]} were sent."]
    if sorted(map(str, (place for place, _ in sent_charges))) != sorted(map(str, charges)):
        return [f"charges: {_places_of(charges)} are expected, but {_places_of(p for p, _ in sent_charges)} were sent."]
    pairs = [*zip(goods, sent_goods, strict=True), *((charges[place], row) for place, row in sent_charges)]
    return [told for wish, row in pairs for told in _one_row(wish, row, expected["prices"])]


def _shown(rate: Decimal | None) -> str | None:
    return None if rate is None else f"{rate.normalize():f}"


def _places_of(charges: Iterable[tuple[str, str | None]]) -> list[str]:
    """Charges as people read them: the number, and the rate where it does not stand in it."""
    return sorted(number if rate is None else f"{number} at {rate}" for number, rate in charges)


def _one_row(wish: Doc, row: SentRow, basis: str) -> Iterable[str]:
    where = f"row {row.number}"
    price = Decimal(wish[basis])
    if wish.get("name") and _plain(wish["name"]) != _plain(row.name):
        yield f"{where}: the name {wish['name']!r} is expected, but {row.name!r} was sent."
    if row.rate is not None and row.rate != Decimal(wish["rate"]):
        yield f"{where}: {wish['rate']} percent are expected, but {row.rate} were sent."
    if "charge" in wish:
        if abs(row.quantity * row.price - price) > _HALF_CENT:
            yield f"{where}: the amount {price} is expected, but {row.quantity * row.price} was sent."
        return
    if row.quantity != Decimal(wish["quantity"]):
        yield f"{where}: the quantity {wish['quantity']} is expected, but {row.quantity} was sent."
    if abs(row.price - price) > _HALF_CENT:
        yield f"{where}: the price of one unit {price} is expected, but {row.price} was sent."


def reckoned(rows: list[SentRow], basis: str, tax_is_rounded: str) -> dict[str, Decimal]:
    """Add rows up as a document does: amounts in cents, tax once for each rate, or once for each row."""
    parts: dict[Any, tuple[Decimal, Decimal]] = {}
    for place, row in enumerate(rows):
        rate = row.rate or Decimal(0)
        key = rate if tax_is_rounded == "by rate" else place
        parts[key] = (rate, parts.get(key, (rate, Decimal(0)))[1] + row.amount)
    amount = sum((held for _, held in parts.values()), Decimal(0))
    inside = basis == "gross"
    tax = sum((_cents(held * rate / (100 + rate if inside else 100)) for rate, held in parts.values()), Decimal(0))
    net = amount - tax if inside else amount
    return {"net": net, "tax": tax, "gross": net + tax}


def _total_differences(totals: Mapping[str, Any], expected: Doc) -> list[str]:
    return [
        f"{name}: {expected[f'total_{name}']} is expected, but the target comes to {totals[name]}."
        for name in ("net", "tax", "gross")
        if Decimal(str(totals[name])) != Decimal(expected[f"total_{name}"])
    ]


def _rounding_differences(sent: list[SentRow], expected: Doc, conventions: Doc) -> list[str]:
    """Rows that round may move cents, not hide that a row is missing."""
    if any(row.rate is None for row in sent):
        return []
    limit = Decimal(conventions["rounding_limit"])
    rows = [row for row in sent if not _is_rounding(row, conventions)]
    without = reckoned(rows, expected["prices"], conventions["tax_is_rounded"])["gross"]
    if abs(without - Decimal(expected["total_gross"])) <= limit:
        return []
    return [f"without the rows that round the order comes to {without}; {expected['total_gross']} is expected."]
