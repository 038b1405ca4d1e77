"""Invented people and companies of six countries."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass, replace
from typing import Any

COUNTRY_NAMES = {
    "NL": "Nederland",
    "BE": "België",
    "DE": "Duitsland",
    "FR": "Frankrijk",
    "SE": "Zweden",
    "GB": "Verenigd Koninkrijk",
}
_FIRST = {
    "NL": ["Anouk", "Bram", "Femke", "Joost", "Lieke", "Sjoerd", "Tess", "Wouter"],
    "BE": ["Aurélie", "Bart", "Eline", "Jef", "Marthe", "Pieter", "Sofie", "Wannes"],
    "DE": ["Anke", "Björn", "Jürgen", "Katrin", "Lutz", "Petra", "Rüdiger", "Silke"],
    "FR": ["Chloé", "Élodie", "François", "Gaël", "Hélène", "Loïc", "Noémie", "Rémi"],
    "SE": ["Åsa", "Börje", "Ebba", "Håkan", "Maj", "Östen", "Sigrid", "Torbjörn"],
    "GB": ["Alfie", "Bronwen", "Fiona", "Harriet", "Ivor", "Morag", "Rhys", "Winifred"],
}
_LAST = {
    "NL": ["Appelmeer", "van der Blauwdijk", "Klaverveen", "Zonderland", "de Wolkenier"],
    "BE": ["Bloemendries", "Kasseivoets", "Peeterbeek", "Van Mistigem"],
    "DE": ["Apfelstein", "Müllerwald", "Nebelhorn", "Weißenkrug"],
    "FR": ["Beaupommier", "d'Aubépine", "Lefrênois", "Valbrumeux"],
    "SE": ["Björksten", "Dimmalund", "Åkervind", "Östersjö"],
    "GB": ["Applemere", "Fogworthy", "O'Bracken", "Thistlewick"],
}
_STREETS = {
    "NL": ["Verzonnenlaan", "Wolkenkade", "Nergensweg"],
    "BE": ["Droomstraat", "Mistdreef"],
    "DE": ["Nirgendwostraße", "Fantasieweg"],
    "FR": ["rue de l'Imaginaire", "allée des Nuages"],
    "SE": ["Påhittsgatan", "Molnvägen"],
    "GB": ["Nowhere Lane", "Make-Believe Mews"],
}
_CITIES = {
    "NL": ["Nergenshuizen", "Wolkendam"],
    "BE": ["Droomgem", "Mistbeke"],
    "DE": ["Nirgendheim", "Wolkenstadt"],
    "FR": ["Nulleville", "Brumeaux"],
    "SE": ["Ingenstans", "Molnköping"],
    "GB": ["Nowhereham", "Cloudbury"],
}
_TRADES = {
    "NL": ["Groothandel", "B.V."],
    "BE": ["Handel", "NV"],
    "DE": ["Handels", "GmbH"],
    "FR": ["Commerce", "SARL"],
    "SE": ["Handel", "AB"],
    "GB": ["Trading", "Ltd"],
}
# GB, FR, DE and SE keep these ranges free for fiction; the others are obviously invented
_PHONES = {
    "NL": "+31 20 000 00 {:02d}",
    "BE": "+32 2 000 00 {:02d}",
    "DE": "+49 30 231250{:02d}",
    "FR": "+33 1 99 00 00 {:02d}",
    "SE": "+46 8 465 004 {:02d}",
    "GB": "+44 20 7946 00{:02d}",
}
_MAIL = ("post", "mail", "thuis")
ADDRESS_KEYS = (
    "gender",
    "initials",
    "first_name",
    "last_name",
    "full_name",
    "company",
    "address_line_1",
    "address_line_2",
    "street",
    "housenumber",
    "housenumber_suffix",
    "zipcode",
    "city",
    "province",
    "country",
    "country_code",
    "telephone",
    "fax",
    "mobile",
    "comment",
)
# ccv-schemas.json, Deliveryaddress: it has no first and last name and no fax of its own
DELIVERY_KEYS = tuple(key for key in ADDRESS_KEYS if key not in ("first_name", "last_name", "fax"))
PERSON_KEYS = (
    "email customertype bankaccount iban bic bank tenname bankname reference reservationnumber income "
    "branche branch website clubcity clubcomment clubname beurs stand fair booth carbrand cartype carweight "
    "birthdate birthtime birthplace cardnumber btw kvk costcentre findus ssnnumber zzppass"
).split()


@dataclass(frozen=True, slots=True)
class Person:
    """A customer as typed in at the checkout."""

    first_name: str
    last_name: str
    email: str
    country: str
    street: str
    housenumber: int | None
    zipcode: str
    city: str
    telephone: str | None
    company: str | None = None
    vat_number: str | None = None
    register_number: str | None = None
    suffix: str = ""
    comment: str | None = None
    elsewhere: bool = False  # delivered to another address than billed

    @property
    def is_company(self) -> bool:
        return bool(self.company)


class People:
    """Invents people, never the same e-mail twice."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self.made = 0  # how many people there are; part of every e-mail

    def invent(self, country: str, *, company: bool = False, vat: bool = True) -> Person:
        """Invent somebody new."""
        dice, self.made = self._dice, self.made + 1
        first, last = dice.choice(_FIRST[country]), dice.choice(_LAST[country])
        person = Person(
            first_name=first,
            last_name=last,
            email=f"{_plain(first)}.{_plain(last)}{self.made}@{dice.choice(_MAIL)}.example",
            country=country,
            street=dice.choice(_STREETS[country]),
            housenumber=dice.randint(1, 180),
            zipcode=_zipcode(country, dice),
            city=dice.choice(_CITIES[country]),
            telephone=_PHONES[country].format(dice.randint(0, 99)),
            suffix=dice.choice(("", "", "", "A", "bis")) if country in ("NL", "BE") else "",
            elsewhere=dice.random() < 0.15,
        )
        if not company:
            return person
        trade, form = _TRADES[country]
        digits = f"{self.made:03d}"
        return replace(
            person,
            company=f"{last.split()[-1].capitalize()} {trade} {self.made} {form}",
            email=f"inkoop{self.made}@{_plain(last)}.example",
            vat_number=_vat_number(country, digits) if vat else None,
            register_number=f"00000{digits}" if country == "NL" else None,
        )


def _plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFD", name.lower().replace("ß", "ss"))
    return "".join(sign for sign in decomposed if sign.isascii() and sign.isalnum())


def _zipcode(country: str, dice: random.Random) -> str:
    number = dice.randint(1000, 9999)
    return {
        "NL": f"{number} {dice.choice('ABCDEGHJ')}{dice.choice('KLMNPRTX')}",
        "BE": f"{number}",
        "DE": f"{number}0",
        "FR": f"{number}0",
        "SE": f"{number // 10} {number % 100:02d}",
        "GB": f"ZZ{number % 90 + 1} {number % 9 + 1}ZZ",
    }[country]


def _vat_number(country: str, digits: str) -> str:
    return {
        "NL": f"NL000000{digits}B01",
        "BE": f"BE0000000{digits}",
        "DE": f"DE000000{digits}",
        "FR": f"FR00000000{digits}",
        "SE": f"SE000000{digits}001"[:14],
        "GB": f"GB000000{digits}",
    }[country]


def customer_of(person: Person) -> dict[str, Any]:
    """Write a person as an order's `customer` and a user's `userinfo`."""
    own = _address(person)
    delivery = {key: own[key] for key in DELIVERY_KEYS}
    if person.elsewhere:
        delivery |= {"company": None, "street": "Ophaalpad", "housenumber": 9, "housenumber_suffix": ""}
        delivery |= {"address_line_1": "Ophaalpad 9"}
    customer: dict[str, Any] = {"billingaddress": own, "deliveryaddress": delivery}
    customer |= dict.fromkeys(PERSON_KEYS)
    # ccv-schemas.json, Personalinfo.customertype: consumer (b2c) or business (b2b)
    customer |= {"email": person.email, "customertype": "b2b" if person.is_company else "b2c"}
    customer |= {"btw": person.vat_number, "kvk": person.register_number}
    return customer


def _address(person: Person) -> dict[str, Any]:
    number = f"{person.housenumber or ''}{person.suffix}"
    address: dict[str, Any] = dict.fromkeys(ADDRESS_KEYS)
    return address | {
        "initials": f"{person.first_name[:1]}." if person.first_name else None,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "full_name": f"{person.first_name} {person.last_name}".strip(),
        "company": person.company,
        "address_line_1": f"{person.street} {number}".strip(),
        "address_line_2": "",
        "street": person.street,
        "housenumber": person.housenumber,
        "housenumber_suffix": person.suffix,
        "zipcode": person.zipcode,
        "city": person.city,
        "country": COUNTRY_NAMES[person.country],
        "country_code": person.country,
        "telephone": person.telephone,
        "comment": person.comment,
    }
