"""The lookups that a flow has already, for formulas that are proposed one by one: none is made."""

from __future__ import annotations

from collections.abc import Mapping

from engine.design.starter.fields import Field, Record
from engine.design.starter.pair import Pair
from engine.design.starter.tables import NUMBER_KEYS, Tables
from engine.design.starter.templates import Unfilled
from engine.flows.flow import Lookup


class KnownTables(Tables):
    """Names a lookup of the flow over the records a field refers to; Unfilled where there is none."""

    def __init__(self, lookups: Mapping[str, Lookup], pair: Pair) -> None:
        super().__init__(pair, {})
        self._lookups = lookups

    def formula(self, name: str, field: Field, key: str) -> str:
        for lookup in self._lookups.values():
            refers = lookup.refers
            if refers is None or refers.resource != field.refers or refers.every != (name == "units"):
                continue
            return f'$table("{lookup.name}", {f"$string({key})" if name in NUMBER_KEYS else key})'
        raise Unfilled(name)

    def by_name(self, record: Record, key: str) -> str:
        raise Unfilled(record.resource.name)

    def coded(self, read: Field, field: Field, key: str) -> str:
        raise Unfilled(field.meaning)
