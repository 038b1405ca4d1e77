"""An order of a web shop with each of its fields replaced in turn, and what mappings commonly ask of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.formulas.exactness.records import ODD_VALUES, ORDER, places, with_value, without

# Each formula with the fields whose replacement may change its answer.
FORMULAS: dict[str, tuple[str, ...]] = {
    "number & ''": ("number",),
    "$string(id)": ("id",),
    "$substringBefore(created_at, 'T')": ("created_at",),
    "$uppercase(billing.country)": ("billing",),
    "$lowercase($trim(customer.email))": ("customer",),
    "billing.first_name & ' ' & billing.last_name": ("billing",),
    "$join([billing.street, $string(billing.housenumber)], ' ')": ("billing",),
    "billing.company ?: billing.last_name & ', ' & billing.first_name": ("billing",),
    "$exists(billing.company) and billing.company != '' ? 'B2B' : 'B2C'": ("billing",),
    "shipping.housenumber ?? '-'": ("shipping",),
    "payment.method in ['klarna', 'card'] ? 'paid' : 'open'": ("payment",),
    "lines.sku": ("lines",),
    "$sum(lines.(quantity * price_incl))": ("lines",),
    "$round($sum(lines.(price_excl * quantity - discount)), 2)": ("lines",),
    "lines.{'article': sku, 'text': $substring(name, 0, 5), 'price': price_excl, 'off': discount > 0 ? discount}": (
        "lines",
    ),
    "lines[quantity > 1].name[]": ("lines",),
    "$map(lines, function($line, $index){ {'row': $index + 1, 'sku': $line.sku} })": ("lines",),
    "$reduce(lines.quantity, function($all, $next){ $all + $next }, 0)": ("lines",),
    "$distinct(lines.sku) ~> $join('/')": ("lines",),
    "lines[-1].price_incl": ("lines",),
    "$count(lines)": ("lines",),
    "lines^(>price_incl).sku": ("lines",),
    "lines{sku: $sum(quantity)}": ("lines",),
    "shipping_lines[0].price + 0": ("shipping_lines",),
    "$append(lines.price_incl, shipping_lines.price)": ("lines", "shipping_lines"),
    "notes[type = 'customer'].text": ("notes",),
    "$filter(notes, function($note){ $contains($note.text, 'call') }).text ~> $uppercase()": ("notes",),
    "currency & ' ' & $string($max(lines.price_incl))": ("currency", "lines"),
    "{'name': billing.last_name, 'rows': lines.[sku, quantity], 'note': notes[0].text}": ("billing", "lines", "notes"),
    "billing": ("billing",),
    "$merge([billing, {'country': 'SE'}])": ("billing",),
    "$keys(shipping)": ("shipping",),
}


def pairs() -> Iterator[tuple[str, Any]]:
    """Each formula with the order itself, and with each order that may change its answer."""
    for formula in FORMULAS:
        yield formula, ORDER
    for place in places(ORDER):
        if len(place) > 1 and place[1] in (1, 2):
            continue  # of alike lines the first is enough
        for record in (without(ORDER, place), *(with_value(ORDER, place, value) for value in ODD_VALUES)):
            for formula, fields in FORMULAS.items():
                if place[0] in fields:
                    yield formula, record
