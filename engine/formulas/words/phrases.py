"""Phrases: pieces of a sentence that know the forms a template may ask for, and when they need brackets.

A template is a whole phrase with named holes. `{x}` takes the phrase as it stands, `{x:a}` its form with an
indefinite article, `{x:if}` the same as a condition, and so on: whoever translates a template chooses the forms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Protocol

Template = str | tuple[str, str]  # one text, or the texts for one and for several


class Level(IntEnum):
    """How loosely the words of a phrase hang together; a hole says what it takes without brackets."""

    NAME = 0  # the company
    NOUN = 1  # the sum of the prices
    MATH = 2  # the price times the quantity
    COMMA = 3  # created at, up to “T”
    LOOSE = 4  # the company if …, otherwise …


_BRACKETS_FROM = {"operand": Level.MATH, "piece": Level.COMMA, "member": Level.COMMA, "open": Level.LOOSE + 1}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A piece of a sentence. kind: what it is, for whoever builds on it; parts: what it was built from.

    Forms: "a" (a company), "bare" (company), "of" (after a preposition), "piece" (between commas of a text),
    "plain" (without what only changes its type), "quoted" («Company»), "if" and "not" (as a condition and its
    opposite), "whose" and "whose_not" (a condition about a field of an item), "among" and "among_not" (a condition
    among others that must hold too), "percent", "alone" (as the whole reading).
    """

    text: str
    level: Level = Level.NOUN
    kind: str = ""
    forms: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[Phrase, ...] = ()

    def __format__(self, form: str) -> str:
        if form in self.forms:
            return self.forms[form]
        return f"({self.text})" if self.level >= _BRACKETS_FROM.get(form, Level.LOOSE) else self.text

    def has(self, form: str) -> bool:
        return form in self.forms

    def but(self, **forms: str) -> Phrase:
        """The same with other forms."""
        return replace(self, forms={**self.forms, **forms})


class Translations(Protocol):
    """What gettext gives: a template in the reader's language."""

    def gettext(self, message: str) -> str: ...

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str: ...


class Speech:
    """Fills templates, translated if there are translations."""

    def __init__(self, translations: Translations | None = None) -> None:
        self._translations = translations

    def __call__(self, template: Template, count: int = 2, /, **holes: Phrase | str | int) -> str:
        return self._translated(template, count).format(count=count, **holes)

    def titled(self, text: str) -> str:
        """A title as it stands, which is no template, in the reader's language where it is known."""
        return self._translations.gettext(text) if self._translations else text

    def _translated(self, template: Template, count: int) -> str:
        if isinstance(template, str):
            return self.titled(template)
        one, several = template
        if self._translations:
            return self._translations.ngettext(one, several, count)
        return one if count == 1 else several

    def listed(self, patterns: Mapping[str, str], members: list[str]) -> str:
        """Members one after the other by the patterns "two", "more" and "last" ({some}, {next})."""
        if len(members) == 2:
            return self(patterns["two"], some=members[0], next=members[1])
        said = members[0]
        for number, member in enumerate(members[1:], 2):
            said = self(patterns["last" if number == len(members) else "more"], some=said, next=member)
        return said


class Unreadable(Exception):
    """There are no plain words for a part of the formula."""
