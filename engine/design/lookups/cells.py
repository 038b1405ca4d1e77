"""Values of rows as the texts of cells: each kind of value survives a grid, a spreadsheet and a file.

What a spreadsheet would take for a formula is guarded by an apostrophe, which reading takes off again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from engine.design.lookups.tables import Value
from engine.documents.strict_json import StrictJsonError, read_strict

TEXT, NUMBER, YES_NO, NOTHING = "text", "number", "yes/no", "nothing"
KINDS = (TEXT, NUMBER, YES_NO, NOTHING)

_SAID = {"true": True, "yes": True, "false": False, "no": False}
_NUMBER = re.compile(r"-?\d+([.,]\d+)?([eE][+-]?\d+)?")
_STARTS_FORMULA = r"\s*[=+\-@\t\r\n＝＋－＠]"  # also the wide forms, which some spreadsheets take alike
_TO_GUARD = re.compile(rf"'*{_STARTS_FORMULA}")
_GUARDED = re.compile(rf"'+{_STARTS_FORMULA}")


def kind_of(value: Value) -> str:
    """What kind of value it is, by the name that files and screen use."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return YES_NO
    return TEXT if isinstance(value, str) else NUMBER


def common_kind(values: Iterable[Value]) -> str:
    """The kind that all values have; text where they differ or there are none."""
    kinds = {kind_of(value) for value in values}
    return kinds.pop() if len(kinds) == 1 and NOTHING not in kinds else TEXT


def shown(value: Value) -> str:
    """The value as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else json.dumps(value)


def value_of(text: str, kind: str) -> Value:
    """The value that a text stands for; ValueError says, as half a sentence, why it is none of this kind."""
    if kind == TEXT:
        return text
    if kind == NOTHING:
        if text.strip():
            raise ValueError(f"it says “{text[:40]}” where nothing should stand")
        return None
    if kind == YES_NO:
        if text.strip().lower() not in _SAID:
            raise ValueError(f"“{text[:40]}” is neither yes nor no")
        return _SAID[text.strip().lower()]
    return _number(text)


def _number(text: str) -> int | float:
    """A comma may mark decimals; thousands are not separated, for nobody could tell one from the other."""
    plain = text.strip().replace("−", "-")
    if not _NUMBER.fullmatch(plain):
        raise ValueError(f"“{text[:40]}” is no number" if plain else "the number is missing")
    digits = re.sub(r"^(-?)0+(?=\d)", r"\1", plain.replace(",", "."))
    try:
        found = read_strict(digits)
    except StrictJsonError as error:
        raise ValueError(f"“{text[:40]}” is no number that can be kept") from error
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise ValueError(f"“{text[:40]}” has more digits than a number keeps; write it as text")
    return found


def guarded(text: str) -> str:
    """The text as it may stand in a spreadsheet without being taken for a formula."""
    return f"'{text}" if _TO_GUARD.match(text) else text


def unguarded(text: str) -> str:
    """The text without the guard."""
    return text[1:] if _GUARDED.match(text) else text
