"""A dry run's plan: the requests that would be sent, with marked placeholders for ids that do not exist yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from engine.connectors.connector import Resource
from engine.connectors.forms import readable
from engine.errors import Json
from engine.mappings.finish import PLACEHOLDER, is_placeholder
from engine.mappings.mapping import Body
from engine.runs.results import Planned, StepResult

if TYPE_CHECKING:
    from engine.runs.opening import OpenStep


class Plan:
    """Collects what would be sent; nothing is. compares: what is left alone is collected too, as it would be made;
    anew: what was made before and is not found any more would be made again.
    """

    def __init__(self, *, compares: bool = False, anew: bool = False) -> None:
        self.requests: list[Planned] = []
        self.left: list[Planned] = []
        self.compares = compares
        self.anew = anew

    def create(self, step: OpenStep, fields: dict[str, Json], match: Json) -> dict[str, Json]:
        """Note a creation; the record as it would be answered, with placeholders where the target gives values."""
        self._note(step, "create", {"fields": fields}, fields)
        return {**placeholders(step.resource, match), **fields}

    def update(
        self, step: OpenStep, key: str, fields: dict[str, Json], existing: Mapping[str, Json] | None = None
    ) -> None:
        before = {"existing": existing} if existing is not None else {}
        self._note(step, "update", {"fields": fields, "key": key, **before}, fields)

    def leave(
        self, step: OpenStep, there: StepResult, made: Callable[[], Body], update: dict[str, Json] | None
    ) -> None:
        """Note what is there and stays as it is, and what it would be made of now; what cannot be made is no matter
        here. update: what it would be changed to, where it is so already.
        """
        operation = "create" if step.resource.operation("create") is not None else "update"
        if step.resource.operation(operation) is None:
            return
        body = made() if operation == "create" else None
        fields = update if body is None or body.problems else body.fields
        if fields:
            key: dict[str, Json] = {"key": there.key, "existing": there.record} if operation == "update" else {}
            variables = {"fields": fields, **key}
            self.left.append(self._planned(step, operation, variables, fields, there.number or there.key or ""))

    def _note(self, step: OpenStep, operation: str, variables: dict[str, Json], body: Json) -> None:
        self.requests.append(self._planned(step, operation, variables, body))

    def _planned(
        self, step: OpenStep, operation: str, variables: dict[str, Json], body: Json, there_as: str | None = None
    ) -> Planned:
        request = step.system.write_request(step.step.resource, operation, variables)
        return Planned(
            step.step.name,
            step.system.title,
            request.method,
            request.target,
            body,
            tuple(dict.fromkeys(_marks(body))),
            operation,
            readable(request.body, request.encoding, is_form=request.codec == "form").encode(),
            there_as,
        )


def placeholders(resource: Resource, match: Json) -> dict[str, Json]:
    """One placeholder for each field the target fills in by itself."""
    fields = resource.schema.get("properties", {})
    return {
        name: f"{PLACEHOLDER}{about.get('title', name)} of the new {resource.kind.replace('_', ' ')} {match}»"
        for name, about in fields.items()
        if about.get("x-write") == "never" and _is_text_or_number(about)
    }


def _is_text_or_number(about: dict[str, Json]) -> bool:
    return about.get("x-kind") in ("id", "number", "code")


def _marks(body: Json) -> Iterator[str]:
    if isinstance(body, dict):
        for value in body.values():
            yield from _marks(value)
    elif isinstance(body, list):
        for value in body:
            yield from _marks(value)
    elif isinstance(body, str) and is_placeholder(body):
        yield body
