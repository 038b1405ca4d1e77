"""The target schema finishes a value: types cast as declared, lists restored, lengths and choices checked.

Every change is a Note, every refusal a Problem; nothing is cut or guessed in silence.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from engine.errors import Json, Problem
from engine.formulas.characters import PLACEHOLDER as PLACEHOLDER
from engine.formulas.characters import cannot_be_written, other_letters

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}.*)?", re.DOTALL)
_MOST_DIGITS = 17  # before the point; what is longer is an id, and ids are text


@dataclass(frozen=True, slots=True)
class Note:
    """A change the finish made: where and what, in words."""

    where: str
    what: str


@dataclass(slots=True)
class Finished:
    """A finished value with what was changed and what is wrong."""

    value: Json
    notes: list[Note] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def finish(value: Json, schema: Mapping[str, Json], where: str = "") -> Finished:
    """The value as the schema wants it. Absent object fields are checked against `required`, all at once."""
    done = Finished(None)
    done.value = _Finish(done).value(value, schema, where)
    return done


def utf16_length(text: str) -> int:
    """Length as most systems count it: a character beyond the basic plane counts twice."""
    return len(text) + sum(c > "\uffff" for c in text)


def _utf8_length(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


_LENGTHS: dict[str, Callable[[str], int]] = {"characters": len, "utf16": utf16_length, "utf8": _utf8_length}


def length_in(text: str, schema: Mapping[str, Json]) -> int:
    """Length as the target counts it: in characters, UTF-16 units (unless it says otherwise) or bytes of UTF-8."""
    return _LENGTHS[schema.get("x-length", "utf16")](text)


def is_placeholder(value: Json) -> bool:
    return isinstance(value, str) and value.startswith(PLACEHOLDER)


def as_text(value: float) -> str:
    """A number as people write it: 1.0 is 1, no exponent."""
    if isinstance(value, int) or value.is_integer():
        return str(int(value))
    return format(Decimal(repr(value)), "f")


class _Finish:
    def __init__(self, done: Finished) -> None:
        self.done = done

    def note(self, where: str, what: str) -> None:
        self.done.notes.append(Note(where, what))

    def refuse(self, where: str, what: str, what_to_do: str) -> None:
        self.done.problems.append(Problem(where, what, what_to_do))

    def value(self, value: Json, schema: Mapping[str, Json], where: str) -> Json:
        types = schema.get("type")
        wanted = types if isinstance(types, list) else [types] if types else []
        kind = next((name for name in wanted if name != "null"), None)
        if kind not in (None, "array"):
            value = self._lone(value, where)
        if value is None:
            if wanted and "null" not in wanted:
                self.refuse(
                    where,
                    "the value is null, and the target takes none",
                    "Give another value, or leave the field out where there is none.",
                )
            return None
        if is_placeholder(value):
            return value
        if isinstance(value, float) and not math.isfinite(value):
            self.refuse(where, "the number is not finite", "Mend the formula: it divides by zero or overflows.")
            return None
        cast = getattr(self, f"_{kind}", None) if kind else None
        if cast:
            value = cast(value, schema, where)
        if "enum" in schema and value not in schema["enum"] and value is not None:
            self._not_a_choice(value, schema, where)
        return value

    def _not_a_choice(self, value: Json, schema: Mapping[str, Json], where: str) -> None:
        choices = schema["enum"]
        near = difflib.get_close_matches(str(value), [str(c) for c in choices], 1, 0.5)
        shown = ", ".join(str(c) for c in choices[:12])
        hint = f" The nearest is {near[0]}." if near else ""
        self.refuse(
            where,
            f"{_shown(value, schema)} is none of the values the target knows ({shown}).{hint}",
            "Give one of them, by a lookup if need be.",
        )

    def _string(self, value: Json, schema: Mapping[str, Json], where: str) -> Json:
        if isinstance(value, bool | list | dict):
            self.refuse(
                where,
                f"{_kind(value)} cannot become text",
                "Name the field inside it, or write what text is meant.",
            )
            return value
        if isinstance(value, (int, float)):
            text = as_text(value)
            self.note(where, f"the number {text} became text")
            value = text
        if schema.get("format") == "date":
            value = self._date(value, schema, where)
        elif schema.get("format") == "date-time" and not _is_moment(value):
            self.refuse(
                where,
                f"{_shown(value, schema)} is no moment with a zone",
                "Write it as 2026-01-31T10:11:12Z, for example with $in_zone.",
            )
        odd = cannot_be_written(value, schema["x-charset"]) if "x-charset" in schema else ""
        if odd:
            self.refuse(where, odd, other_letters(schema["x-charset"]))
        length, most = length_in(value, schema), schema.get("maxLength")
        if most is not None and length > most:
            self.refuse(
                where,
                f"the text has {length} characters, the target takes {most}",
                f"Shorten it in the formula, for example with $truncate(…, {most}).",
            )
        if length < schema.get("minLength", 0):
            self.refuse(
                where,
                "the text is empty, and the target wants one",
                "Give a value, or one for when the source has none.",
            )
        return value

    def _date(self, value: str, schema: Mapping[str, Json], where: str) -> str:
        if not is_date(value):
            self.refuse(where, f"{_shown(value, schema)} is no date", "Write it as 2026-01-31.")
            return value
        if len(value) > 10:
            self.note(where, "the time of day was left out")
        return value[:10]

    def _lone(self, value: Json, where: str) -> Json:
        if isinstance(value, list) and len(value) == 1:
            self.note(where, "the only item of a list was taken")
            return value[0]
        return value

    def _number(self, value: Json, schema: Mapping[str, Json], where: str) -> Json:
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            self.refuse(where, f"{_kind(value)} is no number", "Give a number.")
            return value
        if not isinstance(value, str):
            return self._decimals(value, Decimal(repr(value)), schema, where)
        if not _NUMBER.fullmatch(value.strip()):
            self.refuse(
                where,
                f"the text {_shown(value, schema)} is no number",
                "Give a number, with a point before the decimals.",
            )
            return value
        exact = _exact(value.strip())
        if exact is None or exact.adjusted() > _MOST_DIGITS:
            self.refuse(
                where, f"the number {_shown(value, schema)} is too large", "Give a smaller one, or map it to a text."
            )
            return value
        self.note(where, "text became a number")
        return self._decimals(value, exact, schema, where)

    def _decimals(self, value: Json, exact: Decimal, schema: Mapping[str, Json], where: str) -> Json:
        most = schema.get("x-decimals")
        if most is None:
            plain = _plain(exact)
            if Decimal(repr(plain)) != exact:
                self.note(where, f"kept as {plain}, for a number holds no more digits")
            return plain
        try:
            rounded = exact.quantize(Decimal(1).scaleb(-most), ROUND_HALF_UP)
        except InvalidOperation:
            self.refuse(where, "the number is too large", "Mend the formula.")
            return value
        if rounded != exact:
            self.note(where, f"rounded from {exact} to {most} decimals")
        return _plain(rounded)

    def _integer(self, value: Json, schema: Mapping[str, Json], where: str) -> Json:
        number = self._number(value, schema, where)
        if isinstance(number, float):
            if not number.is_integer():
                self.refuse(
                    where,
                    f"{as_text(number)} is no whole number",
                    "Round it in the formula, or give a whole number.",
                )
                return number
            return int(number)
        return number

    def _boolean(self, value: Json, schema: Mapping[str, Json], where: str) -> Json:
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.lower() in ("true", "false"):
            self.note(where, "text became yes or no")
            return value.lower() == "true"
        self.refuse(where, f"{_kind(value)} is neither yes nor no", "Give true or false, for example by a comparison.")
        return value

    def _array(self, value: Json, schema: Mapping[str, Json], where: str) -> Json:
        if not isinstance(value, list):
            self.note(where, "a single value became a list of one")
            value = [value]
        inner = schema.get("items", {})
        return [self.value(item, inner, f"{where}[{i}]") for i, item in enumerate(value)]

    def _object(self, value: Json, schema: Mapping[str, Json], where: str) -> Json:
        if not isinstance(value, dict):
            self.refuse(
                where,
                f"{_kind(value)} is no record with fields",
                "Build it with { … } or map its fields one by one.",
            )
            return value
        fields = schema.get("properties", {})
        dot = where + "." if where else ""
        made = {name: self.value(held, fields.get(name, {}), dot + name) for name, held in value.items()}
        missing = [name for name in schema.get("required", ()) if name not in made]
        if missing:
            titles = ", ".join(f"{fields.get(n, {}).get('title', n)} ({dot}{n})" for n in missing)
            self.refuse(
                where or missing[0],
                f"the target wants {titles}, and nothing was given",
                "Map the field, answer the question it is made of, or give a value for when the source has none.",
            )
        return made


def _exact(text: str) -> Decimal | None:
    """None where the exponent is beyond all numbers."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def is_date(text: str) -> bool:
    """Whether the text begins with a day of the calendar, alone or before a time."""
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text[:10])
    except ValueError:
        return False
    return True


def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _plain(number: Decimal) -> float | int:
    return int(number) if number == number.to_integral_value() else float(number)


def _kind(value: Json) -> str:
    names = {
        bool: "yes/no",
        int: "a number",
        float: "a number",
        str: "text",
        list: "a list",
        dict: "a record with fields",
    }
    return names.get(type(value), "null")


def _shown(value: Json, schema: Mapping[str, Json]) -> str:
    """A value in a message; what tells something about a person is not quoted."""
    return "the value" if schema.get("x-personal") else f"“{str(value)[:40]}”"
