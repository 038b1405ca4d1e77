"""Constants in words: texts in quotes, spaces and line breaks by name, numbers, yes and no, patterns."""

from __future__ import annotations

import re
from typing import Any

from engine.formulas.words.phrases import Level, Phrase, Speech

CONSTANTS = {
    "text": "“{text}”",
    "empty": "an empty text",
    "a space": "a space",
    "space": "space",
    "a line break": "a line break",
    "line break": "line break",
    "a comma": "a comma and a space",
    "comma": "comma, space",
    "a tab": "a tab",
    "tab": "tab",
    "spaces": "spaces",
    "line breaks": "line breaks",
    "commas": "commas",
    "tabs": "tabs",
    "yes": "yes",
    "no": "no",
    "null": "empty (null)",
    "percent": "{number} percent",
    "always": "it is always so",
    "never": "it is never so",
    "pattern": "what fits the pattern {pattern}",
}
ALL_BUT = {  # patterns of everything but what is named
    r"[^0-9]": "digits",
    r"\D": "digits",
    r"[^A-Z0-9]": "letters and digits",
    r"[^A-Z]": "letters",
    r"\W": "letters, digits and underscores",
    r"[^0-9.]": "digits and points",
    r"[^0-9,.]": "digits, commas and points",
}
PATTERNS = {
    r"\s": "spaces and line breaks",
    r"[0-9]": "digits",
    r"\d": "digits",
    r"[A-Z]": "letters",
    r"[\s-]": "spaces and hyphens",
    r"^\s+|\s+$": "spaces around it",
    r"^0+": "zeros at its beginning",
    r"<[^>]*>": "tags between < and >",
    r"[\r\n]": "line breaks",
}
_NAMED = {" ": "space", "\n": "line break", "\t": "tab", ", ": "comma"}
_SAME = (("a-zA-Z", "A-Z"), ("A-Za-z", "A-Z"), ("0-9A-Z", "A-Z0-9"), ("[^\\d", "[^0-9"))
_MOST_CHARS = 60


def constant(value: Any, say: Speech) -> Phrase:
    """A constant as it stands in a formula."""
    if isinstance(value, bool):
        holds, not_holds = say(CONSTANTS["always"]), say(CONSTANTS["never"])
        word = "yes" if value else "no"
        asked = {"if": holds, "not": not_holds} if value else {"if": not_holds, "not": holds}
        return Phrase(say(CONSTANTS[word]), Level.NAME, word, asked)
    if isinstance(value, str):
        return text(value, say)
    if value is None:
        return Phrase(say(CONSTANTS["null"]), Level.NAME, "constant")
    number = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    return Phrase(number, Level.NAME, "constant", {"percent": say(CONSTANTS["percent"], number=number)})


def text(value: str, say: Speech) -> Phrase:
    """A text; a space is called a space."""
    if value == "":
        return Phrase(say(CONSTANTS["empty"]), Level.NAME, "empty")
    if value in _NAMED:
        name = _NAMED[value]
        forms = {"piece": say(CONSTANTS[name]), "several": say(CONSTANTS[f"{name}s"])}
        return Phrase(say(CONSTANTS[f"a {name}"]), Level.NAME, "constant", forms)
    shown = " ".join(value.split()) if "\n" in value or len(value) > _MOST_CHARS else value
    cut = shown if len(shown) <= _MOST_CHARS else shown[: _MOST_CHARS - 1] + "…"
    return Phrase(say(CONSTANTS["text"], text=cut), Level.NAME, "constant")


def pattern(written: str, say: Speech) -> Phrase:
    """What a regular expression finds: in words where it is an everyday one, else as it is written."""
    simple = written.rpartition("/")[0].removeprefix("/")
    for long, short in _SAME:
        simple = simple.replace(long, short)
    one = re.sub(r"[+*]$", "", simple)
    if one in ALL_BUT:
        kept = say(ALL_BUT[one])
        return Phrase(kept, Level.NOUN, "all but")
    known = PATTERNS.get(simple) or PATTERNS.get(one)
    said = say(known) if known else say(CONSTANTS["pattern"], pattern=written)
    return Phrase(said, Level.NOUN, "pattern")
