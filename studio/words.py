"""Every word on screen: gettext catalogues, and dates, numbers and money as the reader writes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

import streamlit as st
from babel import Locale, dates, numbers
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

LANGUAGES: Mapping[str, str] = {"en": "English", "sv": "Svenska"}
LOCALES = Path(__file__).parent / "locales"
COOKIE = "mapping_studio_language"  # where the browser keeps what was chosen
_KEY = "language"


def _(text: str, **parts: object) -> str:
    """The text in the reader's language, with its {parts} filled in."""
    return _filled(_found(text, 1) or text, parts)


def n_(one: str, many: str, n: int, **parts: object) -> str:
    """The text for this many, {n} written as the reader writes numbers."""
    found = _found((one, many), n) or (one if n == 1 else many)
    return _filled(found, {"n": number(n), **parts})


def no_(text: str) -> str:
    """Marks a text for translation where it is not shown yet; show it with _()."""
    return text


def _filled(text: str, parts: Mapping[str, object]) -> str:
    return text.format(**parts) if parts else text


def _found(text: str | tuple[str, str], n: int) -> str | None:
    catalogue = catalogue_of(language())
    message = catalogue.get(text) if catalogue is not None else None
    if message is None or message.fuzzy or not message.string:
        return None
    if isinstance(message.string, str):
        return message.string
    assert catalogue is not None
    return str(message.string[_form(catalogue, n)]) or None


def _form(catalogue: Catalog, n: int) -> int:
    """Which plural form; of the languages there are, each has two."""
    return 0 if n == 1 else min(1, catalogue.num_plurals - 1)


class EngineWords:
    """The engine's own templates in the reader's language, asked as gettext is asked."""

    def __init__(self, catalogue: Catalog, documents: Catalog | None = None) -> None:
        self._catalogue = catalogue
        self._documents = documents  # what shipped systems and flows call their things

    def gettext(self, message: str) -> str:
        found = self._catalogue.get(message)
        if found is None and self._documents is not None:
            found = self._documents.get(message)
        return str(found.string) if found is not None and found.string else message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        found = self._catalogue.get((msgid1, msgid2))
        strings = found.string if found is not None and isinstance(found.string, tuple) else ()
        return str(strings[_form(self._catalogue, n)]) if all(strings) and strings else msgid1 if n == 1 else msgid2


def translations() -> EngineWords | None:
    """For what the engine says in words: None where it is said in English."""
    return _engine_words(language())


@cache
def _engine_words(code: str) -> EngineWords | None:
    catalogue = catalogue_of(code, "engine")
    return EngineWords(catalogue, catalogue_of(code, "documents")) if catalogue is not None else None


def written(text: str) -> str:
    """A title or a sentence of a document, in the reader's language where somebody has translated it."""
    known = translations()
    return known.gettext(text) if known is not None and text else text


@cache
def catalogue_of(code: str, domain: str = "studio") -> Catalog | None:
    """The translations into this language; None for English, which stands in the source."""
    path = LOCALES / code / "LC_MESSAGES" / f"{domain}.po"
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return read_po(file, locale=code)


def language() -> str:
    """The reader's language: chosen, or the browser's; English where it is none of ours."""
    browser = (st.context.locale or "en").split("-")[0].lower()
    return chosen_language() or (browser if browser in LANGUAGES else "en")


def chosen_language() -> str | None:
    """What was chosen here, in the address, or before; the address loses it on the way to another page."""
    asked = st.query_params.get("lang")
    if _KEY not in st.session_state and asked in LANGUAGES:
        st.session_state[_KEY] = asked
    chosen = st.session_state.get(_KEY) or st.context.cookies.get(COOKIE)
    return str(chosen) if chosen in LANGUAGES else None


def choose_language(code: str) -> None:
    """From now on in this language, here and when this browser comes again; also in the address, to be passed on."""
    st.session_state[_KEY] = code
    st.query_params["lang"] = code


def _locale() -> Locale:
    """English is written as in Britain (day before month), unless the browser says otherwise."""
    code = language()
    browser = (st.context.locale or "").replace("-", "_")
    if code == "en":
        return Locale.parse(browser) if browser.startswith("en_") else Locale.parse("en_GB")
    return Locale.parse(code)


def number(value: int | float | Decimal) -> str:
    """A number as the reader writes it."""
    return str(numbers.format_decimal(value, locale=_locale()))


def money(value: Decimal | int | float, currency: str) -> str:
    """An amount with its currency; the cents are kept as they are."""
    return str(numbers.format_currency(value, currency, locale=_locale(), decimal_quantization=False))


def moment(at: datetime) -> str:
    """A moment in the reader's own zone, to the minute."""
    zone = dates.get_timezone(st.context.timezone) if st.context.timezone else None
    return str(dates.format_datetime(at, "medium", tzinfo=zone, locale=_locale()))


def day(on: date) -> str:
    """A day."""
    return str(dates.format_date(on, "medium", locale=_locale()))
