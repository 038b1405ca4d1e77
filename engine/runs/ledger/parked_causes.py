"""What is parked, together by why: how many records, since when, and what they come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from engine.runs.ledger import tables
from engine.runs.ledger.rows import PARKED, amount_or_none
from engine.runs.ledger.searches import Searches, Wanted, places
from engine.runs.ledger.sql import Prepared, bindparam, func, select

_R = tables.records.c
_GROUPS = Prepared(
    select(
        _R.cause,
        _R.currency,
        func.count().label("records"),
        func.min(_R.changed_at).label("since"),
        func.sum(_R.amount).label("amount"),
        func.min(_R.id).label("first_id"),
    )
    .where(_R.flow == bindparam("flow"), _R.binding == bindparam("binding"), _R.state == PARKED)
    .group_by(_R.cause, _R.currency)
)


@dataclass(frozen=True, slots=True)
class ParkedCause:
    """Records of one flow and binding that are parked for the same reason. since: the first of them; amounts: by
    currency, "" where none is said; example_id: one of them, the first seen; cause: None for those of older ledgers.
    """

    flow: str
    binding: str
    cause: str | None
    records: int
    since: datetime
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
                        {} if amount is None else {row.currency or "": amount},
                        row.first_id,
                    )
                    found[place] = _together(found[place], one) if place in found else one
        return list(found.values())


def _together(one: ParkedCause, other: ParkedCause) -> ParkedCause:
    """The same cause in another currency."""
    return ParkedCause(
        one.flow,
        one.binding,
        one.cause,
        one.records + other.records,
        min(one.since, other.since),
        {**one.amounts, **other.amounts},
        min(one.example_id, other.example_id),
    )
