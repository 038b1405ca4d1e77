"""A whole mapping as one compiled function: every plain formula of a step, and the finish by the target's schema.

It gives what `Mapping.apply` and `Mapping.body` give, or raises, and then those say why. What is not plain is worked
out beforehand and comes in as holes, by its target path; inside a list as one value for each item.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from engine.errors import Json
from engine.formulas.compiled import NotPlain, compiled, kinds
from engine.formulas.compiled.expressions import held
from engine.formulas.compiled.function import load, write_value
from engine.formulas.compiled.source import Atom, Source
from engine.formulas.surroundings import Surroundings
from engine.mappings.fitting import fit
from engine.mappings.paths import list_of


class Field(Protocol):
    """What of a FieldMapping is needed here."""

    @property
    def path(self) -> str: ...
    @property
    def formula(self) -> str: ...
    @property
    def is_list(self) -> bool: ...


Holes = MappingOf[str, Any]  # target path → value or MISSING; `Rows[].Text` → one for each item


@dataclass(frozen=True, slots=True)
class Whole:
    """call(record, variables, surroundings, holes) gives the finished fields. holes: the paths that must be given;
    calls: the functions it calls by name; source: what it was compiled from.
    """

    call: Callable[[Json, MappingOf[str, Any], Surroundings, Holes], dict[str, Json]]
    holes: tuple[str, ...]
    calls: frozenset[str]
    source: str


def whole(fields: Sequence[Field], schema: MappingOf[str, Json], required: Sequence[str]) -> Whole | None:
    """The function for these fields; None where the mapping can never be right, or is built in an unusual way."""
    tops = {field.path.partition(".")[0].removesuffix("[]") for field in fields}
    if not set(required) <= tops:
        return None
    plain = tuple(_Plain(field.path, field.formula, field.is_list) for field in fields)
    return _written(_Asked(plain, tuple(required), repr(schema), schema))


@dataclass(frozen=True, slots=True)
class _Plain:
    path: str
    formula: str
    is_list: bool


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a function is made of; the schema is told apart by its text."""

    fields: tuple[_Plain, ...]
    required: tuple[str, ...]
    schema_text: str
    schema: MappingOf[str, Json] = dataclasses.field(compare=False)


@lru_cache(maxsize=64)  # each run opens its flow anew, and mostly nothing has changed
def _written(asked: _Asked) -> Whole | None:
    try:
        return _Writer(asked.fields, asked.schema, asked.required).written()
    except (_Unusual, NotPlain, RecursionError, SyntaxError, MemoryError):
        return None


class _Unusual(Exception):
    """Not to be compiled: the way field by field knows what to make of it."""


def _part(schema: MappingOf[str, Json], path: str) -> MappingOf[str, Json]:
    """The part of the schema that finishes a path's value; empty where it says nothing of it."""
    for name in path.split("."):
        if name.removesuffix("[]") not in schema.get("properties", {}):
            return {}
        if not _is_a(schema, "object"):
            raise _Unusual  # the finish goes no further down
        schema = schema["properties"][name.removesuffix("[]")]
        if name.endswith("[]"):
            if not _is_a(schema, "array"):
                raise _Unusual
            schema = schema.get("items", {})
    return schema


def _is_a(schema: MappingOf[str, Json], kind: str) -> bool:
    types = schema.get("type")
    return types == kind or (isinstance(types, list) and next((name for name in types if name != "null"), "") == kind)


Tree = dict[str, Any]  # name → Atom, or the fields of an object


class _Writer:
    def __init__(self, fields: Sequence[Field], schema: MappingOf[str, Json], required: Sequence[str]) -> None:
        self._fields = fields
        self._schema = schema
        self._required = required
        self._source = Source()
        self._holes: list[str] = []
        self._calls: set[str] = set()

    def written(self) -> Whole:
        s = self._source
        record = s.begin()
        tree: Tree = {}
        for field in self._fields:
            if list_of(field.path):
                continue
            if field.is_list:
                self._put(tree, field.path.removesuffix("[]"), self._rows(field, record))
            else:
                schema = _part({**self._schema, "type": "object"}, field.path)
                required = field.path in self._required
                self._put(tree, field.path, fit(s, self._value(field, record), schema, required=required))
        made = self._object(tree, {**self._schema, "required": list(self._required)}, is_top=True)
        text = s.text("def mapping(d, v, e, h):", made.code)
        return Whole(load(text, "mapping", s.constants), tuple(self._holes), frozenset(self._calls), text)

    def _value(self, field: Field, at: Atom, place: str = "") -> Atom:
        """What the formula gives, or what a hole holds."""
        s = self._source
        formula = compiled(field.formula)
        if formula is None:
            self._holes.append(field.path)
            return s.new(f"h[{field.path!r}]" + (f"[{place}]" if place else ""), _PLAIN)
        self._calls |= formula.calls
        before = s.scopes, s.root
        s.scopes = [{"index": Atom(place, kinds.NUMBER)} if place else {}, {}]
        s.root = at
        made = write_value(s, formula.node, at)
        s.scopes, s.root = before
        return made

    def _rows(self, field: Field, record: Atom) -> Atom:
        """A list whose items have formulas of their own, each seeing one item of what the field's formula gives."""
        s = self._source
        schema = _part({**self._schema, "type": "object"}, field.path)
        inner = [each for each in self._fields if (list_of(each.path) or ("",))[0] == field.path]
        found, place = s.name(), s.name("n")
        of = held(s, self._value(field, record))
        given = s.new(f"U if {of.code} is None else {of.code}", of.kind | kinds.NOTHING, of)
        s.put(f"{found} = []")
        with s.loop(given, place) as (item, _):
            tree: Tree = {}
            for each in inner:
                tail = each.path.removeprefix(field.path + ".")
                part = _part(schema, tail)
                required = tail in schema.get("required", ())
                self._put(tree, tail, fit(s, self._value(each, item, place), part, required=required))
            row = self._object(tree, schema, is_top=True)
            s.put(f"{found}.append({row.code})")
        return Atom(found, kinds.TIDY_LIST)

    def _put(self, tree: Tree, path: str, atom: Atom) -> None:
        *above, last = path.split(".")
        for name in above:
            tree = tree.setdefault(name, {})
            if isinstance(tree, Atom):
                raise _Unusual
        if last in tree:
            raise _Unusual
        tree[last] = atom

    def _object(self, tree: Tree, schema: MappingOf[str, Json], *, is_top: bool = False) -> Atom:
        """An object of the fields that are there; inside another, nothing where none is."""
        s = self._source
        properties = schema.get("properties", {})
        atoms = {
            name: part if isinstance(part, Atom) else self._object(part, properties.get(name, {}))
            for name, part in tree.items()
        }
        made = s.new("{" + ", ".join(f"{name!r}: {atom.code}" for name, atom in atoms.items()) + "}", kinds.TIDY_OBJECT)
        unsure = [atom.code for atom in atoms.values() if not kinds.is_there(atom.kind)]
        if unsure:
            missing = " or ".join(f"{code} is U" for code in dict.fromkeys(unsure))
            s.put(f"if {missing}: {made.code} = present({made.code})")
        if not is_top and len(unsure) == len(atoms):
            made = s.new(f"{made.code} or U", kinds.TIDY_OBJECT | kinds.NOTHING)
        for name in schema.get("required", ()):
            if name not in atoms:
                raise _Unusual
            if not kinds.is_there(atoms[name].kind):
                test = f"{atoms[name].code} is U" + ("" if is_top else f" and {made.code} is not U")
                s.put(f"if {test}: raise Defer")
        return made


_PLAIN = (kinds.ANY & ~kinds.UNTIDY) | kinds.NUMBER | kinds.TIDY_LIST | kinds.TIDY_OBJECT
