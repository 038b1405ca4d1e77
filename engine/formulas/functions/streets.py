"""A street line in its parts: street, number and what comes after it, as well as the text alone lets one guess."""

from __future__ import annotations

import re
from typing import Any

from engine.formulas.missing import MISSING
from engine.formulas.refusals import Refused, kind

# What may follow a house number beside letters and numbers: doors, stairs, floors, in the languages of our addresses.
_AFTER_NUMBERS = frozenset(
    """
    apartment app appt apt appartement bis bte boite boîte box bus dcha door esc etage etg etj fl flat floor haus hs
    huis hus izq kælder lejl lgh lght leil links mezz mf nb ned og ov ou parterre plan port quater rechts room sal st
    stiege stg stock suite tårn ter th top tr trap trappa trappor tv tür uppg uppgang unit vån våning wohnung whg
    """.split()
)
_BEFORE_NUMBERS = frozenset("nr no n° nº num number nummer numéro #".split())
_CARE_OF = frozenset(("c/o", "co/", "att", "att.", "att:", "attn", "attn."))
_FRENCH = frozenset("bis ter quater".split())
# "2e", "17.", "1:a", "5th": they count streets, not houses, where a word follows.
_ORDINAL = re.compile(r"[0-9]+(\.|:?[ae]|[eè]re?|er|st|nd|rd|th|º|ª|de|ste|te)", re.IGNORECASE)
_YEAR = re.compile(r"(18|19|20)[0-9]{2}(-(18|19|20)?[0-9]{2})?")
_LEADING = re.compile(r"([0-9]+)([A-Za-z]?|[-/][0-9]+[A-Za-z]?),?")
_GLUED = re.compile(r"(?<=[^\W\d_]{4})(?=[0-9])|(?<=[^\W\d_]\.)(?=[0-9])|(?<=[^\W\d_],)(?=[0-9])")
_ROMAN = re.compile(r"[IVX]+", re.IGNORECASE)
_BETWEEN = " ,;:.-–/"


def split_street(value: Any) -> Any:
    """{street, number, addition} of a line like "Storgatan 12 B", "12 rue de la Paix" or "Kerkstraat 12-2hs".

    Without a number it is all street. T0410 for what is no text.
    """
    if value is MISSING:
        return MISSING
    if not isinstance(value, str):
        raise Refused(
            "T0410",
            f"$split_street needs a text, but it got {kind(value)}",
            'Give a default, as in $first_filled(street, "").',
        )
    words = _GLUED.sub(" ", value).split()
    street, number, addition = _number_first(words) or _number_last(words) or (" ".join(value.split()), "", "")
    return {"street": street, "number": number, "addition": addition}


def _number_first(words: list[str]) -> tuple[str, str, str] | None:
    """The parts of "12 rue de la Paix", "12 bis, rue …", "221B Baker Street", or of a number alone."""
    found = _LEADING.fullmatch(words[0]) if words else None
    if found is None or _ORDINAL.fullmatch(words[0]):
        return None
    number, addition, rest = found[1], found[2].strip(_BETWEEN), words[1:]
    if len(rest) > 1 and rest[0].strip(",").casefold() in _FRENCH:
        addition, rest = rest[0].strip(","), rest[1:]
    street = " ".join(rest).lstrip(_BETWEEN)
    return (street, number, addition) if not rest or any(map(str.isalpha, street)) else None


def _number_last(words: list[str]) -> tuple[str, str, str] | None:
    """The parts of "Storgatan 12 B": the first number after the street with nothing but an addition after it."""
    care_of = next((at for at, word in enumerate(words) if word.casefold() in _CARE_OF), len(words))
    last_long = max((at for at, word in enumerate(words[:care_of]) if not _may_follow(word)), default=-1)
    numbers = [at for at, word in enumerate(words[:care_of]) if "0" <= word[0] <= "9"]
    for at in numbers:
        if at <= max(last_long, 0):
            continue
        if _YEAR.fullmatch(words[at]) and at != numbers[-1]:
            continue
        street = words[:at]
        if len(street) > 1 and street[-1].strip(".:").casefold() in _BEFORE_NUMBERS:
            street = street[:-1]
        digits = re.match("[0-9]+", words[at])
        number = digits[0] if digits else ""
        addition = " ".join([words[at][len(number) :], *words[at + 1 :]]).lstrip(_BETWEEN).rstrip(" ,;")
        return " ".join(street).rstrip(_BETWEEN[:4]), number, addition
    return None


def _may_follow(word: str) -> bool:
    """Whether a word may be part of what follows a house number."""
    plain = word.strip(".,;:()").casefold()
    return (
        len(plain) <= 2
        or "0" <= plain[0] <= "9"
        or any("0" <= character <= "9" for character in plain)
        or plain in _AFTER_NUMBERS
        or bool(_ROMAN.fullmatch(plain))
    )
