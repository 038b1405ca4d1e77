"""Writes the source that finishes a value: a short test for what is right already, else the finish itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.errors import Json
from engine.formulas.compiled import Defer, kinds
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


def fit(s: Source, atom: Atom, schema: Mapping[str, Json]) -> Atom:
    """The value as the schema wants it. What the finish would refuse is deferred, so that it can say why."""
    types = schema.get("type")
    wanted = types if isinstance(types, list) else [types] if types else []
    kind = next((name for name in wanted if name != "null"), None)
    if (kind is None and "enum" not in schema) or atom.kind == kinds.NOTHING:
        return atom
    if not atom.code.isidentifier():
        atom = s.new(atom.code, atom.kind)
    tests = _tests(s, atom, kind, schema)
    gives = _GIVES.get(kind or "", atom.kind) | (atom.kind & kinds.NOTHING)
    if tests == []:
        return atom
    if tests is not None and "null" in wanted and atom.kind & kinds.NULL:
        tests = [f"({' and '.join(tests)} or {atom.code} is None)"]
        gives |= kinds.NULL
    elif "null" in wanted:
        gives |= kinds.NULL
    if not kinds.is_there(atom.kind):
        tests = [f"{atom.code} is U" + (f" or {' and '.join(tests)}" if tests else "")]
    slow = f"{s.constant(_finisher(schema))}({atom.code})"
    return s.new(f"{atom.code} if {' and '.join(tests)} else {slow}" if tests else slow, gives, atom)


def _tests(s: Source, atom: Atom, kind: str | None, schema: Mapping[str, Json]) -> list[str] | None:
    """What shows that the value is right already, all together; None where nothing short does."""
    code = atom.code
    if "enum" in schema:
        choices = schema["enum"]
        if kind != "string" or not all(isinstance(choice, str) for choice in choices):
            return None
        return [f"type({code}) is str", f"{code} in {s.constant(frozenset(choices))}"] if not _bounds(schema) else None
    if kind == "string":
        tests = [] if kinds.is_surely(atom.kind, kinds.TEXT | kinds.NOTHING) else [f"type({code}) is str"]
        if "maxLength" in schema:
            most = schema["maxLength"]
            tests.append(f"(len({code}) <= {most // 4} or len({code}) <= {most} and {code}.isascii())")
        if schema.get("minLength", 0) > 0:
            tests.append(f"len({code}) >= {schema['minLength']}")
        if schema.get("format") == "date":
            tests += [f"len({code}) == 10", f"{s.constant(is_date)}({code})"]
        elif "format" in schema:
            return None
        return tests
    if kind == "number":
        if "x-decimals" in schema:
            most = schema["x-decimals"]
            return [
                f"(type({code}) is int or type({code}) is float and {s.constant(_rounds_to_itself)}({code}, {most}))"
            ]
        return [] if kinds.is_surely(atom.kind, kinds.NUMBER | kinds.NOTHING) else [f"type({code}) in NUMBERS"]
    if kind == "integer":
        return [f"type({code}) is int"]
    if kind == "boolean":
        return [] if kinds.is_surely(atom.kind, kinds.TRUTH | kinds.NOTHING) else [f"type({code}) is bool"]
    return None


def _bounds(schema: Mapping[str, Json]) -> bool:
    return any(name in schema for name in ("maxLength", "minLength", "format"))


def _rounds_to_itself(value: float, decimals: int) -> bool:
    """Whether the number, as it is written, has so many decimals at most."""
    return round(value, decimals) == value and abs(value) < 1e15


def _finisher(schema: Mapping[str, Json]) -> Callable[[Any], Any]:
    def finished(value: Any) -> Any:
        done = finish(value, schema)
        if done.problems:
            raise Defer
        return done.value

    return finished
