"""Cuts the text of a `$filter` into words, literals and signs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.eaccounting.errors import invalid

_DIGITS = r"[0-9a-fA-F]"
_GUID = rf"{_DIGITS}{{8}}(?:-{_DIGITS}{{4}}){{3}}-{_DIGITS}{{12}}"
_MOMENT = r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,7})?)?(?:Z|[+-]\d\d:\d\d)?)?"
_TOKEN = re.compile(
    rf"""\s*(?:
      (?P<text>'(?:[^']|'')*')
    | guid'(?P<guid3>{_GUID})'
    | datetime(?:offset)?'(?P<moment3>{_MOMENT})'
    | (?P<guid>{_GUID})(?![\w-])
    | (?P<moment>{_MOMENT})(?![\w-])
    | (?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.-])
    | (?P<word>[A-Za-z_]\w*)(?![\w/'])
    | (?P<sign>[(),])
    )""",
    re.VERBOSE,
)
_CONSTANTS: dict[str, tuple[str, Any]] = {
    "true": ("bool", True),
    "false": ("bool", False),
    "null": ("null", None),
}


@dataclass(frozen=True, slots=True)
class Token:
    """One piece: `kind` is word, sign, end, or the type of a literal."""

    kind: str
    value: Any


def cut(text: str) -> list[Token]:
    """Cut a filter into its pieces, the end mark included."""
    tokens: list[Token] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise invalid(f"$filter: Syntax error at position {at}.")
        tokens.append(_token(match.lastgroup, match[match.lastgroup]))
        at = match.end()
    tokens.append(Token("end", None))
    return tokens


def _token(group: str, text: str) -> Token:
    match group:
        case "text":
            return Token("text", text[1:-1].replace("''", "'"))
        case "guid" | "guid3":
            return Token("guid", text.lower())
        case "moment" | "moment3":
            return Token("moment", read_moment(text))
        case "number":
            return Token("number", float(text) if any(c in text for c in ".eE") else int(text))
        case "word" if text in _CONSTANTS:
            return Token(*_CONSTANTS[text])
    return Token(group, text)


def read_moment(text: str) -> tuple[str, bool]:
    """Give the millisecond a literal lies in, as the system writes it, and whether it lies exactly on it."""
    try:
        moment = datetime.fromisoformat(text)
        # visma-eaccounting.md, Paging: "literal not verified"; not documented: without a zone it is UTC.
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise invalid(f"$filter: {text} is no date.") from None
    rest = moment.microsecond % 1000
    return write_moment(moment - timedelta(microseconds=rest)), rest == 0


def write_moment(moment: datetime) -> str:
    """Write a moment as the system does: UTC, three decimals, Z."""
    return moment.isoformat(timespec="milliseconds")[:23] + "Z"
