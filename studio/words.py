"""Every word on screen: gettext catalogues, and dates and numbers as the reader writes them."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

import streamlit as st
from babel import Locale, dates, numbers
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from streamlit.runtime.scriptrunner import get_script_run_ctx

LANGUAGES: Mapping[str, str] = {"en": "English", "sv": "Svenska"}
LOCALES = Path(__file__).parent / "locales"
COOKIE = "mapping_studio_language"  # where the browser keeps what was chosen
_KEY = "language"
_here = threading.local()


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


_HOLE = re.compile(r"\{\{([^{}]*)\}\}")
_MOST_KNOWN = 4000


class EngineWords:
    """The engine's own templates in the reader's language, asked as gettext is asked; and what shipped systems and
    flows call their things, and flows made by a starter, whose sentences had holes.
    """

    def __init__(self, catalogue: Catalog, documents: Catalog | None = None) -> None:
        self._catalogue = catalogue
        self._documents = documents
        self._filled = list(_with_holes(documents)) if documents is not None else []
        self._known: dict[str, str] = {}

    def gettext(self, message: str) -> str:
        found = self._catalogue.get(message)
        if found is not None and found.string:
            return str(found.string)
        if self._documents is None:
            return message
        if message not in self._known:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[message] = self._of_document(message, self._documents)
        return self._known[message]

    def _of_document(self, message: str, documents: Catalog) -> str:
        found = documents.get(message)
        if found is not None and found.string:
            return str(found.string)
        for pattern, names, said in self._filled:
            match = pattern.fullmatch(message)
            if match is not None:
                parts = [(part, self._part(part, documents)) for part in match.groups()]
                if any(part == here and part[:1].islower() for part, here in parts):
                    continue  # words that nobody has translated; a name may stay
                for name, (_part, here) in zip(names, parts, strict=True):
                    said = said.replace(f"{{{{{name}}}}}", here)
                return said
        return message

    def _part(self, text: str, documents: Catalog) -> str:
        """What stood in a hole; a title may have become small there."""
        for written in (text, text[:1].upper() + text[1:]):
            found = documents.get(written)
            if found is not None and found.string:
                said = str(found.string)
                return said if written == text else said[:1].lower() + said[1:]
        return text

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        found = self._catalogue.get((msgid1, msgid2))
        strings = found.string if found is not None and isinstance(found.string, tuple) else ()
        return str(strings[_form(self._catalogue, n)]) if all(strings) and strings else msgid1 if n == 1 else msgid2


def _with_holes(documents: Catalog) -> Iterator[tuple[re.Pattern[str], list[str], str]]:
    """Texts with holes as patterns of what they were filled to; the same hole twice is filled alike."""
    for message in documents:
        if isinstance(message.id, str) and isinstance(message.string, str) and message.string and "{{" in message.id:
            names = list(dict.fromkeys(_HOLE.findall(message.id)))
            written = re.escape(message.id)
            for number, name in enumerate(names, 1):
                hole = re.escape(f"{{{{{name}}}}}")
                written = written.replace(hole, "(.+?)", 1).replace(hole, f"\\{number}")
            yield re.compile(written, re.DOTALL), names, message.string


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
    run = get_script_run_ctx()
    here = (run.session_id, run.query_string) if run is not None else None  # asked for with every word of a page
    held: tuple[object, str] | None = getattr(_here, "language", None)
    if here is None or held is None or held[0] != here:
        held = _here.language = here, _language()
    return held[1]


def _language() -> str:
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
    _here.language = None


def _locale() -> Locale:
    """English is written as in Britain (day before month), unless the browser says otherwise."""
    code = language()
    browser = (st.context.locale or "").replace("-", "_")
    if code == "en":
        return Locale.parse(browser) if browser.startswith("en_") else Locale.parse("en_GB")
    return Locale.parse(code)


def number(value: int | float | Decimal) -> str:
    """A number as the reader writes it."""
    return str(numbers.format_decimal(value, locale=_locale(), decimal_quantization=False))


def decimal_mark() -> Literal[".", ","]:
    """What the reader writes before decimals."""
    return "," if numbers.get_decimal_symbol(_locale()) == "," else "."


_TOUCHING = re.compile(r"(?<=[A-Z]{3})(?=\d)")  # the letters of a currency and its amount


def money(amount: Decimal, currency: str) -> str:
    """An amount as the reader writes it; without a currency with two decimals."""
    if len(currency) == 3 and currency.isascii() and currency.isupper():
        said = str(numbers.format_currency(amount, currency, locale=_locale(), currency_digits=True))
        return _TOUCHING.sub("\N{NO-BREAK SPACE}", said)
    return str(numbers.format_decimal(amount, format="#,##0.00", locale=_locale()))


def moment(at: datetime) -> str:
    """A moment in the reader's own zone, to the minute."""
    zone = dates.get_timezone(st.context.timezone) if st.context.timezone else None
    return str(dates.format_datetime(at, "medium", tzinfo=zone, locale=_locale()))


def day(on: date) -> str:
    """A day."""
    return str(dates.format_date(on, "medium", locale=_locale()))


def ago(at: datetime, now: datetime) -> str:
    """How long ago: 2 minutes ago."""
    time = min(at - now, timedelta(seconds=-1))
    return str(dates.format_timedelta(time, granularity="second", threshold=1, add_direction=True, locale=_locale()))


def lasting(since: datetime, now: datetime) -> str:
    """How long it has been so: 3 days."""
    time = max(now - since, timedelta(seconds=1))
    return str(dates.format_timedelta(time, granularity="second", threshold=1, locale=_locale()))


def short_day(on: date) -> str:
    """A day of these weeks: 27 Nov."""
    return str(dates.format_skeleton("MMMd", on, locale=_locale()))


def reader_zone() -> str | None:
    """The zone that the reader's browser tells; None where it tells none."""
    return st.context.timezone
