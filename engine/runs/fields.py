"""Every field of a flow on one record: its formula, what it read and looked up, what it gave before and after the
finish by the target's schema, and what is wrong with it. For preview and explain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.errors import Json, Problem
from engine.flows.flow import Step
from engine.flows.library import LoadedFlow
from engine.formulas import MISSING, Environment, Formulas, Trace
from engine.mappings.finish import finish
from engine.mappings.mapping import FieldMapping
from engine.mappings.paths import list_of, schema_at

MOST_ITEMS = 3


@dataclass(frozen=True, slots=True)
class FieldTrace:
    """One field: step (or "" for a value of the flow), path, formula and its trace; `trace.value` is what the formula
    gave, `finished` what the target's schema makes of it, with a note for each change and each problem.
    """

    step: str
    path: str
    formula: str
    trace: Trace
    finished: Json = MISSING
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = field(default=())


def trace_fields(
    loaded: LoadedFlow, formulas: Formulas, environment: Environment, record: Json, steps: Mapping[str, Json]
) -> list[FieldTrace]:
    """The traces of a flow's values and of each step's fields. steps: what the targets had answered."""
    found: list[FieldTrace] = []
    values: dict[str, Json] = {}
    for name, formula in loaded.flow.values.items():
        trace = formulas.trace(formula, environment, record, {"record": record, "values": values})
        found.append(FieldTrace("", name, formula, trace, trace.value))
        if trace.error is None and trace.value is not MISSING:
            values[name] = trace.value
    seen: dict[str, Json] = {}
    for step in loaded.flow.steps:
        variables = {"record": record, "values": values, "steps": seen}
        if step.when is None or formulas.trace(step.when, environment, record, variables).value is True:
            schema = loaded.connectors[step.connector].resources[step.resource].schema
            found += _Fields(step, schema, formulas, environment, variables).of(record)
        if step.name in steps:
            seen[step.name] = steps[step.name]
    return found


@dataclass(frozen=True, slots=True)
class _Fields:
    """The fields of one step, traced."""

    step: Step
    schema: Mapping[str, Json]
    formulas: Formulas
    environment: Environment
    variables: dict[str, Json]

    def of(self, record: Json) -> list[FieldTrace]:
        if self.step.each is None:
            return self._each(self.step.name, record)
        items = _items(self._trace(self.step.each, record).value)
        found = []
        for i, item in enumerate(items[:MOST_ITEMS]):
            found += self._each(f"{self.step.name}[{i}]", item)
        return found

    def _each(self, name: str, record: Json) -> list[FieldTrace]:
        found = []
        rows: dict[str, list[Json]] = {}
        for mapping in self.step.fields:
            inside = list_of(mapping.path)
            if inside is None:
                trace = self._trace(mapping.formula, record)
                if mapping.is_list:
                    rows[mapping.path] = _items(trace.value)
                    found.append(FieldTrace(name, mapping.path, mapping.formula, trace, trace.value))
                else:
                    found.append(self._finished(name, mapping.path, mapping, trace))
                continue
            for i, item in enumerate(rows.get(inside[0], [])[:MOST_ITEMS]):
                trace = self._trace(mapping.formula, item, index=i)
                found.append(self._finished(name, f"{inside[0][:-2]}[{i}].{inside[1]}", mapping, trace))
        return found

    def _trace(self, formula: str, record: Json, **more: Json) -> Trace:
        return self.formulas.trace(formula, self.environment, record, {**self.variables, **more})

    def _finished(self, name: str, path: str, mapping: FieldMapping, trace: Trace) -> FieldTrace:
        """The field with what the target's schema makes of its value."""
        if trace.error is not None:
            return FieldTrace(name, path, mapping.formula, trace, problems=(trace.error.as_problem(),))
        if trace.value is MISSING:
            return FieldTrace(name, path, mapping.formula, trace)
        done = finish(trace.value, schema_at(self.schema, mapping.path) or {}, path)
        notes = tuple(note.what if note.where == path else f"{note.where}: {note.what}" for note in done.notes)
        return FieldTrace(name, path, mapping.formula, trace, done.value, notes, tuple(done.problems))


def _items(value: Json) -> list[Json]:
    return [] if value is MISSING or value is None else value if isinstance(value, list) else [value]
