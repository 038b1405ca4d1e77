"""What the lint says of a draft's formulas, each looked at again only when it or what it sees has changed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping

from engine.design.view.connectors import Connectors, Stamp
from engine.design.view.memo import Kept
from engine.errors import Json
from engine.flows.check_formulas import FormulaChecks, LintProblem, lint_problems
from engine.flows.flow import Step
from engine.flows.library import LoadedFlow
from engine.formulas.lint import UNKNOWN, Scope, Shape
from engine.mappings.paths import list_of

Path = tuple[str | int, ...]
_MOST_ITEMS, _MOST_DEPTH = 20, 8
_VALUES = re.compile(r"\$values\b(?:\.(?:`([^`]+)`|([A-Za-z_]\w*)))?")


class Lint:
    """The lint of one flow. Its scopes are made when they are first needed."""

    def __init__(self, loaded: LoadedFlow, connectors: Connectors, kept: Kept, record: Json = None) -> None:
        """record: its fields that no schema has are known all the same."""
        self._loaded = loaded
        self._flow = loaded.flow
        self._kept = kept
        source = self._flow.source
        schema = loaded.connectors[source.connector].resources[source.resource].schema
        more = _unknown_to(schema, record)

        def samples(connector: str, resource: str) -> list[Json]:
            found = connectors.samples(connector, resource)
            return [*found, more] if more and (connector, resource) == (source.connector, source.resource) else found

        self.frame = _frame(
            loaded, more, connectors.stamp()
        )  # a hash of all that the scopes are made of beside formulas
        systems = tuple((name, id(connector)) for name, connector in loaded.connectors.items())
        shapes: tuple[dict[tuple[str, str], Shape], Json]
        shapes = kept.made(("shapes", systems, repr(more)), lambda: ({}, loaded.connectors))
        self._checks = FormulaChecks(loaded, "", "", samples, shapes[0])
        self._steps = {step.name: number for number, step in enumerate(self._flow.steps)}

    def of_field(self, step: Step, target: str, formula: str) -> tuple[LintProblem, ...]:
        """The findings of a target field's formula."""
        path = self.place(step, target)
        inside = list_of(target)
        rows = next((m.formula for m in step.fields if inside and m.path == inside[0]), "")
        return self._of(
            path, formula, (self._steps[step.name], target, rows, *self._values_of(formula, rows, step.each))
        )

    def of_value(self, name: str, formula: str) -> tuple[LintProblem, ...]:
        """The findings of a named value's formula."""
        before = tuple(self._flow.values).index(name) if name in self._flow.values else 0
        return self._of(("values", name), formula, (name, before, *self._values_of(formula)))

    def of_part(self, step: Step, part: Path, formula: str) -> tuple[LintProblem, ...]:
        """The findings of another formula of a step: its condition, its match, a check."""
        path = ("steps", self._steps[step.name], *part)
        return self._of(path, formula, (path, *self._values_of(formula, step.each)))

    def of_source(self, part: Path, formula: str) -> tuple[LintProblem, ...]:
        """The findings of a condition of the source: a field that is not there would hold every record back."""
        path = ("source", *part)

        def look() -> tuple[LintProblem, ...]:
            return tuple(lint_problems(formula, self.scope(path), "", "error"))

        return self._kept.made(("lint", self.frame, formula, path), lambda: (look(),))[0]

    def scope(self, path: Path) -> Scope:
        """What the formula at this place sees; nothing is known of it where that cannot be told."""
        try:
            return self._checks.scope(path)
        except (KeyError, IndexError, AttributeError):
            return Scope(UNKNOWN)

    def place(self, step: Step, target: str) -> Path:
        """Where the formula of a target field stands in the flow's file."""
        part = "each" if target.endswith("[]") else "formula"
        return ("steps", self._steps[step.name], "fields", target, part)

    def _of(self, path: Path, formula: str, seen: tuple[Json, ...]) -> tuple[LintProblem, ...]:
        def look() -> tuple[LintProblem, ...]:
            return tuple(lint_problems(formula, self.scope(path), ""))

        return self._kept.made(("lint", self.frame, formula, *seen), look)

    def _values_of(self, *formulas: str | None) -> tuple[tuple[str, str], ...]:
        return values_read(self._flow.values, *formulas)


def values_read(values: Mapping[str, str], *formulas: str | None) -> tuple[tuple[str, str], ...]:
    """The named values that formulas read, by themselves or through others, with their formulas."""
    found: dict[str, str] = {}
    waiting = [formula for formula in formulas if formula]
    while waiting:
        for quoted, plain in _VALUES.findall(waiting.pop()):
            name = quoted or plain
            if not name:
                return tuple(values.items())
            if name not in found and name in values:
                found[name] = values[name]
                waiting.append(values[name])
    return tuple(found.items())


def _unknown_to(schema: Mapping[str, Json], record: Json) -> Json:
    """What a record has and its schema does not, the first items of lists for all of them; None where it is nothing."""
    if isinstance(record, list):
        items = [_unknown_to(schema.get("items") or {}, item) for item in record[:_MOST_ITEMS]]
        return [item for item in items if item is not None] or None
    properties = schema.get("properties")
    if not isinstance(record, Mapping):
        return None
    known: Mapping[str, Json] = properties if isinstance(properties, Mapping) else {}
    found: dict[str, Json] = {}
    for name, value in record.items():
        inside = known.get(name)
        held = _unknown_to(inside, value) if isinstance(inside, Mapping) and inside else _outline(value)
        if held is not None:
            found[name] = held
    return found or None


def _outline(value: Json, depth: int = 0) -> Json:
    """A value's kind and fields, without its content."""
    if isinstance(value, Mapping):
        return {name: _outline(held, depth + 1) for name, held in value.items()} if depth < _MOST_DEPTH else {}
    if isinstance(value, list):
        return [_outline(item, depth + 1) for item in value[:_MOST_ITEMS]]
    return (
        "" if isinstance(value, str) else 0 if isinstance(value, int | float) and not isinstance(value, bool) else value
    )


def _frame(loaded: LoadedFlow, more: Json, files: Stamp) -> str:
    """A hash of all that a scope is made of, the named values and the fields' formulas aside."""
    flow = loaded.flow
    steps = [(s.name, s.connector, s.resource, s.each, s.when, s.match and s.match.field) for s in flow.steps]
    lookups = [(lookup.name, lookup.refers and lookup.refers.resource) for lookup in flow.lookups.values()]
    source = [flow.source.connector, flow.source.resource, [c.formula for c in flow.source.where]]
    said = json.dumps([source, flow.questions, steps, lookups, files, more], ensure_ascii=False, default=str)
    return hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
