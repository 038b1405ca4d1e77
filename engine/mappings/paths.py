"""Target paths: `Name`, `Address.City`, `Rows[].UnitPrice`."""

from __future__ import annotations

from collections.abc import Mapping

from engine.errors import Json, Problem, RecordProblem


def set_path(target: dict[str, Json], path: str, value: Json) -> None:
    """Put a value at a dotted path, making the objects on the way; RecordProblem where something else stands there."""
    *above, last = path.split(".")
    for i, name in enumerate(above):
        target = target.setdefault(name, {})
        if not isinstance(target, dict):
            taken = ".".join(above[: i + 1])
            what = f"{taken} has a value of its own, so nothing can be put into {path}"
            raise RecordProblem([Problem(path, what, f"Map either {taken} or the fields inside it.")])
    target[last] = value


def get_path(source: Json, path: str) -> Json:
    """The value at a dotted path, or None."""
    for name in path.split("."):
        if not isinstance(source, Mapping) or name not in source:
            return None
        source = source[name]
    return source


def schema_at(schema: Mapping[str, Json], path: str) -> Mapping[str, Json] | None:
    """The part of a schema a target path names, or None where the schema has no such field."""
    here: Mapping[str, Json] = schema
    for name in path.split("."):
        inner = name.endswith("[]")
        properties = here.get("properties", {})
        if name.removesuffix("[]") not in properties:
            return None
        here = properties[name.removesuffix("[]")]
        if inner:
            here = here.get("items", {})
    return here


def list_of(path: str) -> tuple[str, str] | None:
    """`Rows[].UnitPrice` → (`Rows[]`, `UnitPrice`); None for a path outside a list."""
    head, mark, tail = path.partition("[].")
    return (head + "[]", tail) if mark else None
