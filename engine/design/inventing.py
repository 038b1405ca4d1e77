"""A record in which nobody is to be recognised: what is personal is invented, and so is what repeats it elsewhere.

What is personal the schema says (`x-personal`); what people are searched by (`x-search`) and what a state registers
them under counts as well. Every other text of the record is searched for these values and their words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from engine.design.invented_values import DATED, DOMAIN, Invention, folded, telling_words
from engine.documents.positions import path_text
from engine.errors import DocumentError, Json, Problem
from engine.formulas.functions.people import PARTICLES

LEAST = 3  # signs of a value that is looked for in other texts
_LEAST_NUMBER = 5  # digits of a number that is looked for although it is a part of a value only
_LEAST_DIGITS = 7  # of a telephone number, however it is written
_REGISTERED = ("vat_number", "registration_number", "tax_number", "national_number", "bank_account")
_OF_PEOPLE = ("name", "email", "phone", "address")
_NO_TEXTS = ("id", "code", "currency", "country", "language", "datetime", "date", "url", "unit", "status")
_ANY_ITEM = re.compile(r"\[\d+\]")
_MOST_SALTS = 20

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Invented:
    """A record with invented people. changed: the places that hold another value now; left: texts of which the schema
    does not say whether they are about somebody, so a person should look at them.
    """

    record: dict[str, Json] = field(repr=False)
    changed: tuple[str, ...]
    left: tuple[str, ...]
    replacing: Replacing = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A value in the record, and what its schema says of it."""

    path: Path
    value: Json
    about: Mapping[str, Json]
    is_personal: bool


def invented(record: dict[str, Json], schema: Mapping[str, Json], key: bytes) -> Invented:
    """The record with invented people; DocumentError where something of them could not be taken out.

    key: from it and the real values alone the invented ones follow.
    """
    leaves = list(_leaves(record, schema, (), is_personal=False))
    personal = [leaf for leaf in leaves if leaf.is_personal and isinstance(leaf.value, str | int | float)]
    for salt in range(_MOST_SALTS):
        replacing = Replacing.of([leaf.value for leaf in personal], key, salt)
        made = {leaf.path: _made(leaf, replacing) for leaf in leaves}
        whole: dict[str, Json] = _built(record, (), made)
        if not any(_holds(replacing, leaf, made[leaf.path]) for leaf in leaves):
            changed = [path_text(leaf.path) for leaf in leaves if made[leaf.path] != leaf.value]
            left = [_ANY_ITEM.sub("[]", path_text(leaf.path)) for leaf in leaves if _may_tell(leaf)]
            return Invented(whole, tuple(changed), tuple(dict.fromkeys(left)), replacing)
    what = "not all that tells of people could be replaced in it"
    raise DocumentError([Problem("the record", what, "Take another record, or write the example by hand.")])


class Replacing:
    """The real values and words with their stand-ins, for any text that may repeat them."""

    def __init__(self, invention: Invention, values: Mapping[str, str], words: Sequence[str], phones: Sequence[str]):
        self.invention = invention
        self.values = values  # folded → as it was written
        self.words = words
        self._phones = [re.compile(r"[\s().\-/]*".join(digits)) for digits in phones]

    @classmethod
    def of(cls, real: Sequence[Json], key: bytes, salt: int = 0) -> Replacing:
        """For these personal values."""
        texts = [str(value) for value in real if not isinstance(value, bool)]
        told = [text.strip() for text in texts if any(map(str.isalnum, text))]
        values = {folded(text): text for text in told if len(folded(text)) >= LEAST}
        words = sorted(
            {folded(word) for text in texts for word in telling_words(text) if _is_looked_for(word, text)},
            key=lambda word: (-len(word), word),
        )
        digits = [re.sub(r"\D", "", text)[-8:] for text in texts if re.fullmatch(r"[+\d\s().\-/]+", text)]
        phones = [each for each in digits if len(each) >= _LEAST_DIGITS]
        return cls(Invention(key, [*values, *words], salt), values, words, phones)

    def applied(self, text: str, *, whole_words: bool = False) -> str:
        """The text with every value and word replaced; the text itself where there is none.

        whole_words: of a code: a word inside of another word is none.
        """
        composed = unicodedata.normalize("NFC", text)
        spans = [*self._of_phones(composed), *self._of_words(composed, whole_words=whole_words)]
        if not spans:
            return text
        made, at = "", 0
        for start, end, seed in sorted(spans, key=lambda span: (span[0], -span[1])):
            if start >= at:
                part = composed[start:end]
                made += composed[at:start]
                made += self.invention.text(part) if seed is None else self.invention.word(part, seed)
                at = end
        return made + composed[at:]

    def holds(self, text: str, *, whole_words: bool = False) -> bool:
        """Does a text still hold a real value or word?"""
        composed = unicodedata.normalize("NFC", text).replace("@" + DOMAIN, "@")
        return any(True for _ in self._of_words(composed, whole_words=whole_words))

    def _of_words(self, text: str, *, whole_words: bool) -> Iterator[tuple[int, int, str | None]]:
        signs, places = _folded_signs(text)
        for needle, seed in [*((value, None) for value in self.values), *((word, word) for word in self.words)]:
            at = signs.find(needle)
            while at >= 0:
                start, end = places[at], places[at + len(needle) - 1] + 1
                if not whole_words or _stands_alone(text, start, end):
                    yield start, end, seed
                at = signs.find(needle, at + 1)

    def _of_phones(self, text: str) -> Iterator[tuple[int, int, None]]:
        for phone in self._phones:
            for found in phone.finditer(text):
                yield found.start(), found.end(), None


def _made(leaf: _Leaf, replacing: Replacing) -> Json:
    if leaf.is_personal:
        kind = str(leaf.about.get("x-kind", ""))
        return leaf.value if _is_listed(leaf) else replacing.invention.value(leaf.value, kind)
    if not isinstance(leaf.value, str) or DATED.fullmatch(leaf.value):
        return leaf.value
    return replacing.applied(leaf.value, whole_words=_is_code(leaf))


def _is_listed(leaf: _Leaf) -> bool:
    """Does its schema list what it can be? Such a value tells nobody apart, and formulas branch by it."""
    return "enum" in leaf.about or any("const" in each for each in leaf.about.get("oneOf", ()))


def _holds(replacing: Replacing, leaf: _Leaf, made: Json) -> bool:
    """Is something of a person left in it?"""
    if not isinstance(made, str) or _is_listed(leaf) or (not leaf.is_personal and DATED.fullmatch(made)):
        return False
    return replacing.holds(made, whole_words=not leaf.is_personal and _is_code(leaf))


def _is_code(leaf: _Leaf) -> bool:
    """Is it a text that systems read? A word inside of a word of it is chance."""
    return _is_listed(leaf) or leaf.about.get("x-kind") in _NO_TEXTS


def _may_tell(leaf: _Leaf) -> bool:
    """A text of which nobody said whether it is about somebody."""
    is_text = isinstance(leaf.value, str) and any(sign.isalpha() for sign in leaf.value)
    is_text = is_text and not str(leaf.value).startswith(("https://", "http://"))
    return is_text and not leaf.is_personal and not _is_code(leaf) and not DATED.fullmatch(str(leaf.value))


def _is_looked_for(word: str, text: str) -> bool:
    """A number that is a part of a value (a house number, half of a postcode) says nothing, nor does “van der”."""
    is_part = folded(word) != folded(text.strip())
    says_nothing = folded(word) in PARTICLES or (word.isdigit() and len(word) < _LEAST_NUMBER)
    return len(folded(word)) >= LEAST and not (is_part and says_nothing)


def _stands_alone(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (before.isalnum() or after.isalnum())


def _folded_signs(text: str) -> tuple[str, list[int]]:
    """The text folded, with the place in the text that each sign comes from."""
    signs, places = [], []
    for place, sign in enumerate(text):
        for each in sign.casefold():
            signs.append(each)
            places.append(place)
    return "".join(signs), places


# --- the record and its schema


def _leaves(value: Json, about: Mapping[str, Json], path: Path, *, is_personal: bool) -> Iterator[_Leaf]:
    is_personal = is_personal or _is_personal(about)
    if isinstance(value, dict):
        for name, held in value.items():
            yield from _leaves(held, _below(about, name), (*path, name), is_personal=is_personal)
    elif isinstance(value, list):
        items = about.get("items")
        for i, held in enumerate(value):
            below = items if isinstance(items, dict) else {}
            yield from _leaves(held, below, (*path, i), is_personal=is_personal)
    else:
        yield _Leaf(path, value, about, is_personal)


def _below(about: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    found = about.get("properties", {}).get(name)
    return found if isinstance(found, dict) else {}


def _is_personal(about: Mapping[str, Json]) -> bool:
    meaning = str(about.get("x-meaning", "")).rsplit(".", 1)[-1]
    names_somebody = about.get("x-search") and about.get("x-kind") in _OF_PEOPLE
    return bool(about.get("x-personal") or names_somebody or meaning in _REGISTERED)


def _built(value: Json, path: Path, made: Mapping[Path, Json]) -> Json:
    if isinstance(value, dict):
        return {name: _built(held, (*path, name), made) for name, held in value.items()}
    if isinstance(value, list):
        return [_built(held, (*path, i), made) for i, held in enumerate(value)]
    return made[path]
