"""What is wrong at the moment: what stops whole flows, and what parks records, together by why, the dearest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from engine.design.desk import Desk
from engine.formulas.words import Speech, Template, Translations
from engine.runs.ledger import StoredRecord
from engine.runs.ledger.causes import OPEN, StoredCause
from engine.runs.ledger.parked_causes import ParkedCause
from engine.runs.ledger.searches import Wanted
from engine.runs.telling.texts import PARKED

SENTENCES: dict[str, Template] = {
    "unknown": "Parked by an older version, without a reason that could be kept",
}
_MOST_TOGETHER = 10_000


@dataclass(frozen=True, slots=True)
class Cause:
    """Something that is wrong. what: in words; records: how many it holds back, 0 where it stops the flow itself;
    since: when it began; amounts: what they come to, by currency; name: finds its records, None for a stopped flow.
    """

    flow: str
    binding: str
    what: str
    what_to_do: str
    records: int
    since: datetime
    amounts: Mapping[str, Decimal]
    name: str | None = None

    @property
    def stops_the_flow(self) -> bool:
        return self.records == 0


def templates() -> list[Template]:
    """Every template of this module, for whoever translates them."""
    return list(SENTENCES.values())


def causes(things: Desk, translations: Translations | None = None) -> list[Cause]:
    """What stops flows first, then what parks records: by money, then by how many, then by age."""
    say = Speech(translations)
    stopped = [_of_flow(each) for each in things.ledger.causes() if each.state == OPEN and each.sort != PARKED]
    parked = [_of_records(things, each, say) for each in things.ledger.parked_causes()]
    stopped.sort(key=lambda each: each.since)
    parked.sort(key=lambda each: (-sum(each.amounts.values(), Decimal(0)), -each.records, each.since))
    return [*stopped, *parked]


def records_of(things: Desk, flow: str, binding: str, cause: str) -> list[StoredRecord]:
    """The records that a cause holds back, the first seen first."""
    wanted = Wanted(flow=flow, binding=binding, states=("parked",), cause=cause)
    return things.ledger.records_like(wanted, _MOST_TOGETHER)[::-1]


def _of_flow(each: StoredCause) -> Cause:
    return Cause(each.flow, each.binding, each.says, "", 0, each.first_at, {})


def _of_records(things: Desk, each: ParkedCause, say: Speech) -> Cause:
    """In the words of the first of them: what differs from record to record stands in its own."""
    example = things.ledger.record_by_id(each.example_id)
    problem = example.problems[0] if example is not None and example.problems else None
    what = problem.what if problem is not None else say(SENTENCES["unknown"])
    advice = problem.what_to_do if problem is not None else ""
    return Cause(each.flow, each.binding, what, advice, each.records, each.since, each.amounts, each.cause)
