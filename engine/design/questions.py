"""Which fields of the target each setting of a flow changes."""

from __future__ import annotations

from engine.flows.flow import Step
from engine.flows.library import LoadedFlow
from engine.formulas.origins import Origins
from engine.formulas.sources import RECORD, Source
from engine.mappings.lines import lines

_ANSWERS = "$answers"


def touched_by(loaded: LoadedFlow) -> dict[str, list[tuple[str, str]]]:
    """Question → (step, target field) for each field whose formula reads the answer, through named values as well.

    The field is "" where the answer decides about the step as a whole (whether it is done, for which items, how a
    record is found, its checks); the step is "" too where it decides which records are taken.
    """
    flow = loaded.flow
    touched: dict[str, dict[tuple[str, str], None]] = {name: {} for name in flow.questions.get("properties", {})}
    origins = Origins(flow.values)
    conditions = [condition.formula for condition in (*flow.source.where, *flow.source.never)]
    for name in _asked(origins, [*conditions, flow.source.since], RECORD):
        touched.setdefault(name, {})["", ""] = None
    for step in flow.steps:
        for name in _asked(origins, _around(step), RECORD if step.each is None else origins.items(step.each)):
            touched.setdefault(name, {})[step.name, ""] = None
        for line in lines(step.fields, values=flow.values, each=step.each):
            if line.kind == "answer":
                touched.setdefault(line.source.split(".")[1], {})[step.name, line.target] = None
    return {name: list(places) for name, places in touched.items()}


def _around(step: Step) -> list[str | None]:
    """The formulas of a step beside those of its fields."""
    checks = [formula for check in (*step.before, *step.after) for formula in check.formulas.values()]
    matched = [step.match.formula, step.match.where, step.match.scope] if step.match else []
    return [step.each, step.when, step.policy_formula, step.instead, step.key, *matched, *checks]


def _asked(origins: Origins, formulas: list[str | None], seen: Source) -> list[str]:
    """The answers that formulas read, each once."""
    found: dict[str, None] = {}
    for formula in formulas:
        for origin in origins.of(formula, seen) if formula is not None else ():
            if origin.way[:1] == (_ANSWERS,) and len(origin.way) > 1:
                found[origin.way[1]] = None
    return list(found)
