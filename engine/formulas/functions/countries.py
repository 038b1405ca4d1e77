"""Countries by any of their names and codes."""

from __future__ import annotations

import difflib
import re
from functools import cache, lru_cache
from typing import Any

from engine.formulas.functions import country_names, country_names_elsewhere
from engine.formulas.functions.letters import ascii_of
from engine.formulas.missing import MISSING
from engine.formulas.refusals import Refused, kind

_LANGUAGES = (
    country_names.ENGLISH,
    country_names.OWN,
    country_names_elsewhere.SWEDISH,
    country_names_elsewhere.NORWEGIAN,
    country_names_elsewhere.DANISH,
    country_names_elsewhere.GERMAN,
    country_names_elsewhere.DUTCH,
    country_names_elsewhere.FRENCH,
)
# Not in ISO 3166, but written where a code of it is meant: the United Kingdom's own choice, Greece in tax numbers, and
# the code the European Union uses for Kosovo.
_USED_CODES = {"UK": "GB", "EL": "GR", "XK": "XK", "XKX": "XK"}
_LITTLE_WORDS = frozenset("the and och og und en et".split())
_SAINTS = frozenset("st sankt sint sainte".split())
_WITH_E = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_NAME_LIKE = re.compile(r"[^\W\d_][^\d_@:;<>]{0,58}")
_LONGEST = 60


def country(value: Any) -> Any:
    """The ISO 3166 alpha-2 code of a country's name, of its alpha-3 or numeric code, or of the alpha-2 code itself.

    M2018: no country.
    """
    if value is MISSING:
        return MISSING
    if isinstance(value, int | float) and not isinstance(value, bool):
        found = _codes().get(f"{int(value):03d}") if 0 < value < 1000 and value == int(value) else None
    elif isinstance(value, str):
        found = _code_of(value)
    else:
        raise Refused(
            "M2018",
            f"$country needs the name or the code of a country as text, but it got {kind(value)}",
            "Point the formula at the country, or give a default with ?? .",
        )
    if found is None:
        raise _unknown(value)
    return found


def _code_of(text: str) -> str | None:
    if len(text) > 2 * _LONGEST:
        return None
    code = text.replace(".", "").strip().upper()
    if code.isascii() and code.isdigit():
        code = code.zfill(3)
    return _codes().get(code) or _names().get(_key(text))


def _key(text: str) -> str:
    """The name as it is compared: small letters and digits of ASCII only, without little words."""
    words = re.findall("[a-z0-9]+", ascii_of(text).casefold().replace("s:t ", "saint "))
    return "".join("saint" if word in _SAINTS else word for word in words if word not in _LITTLE_WORDS)


@cache
def _codes() -> dict[str, str]:
    """The alpha-2 code by each code there is."""
    codes = dict(_USED_CODES)
    for row in country_names.CODES.split(";"):
        two, three, number = row.split()
        codes |= dict.fromkeys((two, three, number), two)
    return codes


def _rows(language: str) -> list[tuple[str, list[str]]]:
    rows = (row.split(None, 1) for row in language.split(";"))
    return [(code, [" ".join(name.split()) for name in names.split(",")]) for code, names in rows]


@cache
def _names() -> dict[str, str]:
    """The alpha-2 code by each name, also as it is written where there are no umlauts."""
    rows = [row for language in _LANGUAGES for row in _rows(language)]
    plain = {_key(name): code for code, names in rows for name in names}
    return {_key(name.lower().translate(_WITH_E)): code for code, names in rows for name in names} | plain


@lru_cache(maxsize=256)
def _nearest(key: str) -> str:
    """The English name and code of the country whose name is nearest, or nothing."""
    near = difflib.get_close_matches(key, _names(), n=1, cutoff=0.7)
    if not near:
        return ""
    code = _names()[near[0]]
    return f"{dict(_rows(country_names.ENGLISH))[code][0]} ({code})"


def _unknown(value: Any) -> Refused:
    if value == "":
        return Refused("M2018", "$country got an empty text", 'Give a default, as in $first_filled(country, "SE").')
    text = value.strip() if isinstance(value, str) else ""
    # Quoted only where it can be a name: a number, an address or a whole line may be somebody's.
    given = f"“{text}”" if _NAME_LIKE.fullmatch(text) else f"{kind(value)} that is none"
    key = _key(text[:_LONGEST])
    near = _nearest(key) if len(key) > 2 else ""
    advice = (
        f"Did you mean {near}?" if near else 'Write its name, or its code like "SE"; a lookup can hold other names.'
    )
    return Refused("M2018", f"$country does not know the country: it got {given}", advice)
