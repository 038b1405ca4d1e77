"""What a field can be, what values it takes, and how it looks in a JSON Schema.

Of the types, abicart.md says numbers, texts, lists and objects field by field; what is refused as 9001 and what as
9002 is not documented: here 9001 says that a value is of the wrong type or breaks a rule, 9002 that a text of the
right type cannot be brought into its form (a language, a country, a currency, a moment).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sandbox.abicart.errors import ABNORMAL, INVALID, Refused

Doc = dict[str, Any]
MOMENT = "%Y-%m-%dT%H:%M:%SZ"  # abicart.md, Order: "ISO `2013-01-14T15:04:34Z`"


@dataclass(frozen=True, slots=True)
class Kind:
    """The kind of a value: a plain one, or one made of others."""

    name: str
    inner: Kind | None = None  # of a list, a map
    parts: Mapping[str, Kind] = field(default_factory=dict)  # of an object
    to: str = ""  # of a uid: the class it leads to
    values: tuple[str, ...] = ()  # of a text that is one of these
    optional: bool = True  # may be null

    def below(self, step: str) -> Kind | None:
        """Give the kind one step down, or None when there is no such step."""
        if self.name == "object":
            return self.parts.get(step)
        if self.name in ("map", "words"):
            return self.inner
        if self.name == "list" and step.isdecimal():
            return self.inner
        return FREE if self.name == "free" else None


TEXT, NUMBER, WHOLE, TRUTH, TIME = (Kind(name) for name in ("text", "number", "whole", "truth", "moment"))
FREE = Kind("free")
WORDS = Kind("words", inner=TEXT)  # abicart.md, Quirks 3: language maps for text
LANGUAGE, COUNTRY, CURRENCY = Kind("language"), Kind("country"), Kind("currency")
RATE = Kind("rate")  # abicart.md, OrderItem: "vatRate is a decimal (0.12)"
PLAIN = {"text", "number", "whole", "truth", "moment", "language", "country", "currency", "rate", "uid"}
_FORMS = {"language": r"[a-z]{2}", "country": r"[A-Z]{2}|", "currency": r"[A-Z]{3}"}
_TYPES = {"number": "number", "rate": "number", "whole": "integer", "uid": "integer", "truth": "boolean"}


def uid_of(kind: str) -> Kind:
    """A uid that leads to that class."""
    return Kind("uid", to=kind)


def list_of(inner: Kind) -> Kind:
    """A list of these."""
    return Kind("list", inner=inner)


def map_of(inner: Kind) -> Kind:
    """An object with any names."""
    return Kind("map", inner=inner)


def object_of(**parts: Kind) -> Kind:
    """An object with these fields."""
    return Kind("object", parts=parts)


def one_of(*values: str) -> Kind:
    """A text that is one of these."""
    return Kind("text", values=values)


def moment_of(text: object) -> datetime | None:
    """Read an ISO moment that says its zone, or None."""
    if not isinstance(text, str) or not re.match(r"\d{4}-\d\d-\d\dT", text):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else None


def check(kind: Kind, value: Any, where: str, exists: Callable[[str, int], bool]) -> None:
    """Refuse a value that is not of the kind; `exists` knows which uids there are."""
    if value is None:
        if not kind.optional:
            raise Refused(INVALID, f"{where}: null is not allowed.")
        return
    if not fits(kind, value):
        raise Refused(INVALID, f"{where}: not {_called(kind)}.")
    form = _FORMS.get(kind.name)
    if form is not None and not re.fullmatch(form, value):
        raise Refused(ABNORMAL, f"{where}: {value!r} is no {kind.name}.")
    if kind.name == "moment" and moment_of(value) is None:
        raise Refused(ABNORMAL, f"{where}: {value!r} is no moment.")
    if kind.to and not exists(kind.to, value):
        raise Refused(INVALID, f"{where}: there is no {kind.to} {value}.")
    if kind.name == "object":
        for name, part in value.items():
            if name not in kind.parts:
                raise Refused(INVALID, f"{where}/{name}: there is no such field.")
            check(kind.parts[name], part, f"{where}/{name}", exists)
    elif kind.name in ("map", "words"):
        for name, part in value.items():
            if kind.name == "words" and not re.fullmatch("[a-z]{2}", name):
                raise Refused(ABNORMAL, f"{where}: {name!r} is no language.")
            check(kind.inner or FREE, part, f"{where}/{name}", exists)
    elif kind.name == "list":
        for place, part in enumerate(value):
            check(kind.inner or FREE, part, f"{where}/{place}", exists)


def fits(kind: Kind, value: Any) -> bool:
    """Say whether the value's type is the kind's."""
    if kind.name in ("number", "rate"):
        is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
        return is_number and (kind.name != "rate" or 0 <= value < 1)
    if kind.name in ("whole", "uid"):
        return isinstance(value, int) and not isinstance(value, bool)
    if kind.name == "truth":
        return isinstance(value, bool)
    if kind.name == "list":
        return isinstance(value, list)
    if kind.name in ("object", "map", "words"):
        return isinstance(value, dict)
    if kind.name == "free":
        return True
    return isinstance(value, str) and (not kind.values or value in kind.values)


def _called(kind: Kind) -> str:
    if kind.values:
        return "one of " + ", ".join(kind.values)
    return {"rate": "a rate between 0 and 1", "words": "texts by language", "whole": "a whole number"}.get(
        kind.name, f"a {kind.name}"
    )


def schema(kind: Kind) -> Doc:
    """Write the kind as JSON Schema; abicart.md, Methods: "`getSchema` (returns JSON Schema for the class …)"."""
    if kind.name == "object":
        parts = {name: schema(part) for name, part in kind.parts.items()}
        return {"type": ["object", "null"], "properties": parts, "additionalProperties": False}
    if kind.name in ("map", "words"):
        return {"type": ["object", "null"], "additionalProperties": schema(kind.inner or FREE)}
    if kind.name == "list":
        return {"type": ["array", "null"], "items": schema(kind.inner or FREE)}
    if kind.name == "free":
        return {}
    found: Doc = {"type": [_TYPES.get(kind.name, "string"), "null"]}
    if kind.values:
        found["enum"] = [*kind.values, None]
    if kind.name == "moment":
        found["format"] = "date-time"
    if kind.to:
        found["description"] = f"uid of {kind.to}"
    return found
