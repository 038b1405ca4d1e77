"""Why finished fields do not keep the target's schema, in words; what tells something about a person is not quoted."""

from __future__ import annotations

from collections.abc import Mapping

from engine.documents.schemas import explain
from engine.errors import Json, Problem
from engine.mappings.finish import is_placeholder

_ADVICE = "Mend the formula, or look at what the target's schema says of the field."


def schema_problems(fields: Json, schema: Mapping[str, Json], where: str) -> list[Problem]:
    """Each reason, none where only ids that do not exist yet stand in the way."""
    found = []
    for path, sentence in explain(schema, fields):
        if is_placeholder(_at(fields, path)):
            continue
        about = _schema_at(schema, path)
        if about.get("x-personal"):
            sentence = f"what “{about.get('title', path[-1])}” got is not of the form or size that the target takes"
        place = _written(path)
        found.append(Problem(f"{where}, field {place}" if place else where, sentence, _ADVICE, field=place))
    return found


def _at(value: Json, path: tuple[str | int, ...]) -> Json:
    for step in path:
        value = value[step]
    return value


def _schema_at(schema: Mapping[str, Json], path: tuple[str | int, ...]) -> Mapping[str, Json]:
    for step in path:
        schema = schema.get("items", {}) if isinstance(step, int) else schema.get("properties", {}).get(step, {})
    return schema


def _written(path: tuple[str | int, ...]) -> str:
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
