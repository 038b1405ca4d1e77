"""What a draft would change for records that are known: each is mapped as it is published and by the draft.

Nothing is asked and nothing is sent. What systems said (facts, records that lookups name, answers of steps) is as the
last run met it; what nobody has said yet stands as a «placeholder», on both sides alike.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from engine.design.desk import Desk
from engine.design.last_settings import last_settings
from engine.design.offline import WorkedOut, last_environment
from engine.errors import Json, Problem
from engine.flows.library import load_flow, load_flow_text
from engine.formulas.words import Speech, Template, Translations
from engine.runs.bindings import DEFAULT, binding_names
from engine.runs.differences import value_differences
from engine.runs.examples import Outcome
from engine.runs.ledger import StoredRecord
from engine.runs.ledger.rows import DUE

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
_INDEX = re.compile(r"\[\d+\]")


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
        counted = Counter(path for each in self.records for path in {_INDEX.sub("[]", f.path) for f in each.fields})
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
        WorkedOut(each, things.formulas, last_environment(things, each, old, binding, settings, now))
        for each in (old, new)
    ]
    looked = 0
    found = []
    for record in things.ledger.newest(flow, binding, most):
        assert record.payload is not None, "the newest are those that still have their content"
        looked += 1
        seen = things.ledger.delivery(flow, binding, record.key)
        answered = seen[1].get("steps", {}) if seen is not None else {}
        one = _compared(record, *(side.outcome(record.payload, answered) for side in sides))
        if one is not None:
            found.append(one)
    return Impact(looked, settings is not None, tuple(found))


def impacts(things: Desk, flow: str, text: str) -> list[tuple[str, Impact]]:
    """As `impact`, of each binding that records were read for; where there are none, of the default one."""
    names = binding_names(things.ledger, flow)
    known = [name for name in names if next(things.ledger.newest(flow, name, 1), None) is not None]
    return [(name, impact(things, flow, text, binding=name)) for name in known or [DEFAULT]]


def _compared(record: StoredRecord, before: Outcome, now: Outcome) -> RecordImpact | None:
    """None where all stays as it is; a reason that is worded otherwise is no change."""
    is_due_still = before.kind == now.kind == "expected"
    differences = value_differences(before.steps, now.steps) if is_due_still else []
    if before.kind == now.kind and not differences:
        return None
    problem = now.problems[0] if now.problems else None
    return RecordImpact(
        record.id,
        record.key,
        record.number,
        _state(before),
        _state(now),
        problem,
        problem.what if problem is not None else now.reason,
        tuple(FieldImpact(path, left, right) for path, left, right in differences),
    )


def _state(outcome: Outcome) -> str:
    return DUE if outcome.kind == "expected" else outcome.kind
