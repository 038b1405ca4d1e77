"""The words support searches by: e-mail addresses whole, names word by word, telephone numbers as digits."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"\w+")
_LEAST_DIGITS = 6


def normalised(text: str) -> str:
    """The text as it is compared: NFKC, case folded, one space between words."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def search_terms(text: str) -> set[str]:
    """The terms that stand for a text: each e-mail address, each word, or all digits of a number in one."""
    plain = normalised(text)
    digits = "".join(character for character in plain if character.isdecimal())
    if len(digits) >= _LEAST_DIGITS and not any(character.isalpha() for character in plain) and "@" not in plain:
        return {digits}
    terms: set[str] = set()
    for piece in plain.split():
        if "@" in piece:
            terms.add(piece.strip("<>,;()\"'"))
        else:
            terms.update(_WORD.findall(piece))
    return terms
