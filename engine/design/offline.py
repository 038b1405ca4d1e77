"""A flow worked out without its systems: what they said (facts, records that lookups name, answers of steps) is as the
last run met it; what nobody has said yet stands as a «placeholder».
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from engine.design.desk import Desk
from engine.errors import Json
from engine.flows.library import LoadedFlow
from engine.formulas import Environment, Formulas, LookupTable
from engine.mappings.finish import PLACEHOLDER
from engine.runs.bindings import bound
from engine.runs.examples import Conditions, Outcome, outcome_of
from engine.runs.opening import environment_of
from engine.runs.reshaping import Reshaping, offline_environment


class WorkedOut:
    """What a flow makes of records, with what was known when it ran last."""

    def __init__(self, loaded: LoadedFlow, formulas: Formulas, environment: Environment) -> None:
        self._conditions = Conditions(loaded.flow, formulas)
        self._reshaping = Reshaping(loaded, formulas, environment, None)

    def outcome(self, record: Json, answered: Mapping[str, Mapping[str, Json]]) -> Outcome:
        """answered: by step what the target said of this record before."""
        return outcome_of(record, answered, self._reshaping, self._conditions)


def last_environment(
    things: Desk,
    loaded: LoadedFlow,
    ran: LoadedFlow,
    binding: str,
    settings: Mapping[str, Json] | None,
    now: datetime,
) -> Environment:
    """What the flow's formulas see. ran: the flow that ran last, as far as is known; settings: what that run met, None
    where there is none.
    """
    held = bound(things.ledger, loaded, binding)
    usual = offline_environment(held.applied(loaded), held.answered(loaded.flow))
    if settings is None:
        return replace(usual, now=now)
    last = environment_of(settings)
    facts = last.variables.get("facts", {})
    before = held.applied(ran)  # the rows the last run had
    tables = {name: _table(table, loaded, before, last) for name, table in usual.lookups.items()}
    return replace(usual, now=now, variables={**usual.variables, "facts": facts}, lookups=tables)


def _table(table: LookupTable, loaded: LoadedFlow, ran: LoadedFlow, last: Environment) -> LookupTable:
    """Its rows, those that name a record of a system with the key that the last run found for that name."""
    lookup, earlier = loaded.flow.lookups[table.name], last.lookups.get(table.name)
    if lookup.refers is None or earlier is None:
        return table
    if lookup.refers.every:
        return replace(table, rows=earlier.rows)
    before = ran.flow.lookups.get(table.name)
    keys = {
        str(name): earlier.rows[key] for key, name in (before.rows if before else {}).items() if key in earlier.rows
    }
    rows = {key: keys.get(str(name), f"{PLACEHOLDER}{name}»") for key, name in table.rows.items()}
    return replace(table, rows=rows, gone=earlier.gone)
