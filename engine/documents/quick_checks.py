"""Yes or no: does a value keep a schema? The only module that imports jsonschema_rs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import jsonschema_rs

from engine.errors import DocumentError, Json, Problem

_BASE = "schemas:///schema"  # so that a reference by file name has something to be relative to


_METASCHEMA = jsonschema_rs.Draft202012Validator({"$ref": "https://json-schema.org/draft/2020-12/schema"})


def is_schema(value: Json) -> bool:
    """Whether a value is a schema of the 2020-12 draft; where not, `reasons` knows why."""
    return _METASCHEMA.is_valid(value)


def compiled_check(schema: Mapping[str, Any], others: Mapping[str, Json] | None = None) -> Callable[[Json], bool]:
    """A function that says whether a value keeps the schema; `others` are schemas it may refer to, by name.

    DocumentError when the schema itself cannot be used. Nothing is ever fetched.
    """

    def named(address: str) -> Json:
        """A schema referred to by its file name, whatever address the library made of it."""
        name = address.rsplit("/", 1)[-1]
        if name not in (others or {}):
            raise LookupError(f"it refers to {name}, which is not there")
        return (others or {})[name]

    try:
        validator = jsonschema_rs.Draft202012Validator(dict(schema), retriever=named, base_uri=_BASE)
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError, LookupError) as error:
        why = str(error).splitlines()[0]
        raise DocumentError([Problem("", f"the schema cannot be used: {why}", "Mend the schema.")]) from error
    is_valid: Callable[[Json], bool] = validator.is_valid
    return is_valid
