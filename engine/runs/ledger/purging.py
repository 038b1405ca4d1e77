"""Forgetting what is older than the retention time, beside runs that go on.

What may go is looked for by readers, which hold nobody up. It is taken away in transactions of a few hundred rows at
most, and as many as fit into 10 ms; between two of them the writers have their turn.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any

from engine.runs.ledger import tables
from engine.runs.ledger.opened import OpenLedger
from engine.runs.ledger.rows import CREATED, SKIPPED, UNCHANGED, UPDATED, time_text
from engine.runs.ledger.sql import Prepared, Row, Transaction, bindparam, delete, func, or_, select, tuple_, update
from engine.runs.ledger.webhooks import DONE

Work = Callable[[list[dict[str, Any]], Transaction], int]

FEWEST, FIRST, MOST = 10, 50, 300  # rows of one kind in one transaction
AIM_SECONDS, PAUSE_SECONDS = 0.010, 0.005
_PORTION = 2_000  # ids looked up at once

_E, _I, _R, _W = tables.exchanges.c, tables.intents.c, tables.records.c, tables.words.c
_P, _O, _D, _S, _N = tables.payloads.c, tables.outcomes.c, tables.deliveries.c, tables.settings.c, tables.runs.c
_B = tables.inbox.c
_BEFORE: Any = bindparam("before")
_IS_FINAL = or_(*(_R.state == state for state in (CREATED, UPDATED, UNCHANGED, SKIPPED)))

_OLD_EXCHANGES = select(_E.id.label("place")).where(_E.at < _BEFORE)
_DROP_EXCHANGE = Prepared(delete(tables.exchanges).where(_E.id == bindparam("place")))

_OLD_RECORDS = (
    select(_R.id.label("place"))
    .join_from(tables.records, tables.payloads, _P.record_id == _R.id)
    .where(_R.changed_at < _BEFORE, _IS_FINAL)
)
_STILL_OLD = Prepared(select(_R.id).where(_R.id == bindparam("place"), _R.changed_at < _BEFORE, _IS_FINAL))
BESIDE_RECORD = (  # all that is kept beside a record's number and states; place: its id
    Prepared(delete(tables.payloads).where(_P.record_id == bindparam("place"))),
    Prepared(update(tables.records).where(_R.id == bindparam("place")).values(problems=None)),
    Prepared(delete(tables.words).where(_W.record_id == bindparam("place"))),
    Prepared(update(tables.outcomes).where(_O.record_id == bindparam("place")).values(problems=None)),
)

_UNDER_WAY = (  # what a record's intents say is still needed while the record has not come to an end
    select(_R.id)
    .where(_R.flow == _I.flow, _R.binding == _I.binding, _R.key == _I.key, ~_IS_FINAL)
    .correlate(tables.intents)
)
_OLD_ANSWERS = select(_I.id.label("place")).where(_I.answer.is_not(None), _I.changed_at < _BEFORE, ~_UNDER_WAY.exists())
_EMPTY_ANSWER = Prepared(
    update(tables.intents)
    .where(_I.id == bindparam("place"), _I.changed_at < _BEFORE, ~_UNDER_WAY.exists())
    .values(answer=None)
)

_STILL_TOLD = (
    select(_R.id)
    .where(_R.flow == _D.flow, _R.binding == _D.binding, _R.key == _D.key, ~_IS_FINAL)
    .correlate(tables.deliveries)
)
_OLD_SIGHTS = select(_D.flow, _D.binding, _D.key).where(_D.at < _BEFORE, ~_STILL_TOLD.exists())
_SIGHT = (_D.flow == bindparam("f"), _D.binding == bindparam("b"), _D.key == bindparam("k"))
_DROP_SIGHT = Prepared(delete(tables.deliveries).where(*_SIGHT, _D.at < _BEFORE, ~_STILL_TOLD.exists()))

_REFERRED_TO = select(_D.run_id).where(_D.run_id == _S.run_id).correlate(tables.settings)
_ENDED = select(_N.id).where(_N.id == _S.run_id, _N.ended_at < _BEFORE).correlate(tables.settings)
_OLD_SETTINGS = select(_S.run_id.label("place")).where(~_REFERRED_TO.exists(), _ENDED.exists())
_DROP_SETTING = Prepared(delete(tables.settings).where(_S.run_id == bindparam("place"), ~_REFERRED_TO.exists()))

_OLD_HINTS = select(_B.id.label("place")).where(_B.state == DONE, _B.done_at < _BEFORE)
_DROP_HINT = Prepared(delete(tables.inbox).where(_B.id == bindparam("place")))


def _walk(statement: Any, column: Any) -> Prepared:
    """The rows after a place, in order."""
    return Prepared(statement.where(column > bindparam("after")).order_by(column).limit(bindparam("most")))


_NEXT_EXCHANGES, _NEXT_RECORDS = _walk(_OLD_EXCHANGES, _E.id), _walk(_OLD_RECORDS, _R.id)
_NEXT_ANSWERS, _NEXT_SETTINGS = _walk(_OLD_ANSWERS, _I.id), _walk(_OLD_SETTINGS, _S.run_id)
_NEXT_HINTS = _walk(_OLD_HINTS, _B.id)
_IN_ORDER = (_D.flow, _D.binding, _D.key)
_NEXT_SIGHTS = Prepared(
    _OLD_SIGHTS.where(tuple_(*_IN_ORDER) > tuple_(bindparam("f"), bindparam("b"), bindparam("k")))
    .order_by(*_IN_ORDER)
    .limit(bindparam("most"))
)


def _count(statement: Any) -> Prepared:
    return Prepared(select(func.count().label("many")).select_from(statement.subquery()))


_COUNTS = {
    "exchanges": _count(_OLD_EXCHANGES),
    "records": _count(_OLD_RECORDS),
    "answers": _count(_OLD_ANSWERS),
    "deliveries": _count(_OLD_SIGHTS),
    "settings": _count(_OLD_SETTINGS),
    "hints": _count(_OLD_HINTS),
}


@dataclass(frozen=True, slots=True)
class Purged:
    """How many rows lost something: exchanges; records (payload, problems, search words); intents (answer); what
    deliveries saw; settings of runs; hints of webhooks.
    """

    exchanges: int
    records: int
    answers: int
    deliveries: int
    settings: int
    hints: int

    @property
    def total(self) -> int:
        return sum(asdict(self).values())


class Purging(OpenLedger):
    """What is forgotten after the retention time."""

    def purge_before(self, before: datetime, pace: Pace | None = None) -> Purged:
        """Forget what is older, in small transactions; how many rows lost something.

        Exchanges go; of records that came to an end (not: due, waiting, parked) the payload, the problems and
        the words they are searched by go; of finished intents the answer. Numbers, states, outcomes and the audit log
        stay.
        """
        moment, pace = time_text(before), pace or Pace()

        def forget(next_rows: Prepared, *statements: Prepared) -> int:
            return self._forget(self._ids(next_rows, moment), _each(statements, moment), pace)

        gone = Purged(
            exchanges=forget(_NEXT_EXCHANGES, _DROP_EXCHANGE),
            records=self._forget(self._ids(_NEXT_RECORDS, moment), _empty_records(moment), pace),
            answers=forget(_NEXT_ANSWERS, _EMPTY_ANSWER),
            deliveries=self._forget(self._sights(moment), _each((_DROP_SIGHT,), moment), pace),
            settings=forget(_NEXT_SETTINGS, _DROP_SETTING),
            hints=forget(_NEXT_HINTS, _DROP_HINT),
        )
        if gone.total:
            self.database.checkpoint_beside()
            self.database.empty_log()  # erased bytes leave it too; where somebody writes, with one of the next purges
        return gone

    def to_purge(self, before: datetime) -> Purged:
        """What `purge_before` would forget now; without the settings of runs that go once their deliveries have."""
        self.database.flush()
        with self.database.read() as reading:
            counts = {name: reading.rows(count, before=time_text(before))[0].many for name, count in _COUNTS.items()}
        return Purged(**counts)

    def _ids(self, next_rows: Prepared, moment: str) -> Iterator[dict[str, Any]]:
        after = -1
        while rows := self._portion(next_rows, before=moment, after=after):
            yield from ({"place": row.place} for row in rows)
            after = rows[-1].place

    def _sights(self, moment: str) -> Iterator[dict[str, Any]]:
        f = b = k = ""
        while rows := self._portion(_NEXT_SIGHTS, before=moment, f=f, b=b, k=k):
            yield from ({"f": row.flow, "b": row.binding, "k": row.key} for row in rows)
            f, b, k = rows[-1].flow, rows[-1].binding, rows[-1].key

    def _portion(self, statement: Prepared, **values: Any) -> Sequence[Row[Any]]:
        self.database.flush()
        with self.database.read() as reading:
            return reading.rows(statement, most=_PORTION, **values)

    def _forget(self, rows: Iterator[dict[str, Any]], work: Work, pace: Pace) -> int:
        gone = 0
        pace.begin()
        for first in rows:
            some = [first, *islice(rows, pace.rows - 1)]
            with pace.measured():
                gone += self.database.write(partial(work, some), with_later=False)
            self.database.checkpoint_beside()  # or the log grows until somebody's commit has to move all of it
        return gone


class Pace:
    """How many rows go at once: as many as take about 10 ms; and how long the writers have afterwards."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.rows = FIRST
        self.longest = 0.0  # seconds of a transaction
        self._clock = clock
        self._sleep = sleep

    def begin(self) -> None:
        """Rows of another kind come, which may take longer."""
        self.rows = FIRST

    @contextmanager
    def measured(self) -> Iterator[None]:
        """A transaction takes place meanwhile; the next has more rows or fewer."""
        began = self._clock()
        yield
        taken = self._clock() - began
        self.longest = max(self.longest, taken)
        fitting = self.rows * AIM_SECONDS / max(taken, 0.000_1)
        self.rows = int(max(FEWEST, min(fitting, self.rows * 2, MOST)))
        self._sleep(max(PAUSE_SECONDS, taken))  # as long as it held the others up


def _each(statements: Sequence[Prepared], moment: str) -> Work:
    def work(rows: list[dict[str, Any]], transaction: Transaction) -> int:
        changed = (transaction.execute(s, before=moment, **row).rowcount for s in statements for row in rows)
        return int(sum(changed))

    return work


def _empty_records(moment: str) -> Work:
    """A record that became another meanwhile keeps what it has."""

    def work(rows: list[dict[str, Any]], transaction: Transaction) -> int:
        old = [row for row in rows if transaction.row(_STILL_OLD, before=moment, **row) is not None]
        for statement in BESIDE_RECORD:
            transaction.execute_many(statement, old)
        return len(old)

    return work
