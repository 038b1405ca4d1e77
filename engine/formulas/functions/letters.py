"""Any text in the letters of ASCII, by rules a person would use, and safe article numbers made of it."""

from __future__ import annotations

import string
import unicodedata
from typing import Any

from engine.formulas.functions.texts import text_of
from engine.formulas.missing import MISSING
from engine.formulas.refusals import Refused, kind

# What Unicode does not take apart itself. Letters with marks (å, é, ü, č) lose the marks.
_LETTERS = {
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "ß": "ss",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ħ": "h",
    "ı": "i",
    "ĸ": "k",
    "ŋ": "ng",
    "ŧ": "t",
    "ə": "e",
}
_SIGNS = {
    **dict.fromkeys("‘’‚‛′ʼʻ", "'"),
    **dict.fromkeys("“”„‟″", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    "⁄": "/",
    "×": "x",
    "€": "EUR",
    # The two that Unicode calls line and paragraph separator.
    "\u2028": "\n",
    "\u2029": "\n",
}
RULES = {  # beside what Unicode itself takes apart
    **_SIGNS,
    **{letter.upper(): plain.upper() for letter, plain in _LETTERS.items() if len(letter.upper()) == 1},
    **_LETTERS,
    "ẞ": "SS",
}
_ALWAYS_KEPT = frozenset(string.ascii_letters + string.digits)


def ascii_of(text: str) -> str:
    """The text in ASCII; what has no ASCII is left out."""
    if text.isascii():
        return text
    return "".join(map(_plain, unicodedata.normalize("NFKD", text)))


def _plain(character: str) -> str:
    if character.isascii():
        return character
    return RULES.get(character) or (" " if unicodedata.category(character) == "Zs" else "")


def transliterate(value: Any) -> Any:
    """The text in ASCII: å ä → a, æ → ae, ø → o, ß → ss, é → e; what has no ASCII is left out."""
    if value is MISSING:
        return MISSING
    if not isinstance(value, str):
        raise Refused(
            "T0410",
            f"$transliterate needs a text, but it got {kind(value)}",
            "Use $text(…) to make a text of it.",
        )
    return ascii_of(value)


def safe_number(value: Any, keep: Any = MISSING) -> Any:
    """The text with nothing left but A-Z, a-z, 0-9 and the characters of `keep` (-._), other letters transliterated.

    A number is taken as the text it is written as. M2013: `keep` is no text of ASCII characters.
    """
    if value is MISSING:
        return MISSING
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Refused(
            "M2010",
            f"$safe_number needs a text or a number, but it got {kind(value)}",
            'Point the formula at the number, or give a default, as in $first_filled(x, "").',
        )
    kept = _ALWAYS_KEPT | _kept(keep)
    return "".join(character for character in ascii_of(text_of(value)) if character in kept)


def _kept(keep: Any) -> frozenset[str]:
    if keep is MISSING:
        return frozenset("-._")
    if not isinstance(keep, str) or not keep.isascii():
        raise Refused(
            "M2013",
            f"The characters $safe_number keeps must be a text in ASCII, but it got {kind(keep)}",
            'Write them together, like "-./", or "" for letters and digits only.',
        )
    return frozenset(keep)
