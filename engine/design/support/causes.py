"""What is wrong at the moment: what stops whole flows, and what parks records, together by why, the dearest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from engine.design.desk import Desk
from engine.formulas.words import Speech, Template, Translations
from engine.runs.ledger import StoredRecord
from engine.runs.ledger.causes import OPEN, StoredCause
from engine.runs.ledger.parked_causes import ParkedCause
from engine.runs.telling.texts import PARKED, kind_of_problem, says_of_error

SENTENCES: dict[str, Template] = {
    "unknown": "Parked by an older version, without a reason that could be kept",
    "a system": "a system",
}
STOPPED: dict[str, Template] = {  # by the kind of the error
    "sign_in": "All records: the sign-in of {system} has expired, or is not accepted any more",
    "company": "All records: another account of {system} answers than before, so nothing was read or written",
    "connection": "All records: a system is not connected",
    "document": "All records: the flow or the description of a system has an error",
    "address": "All records: the address of {system} is refused",
    "not_reached": "All records: {system} did not answer well",
    "fault": "All records: the program itself failed",
}
SET_UP = frozenset({"sign_in", "company", "connection", "address"})  # a connection is to be looked at
_SIGN_IN = "sign_in"


@dataclass(frozen=True, slots=True)
class Cause:
    """Something that is wrong. what: in words; records: how many it holds back, 0 where it stops the flow itself;
    since, latest: when it began and when it was met last; amounts: what they come to, by currency; name: finds its
    records, None for a stopped flow and for records of older ledgers; kind: of the problem; example_id: one of its
    records; system: the title of the one that stops a flow; behind: records that wait for a stopped flow.
    """

    flow: str
    binding: str
    what: str
    what_to_do: str
    records: int
    since: datetime
    amounts: Mapping[str, Decimal]
    name: str | None = None
    latest: datetime | None = None
    kind: str = ""
    example_id: int = 0
    system: str = ""
    behind: int = 0

    @property
    def stops_the_flow(self) -> bool:
        return self.records == 0

    @property
    def is_set_up(self) -> bool:
        """Is it about how systems are connected, and about no record's own data?"""
        return self.stops_the_flow or self.kind == _SIGN_IN

    @property
    def place(self) -> tuple[str, str, str]:
        """What tells it from others, as long as it lasts."""
        return self.flow, self.binding, self.name or self.what


def templates() -> list[Template]:
    """Every template of this module, for whoever translates them."""
    return [*SENTENCES.values(), *STOPPED.values()]


def causes(things: Desk, translations: Translations | None = None) -> list[Cause]:
    """What stops flows first, then what else is set-up, then data: by money, then by how many, then by age.

    Sums of different currencies are never added: those of the currency that most records are in stand first.
    """
    say = Speech(translations)
    parked = [_of_records(things, each, say) for each in things.ledger.parked_causes()]
    order = _currencies(parked)
    parked.sort(key=lambda each: (not each.is_set_up, *_dearness(each, order), -each.records, each.since))
    return [*stopped_flows(things, translations), *parked]


def stopped_flows(things: Desk, translations: Translations | None = None) -> list[Cause]:
    """What stops whole flows, what began first before the others."""
    say = Speech(translations)
    stopped = [
        _of_flow(things, each, say) for each in things.ledger.causes() if each.state == OPEN and each.sort != PARKED
    ]
    return sorted(stopped, key=lambda each: each.since)


def same_cause(things: Desk, record: StoredRecord, translations: Translations | None = None) -> Cause | None:
    """The cause that a parked record has, with all others of it; None where it has none."""
    if record.cause is None:
        return None
    place = (record.flow, record.binding, record.cause)
    found = (each for each in things.ledger.parked_causes() if (each.flow, each.binding, each.cause) == place)
    one = next(found, None)
    return None if one is None else _of_records(things, one, Speech(translations))


def records_of(things: Desk, flow: str, binding: str, cause: str) -> list[StoredRecord]:
    """The records that a cause holds back, the first seen first; without their content."""
    return things.ledger.parked_for(flow, binding, cause)


def _of_flow(things: Desk, each: StoredCause, say: Speech) -> Cause:
    system = each.says.removeprefix(says_of_error(each.kind)) if each.kind in STOPPED else ""
    title = system.strip().removeprefix("(").removesuffix(")")
    what = each.says
    if each.kind in STOPPED:
        what = say(STOPPED[each.kind], system=title or say(SENTENCES["a system"]))
    behind = things.ledger.due_now(each.flow, each.binding)
    return Cause(
        each.flow,
        each.binding,
        what,
        "",
        0,
        each.first_at,
        {},
        latest=each.last_at,
        kind=each.kind,
        system=title,
        behind=behind,
    )


def _of_records(things: Desk, each: ParkedCause, say: Speech) -> Cause:
    """In the words of the first of them: what differs from record to record stands in its own."""
    example = things.ledger.record_by_id(each.example_id)
    problem = example.problems[0] if example is not None and example.problems else None
    return Cause(
        each.flow,
        each.binding,
        problem.what if problem is not None else say(SENTENCES["unknown"]),
        problem.what_to_do if problem is not None else "",
        each.records,
        each.since,
        each.amounts,
        each.cause,
        each.latest,
        kind_of_problem(problem) if problem is not None else "",
        each.example_id,
    )


def _currencies(parked: Sequence[Cause]) -> list[str]:
    """The one that most records are in first."""
    counted: Counter[str] = Counter()
    for each in parked:
        for currency in each.amounts:
            counted[currency] += each.records
    return sorted(counted, key=lambda currency: (-counted[currency], currency))


def _dearness(each: Cause, order: Sequence[str]) -> tuple[int, Decimal]:
    """In which currency it is weighed, and how much it comes to there; those without an amount come last."""
    place = min((order.index(currency) for currency in each.amounts), default=len(order))
    return place, -each.amounts[order[place]] if place < len(order) else Decimal(0)
