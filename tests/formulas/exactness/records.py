"""Random records: wild ones, and orders whose fields are replaced; only numbers that a double holds."""

from __future__ import annotations

from random import Random
from typing import Any

# Names that records have and formulas ask for; JavaScript puts "1" and "10" first, so records have them first too.
PLAIN_NAMES = ("a", "b", "c", "d", "lines", "price", "name")
ODD_NAMES = ("x y", 'say "hi"', "new\nline", "back`tick", "__class__", "å𝄞", "and", "", "length")
INTEGER_NAMES = ("1", "10")

NUMBERS = (
    *(0, 1, 2, 3, -1, -2, 10, 100, 1.0, 2.5, 1.5, 0.5, -2.5, 0.1, 0.2, 0.3, 1.005, 1234.5678, 19.99),
    *(-0.0, 1e21, 1e-7, 1e20, 1.2345678901234568e20, 9007199254740992, 1e300, 0.000001, 1e15, 4.35),
    *(0.1 + 0.2, 1 / 3, 2 / 3, 1e16, 123456789.123456789, -1e-7, 0.015, 8.345),
)
TEXTS = (
    *(
        "",
        "a",
        "b",
        "c",
        "abc",
        "ABC",
        "a,b,c",
        " a  b ",
        "Åsa",
        "2.5",
        "10",
        "-1",
        "1e3",
        "0x1f",
        "null",
        "true",
        "Straße",
    ),
    *(
        "å𝄞b",
        "𝄞",
        "e\u0301",
        "\ud834",
        "\udd1e",
        "\U0001f469\u200d\U0001f680",
        "\uffff",
        "\ue000",
        "İ",
        "ΑΣ",
        "a\tb\nc",
        "\u00a0x\u00a0",
        '"',
        "\\",
    ),
    *("$1", "$$", "x y", "lines", "price"),
)

ORDER = {
    "id": 10482,
    "number": "W-10482",
    "created_at": "2026-11-20T10:11:12Z",
    "currency": "EUR",
    "customer": {"email": "anna@example.com", "id": 77},
    "billing": {
        "first_name": "Anna",
        "last_name": "Berg",
        "street": "Storgatan",
        "housenumber": "12 B",
        "zip": "123 45",
        "city": "Malmö",
        "country": "se",
        "company": "Berg AB",
    },
    "shipping": {
        "first_name": "Åke",
        "last_name": "Ek",
        "street": "Lillgatan",
        "housenumber": 3,
        "zip": "234 56",
        "city": "Lund",
        "country": "SE",
    },
    "payment": {"method": "klarna"},
    "lines": [
        {"sku": "A-1", "name": "Kopp", "quantity": 2, "price_excl": 15.99, "price_incl": 19.99, "discount": 0},
        {"sku": "B-2", "name": "Fat å𝄞", "quantity": 1, "price_excl": 0.1, "price_incl": 0.2, "discount": 0.05},
        {"sku": "A-1", "name": "Kopp", "quantity": 3, "price_excl": 100, "price_incl": 125, "discount": 12.5},
    ],
    "shipping_lines": [{"price": 4.95}],
    "notes": [{"type": "customer", "text": "Ring the bell"}, {"type": "internal", "text": "call first"}],
}

ODD_VALUES: tuple[Any, ...] = (
    *(None, "", 0, -0.0, 1.0, 2.5, -3, 1e21, 1e-7, 1.2345678901234568e17, True, False, [], {}, "text", "12.50", "å𝄞"),
    *([1], ["x"], [["x"]], [[1, 2], [3]], [None], {"a": 1}, [{"price": 2}], [[{"price": 2}], {"price": [3, 4]}]),
)


def wild(random: Random, depth: int = 3) -> Any:
    """An object of few names, any of which may be any value."""
    return _object(random, depth)


def _value(random: Random, depth: int) -> Any:
    kind = random.randrange(10 if depth > 0 else 6)
    if kind < 2:
        return random.choice(NUMBERS)
    if kind < 4:
        return random.choice(TEXTS)
    if kind == 4:
        return random.choice((None, True, False))
    if kind == 5:
        return random.choice(([], {}, [[]], [1], [[1]], [1, 2, 3], ["a", "b"], [[1, 2], [3]], [None], 1, "a"))
    if kind < 8:
        return [_value(random, depth - 1) for _ in range(random.randrange(4))]
    return _object(random, depth - 1)


def _object(random: Random, depth: int) -> dict[str, Any]:
    names = [name for name in INTEGER_NAMES if not random.randrange(12)]
    names += [random.choice(PLAIN_NAMES) for _ in range(random.randrange(1, 6))]
    if not random.randrange(4):
        names.append(random.choice(ODD_NAMES))
    return {name: _value(random, depth) for name in names}


def places(value: Any, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The way to each value inside, the objects and lists on the way included."""
    found = [at] if at else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in items:
        found += places(below, (*at, key))
    return found


def with_value(record: Any, place: tuple[str | int, ...], value: Any) -> Any:
    """The record with another value at the place."""
    key, *rest = place
    inside = value if not rest else with_value(record[key], tuple(rest), value)
    if isinstance(record, dict):
        return record | {key: inside}
    return [inside if number == key else item for number, item in enumerate(record)]


def without(record: Any, place: tuple[str | int, ...]) -> Any:
    """The record without what is at the place."""
    key, *rest = place
    if rest:
        return with_value(record, (key,), without(record[key], tuple(rest)))
    if isinstance(record, dict):
        return {name: value for name, value in record.items() if name != key}
    return [item for number, item in enumerate(record) if number != key]


def mutated_order(random: Random) -> Any:
    """The order with one or two of its fields replaced or gone."""
    record: Any = ORDER
    for _ in range(random.randrange(1, 3)):
        place = random.choice(places(record))
        record = without(record, place) if not random.randrange(6) else with_value(record, place, _odd(random))
    return record


def _odd(random: Random) -> Any:
    return _value(random, 1) if not random.randrange(3) else random.choice(ODD_VALUES)
