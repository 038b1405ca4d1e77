"""The first day: shop, groups, methods, goods, customers and orders, the same for the same seed."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta

from sandbox.abicart.awkward import Awkward
from sandbox.abicart.choices import Choices
from sandbox.abicart.goods import DELETED, Goods, by_number
from sandbox.abicart.kinds import MOMENT
from sandbox.abicart.people import COUNTRIES, People, Person, customer_of
from sandbox.abicart.placing import CARD, DELIVERIES, INVOICE, PAYMENTS, PICKED_UP, Basket, Line, place
from sandbox.abicart.records import Records
from sandbox.abicart.writing import forget_article

CUSTOMERS, CARTS, DAYS = 60, 4, 90


def fill(records: Records, choices: Choices, seed: int, orders: int, start: datetime) -> int:
    """Fill the shop; gives how many people were invented."""
    dice = random.Random(seed)
    _settings(records, choices)
    Goods(records, choices, dice, start).fill()
    people = People(dice)
    known = [_customer(records, choices, people, dice, start) for _ in range(CUSTOMERS)]
    baskets = Awkward(records, people).baskets()[: (orders + 1) // 2]
    baskets += [_plain(records, known, people, dice) for _ in range(orders - len(baskets))]
    moments = sorted(start - timedelta(seconds=dice.randint(3600, DAYS * 86_400)) for _ in baskets)
    order_of = list(range(len(baskets)))
    dice.shuffle(order_of)
    for when, number in zip(moments, order_of, strict=True):
        made = place(records, choices, baskets[number], when)
        later = min(when + timedelta(hours=dice.randint(0, 200)), start)
        if not baskets[number].case and start - when > timedelta(days=10):
            made |= {"paymentStatus": "paid", "deliveryStatus": "sent"}
        made["changed"] = later.strftime(MOMENT)
    for _ in range(CARTS):
        line = Line(by_number(records, f"AB-{dice.randint(1001, 1090)}"))
        cart = Basket(None, [line], "a cart", choices.base_currency, "sv", ordered=False)
        place(records, choices, cart, start - timedelta(hours=2))
    gone = by_number(records, DELETED)["uid"]
    records.remove("Article", gone)
    forget_article(records, gone, choices)
    return people.made


def _settings(records: Records, choices: Choices) -> None:
    other = "EUR" if choices.base_currency == "SEK" else "SEK"
    shop = {
        "type": "shop",  # not documented: what type and edition may say
        "edition": "standard",
        "baseCurrency": choices.base_currency,
        "activeCurrencies": [choices.base_currency, other],
        "defaultLanguage": "sv",
        "priceStoredWithVat": choices.prices_with_vat,
        "showPricesIncludingVat": True,
        "vatCountry": "SE",
        "vatSupport": True,
    }
    records.add("Webshop", shop)
    groups = ("Privatkunder", "Private"), ("Återförsäljare", "Resellers"), ("Vänner", "Friends"), ("Personal", "Staff")
    for swedish, english in groups:
        records.add("Customergroup", {"name": {"sv": swedish, "en": english}})
    for kind, names in (("DeliveryMethod", DELIVERIES), ("Payment", PAYMENTS)):
        for name in names:
            records.add(kind, {"name": dict(name)})


def _customer(records: Records, choices: Choices, people: People, dice: random.Random, start: datetime) -> Person:
    country = dice.choice(("SE", "SE", "SE", *COUNTRIES))
    person = people.invent(country, company=dice.random() < 0.35)
    made = start - timedelta(days=dice.randint(91, 800))
    add_customer(records, choices, person, made, groups=[2 if person.company else 1])
    return person


def add_customer(records: Records, choices: Choices, person: Person, when: datetime, groups: list[int]) -> int:
    """Add a customer with an account."""
    at = when.strftime(MOMENT)
    account = {"created": at, "changed": at, "approved": True, "language": person.language, "groups": groups}
    uid: int = records.add("Customer", {**account, **customer_of(person, choices), "custom": {}})["uid"]
    return uid


def _plain(records: Records, known: list[Person], people: People, dice: random.Random) -> Basket:
    person = dice.choice(known) if dice.random() < 0.6 else people.invent("SE", company=dice.random() < 0.25)
    numbers = [f"AB-{dice.randint(1001, 1090)}" for _ in range(dice.randint(1, 4))]
    lines = [Line(by_number(records, number), dice.choice((1, 1, 1, 2, 3, 10))) for number in numbers]
    currency = "EUR" if person.country in ("DE", "FR", "FI") else "SEK"
    basket = Basket(person, lines, currency=currency, payment=dice.choice((CARD, CARD, INVOICE)))
    return replace(basket, delivery=PICKED_UP) if dice.random() < 0.1 else basket
