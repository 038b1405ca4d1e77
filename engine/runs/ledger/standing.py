"""How every flow stands: its last run; how many records did not arrive, wait or are due; what the parked come to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from engine.runs.ledger import tables
from engine.runs.ledger.rows import DUE, WAITING, amount_or_none
from engine.runs.ledger.searches import Searches, Wanted, places
from engine.runs.ledger.sql import Prepared, Transaction, bindparam, func, select

MOST_COUNTED = 1_000_000  # of what is due or waits: so long takes a look, however many there are
_R = tables.records.c
_MINE = (_R.flow == bindparam("flow"), _R.binding == bindparam("binding"))
_SOME = select(_R.id).where(*_MINE, _R.state == bindparam("state")).limit(MOST_COUNTED).subquery()
_HOW_MANY = Prepared(select(func.count().label("many")).select_from(_SOME))
_PARKED = Prepared(
    select(
        _R.currency,
        func.count().label("many"),
        func.sum(_R.amount).label("amount"),
        func.min(_R.changed_at).label("since"),
    )
    .where(*_MINE, tables.IS_PARKED)
    .group_by(_R.currency)
)
_OLDEST = Prepared(  # the sum keeps the database from looking for the first id in their order, through all of them
    select(func.min(_R.id + 0).label("id")).where(*_MINE, tables.IS_PARKED, _R.changed_at == bindparam("since"))
)
_CALLED = Prepared(select(_R.id, _R.number, _R.key, _R.changed_at).where(_R.id == bindparam("record_id")))

_N = tables.runs.c
_NEXT_STATE = Prepared(
    select(_N.state)
    .where(_N.flow == bindparam("flow"), _N.binding == bindparam("binding"), _N.state > bindparam("state"))
    .order_by(_N.state)
    .limit(1)
)
_LAST_OF_STATE = Prepared(
    select(_N.id)
    .where(_N.flow == bindparam("flow"), _N.binding == bindparam("binding"), _N.state == bindparam("state"))
    .order_by(_N.id.desc())
    .limit(1)
)
_NEXT_BINDING = Prepared(
    select(_N.flow, _N.binding)
    .where(_N.flow == bindparam("flow"), _N.binding > bindparam("binding"))
    .order_by(_N.binding)
    .limit(1)
)
_NEXT_FLOW = Prepared(
    select(_N.flow, _N.binding).where(_N.flow > bindparam("flow")).order_by(_N.flow, _N.binding).limit(1)
)


@dataclass(frozen=True, slots=True)
class OldestParked:
    """The record of a flow that has been parked longest. number: as people call it."""

    id: int
    number: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """The records of a flow and binding that did not come to an end. waiting, due: at most MOST_COUNTED; amounts: of
    the parked, by currency, "" where none is said.
    """

    parked: int = 0
    waiting: int = 0
    due: int = 0
    amounts: Mapping[str, Decimal] | None = None
    oldest: OldestParked | None = None


class StandingRecords(Searches):
    """For whoever wants to know at a glance; what arrived is not counted, for it may be millions."""

    def standing(self) -> dict[tuple[str, str], Standing]:
        """By flow and binding, of all that have records."""
        self.database.flush()
        with self.database.read() as reading:
            return {place: _standing(reading, *place) for place in places(reading, Wanted())}

    def last_run_ids(self) -> dict[tuple[str, str], int]:
        """The latest run of each flow and binding that ever ran."""
        with self.database.read() as reading:
            return {place: _last_run(reading, *place) for place in _places_of_runs(reading)}


def _places_of_runs(reading: Transaction) -> Iterator[tuple[str, str]]:
    """From each flow and binding to the next one, without reading the many runs that lie between."""
    flow = binding = ""
    while True:
        row = reading.row(_NEXT_BINDING, flow=flow, binding=binding) or reading.row(_NEXT_FLOW, flow=flow)
        if row is None:
            return
        flow, binding = row.flow, row.binding
        yield flow, binding


def _last_run(reading: Transaction, flow: str, binding: str) -> int:
    """The index holds runs by their state: the last of each is looked up, and the latest of these counts."""
    mine, state, last = {"flow": flow, "binding": binding}, "", 0
    while (row := reading.row(_NEXT_STATE, **mine, state=state)) is not None:
        state = row.state
        last = max(last, reading.rows(_LAST_OF_STATE, **mine, state=state)[0].id)
    return last


def _standing(reading: Transaction, flow: str, binding: str) -> Standing:
    mine = {"flow": flow, "binding": binding}
    waiting, due = (reading.rows(_HOW_MANY, **mine, state=state)[0].many for state in (WAITING, DUE))
    groups = reading.rows(_PARKED, **mine)
    if not groups:
        return Standing(0, waiting, due)
    sums = {group.currency or "": amount_or_none(group.amount) for group in groups}
    first = reading.rows(_OLDEST, **mine, since=min(group.since for group in groups))[0].id
    oldest = None if first is None else reading.row(_CALLED, record_id=first)
    return Standing(
        sum(group.many for group in groups),
        waiting,
        due,
        {currency: amount for currency, amount in sorted(sums.items()) if amount is not None},
        None
        if oldest is None
        else OldestParked(oldest.id, oldest.number or oldest.key, datetime.fromisoformat(oldest.changed_at)),
    )
