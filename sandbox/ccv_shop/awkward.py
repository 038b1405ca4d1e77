"""One order, or two, for each thing that makes an integration stumble."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from sandbox.ccv_shop.checkout import CANCELLED, WAIT_FOR_PAYMENT, Basket, Line
from sandbox.ccv_shop.goods import (
    AWKWARD_NUMBER,
    BANK_TRANSFER,
    COUNT,
    FIRST_PRODUCT_ID,
    GIFT_NUMBER,
    LONG_NUMBER,
    LOOSE_NUMBER,
    ON_ACCOUNT,
)
from sandbox.ccv_shop.money import Doc
from sandbox.ccv_shop.people import People, Person

LONG_STREET = "Lange" + "lange" * 57 + "straat 100"  # 300 characters
D = Decimal


class Awkward:
    """Invents the awkward baskets; the same dice give the same ones."""

    def __init__(self, dice: random.Random, people: People, products: dict[int, Doc], started: datetime) -> None:
        self._dice = dice
        self._people = people
        self._by_number = {one["productnumber"]: one for one in products.values()}
        self._products = products
        self._started = started

    def baskets(self) -> list[Basket]:
        """Give them all: 40."""
        return [
            *self._taxes(),
            *self._discounts(),
            *self._payments(),
            *self._customers(),
            *self._rows(),
            *self._texts(),
        ]

    def _line(self, place: int, count: str = "1", discount: str = "0") -> Line:
        return Line(self._products[FIRST_PRODUCT_ID + place % COUNT], D(count), D(discount))

    def _special(self, number: str, count: str = "1") -> Line:
        return Line(self._by_number[number], D(count))

    def _when(self) -> datetime:
        return self._started - timedelta(minutes=self._dice.randint(2 * 1440, 29 * 1440))

    def _basket(self, country: str, case: str, *lines: Line, company: bool = False) -> Basket:
        person = self._people.invent(country, company=company)
        return Basket(person, self._when(), list(lines) or [self._line(0), self._line(1)], case)

    def _firm(self, country: str) -> Person:
        return self._people.invent(country, company=True, vat=False)

    def _taxes(self) -> list[Basket]:
        rounding = (self._line(0, "3"), self._line(1, "7"), self._line(4, "3"), self._line(7, "7"))
        # a company without a VAT number pays the Dutch rates
        net = replace(self._basket("BE", "rows and shipping without tax", *rounding), person=self._firm("BE"))
        mixed = self._basket("NL", "rows without tax, shipping with", *rounding, company=True)
        intra = self._basket("DE", "intra-Community, taxes hidden", self._line(3, "2"), company=True)
        shown = self._basket("FR", "intra-Community, taxes shown", self._line(4, "7"), company=True)
        return [
            self._basket("NL", "prices that do not divide by 1.21, times 3 and 7", *rounding),
            replace(net, shipping_with_tax=False, rows_with_tax=False, method=ON_ACCOUNT),
            replace(mixed, rows_with_tax=False, method=ON_ACCOUNT),
            replace(intra, zero_rated=True, rows_with_tax=False, shipping_with_tax=False, hide_taxes=True),
            replace(shown, zero_rated=True),
            self._basket("SE", "Swedish consumer, 25 percent"),
            replace(self._basket("GB", "to Great Britain, 0 percent"), zero_rated=True),
            replace(self._basket("NL", "rows with tax, shipping without"), shipping_with_tax=False),
        ]

    def _discounts(self) -> list[Basket]:
        rows = self._basket("NL", "discount per unit", self._line(0, "3", "2.50"), self._line(1, "7", "0.33"))
        regular = rows.person

        def again(case: str, *lines: Line) -> Basket:
            return Basket(regular, self._when(), list(lines), case, has_account=True)

        two_rates = (self._line(0, "3"), self._line(1, "7"))
        coupon = again("coupon over rows of two rates", *two_rates)
        free = again("coupon gives free shipping", self._line(5))
        credit = again("paid partly with credits", self._line(8, "2"))
        plus = self._basket("DE", "extra costs", self._line(2))
        minus = self._basket("BE", "extra costs below zero", self._line(5, "2"))
        return [
            replace(rows, has_account=True),
            replace(coupon, coupon=("HERFST-10", D("10.00"))),
            replace(free, coupon=("GRATIS#VERZENDEN", D(0)), coupon_ships_free=True),
            replace(credit, credits=D("3.45")),
            replace(plus, costs=D("4.95"), costs_for="Cadeauverpakking"),
            replace(minus, costs=D("-5.00"), costs_for="Goodwill"),
        ]

    def _payments(self) -> list[Basket]:
        def unpaid(case: str, hours: int) -> Basket:
            one = replace(self._basket("NL", case), method=BANK_TRANSFER, status=WAIT_FOR_PAYMENT)
            return replace(one, created=self._started - timedelta(hours=hours), pays_after=timedelta(days=1))

        unfinished = replace(self._basket("NL", "unfinished"), completed=False)
        nobody = replace(self._basket("NL", "unfinished, customer not known yet"), completed=False, person=None)
        cancelled = replace(self._basket("BE", "cancelled"), status=CANCELLED, paid=False)
        return [
            unpaid("unpaid, paid one day after it was placed", 3),
            unpaid("unpaid, paid one day after it was placed", 15),
            cancelled,
            unfinished,
            nobody,
            replace(self._basket("NL", "payment method that is not listed"), method=99),
            replace(self._basket("NL", "picked up in the shop"), pickup=True, method=7),
        ]

    def _customers(self) -> list[Basket]:
        same = self._basket("NL", "same e-mail in lower case")
        assert same.person is not None
        shouted = replace(same.person, email=same.person.email.title())
        firm = self._basket("NL", "company with the e-mail of a private person", company=True)
        assert firm.person is not None
        private = replace(self._people.invent("NL"), email=firm.person.email)
        bare = self._basket("NL", "optional fields missing")
        assert bare.person is not None
        nothing = replace(bare.person, telephone="", housenumber=None, suffix="", first_name="", elsewhere=False)
        return [
            *self.pair(),
            *self.pair(),
            same,
            Basket(shouted, self._when(), [self._line(2)], "same e-mail in another case"),
            firm,
            Basket(private, self._when(), [self._line(1)], "private person with the e-mail of a company"),
            replace(bare, person=nothing),
        ]

    def pair(self) -> list[Basket]:
        """Give two orders that one new customer places within minutes."""
        person = self._people.invent(self._dice.choice(("NL", "BE", "DE")))
        when, later = self._when(), timedelta(minutes=self._dice.randint(1, 6))
        case = "two orders of one new customer within minutes"
        return [
            Basket(person, when, [self._line(self._dice.randint(0, 59))], case, has_account=True),
            Basket(person, when + later, [self._line(self._dice.randint(0, 59), "2")], case, has_account=True),
        ]

    def _rows(self) -> list[Basket]:
        loose = Line(None, price=D("12.50"), name='Graveren: "Voor Oma"', memo="Voor Oma")
        many = [self._line(place, str(place % 4 + 1)) for place in range(200)]
        return [
            self._basket("NL", "row without a product number", loose, self._line(0)),
            self._basket("SE", "number with comma, space and åäö", self._special(AWKWARD_NUMBER, "2")),
            self._basket("NL", "number of more than 40 characters", self._special(LONG_NUMBER)),
            self._basket("DE", "200 rows", *many),
            replace(self._basket("NL", "no rows"), lines=[]),
            self._basket("NL", "1.5 kg and a gift", self._special(LOOSE_NUMBER, "1.5"), self._special(GIFT_NUMBER)),
        ]

    def _texts(self) -> list[Basket]:
        emoji = self._basket("NL", "emoji and markup")
        hoff = replace(self._must(emoji), first_name="Zoë 🎈👩‍👩‍👧", last_name='<b>van \'t "Hoff" & Zn</b>')
        accents = replace(self._basket("FR", "combining accents, costs of the payment method"), method=3)
        renee = replace(self._must(accents), first_name="Rene\u0301e", last_name="Zoe\u0308lina")
        rtl = replace(self._basket("NL", "right to left, sold on a platform"), zero_rated=True, platform=True)
        yael = replace(self._must(rtl), first_name="יעל", last_name="\u202eלוי", street="רחוב \u202bדמיוני")
        long = self._basket("BE", "300 characters", company=True)
        firm = replace(self._must(long), company="Firma " + "x" * 294, street=LONG_STREET, last_name="Lang" * 75)
        return [
            replace(emoji, person=replace(hoff, comment="=1+1\n🚚")),
            replace(accents, person=replace(renee, city="Sa\u0303o Nergens")),
            replace(rtl, person=replace(yael, city="ירושלים")),
            replace(long, person=firm),
        ]

    @staticmethod
    def _must(basket: Basket) -> Person:
        assert basket.person is not None
        return basket.person
