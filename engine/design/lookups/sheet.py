"""All the value tables of a draft with what is known of them: for a page that shows them, worked out once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from engine.design.desk import Desk
from engine.design.lookups.coverage import Coverage, coverage
from engine.design.lookups.gone import gone_rows
from engine.design.lookups.meanings import KeyMeanings, key_meanings
from engine.design.lookups.occurrences import Occurrences, occurrences
from engine.design.lookups.options import Options, options
from engine.design.lookups.proposals import Proposal, proposals
from engine.design.lookups.references import Referable, referable
from engine.design.lookups.tables import Table, Value, tables_of
from engine.design.lookups.uses import Use, uses
from engine.design.operations.editing import read
from engine.design.wording import Wording
from engine.errors import DocumentError, Json, Problem
from engine.flows.library import LoadedFlow, load_flow_text
from engine.formulas.words import Translations

MOST_EXPECTED = 40


@dataclass(frozen=True, slots=True)
class Place:
    """A formula that asks a table. kind: of a field, another one of a step, a named value, or one of the source;
    title: the field, step or value in words; step, target: where to find it on the mapping page.
    """

    kind: Literal["field", "step", "value", "source"]
    title: str
    step: str = ""
    target: str = ""


@dataclass
class Sheet:
    """The tables of one draft. problems: why the rest of the flow cannot be read, where it cannot; shape: a hash of all
    of it but the rows, which have no part in what keys occur; translations: for what is told of records.
    """

    desk: Desk
    flow: str
    tables: dict[str, Table]
    loaded: LoadedFlow | None
    problems: tuple[Problem, ...] = ()
    shape: str = ""
    translations: Translations | None = None
    _options: dict[str, Options] = field(default_factory=dict)

    @classmethod
    def of(cls, desk: Desk, flow: str, text: str, translations: Translations | None = None) -> Sheet:
        """DocumentError where the text is no JSON."""
        tables = tables_of(text)
        try:
            loaded = load_flow_text(desk.workspace, flow, text)
            return cls(desk, flow, tables, loaded, shape=_shape(text), translations=translations)
        except DocumentError as error:
            return cls(desk, flow, tables, None, error.problems)

    def options(self, name: str, *, fresh: bool = False) -> Options:
        """What the rows of a table may name."""
        if self.loaded is None:
            why = Problem(self.flow, "the rest of the flow cannot be read", "Mend it first.")
            return Options(problem=why, is_connected=False)
        if fresh or name not in self._options:
            self._options[name] = options(
                self.desk, self.loaded, self.tables[name], fresh=fresh, translations=self.translations
            )
        return self._options[name]

    def occurrences(self) -> Occurrences:
        """The keys that the newest records ask for; that takes seconds, so whoever asks often keeps it."""
        return occurrences(self.desk, self.loaded) if self.loaded is not None else Occurrences()

    @cached_property
    def meanings(self) -> KeyMeanings:
        """What the source says of keys."""
        return key_meanings(self.desk, self.loaded) if self.loaded is not None else KeyMeanings()

    def referable(self) -> list[Referable]:
        """The records of the target that rows may name."""
        return referable(self.loaded) if self.loaded is not None else []

    def rows(self, name: str) -> Mapping[str, Value]:
        """The rows of a table; those of the target where they are read from there, as far as it can be asked."""
        table = self.tables[name]
        if not table.is_read:
            return table.rows
        known = self.options(name)
        return known.rows() if known.is_known else {}

    def coverage(self, name: str, found: Occurrences) -> Coverage:
        """A table against the keys that occur."""
        table = self.tables[name]
        is_known = not table.is_read or self.options(name).is_known
        return coverage(table, found, self.rows(name) if is_known else None)

    def gone(self, name: str) -> Mapping[str, Problem]:
        """The rows whose record is gone in the target, by key."""
        return gone_rows(self.tables[name], self.options(name))

    def expected(self, name: str, found: Occurrences) -> list[str]:
        """Keys that the source knows and no record has asked for yet, without a row."""
        table = self.tables[name]
        asked = [each.key for each in found.of(name)]
        alike = self.meanings.alike([*asked, *table.rows]) if not table.is_read else []
        return [key for key in alike if key not in table.rows and key not in asked][:MOST_EXPECTED]

    def proposals(self, name: str, keys: list[str]) -> dict[str, Proposal]:
        """A proposal for each key where one suggests itself."""
        return proposals(self.tables[name], keys, list(self.options(name)), self.meanings)

    def used_in(self, name: str) -> list[Place]:
        """The formulas that ask a table, each in words."""
        if self.loaded is None:
            return []
        wording = Wording(self.loaded)
        return list(dict.fromkeys(_place(use, wording) for use in uses(self.loaded, name)))

    def names(self) -> list[str]:
        """The names of the tables, in the order of the document."""
        return list(self.tables)


def _place(use: Use, wording: Wording) -> Place:
    step = next((each for each in wording.loaded.flow.steps if each.name == use.step), None)
    if step is not None and use.target:
        return Place("field", f"{step.name}: {wording.field(step, use.target)}", use.step, use.target)
    if step is not None:
        return Place("step", step.name, use.step)
    kind, _dot, name = use.where.partition(".")
    return Place("value", name) if kind == "values" else Place("source", "")


def _shape(text: str) -> str:
    document = read(text)
    rest = {**document, "lookups": sorted(document.get("lookups", ()))}
    return hashlib.sha256(repr(rest).encode("utf-8", "surrogatepass")).hexdigest()


def otherwise_change(name: str, do: str, value: Json = "") -> dict[str, Json]:
    """The operation that says what happens to a key without a row."""
    operation: dict[str, Json] = {"op": "set_otherwise", "lookup": name, "do": do}
    return {**operation, "value": value} if do == "value" else operation
