"""What traced fields are called and read as: titles of documents, formulas in words, the lines of the picture."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.design.wording import titles_of
from engine.errors import Json
from engine.flows.library import LoadedFlow
from engine.formulas.words import Titles, in_words
from engine.mappings.lines import lines
from engine.mappings.mapping import FieldMapping
from engine.mappings.paths import list_of
from engine.runs.fields import FieldTrace

__all__ = ["Readings", "lines_of", "titles_of"]

_PLACE = re.compile(r"\[\d+\]")


class Readings:
    """Formulas of traced fields in words. loaded: their flow, for titles; without it names are made readable."""

    def __init__(self, fields: Sequence[FieldTrace], loaded: LoadedFlow | None) -> None:
        values = {field.path: field.formula for field in fields if not field.step}
        self._titles = titles_of(loaded) if loaded else Titles.of(values=values)
        self._each = {step.name: step.each for step in loaded.flow.steps if step.each} if loaded else {}
        self._rows = {
            (_plain(field.step), _plain(field.path)): field.formula for field in fields if field.path.endswith("[]")
        }
        self._known: dict[tuple[str, str, str], str] = {}

    def of(self, field: FieldTrace) -> str:
        """The reading of a field's formula."""
        step, path = _plain(field.step).removesuffix("[]"), _plain(field.path)
        key = (step, path, field.formula)
        if key not in self._known:
            self._known[key] = in_words(field.formula, self._seen(_plain(field.step), path))
        return self._known[key]

    def _seen(self, step: str, path: str) -> Titles:
        inside = list_of(path)
        rows = self._rows.get((step, inside[0])) if inside else None
        if rows is not None:
            return self._titles.inside(rows)
        if step.endswith("[]"):
            return self._titles.inside(self._each.get(step.removesuffix("[]"), "$values.items"))
        return self._titles


def lines_of(fields: Sequence[FieldTrace], loaded: LoadedFlow | None = None) -> dict[str, list[dict[str, Json]]]:
    """The lines of the picture, step by step; without the flow only of steps done once, as far as they were traced."""
    if loaded is not None:
        schema = titles_of(loaded).lists
        flow = loaded.flow
        return {
            step.name: [line.as_json() for line in lines(step.fields, values=flow.values, each=step.each, lists=schema)]
            for step in flow.steps
        }
    values = {field.path: field.formula for field in fields if not field.step}
    steps: dict[str, dict[str, FieldMapping]] = {}
    for field in fields:
        path = _plain(field.path)
        if field.step and not field.step.endswith("]"):
            mapping = FieldMapping(path, field.formula, is_list=path.endswith("[]"))
            steps.setdefault(field.step, {}).setdefault(path, mapping)
    return {
        step: [line.as_json() for line in lines(list(maps.values()), values=values)] for step, maps in steps.items()
    }


def _plain(path: str) -> str:
    """A path or a step without the number of its item."""
    return _PLACE.sub("[]", path)
