"""Why a value does not keep a schema, in words. The only module that imports jsonschema (and referencing)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from engine.documents.quick_checks import is_schema
from engine.documents.sentences import sentence_of
from engine.errors import Json

_METASCHEMA = Draft202012Validator(Draft202012Validator.META_SCHEMA)

Finding = tuple[tuple[str | int, ...], str, str]  # path, sentence, what to do


def findings(schema: Mapping[str, Any], value: Json, others: Mapping[str, Json] | None = None) -> list[Finding]:
    """Every reason why the value does not keep the schema, in the order of the document; none when it does.

    Where a schema offers alternatives, the reasons of the one that was most likely meant are given.
    """
    registry: Registry[Any] = Registry().with_resources(
        (name, DRAFT202012.create_resource(other)) for name, other in (others or {}).items()
    )
    validator = Draft202012Validator(schema, registry=registry)
    found: dict[tuple[tuple[str | int, ...], str], str] = {}
    for error in _leaves(validator.iter_errors(value)):
        path = tuple(error.absolute_path)
        for sentence, what_to_do in sentence_of(
            str(error.validator), error.validator_value, error.instance, error.schema, path
        ):
            found.setdefault((path, sentence), what_to_do)
    listed = [(path, sentence, what_to_do) for (path, sentence), what_to_do in found.items()]
    return sorted(listed, key=lambda finding: [_sortable(step) for step in finding[0]])


def _sortable(step: str | int) -> tuple[int, int, str]:
    return (0, step, "") if isinstance(step, int) else (1, 0, step)


def _leaves(errors: Iterable[ValidationError]) -> Iterator[ValidationError]:
    for error in errors:
        if error.validator in ("anyOf", "oneOf") and error.context:
            yield from _leaves(_likeliest(error))
        else:
            yield error


def _likeliest(error: ValidationError) -> list[ValidationError]:
    """The errors of the alternative most likely meant: the one whose faults lie deepest and are fewest.

    When the value is of another kind than any alternative wants, the choice itself is told.
    """
    branches: dict[int, list[ValidationError]] = {}
    for fault in error.context or ():
        branches.setdefault(int(fault.relative_schema_path[0]), []).append(fault)
    fitting = {n: faults for n, faults in branches.items() if not any(_is_misfit(fault) for fault in faults)}
    if not fitting:
        error.context = []
        return [error]
    return min(fitting.values(), key=lambda faults: (-max(_depth(fault) for fault in faults), len(faults)))


def _is_misfit(fault: ValidationError) -> bool:
    """The value is of another kind altogether than this alternative wants."""
    return not fault.relative_path and fault.validator in ("type", "const", "enum", "required", "not")


def _depth(fault: ValidationError) -> int:
    return len(fault.absolute_path) + max((_depth(inner) for inner in fault.context or ()), default=0)


def schema_faults(schema: Any) -> list[tuple[tuple[str | int, ...], str]]:
    """Why a schema that people wrote is none: (path, sentence) for each reason; references are not followed."""
    if not isinstance(schema, Mapping):
        return [((), "must be a schema: an object")]
    faults = [
        (tuple(error.absolute_path), f"is no JSON Schema: {error.message[:120]}")
        for error in ([] if is_schema(schema) else _METASCHEMA.iter_errors(schema))
    ]
    for path, name, held in _members(schema, ()):
        if name == "$ref":
            faults.append((path, "refers to another schema; write it out"))
        if name == "pattern" and isinstance(held, str):
            try:
                re.compile(held)
            except re.error as error:
                faults.append((path, f"is no regular expression: {error}"))
    return faults


def _members(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str | int, Any]]:
    items = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for name, held in items:
        yield (*path, name), name, held
        yield from _members(held, (*path, name))
