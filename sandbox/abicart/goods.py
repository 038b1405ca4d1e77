"""What the shop sells: plain articles, some with choices and variants, and the awkward ones."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sandbox.abicart.choices import Choices
from sandbox.abicart.kinds import MOMENT, Doc
from sandbox.abicart.money import cents
from sandbox.abicart.records import Records

PLAIN = 90
EUR_IN_SEK = Decimal("11.35")
_WORDS = (
    ("Kopp", "Cup", "Tasse"),
    ("Duk", "Cloth", "Tuch"),
    ("Ljus", "Candle", "Kerze"),
    ("Låda", "Box", "Kiste"),
    ("Krok", "Hook", "Haken"),
    ("Spade", "Spade", "Spaten"),
    ("Tråd", "Thread", "Faden"),
    ("Bok", "Book", "Buch"),
    ("Sylt", "Jam", "Marmelade"),
)
_LOOKS = (
    ("blå", "blue", "blau"),
    ("grön", "green", "grün"),
    ("röd", "red", "rot"),
    ("gul", "yellow", "gelb"),
    ("grå", "grey", "grau"),
    ("rund", "round", "rund"),
    ("stor", "large", "groß"),
    ("liten", "small", "klein"),
    ("gammal", "old", "alt"),
    ("ny", "new", "neu"),
)
GIFT_CARD, DISCOUNT, FREE, AWKWARD, UNNUMBERED, DELETED = (
    "PRESENTKORT",
    "RABATT",
    "GÅVA",
    "Å 12,5% & mer",
    "",
    "UTGÅTT-1",
)
ENGRAVED, BY_THE_METRE = "GRAVYR-1", "METER-1"


class Goods:
    """Fills the shelves; the seed decides prices and stock."""

    def __init__(self, records: Records, choices: Choices, dice: random.Random, start: datetime) -> None:
        self._records = records
        self._choices = choices
        self._dice = dice
        self._start = start

    def fill(self) -> None:
        """Make choices, articles and the price lists."""
        # abicart-rpc-examples.json: ArticleChoice 879278 is Size, with three options
        size = self._choice("enum", "Storlek", "Size", mandatory=True, options=self._options(3))
        colour = self._choice("enum", "Färg", "Colour", mandatory=True, options=self._options(2))
        text = self._choice("string", "Gravyr", "Engraving")
        length = self._choice("number", "Längd", "Length", minimum=1, maximum=50, quantity=True)
        length["multipleOf"], length["quantityWeight"] = Decimal("0.5"), Decimal(1)
        file = self._choice("file", "Bild", "Picture")
        for place in range(PLAIN):
            self._plain(place)
        for place in range(8):
            self._with_variants(place, [size] if place < 6 else [size, colour])
        for number, choice in ((ENGRAVED, text), (BY_THE_METRE, length), ("TRYCK-1", file)):
            self.article(number, {"sv": f"Vara {number}", "en": f"Article {number}"}, "129.50", choices=[choice["uid"]])
        self._awkward()
        for article in self._records.all("Article"):
            self._price_lists(article)

    def article(self, number: str, name: Doc, sek: str, **more: Any) -> Doc:
        """Add an article; `sek` is its price in kronor."""
        price = self.price(Decimal(sek))
        made = self._start - timedelta(days=self._dice.randint(100, 700))
        uid = self._records.next_uid("Article")
        article: Doc = {
            "created": made.strftime(MOMENT),
            "changed": (made + timedelta(days=self._dice.randint(0, 90), hours=3)).strftime(MOMENT),
            "articleNumber": number,
            "name": name,
            "description": {language: f"<p>{text}</p>" for language, text in name.items()},
            "introductionText": {},
            "price": price,
            "pricing": [{"qtyFloor": 1, "regular": price, "specialOffer": None}],
            "stock": {"useStock": True, self._choices.stock_key: self._dice.randint(0, 250)},
            "hidden": False,
            "draft": False,
            "isBuyable": True,
            "presentationOnly": False,
            "articlegroup": 10 + uid % 5,
            "showInArticlegroups": [10 + uid % 5],
            "choices": [],
            "choiceOptions": {},
            "choiceOptionPrices": {},
            "ean": f"200{uid:010d}",
            "sku": number,
            "unit": "st",
            "vatRate": Decimal("0.25"),
            "vatIsIncluded": self._choices.prices_with_vat,
            "weight": self._dice.randint(1, 60) * 50,
            "images": [f"/images/{uid}.jpg"],
            "url": {language: f"/{language}/{uid}" for language in name},
            "baseName": {},
            "attributes": {},
            "articleTemplate": None,
            "overrides": None,
            "deliveryInfo": {},
            "freeFreight": False,
            "isBulky": False,
            "metaDescription": {},
            "metaKeywords": {},
            "type": "article",
            "news": False,
        }
        return self._records.add("Article", article | more, uid)

    def price(self, sek: Decimal) -> Any:
        """Write a price as the choices have it."""
        euro = cents(sek / EUR_IN_SEK)
        if self._choices.price_shape == "map":
            return {"SEK": sek, "EUR": euro}
        return sek if self._choices.base_currency == "SEK" else euro

    def _options(self, count: int) -> list[int]:
        return [self._records.next_uid("option") for _ in range(count)]

    def _choice(self, kind: str, swedish: str, english: str, **more: Any) -> Doc:
        usual: Doc = {"type": kind, "name": {"en": english, "sv": swedish}, "description": {}, "mandatory": False}
        usual |= dict.fromkeys(("minimum", "maximum", "multipleOf", "quantity", "quantityWeight"))
        usual |= {"options": [], "quantityChoicesAffectsOptionPrices": False}
        return self._records.add("ArticleChoice", usual | more)

    def _plain(self, place: int) -> None:
        noun, look = _WORDS[place % len(_WORDS)], _LOOKS[place // len(_WORDS)]
        texts = [f"{one} {two}" for one, two in zip(noun, look, strict=True)]
        name = dict(zip(("sv", "en", "de"), texts, strict=True))
        if place % 3 == 0:  # a language is missing in the map
            del name["de"]
        rate = {"Book": "0.06", "Jam": "0.12"}.get(noun[1], "0.25")
        sek = Decimal(self._dice.randint(15, 900)) + self._dice.choice((Decimal(0), Decimal("0.50"), Decimal("0.90")))
        article = self.article(f"AB-{1001 + place}", name, f"{sek}", vatRate=Decimal(rate))
        if place % 7 == 0:
            article["stock"]["useStock"] = False
        if place % 10 == 4:
            offer, many = self.price(cents(sek * Decimal("0.8"))), self.price(cents(sek * Decimal("0.9")))
            article["pricing"][0]["specialOffer"] = offer if place % 20 == 4 else None
            article["pricing"].append({"qtyFloor": 10, "regular": many, "specialOffer": None})

    def _with_variants(self, place: int, choices: list[Doc]) -> None:
        name = {"sv": f"Tröja {place + 1}", "en": f"Jumper {place + 1}"}
        sek = Decimal(200 + 50 * place)
        uids = [choice["uid"] for choice in choices]
        base = self.article(f"TR-{place + 1}", name, f"{sek}", choices=uids, baseName=name)
        dearest = choices[0]["options"][-1]  # costs more; abicart.md: `choiceOptionPrices{"<optionUid>":{"SEK":299}}`
        base["choiceOptionPrices"] = {str(dearest): {"SEK": sek + 49, "EUR": cents((sek + 49) / EUR_IN_SEK)}}
        pairs = [[option] for option in choices[0]["options"]]
        for choice in choices[1:]:
            pairs = [[*pair, option] for pair in pairs for option in choice["options"]]
        for letter, options in zip("abcdef", pairs, strict=False):
            # abicart.md, Article: "Variants carry `overrides` (`ean`,`weight`,`articleNumber`)"; not documented:
            # that a variant is an article whose articleTemplate is the main one, and what attributes hold
            number = f"TR-{place + 1}-{letter.upper()}"
            price = f"{sek + 49}" if dearest in options else f"{sek}"
            own = self.article(number, dict(name), price, articleTemplate=base["uid"])
            own["attributes"] = {str(uid): option for uid, option in zip(uids, options, strict=True)}
            own["overrides"] = {"ean": own["ean"], "weight": own["weight"], "articleNumber": number}

    def _awkward(self) -> None:
        zero = Decimal(0)
        self.article(GIFT_CARD, {"sv": "Presentkort", "en": "Gift card"}, "500", vatRate=zero)
        self.article(DISCOUNT, {"sv": "Rabatt", "en": "Discount"}, "0", isBuyable=False, hidden=True)
        self.article(FREE, {"sv": "Gåva på köpet", "en": "Gift"}, "0")
        self.article(AWKWARD, {"sv": "Vara med märkligt nummer"}, "99.99")
        self.article("MED MELLANSLAG 1", {"sv": "Vara med mellanslag i numret"}, "45")
        self.article("DUBBEL-1", {"sv": "Första med samma nummer"}, "10")
        self.article("DUBBEL-1", {"sv": "Andra med samma nummer"}, "20")
        self.article(UNNUMBERED, {"sv": "Vara utan nummer"}, "30")
        self.article("PAKET-1", {"sv": "Paket"}, "300", type="package")
        self.article("UTKAST-1", {"sv": "Utkast"}, "1", draft=True)
        self.article("DOLD-1", {"sv": "Dold vara"}, "2", hidden=True)
        self.article("VISA-1", {"sv": "Visas bara"}, "3", presentationOnly=True, isBuyable=False)
        self.article("ENGELSK-1", {"en": "Only in English"}, "40")
        self.article("NAMNLOS-1", {}, "40")
        self.article("HTML-1", {"sv": "<script>alert(\"hej\")</script> & 'citat'"}, "50")
        self.article("EMOJI-1", {"sv": "Ballong 🎈👩‍👩‍👧", "pl": "Żółty balonik"}, "25")
        self.article("LANG-1", {"sv": "Lång " + "x" * 295}, "25")
        # sixteen digits that a double does not hold
        self.article("9007199254740993", {"sv": "Dyrast"}, "90071992547409.93", ean="9007199254740993")
        self.article(DELETED, {"sv": "Utgången vara", "en": "Gone"}, "75")

    def _price_lists(self, article: Doc) -> None:
        listed = article["price"]
        currency = self._choices.base_currency
        for group in self._records.all("Customergroup"):
            own = listed[currency] if isinstance(listed, dict) else listed
            price = cents(own * (100 - 5 * group["uid"]) / 100)
            self._records.add(
                "PriceListItem",
                {"article": article["uid"], "group": group["uid"], "price": price, "currency": currency},
            )


def by_number(records: Records, number: str) -> Doc:
    """Find an article by its number; ValueError with a sentence when there is none."""
    for article in records.all("Article"):
        if article["articleNumber"] == number:
            return article
    raise ValueError(f"There is no article {number!r}.")
