"""Invented values in the shape of real ones: letters stay letters of their case, digits digits, signs where they are.

Each is drawn from a keyed hash of the value, so the same value always becomes the same, and nobody who has not the key
can tell from which. A word is a run of letters and digits, and is invented as one: so Anna in a name, in an e-mail
address and in a sentence is one and the same.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from engine.errors import Json

DOMAIN = "post.example"
_VOWELS, _CONSONANTS = "aeiou", "bdfgklmnprstvz"
_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>.]+")
DATED = re.compile(  # nothing but a date and a time: a note may begin with a date
    r"(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?(?:Z|UTC|[+-]\d{2}(?::?\d{2})?))?)?"
)
_COUNTRY_FIRST = re.compile(r"[A-Za-z]{2}(?=[\dA-Za-z .-]*\d)[\dA-Za-z .-]{6,}")  # tax numbers, bank accounts
_CALLING_CODE = re.compile(r"(?:\+|00)\d{2}(?=[\d\s().-]{6,}$)")
_MOST_TRIES = 64
_MOST_DAYS = 700


def folded(text: str) -> str:
    """A text as two writings of it are compared: composed, small letters."""
    return unicodedata.normalize("NFC", text).casefold()


def words_of(text: str) -> list[str]:
    """The words of a text: runs of letters and digits, with the marks on them."""
    return [word for word, _ in _words_and_signs(unicodedata.normalize("NFC", text)) if word]


def _words_and_signs(text: str) -> Iterator[tuple[str, str]]:
    """Each word, "" where there is none, with the sign that ends it."""
    word = ""
    for sign in text:
        if sign.isalnum() or (word and unicodedata.category(sign).startswith("M")):
            word += sign
        else:
            yield word, sign
            word = ""
    yield word, ""


def telling_words(text: str) -> list[str]:
    """The words of a value that may tell of somebody: of an e-mail address not the end of its domain."""
    if not _EMAIL.fullmatch(text.strip()):
        return words_of(text)
    name, _, domain = text.strip().partition("@")
    own = set(words_of(DOMAIN))
    return [*words_of(name), *(word for word in words_of(domain.rpartition(".")[0]) if folded(word) not in own)]


class Invention:
    """Invents values with one key. avoided: what no invented word may hold, as the words that are to go."""

    def __init__(self, key: bytes, avoided: Collection[str] = (), salt: int = 0) -> None:
        self._key = key
        self._avoided = [word for word in avoided if word]
        self._salt = salt

    def value(self, value: Json, kind: str = "") -> Json:
        """The stand-in of a value of any type; what is empty, true or false stays. kind: `x-kind` of its schema."""
        if isinstance(value, bool) or value is None or value == "":
            return value
        if isinstance(value, int):
            return int(self._digits(str(value)))
        if isinstance(value, float):
            return float(self._digits(repr(value)))
        return self.text(value, kind) if isinstance(value, str) else value

    def text(self, text: str, kind: str = "") -> str:
        """The stand-in of a text. Countries in front of tax and telephone numbers stay, dates stay dates."""
        whole = unicodedata.normalize("NFC", text)
        if _EMAIL.fullmatch(whole.strip()):
            return self.words(whole.partition("@")[0]) + "@" + DOMAIN
        dated = DATED.fullmatch(whole)
        if dated:
            return self._day(dated[1]) + whole[len(dated[1]) :]
        kept = self._kept(whole, kind)
        return whole[:kept] + self.words(whole[kept:])

    def words(self, text: str) -> str:
        """A text with each of its words invented."""
        return "".join(self.word(word) + sign for word, sign in _words_and_signs(text))

    def word(self, word: str, seed: str = "") -> str:
        """The stand-in of one word, in the shape of this writing of it. seed: the word itself, where this is a part."""
        if not word:
            return ""
        seed = seed or folded(word)
        for attempt in range(_MOST_TRIES):
            made = "".join(map(_replaced, word, self._stream(seed, attempt), _leads(word)))
            if folded(made) != folded(word) and not any(each in folded(made) for each in self._avoided):
                return made
        return made

    def _kept(self, text: str, kind: str) -> int:
        """How much of its beginning says the country, and stays."""
        code = _CALLING_CODE.match(text)
        if code:
            return code.end()
        return 2 if kind in ("", "code", "number") and _COUNTRY_FIRST.fullmatch(text) and text[:2].isupper() else 0

    def _day(self, text: str) -> str:
        """Another day within two years before."""
        try:
            day = datetime.fromisoformat(text)
            return (day - timedelta(days=1 + self._number(text) % _MOST_DAYS)).strftime("%Y-%m-%d").rjust(10, "0")
        except (ValueError, OverflowError):
            return self.words(text)

    def _digits(self, text: str) -> str:
        mantissa, exponent, power = text.partition("e")
        return "".join(self.word(part) if part.isdigit() else part for part in re.split(r"(\d+)", mantissa)) + (
            exponent + power
        )

    def _number(self, text: str) -> int:
        return next(self._stream(folded(text), 0))

    def _stream(self, seed: str, attempt: int) -> Iterator[int]:
        """Numbers that follow from the key and the seed, without end."""
        block = 0
        while True:
            about = f"{self._salt}\0{attempt}\0{block}\0{seed}".encode("utf-8", "surrogatepass")
            drawn = hmac.new(self._key, about, hashlib.sha256).digest()
            yield from (int.from_bytes(drawn[at : at + 4], "big") for at in range(0, len(drawn), 4))
            block += 1


def _leads(word: str) -> Iterator[bool]:
    """True where a digit begins a number: one that is not 0 does not become 0."""
    before = ""
    for sign in word:
        yield not before.isdigit()
        before = sign


def _replaced(sign: str, number: int, is_first: bool) -> str:
    """Another sign of the same kind."""
    if sign.isdecimal():
        value = unicodedata.decimal(sign)
        new = number % 10 if not is_first or value == 0 else 1 + number % 9
        return chr(ord(sign) - value + new)
    plain = unicodedata.normalize("NFD", sign)[:1].casefold()
    if sign.isascii() and sign.isalpha():
        letters = _VOWELS if plain in _VOWELS else _CONSONANTS
        new_letter = letters[number % len(letters)]
        return new_letter.upper() if sign.isupper() else new_letter
    return _alike(sign, number) if sign.isalnum() else sign


def _alike(sign: str, number: int) -> str:
    """Another letter near it in its script, of the same case."""
    small = sign.lower()
    if small != sign and len(small) == 1 and small.upper() == sign:
        made = _alike(small, number).upper()
        return made if len(made) == 1 else sign
    start = ord(sign) & ~0x1F
    category = unicodedata.category(sign)
    near = [chr(point) for point in range(start, start + 0x20)]
    letters = [
        each
        for each in near
        if unicodedata.category(each) == category and len(each.casefold()) == 1 and len(each.upper()) == 1
    ]
    letters = [each for each in letters if each != sign and unicodedata.is_normalized("NFC", each)]
    letters = letters or list(_CONSONANTS.upper() if sign.isupper() else _CONSONANTS)
    return letters[number % len(letters)]
