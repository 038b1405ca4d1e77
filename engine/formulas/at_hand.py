"""Answers that need no worker: plain formulas, compiled, one record at a time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.errors import Json
from engine.formulas import paths
from engine.formulas.compiled import compiled
from engine.formulas.missing import MISSING
from engine.formulas.terms import Environment, LookupUse, PathRead, Program, Trace

_WORD = re.compile(r"\w+")


def answers(program: Program, environment: Environment, record: Json, variables: Mapping[str, Json]) -> dict[int, Any]:
    """By the number of the formula: a value or MISSING. What is not in it must be asked of a worker.

    variables: all the caller bound, those of the environment aside.
    """
    seen = {**environment.variables, "record": record, **variables}
    around = environment.surroundings
    found: dict[int, Any] = {}
    for index, formula in enumerate(program.compiled):
        if formula is None or not formula.calls.isdisjoint(seen):
            continue
        try:
            found[index] = formula.call(record, seen, around)
        except Exception:  # an error, or something out of the ordinary: the evaluator knows which, and says it
            continue
    return found


def chained_answers(
    program: Program, environment: Environment, record: Json, variables: Mapping[str, Json], chain: str
) -> dict[int, Any]:
    """The same where each formula sees, as the variable `chain`, what those before it gave."""
    values: dict[str, Json] = dict(variables.get(chain) or {})
    seen = {**environment.variables, "record": record, **variables, chain: values}
    around = environment.surroundings
    found: dict[int, Any] = {}
    open_names: set[str] = set()  # of formulas that a worker must be asked
    for index, (name, formula) in enumerate(zip(program.names, program.compiled, strict=True)):
        if formula is not None and formula.calls.isdisjoint(seen) and not _awaits(formula.asks, chain, open_names):
            try:
                found[index] = formula.call(record, seen, around)
            except Exception:  # as above
                open_names.add(name)
            else:
                if found[index] is not MISSING:
                    values[name] = found[index]
        else:
            open_names.add(name)
    return _in_order(program, found) if open_names else found


def _awaits(asks: Mapping[str, frozenset[str] | None], chain: str, open_names: set[str]) -> bool:
    if not open_names or chain not in asks:
        return False
    fields = asks[chain]
    return fields is None or not fields.isdisjoint(open_names)


def _in_order(program: Program, found: dict[int, Any]) -> dict[int, Any]:
    """Without what a formula that a worker is asked could see although it comes later: the worker goes in order."""
    spoken: set[str] = set()
    kept: dict[int, Any] = {}
    for index, (name, formula) in enumerate(zip(program.names, program.formulas, strict=True)):
        if index not in found:
            spoken.update(_WORD.findall(formula))
        elif name not in spoken:
            kept[index] = found[index]
    return kept


def trace_here(formula: str, environment: Environment, record: Json, variables: Mapping[str, Json]) -> Trace | None:
    """How a plain formula comes to its value; None where a worker must be asked, an error's reason included."""
    function = compiled(formula)
    seen = {**environment.variables, "record": record, **variables}
    if function is None or not function.calls.isdisjoint(seen):
        return None
    used: list[tuple[str, str, Any]] = []
    try:
        value = function.call(record, seen, replace(environment.surroundings, used=used))
    except Exception:  # as above
        return None
    reads = tuple(PathRead(path, *paths.found(path, record, seen)) for path in paths.reads_here(formula) or ())
    return Trace(value, None, reads, tuple(LookupUse(*use) for use in used))
