"""Value tables made ready for a run: rows that name records of the target become the keys those records have there."""

from __future__ import annotations

from collections.abc import Mapping

from engine.connectors.system import System
from engine.errors import Json, Problem
from engine.flows.flow import Flow, Lookup, Reference
from engine.formulas import MISSING, Environment, Formulas, LookupTable


def ready_lookups(
    flow: Flow, systems: Mapping[str, System], formulas: Formulas, environment: Environment
) -> tuple[dict[str, LookupTable], list[Problem]]:
    """The flow's lookups with references resolved, and a warning for every row the target has nothing for.

    A key with such a row has none: a record that asks for it is parked, whatever the lookup says of keys without one.
    """
    held: dict[tuple[str, str], list[dict[str, Json]]] = {}
    tables: dict[str, LookupTable] = {}
    problems: list[Problem] = []
    for lookup in flow.lookups.values():
        rows: dict[str, Json] = dict(lookup.rows)
        if lookup.refers is not None:
            place = (lookup.refers.connector, lookup.refers.resource)
            if place not in held:
                held[place] = systems[place[0]].all(place[1])
            known = rows_by_name(lookup.refers, held[place], formulas, environment)
            rows = known if lookup.refers.every else _resolved(flow, lookup, known, systems, problems)
        gone = [key for key in lookup.rows if key not in rows] if lookup.refers and not lookup.refers.every else []
        tables[lookup.name] = LookupTable(lookup.name, lookup.title, rows, lookup.otherwise, lookup.value, gone)
    return tables, problems


def rows_by_name(
    refers: Reference, records: list[dict[str, Json]], formulas: Formulas, environment: Environment
) -> dict[str, Json]:
    """What each record a lookup may name is called, and what it gives; FormulaError where a formula of it fails."""
    program = formulas.program({"by": refers.by, "gives": refers.gives, "where": refers.where or "true"})
    known: dict[str, Json] = {}
    for results in formulas.evaluate(program, environment, [(record, {}) for record in records]):
        by, gives, where = results["by"], results["gives"], results["where"]
        for evaluation in (by, gives, where):
            if evaluation.error is not None:
                raise evaluation.error
        if where.value is True and by.value is not MISSING and gives.value is not MISSING:
            known.setdefault(str(by.value), gives.value)
    return known


def _resolved(
    flow: Flow,
    lookup: Lookup,
    known: Mapping[str, Json],
    systems: Mapping[str, System],
    problems: list[Problem],
) -> dict[str, Json]:
    refers = lookup.refers
    assert refers is not None
    rows: dict[str, Json] = {}
    for key, name in lookup.rows.items():
        if str(name) in known:
            rows[key] = known[str(name)]
            continue
        system = systems[refers.connector]
        what = system.resource(refers.resource).title.lower()
        shown = ", ".join(f"“{n}”" for n in sorted(known)[:12])
        problems.append(
            Problem(
                f"saved_mappings/{flow.name}.json lookups.{lookup.name}.rows.{key}",
                f"{system.title} has nothing called “{name}” among its {what}; it has {shown or 'none'}",
                "Write one of these names in the row, or make it there.",
                severity="warning",
            )
        )
    return rows
