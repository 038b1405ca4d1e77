"""Which keys the records of a flow ask its value tables for: its formulas worked out over what is stored.

Each formula that asks a table is traced over each record, with every table leaving out what it does not know, so that
one key without a row hides no other. What depends on an answer of the target is not seen here: there is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from engine.design.desk import Desk
from engine.design.last_settings import last_settings
from engine.design.tables_asked import may_ask
from engine.errors import Json
from engine.flows.check_connector import sample_records
from engine.flows.flow import Step
from engine.flows.library import LoadedFlow
from engine.formulas import MISSING, Environment, LookupTable, Program
from engine.mappings.paths import list_of
from engine.runs.checks import condition_formulas, zone_of
from engine.runs.ledger.rows import SKIPPED
from engine.runs.opening import environment_of
from engine.runs.plan import placeholders

BINDING = "default"
NEWEST = 500
SECONDS = 5.0
STORED, EXAMPLES, SAMPLES = "stored", "examples", "samples"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A key that records ask for. count: in how many records; newest: the number of the newest of them."""

    key: str
    count: int
    newest: str
    newest_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Occurrences:
    """What the records ask for. by_lookup: the keys, the most frequent first; looked_at: how many records.

    source: where the records are from: stored, examples or samples; is_partial: time ran out before the last record;
    failed: records on which some formula could not be worked out, so that keys may be missing.
    """

    by_lookup: Mapping[str, tuple[Occurrence, ...]] = field(default_factory=dict)
    looked_at: int = 0
    source: str = STORED
    is_partial: bool = False
    failed: int = 0

    def of(self, lookup: str) -> tuple[Occurrence, ...]:
        return self.by_lookup.get(lookup, ())


@dataclass(frozen=True, slots=True)
class _Given:
    """A record to look at."""

    record: Mapping[str, Json]
    number: str
    at: datetime | None = None


def occurrences(
    desk: Desk, loaded: LoadedFlow, *, most: int = NEWEST, seconds: float = SECONDS, binding: str = BINDING
) -> Occurrences:
    """What the newest stored records ask for; where none is stored, the flow's examples and its source's samples."""
    tracing = _Tracing(desk, loaded)
    stored = (
        _Given(held.payload, held.number, held.source_time or held.first_seen)
        for held in desk.ledger.newest(loaded.flow.name, binding, most)
        if held.payload is not None and held.state != SKIPPED
    )
    found = tracing.look(stored, STORED, seconds)
    if found.looked_at:
        return found
    examples = (_Given(example.given, example.title) for example in loaded.flow.examples)
    found = tracing.look(examples, EXAMPLES, seconds)
    return found if found.looked_at else tracing.look(_samples(desk, loaded), SAMPLES, seconds)


def _samples(desk: Desk, loaded: LoadedFlow) -> Iterator[_Given]:
    source = loaded.flow.source
    records = sample_records(desk.workspace, source.connector, source.resource)
    number = loaded.connectors[source.connector].resources[source.resource].number
    for place, record in enumerate(records, 1):
        told = desk.formulas.trace(number, Environment(desk.clock.now()), record, {}).value if number else MISSING
        yield _Given(record, str(place) if told is MISSING or told is None else str(told))


class _Tracing:
    """One flow over any number of records."""

    def __init__(self, desk: Desk, loaded: LoadedFlow) -> None:
        self._desk = desk
        self._loaded = loaded
        self._flow = loaded.flow
        self._formulas = desk.formulas
        self._environment = _environment(desk, loaded)
        self._values = desk.formulas.program(loaded.flow.values)
        conditions = condition_formulas(loaded.flow.source).values()
        self._conditions = [formula for formula in conditions if may_ask(formula)]
        self._steps = [_AskingStep.of(step, desk) for step in loaded.flow.steps]
        self._failed = False

    def look(self, given: Iterable[_Given], source: str, seconds: float) -> Occurrences:
        """Look at the records until time runs out."""
        until = self._desk.clock.monotonic() + seconds
        counted: dict[str, dict[str, Occurrence]] = {}
        many = failed = 0
        for one in given:
            if many and self._desk.clock.monotonic() > until:
                return _told(counted, many, source, True, failed)
            many += 1
            self._failed = False
            for lookup, key in dict.fromkeys(self._asked(one.record)):
                keys = counted.setdefault(lookup, {})
                seen = keys.get(key) or Occurrence(key, 0, one.number, one.at)
                keys[key] = replace(seen, count=seen.count + 1)
            failed += self._failed
        return _told(counted, many, source, False, failed)

    def _asked(self, record: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
        """(table, key) of everything that the flow looks up for this record."""
        seen: dict[str, Json] = {"record": record}
        for formula in self._conditions:
            yield from self._traced(formula, record, seen)
        values: dict[str, Json] = {}
        if self._values.names:
            found = self._formulas.evaluate(
                self._values, self._environment, [(record, {})], shared=seen, chain="values"
            )[0]
            for name, formula in self._flow.values.items():
                if may_ask(formula):
                    yield from self._traced(formula, record, {**seen, "values": dict(values)})
                if found[name].error is None and found[name].value is not MISSING:
                    values[name] = found[name].value
        steps: dict[str, Json] = {}
        for step in self._steps:
            yield from self._of_step(step, record, {**seen, "values": values, "steps": dict(steps)})
            if step.step.each is None:
                resource = self._loaded.connectors[step.step.connector].resources[step.step.resource]
                steps[step.step.name] = placeholders(resource, "")

    def _of_step(self, asking: _AskingStep, record: Json, seen: dict[str, Json]) -> Iterator[tuple[str, str]]:
        if not asking.asks:
            return
        for formula in asking.of_record:
            yield from self._traced(formula, record, seen)
        gates = self._evaluated(asking.gates, record, seen)
        if asking.step.when is not None and gates.get("when") is not True:
            return
        for item in _items(gates.get("each")) if asking.step.each is not None else [record]:
            for formula in asking.of_item:
                yield from self._traced(formula, item, seen)
            if asking.of_rows:
                lists = self._evaluated(asking.lists, item, seen)
                for path, formula in asking.of_rows:
                    for index, row in enumerate(_items(lists.get(path))):
                        yield from self._traced(formula, row, {**seen, "index": index})

    def _traced(self, formula: str, record: Json, seen: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
        trace = self._formulas.trace(formula, self._environment, record, seen)
        self._failed = self._failed or trace.error is not None
        for use in trace.lookups:
            yield use.table, use.key

    def _evaluated(self, program: Program, record: Json, seen: Mapping[str, Json]) -> dict[str, Any]:
        found = self._formulas.evaluate(program, self._environment, [(record, {})], shared=seen)[0]
        self._failed = self._failed or any(each.error is not None for each in found.values())
        return {name: each.value for name, each in found.items() if each.error is None and each.value is not MISSING}


@dataclass(frozen=True, slots=True)
class _AskingStep:
    """The formulas of a step that ask tables: over the record, over its items, over the rows of their lists."""

    step: Step
    gates: Program
    lists: Program
    of_record: tuple[str, ...]
    of_item: tuple[str, ...]
    of_rows: tuple[tuple[str, str], ...]  # path of the list, formula

    @property
    def asks(self) -> bool:
        return bool(self.of_record or self.of_item or self.of_rows)

    @classmethod
    def of(cls, step: Step, desk: Desk) -> _AskingStep:
        gates = {name: text for name, text in (("when", step.when), ("each", step.each)) if text is not None}
        match = (step.match.formula, step.match.scope) if step.match else ()
        item = [step.key, step.policy_formula, step.instead, *match]
        item += [formula for check in step.before for formula in check.formulas.values()]
        rows = []
        for mapping in step.fields:
            inside = list_of(mapping.path)
            if inside is None:
                item.append(mapping.formula)
            elif may_ask(mapping.formula):
                rows.append((inside[0], mapping.formula))
        wanted = {path for path, _ in rows}
        lists = {m.path: m.formula for m in step.fields if m.path in wanted}
        return cls(
            step,
            desk.formulas.program(gates),
            desk.formulas.program(lists),
            tuple(filter(may_ask, gates.values())),
            tuple(formula for formula in item if formula is not None and may_ask(formula)),
            tuple(rows),
        )


def _items(value: Json) -> list[Json]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _environment(desk: Desk, loaded: LoadedFlow) -> Environment:
    """Answers as they are, what the last run was told, and tables that leave out what they do not know."""
    flow = loaded.flow
    settings = last_settings(desk.ledger, flow.name)
    told = environment_of(settings) if settings is not None else None
    facts = told.variables.get("facts", {}) if told else {}
    read = told.lookups if told else {}
    tables = {}
    for name, lookup in flow.lookups.items():
        is_read = lookup.refers is not None and lookup.refers.every
        rows = read[name].rows if is_read and name in read else dict(lookup.rows)
        tables[name] = LookupTable(name, lookup.title, rows, "leave_out")
    variables: dict[str, Json] = {"answers": flow.answers(), "facts": facts}
    return Environment(desk.clock.now(), variables, tables, zone_of(loaded))


def _told(
    counted: Mapping[str, Mapping[str, Occurrence]], many: int, source: str, is_partial: bool, failed: int
) -> Occurrences:
    by_lookup = {lookup: tuple(sorted(keys.values(), key=lambda each: -each.count)) for lookup, keys in counted.items()}
    return Occurrences(by_lookup, many, source, is_partial, failed)
