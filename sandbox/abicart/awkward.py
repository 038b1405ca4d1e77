"""The orders that are worth a look, one for each thing that goes wrong in integrations."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal as D
from typing import Any

from sandbox.abicart import goods
from sandbox.abicart.goods import by_number
from sandbox.abicart.kinds import Doc
from sandbox.abicart.people import People
from sandbox.abicart.placing import CARD, INVOICE, ON_DELIVERY, PICKED_UP, Basket, Line
from sandbox.abicart.records import Records

BIG_UID = 9007199254740993  # sixteen digits, one more than a double counts to


class Awkward:
    """Makes the baskets; the goods are there already."""

    def __init__(self, records: Records, people: People) -> None:
        self._records = records
        self._people = people

    def baskets(self) -> list[Basket]:
        """Give them all, the most telling first, so that small worlds have those."""
        return [*self._money(), *self._rows(), *self._states(), *self._people_and_texts()]

    def _line(self, number: str = "AB-1001", quantity: object = 1, choices: Doc | None = None, **more: object) -> Line:
        return Line(by_number(self._records, number), quantity, choices or {}, more)

    def _basket(self, case: str, *lines: Line, country: str = "SE", company: bool = False) -> Basket:
        person = replace(self._people.invent(country, company=company), elsewhere=False)
        return Basket(person, list(lines) or [self._line(), self._line("AB-1012", 2)], case)

    def _money(self) -> list[Basket]:
        gift, off = self._line(goods.GIFT_CARD, unit=D(-200)), self._line(goods.DISCOUNT, unit=D("-49.90"))
        tenth = self._line("AB-1003", 3, unit=D("89.10"), discount={"percent": 10, "incVat": D("-29.70")})
        # not documented: the shape of discountInfo
        whole = self._basket("rounded to whole kronor", self._line("AB-1002", 3, unit=D("33.35")))
        free = self._basket("paid by a gift card, total 0", self._line(unit=D(200)), gift)
        low = self._line("AB-1005", 7, unit=D("0.07"))
        return [
            self._basket("gift card as a negative row", self._line("AB-1004", 1, unit=D(750)), gift),
            self._basket("discount as a negative row", self._line("AB-1004", 1, unit=D(300)), off),
            self._basket("a row of amount 0", self._line(), self._line(goods.FREE)),
            self._basket("ten percent off a row", tenth, self._line()),
            replace(whole, whole=True),
            replace(self._basket("three rates of tax", *map(self._line, ("AB-1001", "AB-1008", "AB-1009")))),
            replace(self._basket("in euro", country="DE"), currency="EUR"),
            replace(self._basket("in euro, company without tax", country="FI", company=True), currency="EUR"),
            self._basket("outside the Union, without tax", country="NO"),
            replace(free, shipping=D(0)),
            replace(self._basket("fee of an invoice"), payment=INVOICE),
            replace(self._basket("fee of cash on delivery"), payment=ON_DELIVERY),
            replace(self._basket("picked up, shipping 0"), delivery=PICKED_UP, payment=CARD),
            self._basket("unit prices of few öre", low),
        ]

    def _rows(self) -> list[Basket]:
        choices = self._records.all("ArticleChoice")
        size, colour, text, length = choices[:4]
        one = {str(size["uid"]): size["options"][0]}
        two = {str(size["uid"]): size["options"][2], str(colour["uid"]): colour["options"][1]}
        hostile = {str(text["uid"]): 'Till "Oma" <b>&</b>;\n=1+1'}
        metres = self._line(goods.BY_THE_METRE, D("2.5"), {str(length["uid"]): D("2.5")})
        many = [self._line(f"AB-{1001 + place}", place % 4 + 1) for place in range(60)]
        return [
            self._basket("a variant", self._line("TR-1", 2, one)),
            self._basket("a variant of two choices", self._line("TR-7", 1, two)),
            self._basket("a choice that is text", self._line(goods.ENGRAVED, 1, hostile)),
            self._basket("two metres and a half", metres),
            self._basket("an article that was deleted", self._line(goods.DELETED), self._line()),
            self._basket("number with åäö, comma, blank", self._line(goods.AWKWARD, 2)),
            self._basket("an article without a number", self._line(goods.UNNUMBERED)),
            self._basket("an article without a name", self._line("NAMNLOS-1")),
            self._basket("two articles of one number", self._line("DUBBEL-1"), self._line("DUBBEL-1", 2)),
            self._basket("60 rows", *many),
        ]

    def _states(self) -> list[Basket]:
        same = self._basket("two orders of one new customer")
        sent = {"deliveryStatus": "sent", "paymentStatus": "unpaid"}
        return [
            replace(self._basket("discarded"), over={"discarded": True}),
            replace(self._basket("sent, not paid"), over=sent),
            replace(self._basket("number of another system is there"), over={"externalOrderNumber": "SO-77"}),
            replace(self._basket("uid of 16 digits"), uid=BIG_UID),
            replace(self._basket("tags and note"), over={"tags": ["vip", "gåva;snabb"], "note": "Ring först\n🚚 tack"}),
            same,
            replace(same, lines=[self._line("AB-1020")]),
        ]

    def _people_and_texts(self) -> list[Basket]:
        polish, hostile = self._basket("Polish names", country="PL"), self._basket("markup and formulas")
        emoji, right = self._basket("emoji"), self._basket("right to left")
        long, firm = self._basket("300 characters"), self._basket("company with a person's e-mail", company=True)
        elsewhere, bare = self._basket("delivered elsewhere"), self._basket("no e-mail, empty address")
        finnish = replace(self._basket("a language no article has", country="FI"), currency="EUR")
        combined = self._basket("combining accents")
        empty = dict.fromkeys(("address", "postcode", "town", "phoneMobile"), "")
        return [
            polish,
            _with(hostile, first="<b>Åsa</b>", last="'; DROP TABLE orders;--", over={"address": "=1+1", "town": "A&B"}),
            _with(emoji, first="Zoë 🎈👩‍👩‍👧", last="Ballong"),
            _with(right, first="יעל", last="\u202eלוי", over={"town": "ירושלים"}),
            _with(long, last="Lång" * 75, over={"address": "Långgatan " + "x" * 290}),
            _with(firm, email="anna.exempel@post.example"),
            _with(self._basket("person with a company's e-mail"), email="anna.exempel@post.example"),
            _with(elsewhere, elsewhere=True),
            _with(bare, email="", over=empty),
            finnish,
            _with(combined, first="Rene\u0301e", last="Zoe\u0308lina"),
        ]


def _with(basket: Basket, **over: Any) -> Basket:
    assert basket.person is not None
    return replace(basket, person=replace(basket.person, **over))
