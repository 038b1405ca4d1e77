"""What a key without a row may mean: one of the options, with the reason. Nothing is applied by itself."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from engine.design.lookups.cells import shown
from engine.design.lookups.meanings import KeyMeanings
from engine.design.lookups.options import Option
from engine.design.lookups.tables import Table, Value
from engine.design.starter.templates import document
from engine.formulas.functions.countries import country
from engine.formulas.refusals import Refused

Why = Literal["same text", "same number", "same kind", "same row", "similar key", "similar text"]

REASONS: Mapping[str, str] = {
    "same text": "it is called the same",
    "same number": "both say {number}",
    "same kind": "it suits the kind “{kind}”",
    "same row": "every row gives this",
    "similar key": "“{key}” gives this",
    "similar text": "it is called nearly the same",
}
_WORD = re.compile(r"[^\W_]+")
_A_NUMBER = re.compile(r"(?<![\d.,])\d+(?:[.,]\d+)?(?![\d.,]*\d)")
_COUNTRY = re.compile(r"[A-Z]{2}")
_ALIKE = 0.82  # of two texts, by difflib: letters swapped or an ending, not another word
_NEAR_KEY = 0.5  # of the words of the shorter key


@dataclass(frozen=True, slots=True)
class Proposal:
    """A value for a key. why: of REASONS; parts: what fills the reason's holes."""

    key: str
    value: Value
    why: Why
    parts: Mapping[str, str]

    @property
    def says(self) -> str:
        """The reason in words."""
        return REASONS[self.why].format(**self.parts)


def proposals(
    table: Table,
    keys: Iterable[str],
    options: Sequence[Option] = (),
    meanings: KeyMeanings | None = None,
) -> dict[str, Proposal]:
    """A proposal for each key where one suggests itself, by the strongest reason.

    meanings: what the source says of its keys.
    """
    judge = _Judge(table, options, meanings or KeyMeanings())
    found = ((key, judge.proposal(key)) for key in keys)
    return {key: proposal for key, proposal in found if proposal is not None}


class _Judge:
    """The reasons, the strongest first."""

    def __init__(self, table: Table, options: Sequence[Option], meanings: KeyMeanings) -> None:
        self._rows = table.rows
        self._meanings = meanings
        self._options = [option for option in options if option.is_open]
        known = {option.value for option in self._options}
        # what rows give and still can be given
        self._given = [value for value in table.rows.values() if not known or shown(value) in known]
        if table.refers is not None and not known:  # nobody can be asked: what other rows name is there, most likely
            self._options = [Option(name, name) for name in dict.fromkeys(map(shown, self._given))]
        self._familiar = Counter(word for value in self._given for word in set(_words(shown(value))))

    def proposal(self, key: str) -> Proposal | None:
        reasons: tuple[Callable[[str], Proposal | None], ...] = (
            self._same_text,
            self._same_number,
            self._same_kind,
            self._similar_key,
            self._similar_text,
            self._same_row,
        )
        return next(filter(None, (reason(key) for reason in reasons)), None)

    def _same_text(self, key: str) -> Proposal | None:
        """Called the same, by its key or by what the source calls it."""
        called = [words for words in (_words(key), _words(self._meanings.title(key))) if words]
        fitting = [o for o in self._options if _words(o.value) in called or _words(o.title) in called]
        return self._of(key, fitting, "same text")

    def _same_number(self, key: str) -> Proposal | None:
        """By a number; where the key names a country beside it, only what names that country too."""
        number, _, of_country = key.partition(" ")
        if _COUNTRY.fullmatch(of_country):
            there = [option for option in self._options if of_country in _countries(option.value)]
            return self._of_number(key, _lone_number(number), there)
        return self._of_number(key, _lone_number(key), self._options)

    def _of_number(self, key: str, number: float | None, options: Sequence[Option]) -> Proposal | None:
        if number is None:
            return None
        by_field = [option for option in options if number in option.numbers]
        by_name = [option for option in options if number in _numbers(option.value)]
        fitting = [option for option in by_field if option in by_name] or by_field or by_name
        return self._of(key, fitting, "same number", number=f"{number:g}")

    def _same_kind(self, key: str) -> Proposal | None:
        """An option of the same kind; of payment, one of the kinds by which people book it."""
        for kind in self._meanings.kinds(key):
            for wanted in (kind, *_booked_as(kind)):
                fitting = [option for option in self._options if wanted in option.codes]
                found = self._of(key, fitting, "same kind", kind=kind.replace("_", " "))
                if found is not None:
                    return found
        return None

    def _similar_key(self, key: str) -> Proposal | None:
        """What most of the nearest keys give: those that share words with this one. Numbers are near to nothing."""
        words = set(_words(key))
        held = [known for known in self._rows if _lone_number(known) is None and self._rows[known] in self._given]
        shares = {known: _shared(words, set(_words(known))) for known in held}
        most = max(shares.values(), default=0.0)
        if most < _NEAR_KEY or _lone_number(key) is not None:
            return None
        near = [known for known in held if shares[known] == most]
        near.sort(key=lambda known: difflib.SequenceMatcher(None, key, known).ratio(), reverse=True)
        usual = Counter(shown(self._rows[known]) for known in near).most_common(1)[0][0]
        nearest = next(known for known in near if shown(self._rows[known]) == usual)
        return Proposal(key, self._rows[nearest], "similar key", {"key": nearest})

    def _similar_text(self, key: str) -> Proposal | None:
        plain = " ".join(_words(key))
        if _lone_number(key) is not None or len(plain) < 4:
            return None
        close = difflib.get_close_matches(plain, {" ".join(_words(o.value)): 0 for o in self._options}, 1, _ALIKE)
        fitting = [option for option in self._options if close and " ".join(_words(option.value)) == close[0]]
        return self._of(key, fitting, "similar text")

    def _same_row(self, key: str) -> Proposal | None:
        """Where several rows all give one value, and none of the options says otherwise."""
        values = {shown(value) for value in self._given}
        if len(self._given) < 3 or len(values) != 1:
            return None
        return Proposal(key, self._given[0], "same row", {})

    def _of(self, key: str, fitting: Sequence[Option], why: Why, **parts: str) -> Proposal | None:
        """The fitting option that is most like those that rows name already; none where that does not tell."""
        if not fitting:
            return None
        ranked = sorted(fitting, key=self._familiarity, reverse=True)
        if len(ranked) > 1 and self._familiarity(ranked[0]) == self._familiarity(ranked[1]):
            return None
        return Proposal(key, ranked[0].value, why, parts)

    def _familiarity(self, option: Option) -> int:
        return sum(self._familiar[word] for word in set(_words(option.value)))


def _booked_as(kind: str) -> Iterator[str]:
    """The kinds of payment term by which a kind of payment is booked, the usual one first."""
    rules: Mapping[str, Mapping[str, list[str]]] = document("codes")["payment_terms"]
    yield from rules.get(kind, {}).get("types", ())


def _countries(text: str) -> Iterator[str]:
    """The countries that a text names; two letters count as capitals only, since many words have two."""
    for word in _WORD.findall(text):
        if len(word) > 2 or word.isupper():
            with suppress(Refused):
                yield country(word)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _shared(one: set[str], other: set[str]) -> float:
    """How many of the words of the shorter one the other has too."""
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def _numbers(text: str) -> Iterator[float]:
    for found in _A_NUMBER.findall(text):
        yield float(found.replace(",", "."))


def _lone_number(text: str) -> float | None:
    """The number a key is, a percent sign aside."""
    plain = text.strip().removesuffix("%").strip()
    return float(plain.replace(",", ".")) if re.fullmatch(r"\d+([.,]\d+)?", plain) else None
