"""Holds a document against its schema: quickly when it is right, with all reasons when it is not."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from engine.documents.positions import offsets_of, place_text
from engine.documents.quick_checks import compiled_check
from engine.documents.reasons import findings, schema_faults
from engine.errors import DocumentError, Json, Problem

__all__ = ["compiled_check", "explain", "question_problems", "schema_names", "validate"]

SCHEMAS = Path(__file__).parent.parent / "schemas"
_ENDING = ".schema.json"


def validate(document: Json, schema_name: str, where: str = "", *, text: str | None = None) -> list[Problem]:
    """Every problem of a document, none when it is right.

    schema_name: connector, flow, resource, … (a file of engine/schemas); where: the file as messages show it;
    text: the file's text, so that each problem names its line.
    """
    if _check(schema_name)(document):
        return []
    schemas = _schemas()
    found = findings(schemas[schema_name + _ENDING], document, schemas)
    if text is not None:
        offsets = offsets_of(text, [path for path, _, _ in found])
        found = [finding for _, finding in sorted(zip(offsets, found, strict=True), key=lambda pair: pair[0])]
    return [
        Problem(place_text(where, path, text), sentence, what_to_do or "Mend the document.")
        for path, sentence, what_to_do in found
    ]


def explain(schema: Mapping[str, Any], value: Json) -> list[tuple[tuple[str | int, ...], str]]:
    """Why a value does not keep a record schema: (path, sentence) for each reason; empty when it does."""
    return [(path, sentence) for path, sentence, _ in findings(schema, value)]


def question_problems(document: Mapping[str, Any], where: str, *, text: str) -> list[Problem]:
    """What is wrong with the questions of a document, which are a schema themselves."""
    return [
        Problem(place_text(where, ("questions", *path), text), sentence, "Mend the question.")
        for path, sentence in schema_faults(document.get("questions", {}))
    ]


def schema_names() -> list[str]:
    """The names `validate` knows."""
    return sorted(name.removesuffix(_ENDING) for name in _schemas())


@cache
def _schemas() -> dict[str, Json]:
    """The schemas of the documents, by file name, which is how they refer to each other."""
    return {path.name: json.loads(path.read_bytes()) for path in sorted(SCHEMAS.glob("*" + _ENDING))}


@cache
def _check(schema_name: str) -> Callable[[Json], bool]:
    schemas = _schemas()
    if schema_name + _ENDING not in schemas:
        known = ", ".join(schema_names())
        raise DocumentError([Problem(schema_name, "there is no schema of this name", f"The schemas are: {known}.")])
    return compiled_check(schemas[schema_name + _ENDING], schemas)
