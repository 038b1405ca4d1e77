"""A person whose data is looked for: by e-mail address, name, customer number or telephone number."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass, field
from urllib.parse import unquote_plus

from engine.errors import BackupError, Json
from engine.runs.ledger.words import normalised, search_terms

_LEAST_CHARS = 3
_LEAST_DIGITS = 6
_BETWEEN_DIGITS = r"[\s().\-/]*"
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom it is about. Compared without regard to case, as whole words; a number only as a whole value."""

    text: str = field(repr=False)
    words: frozenset[str] = field(repr=False)
    pattern: re.Pattern[str] = field(repr=False)
    is_number: bool

    @classmethod
    def of(cls, text: str) -> Subject:
        """BackupError for a text so short that half the ledger would be meant."""
        plain = normalised(text)
        digits = "".join(character for character in plain if character.isdecimal())
        is_number = bool(digits) and not any(character.isalpha() for character in plain)
        if len(plain) < _LEAST_CHARS:
            raise BackupError(
                "Nothing was erased",
                where="the subject",
                why=f"it has fewer than {_LEAST_CHARS} characters, so it means nobody in particular",
                what_to_do="Give an e-mail address, a whole name, or a customer number.",
            )
        return cls(plain, frozenset(search_terms(plain)), _pattern(plain, digits, is_number=is_number), is_number)

    @property
    def can_be_searched(self) -> bool:
        """Not a number so short that it may be part of anything."""
        return not self.is_number or len(self.text) >= _LEAST_DIGITS

    def is_in(self, value: Json) -> bool:
        """Is the person named anywhere in a JSON value? A name also where its words are values of one object."""
        if isinstance(value, str):
            return self.is_in_text(value)
        if isinstance(value, dict):
            return self._is_spread_over(value) or any(self.is_in(part) for pair in value.items() for part in pair)
        if isinstance(value, list | tuple):
            return any(map(self.is_in, value))
        return (
            self.is_number and value is not None and not isinstance(value, bool) and normalised(str(value)) == self.text
        )

    def is_in_text(self, text: str) -> bool:
        """The same for a text, which may be a document, a part of an address, or have characters written otherwise."""
        if self.pattern.search(normalised(text)):
            return True
        if text[:1] in ("{", "["):
            try:
                return self.is_in(json.loads(text))
            except (ValueError, RecursionError):
                pass  # cut off, or no JSON
        plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), html.unescape(unquote_plus(text)))
        return plain != text and self.pattern.search(normalised(plain)) is not None

    def _is_spread_over(self, value: dict[str, Json]) -> bool:
        if len(self.words) < 2:
            return False
        found = set[str]().union(*(search_terms(part) for part in value.values() if isinstance(part, str)))
        return self.words <= found


def _pattern(plain: str, digits: str, *, is_number: bool) -> re.Pattern[str]:
    if is_number and len(digits) >= _LEAST_DIGITS:
        return re.compile(rf"(?<!\d){_BETWEEN_DIGITS.join(digits)}(?!\d)")
    if is_number:  # so short that it may be part of anything
        return re.compile(rf"\A{re.escape(plain)}\Z")
    if "@" in plain:
        return re.compile(rf"(?<![\w.+-]){re.escape(plain)}(?![\w-]|\.\w)")
    return re.compile(rf"(?<!\w){re.escape(plain)}(?!\w)")
