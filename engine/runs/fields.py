"""Every field of a flow on one record: its formula, what it read, what it gave. For preview and explain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.errors import Json
from engine.flows.flow import Flow, Step
from engine.formulas import MISSING, Environment, Formulas, Trace
from engine.mappings.paths import list_of

MOST_ITEMS = 3


@dataclass(frozen=True, slots=True)
class FieldTrace:
    """One field: step (or "" for a value of the flow), path, formula and its trace."""

    step: str
    path: str
    formula: str
    trace: Trace


def trace_fields(
    flow: Flow, formulas: Formulas, environment: Environment, record: Json, steps: Mapping[str, Json]
) -> list[FieldTrace]:
    """The traces of a flow's values and of each step's fields. steps: what the targets had answered."""
    found: list[FieldTrace] = []
    values: dict[str, Json] = {}
    for name, formula in flow.values.items():
        trace = formulas.trace(formula, environment, record, {"record": record, "values": values})
        found.append(FieldTrace("", name, formula, trace))
        if trace.error is None and trace.value is not MISSING:
            values[name] = trace.value
    seen: dict[str, Json] = {}
    for step in flow.steps:
        variables = {"record": record, "values": values, "steps": seen}
        if step.when is None or formulas.trace(step.when, environment, record, variables).value is True:
            found += _step(step, formulas, environment, record, variables)
        if step.name in steps:
            seen[step.name] = steps[step.name]
    return found


def _step(
    step: Step, formulas: Formulas, environment: Environment, record: Json, variables: dict[str, Json]
) -> list[FieldTrace]:
    if step.each is None:
        return _fields(step, step.name, formulas, environment, record, variables)
    items = _items(formulas.trace(step.each, environment, record, variables).value)
    found = []
    for i, item in enumerate(items[:MOST_ITEMS]):
        found += _fields(step, f"{step.name}[{i}]", formulas, environment, item, variables)
    return found


def _fields(
    step: Step, name: str, formulas: Formulas, environment: Environment, record: Json, variables: dict[str, Json]
) -> list[FieldTrace]:
    found = []
    rows: dict[str, list[Json]] = {}
    for mapping in step.fields:
        inside = list_of(mapping.path)
        if inside is None:
            trace = formulas.trace(mapping.formula, environment, record, variables)
            found.append(FieldTrace(name, mapping.path, mapping.formula, trace))
            if mapping.is_list:
                rows[mapping.path] = _items(trace.value)
            continue
        for i, item in enumerate(rows.get(inside[0], [])[:MOST_ITEMS]):
            trace = formulas.trace(mapping.formula, environment, item, {**variables, "index": i})
            found.append(FieldTrace(name, f"{inside[0][:-2]}[{i}].{inside[1]}", mapping.formula, trace))
    return found


def _items(value: Json) -> list[Json]:
    return [] if value is MISSING or value is None else value if isinstance(value, list) else [value]
