"""Web orders of five lines, the same each time: `python -m benchmarks.orders COUNT [--spaced] > orders.ndjson`."""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

Order = dict[str, Any]

COMPACT, SPACED = (",", ":"), (", ", ": ")
LINES = 5
_FIRST = ("Åsa", "Łukasz", "Zoë", "Anna", "Mehmet", "Siobhán", "Jürgen", "Marie-Louise", "Ines", "Tom")
_LAST = ("Sjöberg", "de Vries", "Müller", "O’Neill", "Dvořák", "Jansen", "Lindqvist", "Peeters", "Nuñez", "Berg")
_STREETS = ("Storgatan", "Prinsengracht", "Königsallee", "Rue de l’Église", "Lange Nieuwstraat", "Kerkstraat")
_CITIES = ("Malmö", "Amsterdam", "Düsseldorf", "Liège", "’s-Hertogenbosch", "Utrecht")
_COMPANIES = ("Bakkerij De Zon B.V.", "Fjällräven & Söner AB", 'Blumen "Am Tor" GmbH', "Atelier Dupont SPRL")
_THINGS = ("Mug", "Tea towel", "Lamp", "Blanket, grey", "Crème brûlée set", "Candle 20 cm", "Door mat", "Poster A2")
_NOTES = (
    "Please ring twice.",
    'Leave it at the "blue" door',
    "Gift wrapping, please – Grüße!",
    "Call first\n2nd floor",
)
_METHODS = ("ideal", "card", "invoice", "transfer", "direct_debit")


def order(i: int) -> Order:
    """The order number i. No amount ends in half a cent, so that every way of rounding gives the same."""
    rng = random.Random(i)
    person = {"first_name": rng.choice(_FIRST), "last_name": rng.choice(_LAST)}
    company = {"company": rng.choice(_COMPANIES)} if i % 3 == 0 else {}
    made = f"2026-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    time = f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}:{rng.randint(0, 59):02}"
    return {
        "id": 100_000 + i,
        "number": f"W{i}",
        "created_at": f"{made}T{time}Z",
        "currency": rng.choice(("EUR", "SEK")),
        "customer": {"email": f"customer{i}@shop.example", "id": 5_000 + i},
        "billing": {**person, **_address(rng), **company},
        "shipping": {**person, **_address(rng), **company},
        "payment": {"method": rng.choice(_METHODS)},
        "lines": _lines(rng),
        "shipping_lines": [{"price": cents / 100} for cents in rng.sample(range(100, 1_500), 2)],
        "notes": [{"type": rng.choice(("public", "private")), "text": rng.choice(_NOTES)} for _ in range(3)],
    }


def _address(rng: random.Random) -> Order:
    return {
        "street": rng.choice(_STREETS),
        "housenumber": f"{rng.randint(1, 300)}{rng.choice(('', '', 'A', ' bis'))}",
        "zip": f"{rng.randint(1000, 9999)} {rng.choice(('AB', 'CD', 'XZ'))}",
        "city": rng.choice(_CITIES),
        "country": rng.choice(("nl", "be", "de", "se")),
    }


def _lines(rng: random.Random) -> list[Order]:
    while True:
        lines = [_line(rng) for _ in range(LINES)]
        if not _half_a_cent(sum(line["quantity"] * round(line["price_incl"] * 1000) for line in lines)):
            return lines


def _line(rng: random.Random) -> Order:
    """One line, its prices in thousandths as some shops keep them, 25 % tax."""
    while True:
        without = rng.randint(1_000, 200_000)
        including = (without * 125 + 50) // 100
        if not any(map(_half_a_cent, (without, including - without))):
            break
    name = rng.choice(_THINGS)
    return {
        "sku": f"{name[:3].upper()}-{rng.randint(100, 999)}",
        "name": name,
        "quantity": rng.randint(1, 6),
        "price_excl": without / 1000,
        "price_incl": including / 1000,
        "discount": rng.choice((0, 10)),
    }


def _half_a_cent(thousandths: int) -> bool:
    return thousandths % 10 == 5


def texts(numbers: Iterable[int], separators: tuple[str, str] = COMPACT) -> Iterator[bytes]:
    """One line of UTF-8 for each order."""
    for i in numbers:
        yield json.dumps(order(i), ensure_ascii=False, separators=separators).encode() + b"\n"


def write(path: Path, count: int, separators: tuple[str, str] = COMPACT) -> Path:
    """A file of so many orders."""
    with path.open("wb") as file:
        file.writelines(texts(range(1, count + 1), separators))
    return path


def main() -> None:
    """Write the orders to standard output."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.orders", description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--spaced", action="store_true", help="a space after each comma and colon")
    asked = parser.parse_args()
    sys.stdout.buffer.writelines(texts(range(1, asked.count + 1), SPACED if asked.spaced else COMPACT))


if __name__ == "__main__":
    main()
