"""What is known of a value before there is one: from a JSON Schema with our annotations, and from samples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

from engine.documents.choices import choices
from engine.errors import Json
from engine.formulas.missing import MISSING, Missing

_MOST_SAMPLES = 50
_MOST_CHOICES = 200
_ZONED = ("Z", "z")


@dataclass(frozen=True, slots=True)
class Shape:
    """A value as far as it is known; what is not known is left open, so that it gives no finding.

    types: JSON types without null and array, None where any; fields: of an object, None where any; rest: what
    stands under every other name; many: it may be several; may_be_null is true only where something says so;
    personal: the fields whose content tells something about a person and is part of it.
    """

    types: frozenset[str] | None = None
    may_be_null: bool = False
    may_be_missing: bool = True
    many: bool = False
    kind: str = ""
    has_zone: bool = True
    zone: str = ""
    meaning: str = ""
    choices: tuple[Json, ...] | None = None
    codes: Mapping[str, Json] | None = None
    fields: Mapping[str, Shape] | None = None
    rest: Shape | None = None
    personal: frozenset[str] = frozenset()
    is_personal: bool = False
    constant: Any | Missing = MISSING

    @property
    def is_object(self) -> bool:
        return self.types is not None and "object" in self.types

    def one(self) -> Shape:
        """An item of it."""
        return replace(self, many=False) if self.many else self

    def several(self) -> Shape:
        """A list of it."""
        return self if self.many else replace(self, many=True, constant=MISSING)

    def filled(self) -> Shape:
        """The same, surely neither null nor missing."""
        if not self.may_be_null and not self.may_be_missing:
            return self
        return replace(self, may_be_null=False, may_be_missing=False)

    def perhaps(self) -> Shape:
        """The same, but it may be missing."""
        return self if self.may_be_missing else replace(self, may_be_missing=True, constant=MISSING)

    def all_personal(self) -> frozenset[str]:
        """Everything about a person in it, its fields' included."""
        found = self.personal
        for field in (self.fields or {}).values():
            found |= field.all_personal()
        return found


UNKNOWN = Shape()
NOTHING = Shape(types=frozenset())
NULL = Shape(types=frozenset(), may_be_null=True, may_be_missing=False, constant=None)
TEXT = Shape(types=frozenset({"string"}))
NUMBER = Shape(types=frozenset({"number"}))
MONEY = replace(NUMBER, kind="money")
TRUTH = Shape(types=frozenset({"boolean"}), may_be_missing=False, choices=(True, False))


def of_constant(value: Json) -> Shape:
    """The shape of a value written out."""
    if value is None:
        return NULL
    return Shape(types=frozenset({type_of(value)}), may_be_missing=False, choices=(value,), constant=value)


def of_fields(fields: Mapping[str, Shape]) -> Shape:
    return Shape(types=frozenset({"object"}), may_be_missing=False, fields=fields)


def type_of(value: Json) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "null" if value is None else "array" if isinstance(value, list) else "object"


def either(one: Shape, other: Shape) -> Shape:
    """What is known of a value that is the one or the other."""
    if one is other:
        return one
    if other.types == frozenset():
        one, other = other, one
    if one.types == frozenset():  # null, or nothing at all
        return replace(
            other,
            may_be_null=one.may_be_null or other.may_be_null,
            may_be_missing=one.may_be_missing or other.may_be_missing,
            many=one.many or other.many,
            constant=MISSING,
        )
    return Shape(
        types=None if one.types is None or other.types is None else one.types | other.types,
        may_be_null=one.may_be_null or other.may_be_null,
        may_be_missing=one.may_be_missing or other.may_be_missing,
        many=one.many or other.many,
        kind=_kind(one, other),
        has_zone=one.has_zone and other.has_zone,
        zone=one.zone if one.zone == other.zone else "",
        meaning=one.meaning if one.meaning == other.meaning else "",
        choices=_choices(one, other),
        codes=one.codes if one.codes == other.codes else None,
        fields=_fields(one, other),
        rest=either(one.rest, other.rest) if one.rest and other.rest else None,
        personal=one.personal | other.personal,
        is_personal=one.is_personal and other.is_personal,
    )


def any_of(shapes: Iterable[Shape]) -> Shape:
    """What is known of a value that is one of these; unknown where there are none."""
    found = list(shapes)
    return reduce(either, found) if found else UNKNOWN


def _kind(one: Shape, other: Shape) -> str:
    """A number that is written out takes the kind of the other: 0 beside an amount is an amount."""
    if one.kind == other.kind:
        return one.kind
    if not one.kind and one.constant is not MISSING:
        return other.kind
    return one.kind if not other.kind and other.constant is not MISSING else ""


def _choices(one: Shape, other: Shape) -> tuple[Json, ...] | None:
    if one.choices is None or other.choices is None:
        return None
    found = [*one.choices, *(c for c in other.choices if not is_among(c, one.choices))]
    return tuple(found) if len(found) <= _MOST_CHOICES else None


def is_among(value: Json, choices: Iterable[Json]) -> bool:
    """Is it one of them, as JSONata compares: true is not 1."""
    return any(value == choice and isinstance(value, bool) == isinstance(choice, bool) for choice in choices)


def _fields(one: Shape, other: Shape) -> Mapping[str, Shape] | None:
    if not one.is_object or not other.is_object:
        return other.fields if other.is_object else one.fields if other.types is not None else None
    if one.fields is None or other.fields is None:
        return None
    names = dict.fromkeys([*one.fields, *other.fields])
    return {
        name: either(one.fields[name], other.fields[name])
        if name in one.fields and name in other.fields
        else (one.fields.get(name) or other.fields[name]).perhaps()
        for name in names
    }


# --- from schema and samples


def record_shape(schema: Mapping[str, Json], samples: Sequence[Json] = ()) -> Shape:
    """The shape of a record that is there."""
    return from_schema(schema, samples).filled()


def from_schema(schema: Mapping[str, Json] | None, samples: Sequence[Json] = (), path: str = "") -> Shape:
    """The shape of a value that keeps a schema; samples add fields the schema does not name, and nulls."""
    schema = schema or {}
    types = _types(schema, samples)
    held = [s for s in samples if s is not None][:_MOST_SAMPLES]
    may_be_null = "null" in _declared(schema) or any(s is None for s in samples)
    if "items" in schema or types == {"array"}:
        items = [item for s in held if isinstance(s, list) for item in s]
        inner = from_schema(schema.get("items"), items, path + "[]")
        return replace(inner.several(), may_be_missing=True, meaning=schema.get("x-meaning", inner.meaning))
    objects = [s for s in held if isinstance(s, Mapping)]
    is_personal = bool(schema.get("x-personal"))
    zoned = schema.get("format") == "date-time" or any(_is_zoned(s) for s in held)
    return Shape(
        types=frozenset(types - {"array"}) or None,
        may_be_null=may_be_null,
        kind=schema.get("x-kind", "") or _kind_of_format(schema.get("format", "")),
        has_zone=zoned,
        zone=schema.get("x-zone", ""),
        meaning=schema.get("x-meaning", ""),
        choices=_codes(schema, types),
        codes=schema.get("x-codes"),
        fields=_fields_of(schema, objects, path) if "object" in types else None,
        personal=frozenset({path}) if is_personal else frozenset(),
        is_personal=is_personal,
    )


def _fields_of(schema: Mapping[str, Json], samples: Sequence[Mapping[str, Json]], path: str) -> dict[str, Shape] | None:
    known = schema.get("properties", {})
    if schema.get("additionalProperties") is True or (not known and not samples):
        return None
    required = set(schema.get("required", ()))
    fields: dict[str, Shape] = {}
    for name in dict.fromkeys([*known, *(name for sample in samples for name in sample)]):
        seen = [sample[name] for sample in samples if name in sample]
        shape = from_schema(known.get(name), seen, f"{path}.{name}" if path else name)
        fields[name] = replace(shape, may_be_missing=name not in required or shape.many)
    return fields


def _declared(schema: Mapping[str, Json]) -> set[str]:
    held = schema.get("type", ())
    return {held} if isinstance(held, str) else set(held)


def _types(schema: Mapping[str, Json], samples: Sequence[Json]) -> set[str]:
    declared = _declared(schema) or ({"object"} if "properties" in schema else set())
    if not declared:
        declared = {type_of(s) for s in samples}
    return {"number" if name == "integer" else name for name in declared} - {"null"}


def _codes(schema: Mapping[str, Json], types: set[str]) -> tuple[Json, ...] | None:
    """The values that may stand here; codes are names in JSON, and numbers where the field is one."""
    if listed := choices(schema):
        return tuple(value for value, _ in listed if value is not None)
    if "const" in schema:
        return (schema["const"],)
    if "x-codes" in schema:
        codes = list(schema["x-codes"])
        try:
            return tuple(float(code) if types == {"number"} else code for code in codes)
        except ValueError:
            return None
    return (True, False) if types == {"boolean"} else None


def _kind_of_format(format_: str) -> str:
    return {"date": "date", "date-time": "datetime", "email": "email"}.get(format_, "")


def _is_zoned(value: Json) -> bool:
    if not isinstance(value, str) or len(value) < 17 or value[10:11] not in "Tt ":
        return False
    return value.endswith(_ZONED) or "+" in value[16:] or "-" in value[16:]
