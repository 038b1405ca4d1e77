"""Which characters a charset has, and how those that it does not have are named."""

from __future__ import annotations

import unicodedata

CHARSETS = {"utf-8": "UTF-8", "iso-8859-1": "ISO-8859-1", "windows-1252": "Windows-1252", "ascii": "ASCII"}
PLACEHOLDER = "\u2060«"  # how ids that do not exist yet begin; the word joiner tells them from texts of people
_MOST_NAMED = 5


def outside(text: str, charset: str) -> list[str]:
    """The characters of a text that a charset does not have, each once, in order; half characters are in none."""
    if text.isascii():
        return []
    try:
        text.encode(charset)
    except UnicodeEncodeError:
        return [character for character in dict.fromkeys(text) if not _is_in(character, charset)]
    return []


def named(characters: list[str]) -> str:
    """Characters as people can look for them: “ł” (LATIN SMALL LETTER L WITH STROKE)."""
    told = ", ".join(_named(character) for character in characters[:_MOST_NAMED])
    more = len(characters) - _MOST_NAMED
    return f"{told} and {more} more" if more > 0 else told


def cannot_be_written(text: str, charset: str) -> str:
    """Half a sentence about the characters that a charset does not have; "" where it has them all."""
    odd = outside(text, charset)
    return f"{named(odd)} cannot be written in {CHARSETS.get(charset, charset)}" if odd else ""


def other_letters(charset: str) -> str:
    """What somebody can do where a text has a character outside."""
    return (
        "Write it with other letters: where the flow has a question for that, by its answer, else by "
        f'$spelled(…, "{charset}", "transliterate").'
    )


def _named(character: str) -> str:
    if "\ud800" <= character <= "\udfff":
        return "half a character"
    name = unicodedata.name(character, f"U+{ord(character):04X}")
    return f"“{character}” ({name})" if character.isprintable() else name


def _is_in(character: str, charset: str) -> bool:
    try:
        character.encode(charset)
    except UnicodeEncodeError:
        return False
    return True
