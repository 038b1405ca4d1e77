"""What a draft would change for records that are known: each is mapped as it is published and by the draft.

Nothing is asked and nothing is sent. What systems said (facts, records that lookups name, answers of steps) is as the
last run met it; what nobody has said yet stands as a «placeholder», on both sides alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from engine.design.desk import Desk
from engine.design.last_settings import last_settings
from engine.errors import FormulaError, Json, Problem, RecordProblem
from engine.flows.library import LoadedFlow, load_flow, load_flow_text
from engine.formulas import Environment, Formulas, LookupTable
from engine.formulas.words import Speech, Template, Translations
from engine.mappings.finish import PLACEHOLDER
from engine.runs.bindings import DEFAULT, binding_names, bound
from engine.runs.checks import condition_formulas, verdict
from engine.runs.differences import value_differences
from engine.runs.examples import as_written
from engine.runs.ledger import StoredRecord
from engine.runs.opening import environment_of
from engine.runs.reshaping import Reshaping, offline_environment

MOST_RECORDS = 200
SENTENCES: dict[str, Template] = {
    "none": "No record was read yet that it could be tried with.",
    "changed": ("{count} of the last {looked} records changes", "{count} of the last {looked} records change"),
    "only": "only {fields}",
    "among": "among others {fields}",
    "failing": ("{count} newly fails", "{count} newly fail"),
    "mended": ("{count} no longer fails", "{count} no longer fail"),
}
_MOST_FIELDS = 4
DUE = "due"
_LIST_PLACE = "[]"


@dataclass(frozen=True, slots=True)
class FieldImpact:
    """A place in what a step sends, with what it holds today and what it would hold; MISSING where there is nothing."""

    path: str
    before: Json = field(repr=False)
    now: Json = field(repr=False)


@dataclass(frozen=True, slots=True)
class RecordImpact:
    """What would be otherwise for one record. before, now: due, waiting, skipped or parked; problem: why it would be
    parked; fields: where what is sent differs.
    """

    record_id: int
    key: str
    number: str
    before: str
    now: str
    problem: Problem | None = None
    reason: str = ""
    fields: tuple[FieldImpact, ...] = ()

    def as_json(self) -> dict[str, Json]:
        """Without values, which may be of people; `explain` and `replay` show them."""
        told: dict[str, Json] = {"key": self.key, "number": self.number, "before": self.before, "now": self.now}
        if self.problem is not None:
            told["problem"] = self.problem.as_json()
        return told | {"reason": self.reason, "fields": [each.path for each in self.fields]}

    @property
    def fails_newly(self) -> bool:
        return self.now == "parked" != self.before

    @property
    def is_mended(self) -> bool:
        return self.before == "parked" != self.now


@dataclass(frozen=True, slots=True)
class Impact:
    """looked: records that were compared; has_run: without a run nothing is known
    of what the systems say; records: those for which something would be otherwise, the last seen first.
    """

    looked: int
    has_run: bool
    records: tuple[RecordImpact, ...]

    @property
    def failing(self) -> tuple[RecordImpact, ...]:
        return tuple(each for each in self.records if each.fails_newly)

    @property
    def mended(self) -> tuple[RecordImpact, ...]:
        return tuple(each for each in self.records if each.is_mended)

    def fields(self) -> list[tuple[str, int]]:
        """The places that differ, without places in lists, and in how many records; the most frequent first."""
        counted = Counter(path for each in self.records for path in {_without_index(f.path) for f in each.fields})
        return counted.most_common()


def templates() -> list[Template]:
    """Every template of this module, for whoever translates them."""
    return list(SENTENCES.values())


def impact_in_words(found: Impact, translations: Translations | None = None) -> str:
    """One line: of how many records how many change, in which fields, and how many newly fail or no longer do."""
    say = Speech(translations)
    if not found.looked:
        return say(SENTENCES["none"])
    told = [say(SENTENCES["changed"], len(found.records), looked=found.looked)]
    fields = [path for path, _ in found.fields()]
    if fields:
        shown = ", ".join(fields[:_MOST_FIELDS])
        told.append(say(SENTENCES["only" if len(fields) <= _MOST_FIELDS else "among"], fields=shown))
    for name in ("failing", "mended"):
        many = len(getattr(found, name))
        if many:
            told.append(say(SENTENCES[name], many))
    return "; ".join(told) + "."


def impact(
    things: Desk,
    flow: str,
    text: str,
    *,
    before: str | None = None,
    binding: str = DEFAULT,
    most: int = MOST_RECORDS,
) -> Impact:
    """Compare what is published (or the text `before`) with this text over the last records of a binding.

    DocumentError where one of the two cannot be read, FormulaError where a formula of it does not parse.
    """
    workspace = things.workspace
    old = load_flow(workspace, flow) if before is None else load_flow_text(workspace, flow, before)
    new = load_flow_text(workspace, flow, text)
    settings = last_settings(things.ledger, flow, binding)
    now = things.clock.now()
    sides = [
        _Side(things.formulas, each, _environment(things, each, old, binding, settings, now)) for each in (old, new)
    ]
    looked = 0
    found = []
    for record in things.ledger.newest(flow, binding, most):
        assert record.payload is not None, "the newest are those that still have their content"
        looked += 1
        seen = things.ledger.delivery(flow, binding, record.key)
        answered = seen[1].get("steps", {}) if seen is not None else {}
        one = _compared(record, *(side.made(record.payload, answered) for side in sides))
        if one is not None:
            found.append(one)
    return Impact(looked, settings is not None, tuple(found))


def impacts(things: Desk, flow: str, text: str) -> list[tuple[str, Impact]]:
    """As `impact`, of each binding that records were read for; where there are none, of the default one."""
    names = binding_names(things.ledger, flow)
    known = [name for name in names if next(things.ledger.newest(flow, name, 1), None) is not None]
    return [(name, impact(things, flow, text, binding=name)) for name in known or [DEFAULT]]


@dataclass(frozen=True, slots=True)
class _Made:
    """What becomes of a record on one side."""

    state: str
    steps: Mapping[str, Json] = field(default_factory=dict)
    problem: Problem | None = None
    reason: str = ""


class _Side:
    """A flow with what was known when it ran last."""

    def __init__(self, formulas: Formulas, loaded: LoadedFlow, environment: Environment) -> None:
        self._formulas = formulas
        self._source = loaded.flow.source
        self._conditions = formulas.program(condition_formulas(loaded.flow.source))
        self._reshaping = Reshaping(loaded, formulas, environment, None)

    def made(self, record: Json, answered: Mapping[str, Mapping[str, Json]]) -> _Made:
        environment = self._reshaping.environment
        try:
            found = self._formulas.evaluate(self._conditions, environment, [(record, {})])[0]
            state, reason = verdict(self._source, found)
            if state != DUE:
                return _Made(state, reason=reason)
            return _Made(DUE, as_written(self._reshaping.record(record, answered)))
        except RecordProblem as problem:
            return _Made("parked", problem=problem.problems[0], reason=problem.problems[0].what)
        except FormulaError as error:
            return _Made("parked", problem=error.as_problem(), reason=error.what)


def _compared(record: StoredRecord, before: _Made, now: _Made) -> RecordImpact | None:
    """None where all stays as it is; a reason that is worded otherwise is no change."""
    differences = value_differences(before.steps, now.steps) if before.state == now.state == DUE else []
    if before.state == now.state and not differences:
        return None
    fields = tuple(FieldImpact(path, left, right) for path, left, right in differences)
    return RecordImpact(record.id, record.key, record.number, before.state, now.state, now.problem, now.reason, fields)


def _environment(
    things: Desk,
    loaded: LoadedFlow,
    published: LoadedFlow,
    binding: str,
    settings: Mapping[str, Json] | None,
    now: datetime,
) -> Environment:
    held = bound(things.ledger, loaded, binding)
    usual = offline_environment(held.applied(loaded), held.answered(loaded.flow))
    if settings is None:
        return replace(usual, now=now)
    last = environment_of(settings)
    facts = last.variables.get("facts", {})
    ran = held.applied(published)  # the rows the last run had, as far as is known
    tables = {name: _table(table, loaded, ran, last) for name, table in usual.lookups.items()}
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


def _without_index(path: str) -> str:
    whole = ""
    for piece in path.split("["):
        closed = piece.partition("]")
        whole += _LIST_PLACE + closed[2] if closed[1] else piece
    return whole
