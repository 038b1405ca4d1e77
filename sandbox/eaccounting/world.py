"""Fills the books of the first day: customers, articles and a few paid invoices of the past."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from sandbox.eaccounting import articles, choices, customers
from sandbox.eaccounting.books import Books
from sandbox.eaccounting.filter_tokens import write_moment
from sandbox.eaccounting.models import Record
from sandbox.eaccounting.sales_fields import INVOICE
from sandbox.eaccounting.sums import cents, exact

# Name, e-mail, kind, street, postal code, city, country, VAT number: all invented.
_CUSTOMERS = """
Sanne de Vries | sanne.devries@post.example | private | Kersenlaan 4 | 3512 BB | Utrecht | NL |
Daan Bakker | daan.bakker@post.example | private | Molenpad 17 | 9712 CD | Groningen | NL |
Emma Peeters | emma.peeters@post.example | private | Lindestraat 8 | 2000 | Antwerpen | BE |
Lukas Schneider | lukas.schneider@post.example | private | Birkenweg 21 | 50667 | Köln | DE |
Linnéa Öberg | linnea.oberg@post.example | private | Björkgatan 3 | 111 22 | Stockholm | SE |
Oliver Brown | oliver.brown@post.example | private | 5 Orchard Row | LS1 4AB | Leeds | GB |
Atelier Noordzee | inkoop@noordzee.example | company | Kade 90 | 3011 AA | Rotterdam | NL | NL000000002B02
Café Zon | inkoop@cafezon.example | company | Markt 1 | 5611 EB | Eindhoven | NL | NL000000003B03
Maison Laurier | inkoop@maisonlaurier.example | company | 4 rue Verte | 59000 | Lille | FR | FR00000000004
Nordlicht GmbH | inkoop@nordlicht.example | company | Hafenstr. 40 | 20457 | Hamburg | DE | DE000000005
"""
_THINGS = ["Mok", "Theepot", "Kaars", "Notitieboek", "Sjaal", "Tas", "Lamp", "Kussen", "Schaal", "Vaas"]
_FOODS = ["Thee", "Koffie", "Honing", "Jam", "Chocolade", "Mosterd", "Koekjes", "Sap", "Noten", "Siroop"]
_KINDS = ["groen", "blauw", "klein", "groot", "puur", "licht"]

INACTIVE_ARTICLE = "ART-1029"
ARTICLE_OF_THE_PAST = "OUD-2001"  # its coding is no longer active


def fill(books: Books, seed: int, orders: int, start: datetime) -> None:
    """Put the first day's records; `orders` is the size of the world: one old invoice for each twenty."""
    chance = Random(f"eaccounting/{seed}")
    _fill_customers(books, start - timedelta(days=120))
    _fill_articles(books, chance, start - timedelta(days=90))
    _fill_invoices(books, chance, orders // 20, start)


def coding_of(books: Books, rate: float, kind: str = "Goods") -> Record:
    """Give the active coding of a rate."""
    for coding in books["articleaccountcodings"]:
        if (coding["VatRatePercent"], coding["Type"], coding["IsActive"]) == (rate, kind, True):
            return coding
    raise ValueError(f"There is no active coding for {kind} at {rate} %.")


def terms_named(books: Books, name: str) -> Record:
    """Give the terms of payment of that name."""
    return books["termsofpayments"].having("Name", name)[0]


def _fill_customers(books: Books, when: datetime) -> None:
    terms = {"private": terms_named(books, "14 dagen")["Id"], "company": terms_named(books, "30 dagen")["Id"]}
    for line in _CUSTOMERS.strip().splitlines():
        name, email, kind, street, postal_code, city, country, vat_number = (w.strip() for w in line.split("|"))
        sent = {
            "Name": name,
            "EmailAddress": email,
            "IsPrivatePerson": kind == "private",
            "IsActive": True,
            "InvoiceAddress1": street,
            "InvoicePostalCode": postal_code,
            "InvoiceCity": city,
            "InvoiceCountryCode": country,
            "VatNumber": vat_number or None,
            "TermsOfPaymentId": terms[kind],
        }
        books["customers"].put(customers.make(books, sent, None, when))


def _fill_articles(books: Books, chance: Random, when: datetime) -> None:
    piece = books["units"].slice(0, 1)[0]["Id"]
    for number in range(1001, 1031):
        low = number % 3 == 0
        name = f"{chance.choice(_FOODS if low else _THINGS)} {chance.choice(_KINDS)} {number - 1000}"
        sent = {
            "Number": f"ART-{number}",
            "Name": name,
            "IsActive": f"ART-{number}" != INACTIVE_ARTICLE,
            "CodingId": coding_of(books, 9.0 if low else 21.0)["Id"],
            "UnitId": piece,
            "NetPrice": chance.randint(150, 9000) / 100,
            "StockBalance": float(chance.randint(0, 80)),
        }
        books["articles"].put(articles.make(books, sent, None, when))
    current = coding_of(books, 21.0)["Id"]
    sent = {
        "Number": ARTICLE_OF_THE_PAST,
        "Name": "Oude voorraad",
        "IsActive": True,
        "UnitId": piece,
        "NetPrice": 10,
    }
    article = articles.make(books, {**sent, "CodingId": current}, None, when)
    former = next(c for c in books["articleaccountcodings"] if not c["IsActive"])
    books["articles"].put({**article, "CodingId": former["Id"], "CodingName": former["Name"], "GrossPrice": 11.9})


def _fill_invoices(books: Books, chance: Random, count: int, start: datetime) -> None:
    buyers = list(books["customers"])[:2]
    for place in range(count):
        when = start - timedelta(days=80 - place % 40)
        net = exact(chance.randint(1000, 20000) / 100)
        vat = cents(net * 21 / 100)
        customer = buyers[place % len(buyers)]
        books["customerinvoices"].put(_invoice(books, customer, float(net + vat), float(vat), when))


def _invoice(books: Books, customer: Record, total: float, vat: float, when: datetime) -> Record:
    sums = {"TotalAmount": total, "TotalVatAmount": vat, "TotalRoundings": 0.0}
    taken = ("CustomerNumber", "InvoiceAddress1", "InvoicePostalCode", "InvoiceCity", "InvoiceCountryCode")
    values = {
        **sums,
        **{name: customer[name] for name in taken},
        "Id": books.ids.guid("invoice"),
        "CurrencyCode": "EUR",
        "CurrencyRate": float(choices.EUR_FOR_ONE["EUR"]),
        "TotalAmountInvoiceCurrency": total,
        "TotalVatAmountInvoiceCurrency": vat,
        "CustomerId": customer["Id"],
        "CustomerName": customer["Name"],
        "InvoiceCustomerName": customer["Name"],
        "CustomerIsPrivatePerson": customer["IsPrivatePerson"],
        "CustomerEmail": customer["EmailAddress"],
        "TermsOfPaymentId": customer["TermsOfPaymentId"],
        "InvoiceDate": when.date().isoformat(),
        "DueDate": (when + timedelta(days=14)).date().isoformat(),
        "InvoiceNumber": books.take_number("invoice"),
        "RemainingAmount": 0.0,
        "RemainingAmountInvoiceCurrency": 0.0,
        "CreatedUtc": write_moment(when),
        "ModifiedUtc": write_moment(when),
        "IncludesVat": customer["IsPrivatePerson"],
        "PaymentDate": (when + timedelta(days=3)).date().isoformat(),
        "PaymentStatus": 0,
    }
    return INVOICE.complete(values)
