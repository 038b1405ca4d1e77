"""Texts in the characters of a charset: what it has stays, other letters are written with those it has."""

from __future__ import annotations

import unicodedata
from typing import Any

from engine.formulas.characters import CHARSETS, outside
from engine.formulas.functions.letters import RULES
from engine.formulas.functions.texts import whole
from engine.formulas.refusals import Refused, kind

TRANSLITERATE = "transliterate"
_READABLE = ("L", "N", "P", "Sc", "Sm")  # letters, digits, punctuation, signs of money and of arithmetic
_SIGNS = {**RULES, "‰": "o/oo"}
_LONGEST = 4  # such a sign is written with so many characters at most: what is longer describes a picture


def spelled(value: Any, charset: Any, how: Any) -> Any:
    """The text in the charset's characters where `how` is "transliterate"; else, and what is no text, as it is.

    M2023: no charset that we know.
    """
    if not isinstance(charset, str) or charset not in CHARSETS:
        known = ", ".join(f'"{name}"' for name in CHARSETS)
        raise Refused(
            "M2023", f"$spelled needs the name of a charset, but it got {kind(charset)}", f"Write one of {known}."
        )
    if how != TRANSLITERATE or not isinstance(value, str) or value.isascii():
        return value
    text = whole(value)
    if not outside(text, charset):
        return text
    text = unicodedata.normalize("NFC", text)  # e and an accent of its own are é, which the charset may have
    written = {character: _written(character, charset) for character in outside(text, charset)}
    return "".join(written.get(character, character) for character in text)


def _written(character: str, charset: str) -> str:
    """A character that the charset does not have, in those that it has; what has no letters is left out."""
    if character in _SIGNS:
        return _SIGNS[character]
    parts = unicodedata.decomposition(character).split()
    if parts:
        spelled_out = "".join(chr(int(part, 16)) for part in parts if not part.startswith("<"))
        missing = {part: _written(part, charset) for part in outside(spelled_out, charset)}
        return "".join(missing.get(part, part) for part in spelled_out)
    category = unicodedata.category(character)
    if category == "Zs":
        return " "
    return _in_ascii(character) if category.startswith(_READABLE) else ""


def _in_ascii(character: str) -> str:
    from anyascii import anyascii  # only texts in other alphabets pay for it

    found: str = anyascii(character)
    return found if unicodedata.category(character)[0] == "L" or len(found) <= _LONGEST else ""
