"""What stands for the fields that a target gives to a record that is yet to be made, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Iterable

from engine.connectors.connector import Resource
from engine.errors import Json
from engine.formulas.words import Speech, Template, Translations, lowered
from engine.mappings.finish import PLACEHOLDER, is_placeholder
from engine.runs.plan import placeholders

NEW: Template = "{field} of the new {kind} {match}"
FOUND: Template = "key of the {kind} found"


class Newcomers:
    """Says placeholders; without translations as a run does, in English."""

    def __init__(self, translations: Translations | None = None) -> None:
        self._translations = translations
        self._say = Speech(translations)

    def answer(self, resource: Resource, match: Json) -> dict[str, Json]:
        """One placeholder for each field that the target fills in by itself."""
        found = placeholders(resource, match)
        if self._translations is None:
            return found
        titles = {name: str(about.get("title", name)) for name, about in resource.schema["properties"].items()}
        kind = resource.kind.replace("_", " ")
        return {name: self._said(titles[name], kind, str(match)) for name in found}

    def key(self, resource: Resource) -> str:
        """The key of a record that a run finds by asking."""
        return f"{PLACEHOLDER}{self._say(FOUND, kind=lowered(self._say.titled(resource.title)))}»"

    def told(self, held: Json, resources: Iterable[Resource]) -> Json:
        """What a dry run has planned, its placeholders in the reader's language."""
        if self._translations is None:
            return held
        kinds = sorted({re.escape(each.kind.replace("_", " ")) for each in resources}, key=len, reverse=True)
        return self._told(held, re.compile(rf"{PLACEHOLDER}(.+?) of the new ({'|'.join(kinds)}) (.*)»", re.DOTALL))

    def _told(self, held: Json, pattern: re.Pattern[str]) -> Json:
        if isinstance(held, dict):
            return {name: self._told(each, pattern) for name, each in held.items()}
        if isinstance(held, list):
            return [self._told(each, pattern) for each in held]
        match = pattern.fullmatch(held) if isinstance(held, str) and is_placeholder(held) else None
        return self._said(*match.groups()) if match is not None else held

    def _said(self, field: str, kind: str, match: str) -> str:
        kind = lowered(self._say.titled(kind.capitalize()))
        return f"{PLACEHOLDER}{self._say(NEW, field=self._say.titled(field), kind=kind, match=match)}»"
