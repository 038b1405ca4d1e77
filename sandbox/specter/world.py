"""The first day: invented articles with stock at several sites, customers, and orders in several states."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal

from sandbox.specter.books import DELETED, DELIVERED, HANDLED, MAIN, OPEN, SHOPS, WAITING, Books, Doc, plain

ARTICLES, CUSTOMERS = 60, 40
_NAMES = "Åsa Börje Ebba Håkan Maj Östen Sigrid Torbjörn".split()
_SURNAMES = "Björksten Dimmalund Åkervind Östersjö Påhittsson".split()
_GOODS = "Mössa Vante Kåsa Lykta Tröja Sjökort Kökskniv Pläd Älgskinn Blåbärssylt".split()
_RATES = ("25", "25", "25", "12", "6")


def fill(books: Books, seed: int, orders: int, start: datetime) -> None:
    """Fill empty books; the same seed gives the same, relative to the start."""
    dice = random.Random(seed)
    for place in range(ARTICLES):
        _add_article(books, dice, place)
    for place in range(CUSTOMERS):
        _add_customer(books, dice, place, start)
    for place in range(orders):
        _add_order(books, dice, start - timedelta(hours=3 * (orders - place)), place)


def _add_article(books: Books, dice: random.Random, place: int) -> None:
    number = f"SP-{place + 1:03d}"
    managed = dice.random() < 0.8
    levels = {MAIN: str(dice.randrange(60))} if managed else {}
    if managed and dice.random() < 0.5:
        levels |= {"2": str(dice.randrange(10)), "3": str(dice.randrange(200))}
    name = f"{dice.choice(_GOODS)} {place + 1}"
    article = {"specterId": books.next_number("article"), "articleNo": number, "name": name}
    article |= {"priceExclVAT": plain(Decimal(dice.randrange(800, 90_000)) / 100), "vatPercent": dice.choice(_RATES)}
    article |= {"description": f"Påhittad vara: {name} & tillbehör", "barCode": f"20000000{place:05d}"}
    books.articles[number] = {**article, "managed": managed, "levels": levels}
    books.article_changed(number)
    if managed:
        books.stock_changed(number)


def _add_customer(books: Books, dice: random.Random, place: int, start: datetime) -> None:
    number = books.next_number("customer")
    first, last = dice.choice(_NAMES), dice.choice(_SURNAMES)
    firm = place % 4 == 0
    name = f"{last} Handel {place + 1} AB" if firm else f"{first} {last}"
    customer = {"customerId": number, "name": name, "currency": "SEK", "language": "SE"}
    customer |= {"customerOrganizationalForm": "C" if firm else "P", "orgNo": f"000000-{place + 1:04d}"}
    customer |= {"address": f"Påhittsgatan {place + 1}", "zipCodeEng": f"{10_000 + place}", "city": "Ingenstans"}
    customer |= {"countryCode": "SE", "emailAddress": f"kund{place + 1}@post.example"}
    books.customers[number] = {**customer, "made": start.isoformat(timespec="seconds")}


def _add_order(books: Books, dice: random.Random, made: datetime, place: int) -> None:
    number = books.next_number("order")
    rows = [_row(books.articles[one], dice) for one in dice.sample(sorted(books.articles), dice.randrange(1, 4))]
    rows.append({"articleNo": "FRAKT", "articleName": "Frakt", "priceExclVAT": "39.2", "noOfItems": "1"})
    rows[-1]["vatPercent"] = "25"
    status, delivery = dice.choice(((OPEN, WAITING), (HANDLED, WAITING), (HANDLED, DELIVERED), (DELETED, WAITING)))
    order: Doc = {"orderNo": number, "customerId": dice.choice(sorted(books.customers)), "currency": "SEK"}
    order |= {"externalOrderNo": f"F{place + 1:05d}", "webshopId": SHOPS[0], "stocksiteid": MAIN, "rows": rows}
    order |= {"statusId": status, "deliveryStatus": delivery, "payTypeIdentifier": dice.choice(("I", "KG", "SW"))}
    order["tracking"] = [f"00{dice.randrange(10**10):010d}"] if delivery == DELIVERED else []
    books.orders[number] = order | {"made": made.isoformat(timespec="seconds")}
    if status != OPEN:
        books.order_changed(order)


def _row(article: Doc, dice: random.Random) -> dict[str, str]:
    row = {"articleNo": article["articleNo"], "articleName": article["name"], "discount": dice.choice(("0", "0", "10"))}
    row |= {name: article[name] for name in ("priceExclVAT", "vatPercent")}
    return row | {"noOfItems": str(dice.randrange(1, 5))}
