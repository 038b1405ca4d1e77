"""What is parked, together by why: how many records, since when, and what they come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from engine.runs.ledger import tables
from engine.runs.ledger.rows import StoredRecord, amount_or_none
from engine.runs.ledger.searches import Searches, Wanted, places
from engine.runs.ledger.sql import Prepared, bindparam, func, select

_R = tables.records.c
_MINE = (_R.flow == bindparam("flow"), _R.binding == bindparam("binding"))
_GROUPS = Prepared(
    select(
        _R.cause,
        _R.currency,
        func.count().label("records"),
        func.min(_R.changed_at).label("since"),
        func.max(_R.changed_at).label("latest"),
        func.sum(_R.amount).label("amount"),
        func.min(_R.id).label("first_id"),
    )
    .where(*_MINE, tables.IS_PARKED)
    .group_by(_R.cause, _R.currency)
)
_OF_CAUSE = Prepared(
    select(tables.records)
    .where(*_MINE, tables.IS_PARKED, _R.cause == bindparam("cause"))
    .order_by(_R.id)
    .limit(bindparam("limit"))
)


@dataclass(frozen=True, slots=True)
class ParkedCause:
    """Records of one flow and binding that are parked for the same reason. since, latest: when the first and the last
    was parked; amounts: by currency, "" where none is said; example_id: the first seen of them; cause: None for
    those of older ledgers.
    """

    flow: str
    binding: str
    cause: str | None
    records: int
    since: datetime
    latest: datetime
    amounts: Mapping[str, Decimal]
    example_id: int


class ParkedCauses(Searches):
    """For whoever mends what is wrong with many records at once."""

    def parked_causes(self) -> list[ParkedCause]:
        """Every cause, flow by flow."""
        self.database.flush()
        found: dict[tuple[str, str, str | None], ParkedCause] = {}
        with self.database.read() as reading:
            for flow, binding in places(reading, Wanted()):
                for row in reading.rows(_GROUPS, flow=flow, binding=binding):
                    place = (flow, binding, row.cause)
                    amount = amount_or_none(row.amount)
                    one = ParkedCause(
                        *place,
                        row.records,
                        datetime.fromisoformat(row.since),
                        datetime.fromisoformat(row.latest),
                        {} if amount is None else {row.currency or "": amount},
                        row.first_id,
                    )
                    found[place] = _together(found[place], one) if place in found else one
        return list(found.values())

    def parked_for(self, flow: str, binding: str, cause: str, limit: int = 1_000_000_000) -> list[StoredRecord]:
        """The records that are parked for a cause, the first seen first; without their payloads."""
        with self.database.read() as reading:
            rows = reading.rows(_OF_CAUSE, flow=flow, binding=binding, cause=cause, limit=limit)
        return [self._record(row) for row in rows]


def _together(one: ParkedCause, other: ParkedCause) -> ParkedCause:
    """The same cause in another currency."""
    return ParkedCause(
        one.flow,
        one.binding,
        one.cause,
        one.records + other.records,
        min(one.since, other.since),
        max(one.latest, other.latest),
        {**one.amounts, **other.amounts},
        min(one.example_id, other.example_id),
    )
