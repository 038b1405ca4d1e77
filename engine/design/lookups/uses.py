"""Which formulas of a flow ask a value table, and by what key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from engine.design.tables_asked import may_ask, tables_asked
from engine.flows.library import LoadedFlow
from engine.runs.reading import flow_formulas

_PLACE = re.compile(r"steps\[(\d+)\]\.(?:fields\.(.+)\.(?:formula|each)|(.+))")


@dataclass(frozen=True, slots=True)
class Use:
    """A formula that asks a table. where: its place in the document; step, target: of a field mapping; key: the formula
    of the key, "" where it cannot be told apart.
    """

    lookup: str
    where: str
    step: str = ""
    target: str = ""
    key: str = ""


def uses(loaded: LoadedFlow, lookup: str) -> list[Use]:
    """Every formula that asks this table, in the order of the document."""
    return [use for use in _all(loaded) if use.lookup == lookup]


def _all(loaded: LoadedFlow) -> Iterator[Use]:
    for where, formula in flow_formulas(loaded.flow):
        for lookup, key in tables_asked(formula) if may_ask(formula) else ():
            place = _PLACE.fullmatch(where)
            step = loaded.flow.steps[int(place[1])].name if place else ""
            yield Use(lookup, where, step, (place[2] or "") if place else "", key)
