"""Which parts of a schema of questions apply to some answers: `if`/`then`, `allOf` and what depends on an answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.documents.schemas import explain
from engine.errors import Json

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked now. properties: name → schema, in the order of asking; required: those that need an answer."""

    properties: Mapping[str, Schema]
    required: frozenset[str]


def asked_now(schema: Schema, answers: Mapping[str, Json]) -> Asked:
    """The questions that apply, the defaults of those that are not answered counted as answers.

    An answer to a question that is not asked (any longer) decides nothing.
    """
    found = _asked(schema, {})
    for _ in range(len(declared(schema)) + 1):  # each round may bring questions that bring others
        effective = {n: answers.get(n, s.get("default")) for n, s in found.properties.items()}
        again = _asked(schema, {n: v for n, v in effective.items() if v is not None})
        if again == found:
            break
        found = again
    return found


def declared(schema: Schema) -> list[str]:
    """The names of all questions that may ever be asked."""
    names: dict[str, None] = dict.fromkeys(schema.get("properties", {}))
    for part in _branches(schema):
        names |= dict.fromkeys(declared(part))
    return list(names)


def _branches(schema: Schema) -> Iterator[Schema]:
    held = [*schema.get("allOf", ()), *schema.get("dependentSchemas", {}).values()]
    yield from (part for part in [*held, schema.get("then"), schema.get("else")] if isinstance(part, Mapping))


def _asked(schema: Schema, answers: Mapping[str, Json]) -> Asked:
    properties: dict[str, Schema] = {}
    required: set[str] = set()
    refused: set[str] = set()
    for part, after in _applied(schema, answers, ()):
        required.update(part.get("required", ()))
        for name, about in part.get("properties", {}).items():
            if about is False:
                refused.add(name)
            elif isinstance(about, Mapping) and name in properties:
                properties[name] = {**properties[name], **about}
            elif isinstance(about, Mapping):
                _insert(properties, name, about, after)
                after = (*after, name) if after else ()
    shown = {name: about for name, about in properties.items() if name not in refused}
    return Asked(shown, frozenset(required & set(shown)))


def _insert(properties: dict[str, Schema], name: str, about: Schema, after: tuple[str, ...]) -> None:
    """A question that depends on others comes right after the last of them."""
    places = [place for place, known in enumerate(properties) if known in after]
    held = list(properties.items())
    held.insert(places[-1] + 1 if places else len(held), (name, about))
    properties.clear()
    properties.update(held)


def _applied(
    schema: Schema, answers: Mapping[str, Json], after: tuple[str, ...]
) -> Iterator[tuple[Schema, tuple[str, ...]]]:
    """The schemas that hold for these answers, each with the questions it depends on."""
    yield schema, after
    for part in schema.get("allOf", ()):
        yield from _applied(part, answers, after)
    if "if" in schema:
        branch = schema.get("else" if explain(schema["if"], answers) else "then")
        if isinstance(branch, Mapping):
            yield from _applied(branch, answers, (*after, *_names_in(schema["if"])))
    for name, part in schema.get("dependentSchemas", {}).items():
        if name in answers and isinstance(part, Mapping):
            yield from _applied(part, answers, (*after, name))
    for name, names in schema.get("dependentRequired", {}).items():
        if name in answers:
            yield {"required": names}, after


def _names_in(condition: Any) -> tuple[str, ...]:
    if not isinstance(condition, Mapping):
        return ()
    inner = [name for key in ("allOf", "anyOf") for part in condition.get(key, ()) for name in _names_in(part)]
    return (*condition.get("properties", {}), *condition.get("required", ()), *inner)
