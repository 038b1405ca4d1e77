"""Writes the source that finishes a value: a short test for what is right already, else the finish itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.errors import Json
from engine.formulas import MISSING
from engine.formulas.characters import outside
from engine.formulas.compiled import Defer, kinds
from engine.formulas.compiled.expressions import held, tidied
from engine.formulas.compiled.runtime import tidy
from engine.formulas.compiled.source import Atom, Source
from engine.mappings.finish import finish, is_date

_GIVES = {
    "string": kinds.TEXT,
    "number": kinds.NUMBER,
    "integer": kinds.NUMBER,
    "boolean": kinds.TRUTH,
    "array": kinds.TIDY_LIST,
    "object": kinds.TIDY_OBJECT,
}


def fit(s: Source, atom: Atom, schema: Mapping[str, Json], *, required: bool) -> Atom:
    """The value as the schema wants it and as it is written. What the finish would refuse is deferred, so that it can
    say why; so is a missing value that is required. Only what is often so is tested here.
    """
    types = schema.get("type")
    wanted = types if isinstance(types, list) else [types] if types else []
    kind = next((name for name in wanted if name != "null"), None)
    if (kind is None and "enum" not in schema) or atom.kind == kinds.NOTHING:
        return _required(s, tidied(s, atom)) if required else tidied(s, atom)
    atom = held(s, atom)
    tests = _tests(s, atom, kind, schema)
    missing = 0 if required else atom.kind & kinds.NOTHING
    gives = _GIVES.get(kind or "", kinds.ANY & ~kinds.NOTHING) | missing | (kinds.NULL if "null" in wanted else 0)
    if tests == [] and kinds.is_there(atom.kind):
        return atom
    slow = f"{s.constant(_finisher(schema, required))}({atom.code})"
    if tests is None:
        return s.new(slow, gives, atom)
    if not tests:  # it can be missing only
        tests = [f"{atom.code} is not U"]
    return s.new(f"{atom.code} if {' and '.join(tests)} else {slow}", gives, atom)


def _required(s: Source, atom: Atom) -> Atom:
    if kinds.is_there(atom.kind):
        return atom
    s.put(f"if {atom.code} is U: raise Defer")
    return Atom(atom.code, atom.kind & ~kinds.NOTHING, atom.level)


def _tests(s: Source, atom: Atom, kind: str | None, schema: Mapping[str, Json]) -> list[str] | None:
    """What shows that the value is there, right and tidy already, all together; None where nothing short does."""
    code = atom.code
    if "enum" in schema:
        choices = schema["enum"]
        if kind != "string" or _bounds(schema) or not all(isinstance(choice, str) for choice in choices):
            return None
        return [f"type({code}) is str", f"{code} in {s.constant(frozenset(choices))}"]
    if kind == "string":
        return _text_tests(s, atom, schema)
    if kind == "number":
        if "x-decimals" in schema:
            test = f"{s.constant(_rounds_to_itself)}({code}, {schema['x-decimals']})"
            return [f"(type({code}) is int or type({code}) is float and {test})"]
        if kinds.is_surely(atom.kind, kinds.NUMBER | kinds.NOTHING):
            return []
        return [f"(type({code}) is int or type({code}) is float and not {code}.is_integer())"]
    if kind == "integer":
        return [f"type({code}) is int"]
    if kind == "boolean":
        return [] if kinds.is_surely(atom.kind, kinds.TRUTH | kinds.NOTHING) else [f"type({code}) is bool"]
    return None


def _text_tests(s: Source, atom: Atom, schema: Mapping[str, Json]) -> list[str] | None:
    code = atom.code
    if kinds.is_surely(atom.kind, kinds.TEXT):
        tests = []
    elif kinds.is_surely(atom.kind, kinds.TEXT | kinds.NOTHING) and schema.keys().isdisjoint(_TEXT_RULES):
        tests = [f"{code} is not U"]
    else:
        tests = [f"type({code}) is str"]
    if "maxLength" in schema:
        most = schema["maxLength"]
        surely = most // (4 if schema.get("x-length") == "utf8" else 2)
        short = f"len({code}) <= {surely} or " if surely > _OFTEN_ENOUGH else ""
        tests.append(f"({short}len({code}) <= {most} and {code}.isascii())")
    if "x-charset" in schema:
        odd = f"{s.constant(outside)}({code}, {s.constant(schema['x-charset'])})"
        tests.append(f"({code}.isascii() or not {odd})")
    if schema.get("minLength", 0) > 0:
        tests.append(f"len({code}) >= {schema['minLength']}")
    if schema.get("format") == "date":
        tests += [f"len({code}) == 10", f"{s.constant(is_date)}({code})"]
    elif "format" in schema:
        return None
    return tests


_TEXT_RULES = {"maxLength", "minLength", "format", "x-charset"}
_OFTEN_ENOUGH = 8  # a length below which a test that needs no look at the text is not worth it


def _bounds(schema: Mapping[str, Json]) -> bool:
    return not schema.keys().isdisjoint(_TEXT_RULES)


def _rounds_to_itself(value: float, decimals: int) -> bool:
    """Whether the number, as it is written, has so many decimals at most, and some."""
    return round(value, decimals) == value and abs(value) < 1e15 and not value.is_integer()


def _finisher(schema: Mapping[str, Json], required: bool) -> Callable[[Any], Any]:
    def finished(value: Any) -> Any:
        if value is MISSING:
            if required:
                raise Defer
            return MISSING
        done = finish(tidy(value), schema)
        if done.problems:
            raise Defer
        return done.value

    return finished
