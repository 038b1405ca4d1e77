"""Invented people and companies of eight countries."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass, field, replace

from sandbox.abicart.choices import Choices
from sandbox.abicart.kinds import Doc

LANGUAGES = {"SE": "sv", "FI": "fi", "NO": "nb", "DK": "da", "DE": "de", "GB": "en", "FR": "fr", "PL": "pl"}
OUTSIDE = ("NO", "GB")  # of the European Union
_FIRST = {
    "SE": "Åsa Börje Ebba Håkan Maj Östen Sigrid Torbjörn",
    "FI": "Aino Väinö Päivi Jyrki",
    "NO": "Bjørg Håkon Sølvi Tormod",
    "DK": "Søren Åse Kjeld Mette",
    "DE": "Anke Jürgen Rüdiger Silke",
    "GB": "Bronwen Harriet Ivor Morag",
    "FR": "Chloé François Hélène Loïc",
    "PL": "Łukasz Żaneta Grażyna Stanisław",
}
_LAST = {
    "SE": "Björksten Dimmalund Åkervind Östersjö Påhittsson",
    "FI": "Mäntysumu Järvelä Usvalampi",
    "NO": "Tåkedal Skydalen Øyvind-Moe",
    "DK": "Skygaard Tågelund Æblegård",
    "DE": "Müllerwald Nebelhorn Weißenkrug",
    "GB": "Applemere O'Bracken Thistlewick",
    "FR": "Beaupommier d'Aubépine Lefrênois",
    "PL": "Mgłowski Źródlany Chmurzyńska",
}
_STREETS = {
    "SE": "Påhittsgatan",
    "FI": "Sumukuja",
    "NO": "Tåkeveien",
    "DK": "Skyvej",
    "DE": "Nirgendwostraße",
    "GB": "Nowhere Lane",
    "FR": "rue de l'Imaginaire",
    "PL": "ulica Mglista",
}
_TOWNS = {
    "SE": "Ingenstans",
    "FI": "Eimissään",
    "NO": "Ingensteds",
    "DK": "Skyby",
    "DE": "Nirgendheim",
    "GB": "Nowhereham",
    "FR": "Nulleville",
    "PL": "Nigdzie",
}
_FORMS = {"SE": "AB", "FI": "Oy", "NO": "AS", "DK": "ApS", "DE": "GmbH", "GB": "Ltd", "FR": "SARL", "PL": "Sp. z o.o."}
COUNTRIES = tuple(_TOWNS)


@dataclass(frozen=True, slots=True)
class Person:
    """A customer as typed in at the checkout."""

    country: str
    first: str
    last: str
    email: str
    number: int
    company: str = ""
    identity: str = ""
    elsewhere: bool = False
    over: Doc = field(default_factory=dict)  # written over the address

    @property
    def language(self) -> str:
        return LANGUAGES[self.country]


class People:
    """Invents people, never the same e-mail twice."""

    def __init__(self, dice: random.Random, made: int = 0) -> None:
        self._dice = dice
        self.made = made

    def invent(self, country: str, *, company: bool = False) -> Person:
        """Invent somebody new."""
        self.made += 1
        first, last = self._dice.choice(_FIRST[country].split()), self._dice.choice(_LAST[country].split())
        mail = f"{_plain(first)}.{_plain(last)}{self.made}@post.example"
        # numbers of persons and firms that no authority gives out
        person = Person(country, first, last, mail, self.made, identity=f"19000000-{self.made:04d}")
        person = replace(person, elsewhere=self._dice.random() < 0.15)
        if not company:
            return person
        name = f"{last} Handel {self.made} {_FORMS[country]}"
        firm = replace(person, company=name, identity=f"000000-{self.made:04d}")
        return replace(firm, email=f"inkop{self.made}@{_plain(last)}.example")


def _plain(name: str) -> str:
    for sign, plain in (("ß", "ss"), ("ø", "o"), ("æ", "ae"), ("ł", "l")):
        name = name.lower().replace(sign, plain)
    return "".join(sign for sign in unicodedata.normalize("NFD", name) if sign.isascii() and sign.isalnum())


def customer_of(person: Person, choices: Choices) -> Doc:
    """Write a person as an order's customer and as address, deliveryAddress and info of a Customer."""
    number = person.number
    address = {
        "company": person.company,
        "firstName": person.first,
        "lastName": person.last,
        "address": f"{_STREETS[person.country]} {number % 90 + 1}",
        "address2": "",
        "postcode": f"{10000 + number * 7 % 80000:05d}",
        "town": _TOWNS[person.country],
        "country": person.country,
        "state": "",
        "phoneDay": "",
        "phoneNight": "",
        "phoneMobile": f"0700000{number % 1000:03d}",
        **person.over,
    }
    if person.elsewhere:
        # abicart.md, Customer: the delivery address has one `name` and no phones
        delivery: Doc = {
            "company": "",
            "name": f"{person.first} {person.last}",
            "address": "Hämtvägen 9",
            "address2": "",
        }
        delivery |= {"address2": "", "postcode": "99999", "town": "Bortavik"}
        delivery |= {"country": person.country, "state": ""}
        delivery = {"copyAddress": False, **delivery}
    else:
        # abicart-customer.sample.json: `{"copyAddress": true}` and nothing else
        delivery = {"copyAddress": True}
    info: Doc = {"type": "business" if person.company else "private"}
    customer: Doc = {"address": address, "deliveryAddress": delivery, "info": info}
    if choices.identity_key:
        info[choices.identity_key] = person.identity
    if choices.email_at != "nowhere":
        {"info": info, "address": address, "top": customer}[choices.email_at]["email"] = person.email
    return customer


def email_in(customer: Doc, choices: Choices) -> str:
    """Find the e-mail where the choices put it."""
    places = {"info": customer["info"], "address": customer["address"], "top": customer, "nowhere": {}}
    return str((places[choices.email_at] or {}).get("email") or "")
