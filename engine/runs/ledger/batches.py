"""What a system hands out once, under a number of ours: whose it is, and which batch is under way.

Which commits are needed so that a kill at any point loses nothing and takes nothing twice:

- `begin_batch` is on disk before the batch is asked for. Whatever ends the process, the next one asks under the same
  number, and a system that keeps a batch until it is acknowledged gives the same again.
- The page is stored and the batch marked as stored in one transaction (`store_page`), and only then is it
  acknowledged. So nothing is acknowledged that is not here.
- `batch_over` forgets the number after the acknowledgement. Lost with the process, the batch is still “stored”, and
  the next run acknowledges it once more.

Somebody who looks at what is handed out begins a batch too, and leaves it to the next run.
"""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.runs.ledger import tables
from engine.runs.ledger.audit import note
from engine.runs.ledger.opened import OpenLedger
from engine.runs.ledger.rows import time_text
from engine.runs.ledger.sql import Prepared, Row, Transaction, bindparam, insert_if_absent, select, update

BEGUN, STORED = "begun", "stored"
_B = tables.batches.c
_QUEUE = (_B.connection == bindparam("c"), _B.resource == bindparam("r"))
_ONE = Prepared(select(tables.batches).where(*_QUEUE))
_ALL = Prepared(select(tables.batches).order_by(_B.connection, _B.resource))
_MAKE = insert_if_absent(
    tables.batches,
    *("connection", "resource", "flow", "binding", "number", "state", "at"),
    keys=["connection", "resource"],
    returning="connection",
)
_OWN = Prepared(update(tables.batches).where(*_QUEUE).values(flow=bindparam("f"), binding=bindparam("b")))
_SET = Prepared(
    update(tables.batches)
    .where(*_QUEUE)
    .values(number=bindparam("number"), state=bindparam("state"), at=bindparam("at"))
)
_STORED = Prepared(update(tables.batches).where(*_QUEUE, _B.number == bindparam("number")).values(state=STORED))
_DOUBTED = Prepared(update(tables.batches).where(_B.number != "").values(state=BEGUN))
_FREE = Prepared(
    update(tables.batches).where(_B.flow == bindparam("f"), _B.binding == bindparam("b")).values(flow="", binding="")
)


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """Where something is handed out: a connection and a kind of record."""

    connection: str
    resource: str


@dataclass(frozen=True, slots=True)
class StoredQueue:
    """A queue as it stands. owner: flow and binding that take from it, None where somebody only looked;
    number: of the batch under way, "" where there is none; is_stored: its records are here.
    """

    place: QueuePlace
    owner: tuple[str, str] | None
    number: str
    is_stored: bool


class Batches(OpenLedger):
    """Queues and the batches taken from them."""

    def queue(self, place: QueuePlace) -> StoredQueue | None:
        with self.database.read() as reading:
            row = reading.row(_ONE, **_named(place))
        return None if row is None else _queue(row)

    def queues(self) -> list[StoredQueue]:
        with self.database.read() as reading:
            return [_queue(row) for row in reading.rows(_ALL)]

    def queue_lock(self, place: QueuePlace) -> AbstractContextManager[bool]:
        """Hold this from asking for a batch until its end: one at a time, across threads and processes."""
        return self.locks.hold("queue:" + json.dumps([place.connection, place.resource]))

    def claim_queue(self, place: QueuePlace, flow: str, binding: str, at: datetime) -> StoredQueue:
        """Make the queue this flow's and binding's, unless it is another's; the queue as it stands then."""

        def claim(transaction: Transaction) -> StoredQueue:
            row = _there(transaction, place, at)
            if not row.flow:
                transaction.execute(_OWN, **_named(place), f=flow, b=binding)
                row = transaction.run(_ONE, **_named(place)).one()
            return _queue(row)

        return self.database.write(claim)

    def begin_batch(self, place: QueuePlace, number: str, at: datetime) -> None:
        """A batch will be asked for under this number: on disk when this returns."""

        def begin(transaction: Transaction) -> None:
            _there(transaction, place, at)
            transaction.execute(_SET, **_named(place), number=number, state=BEGUN, at=time_text(at))

        self.database.write(begin)

    def batch_over(self, place: QueuePlace, at: datetime) -> None:
        """The batch under way is acknowledged, or there was nothing in it: on disk when this returns."""
        values = {"number": "", "state": "", "at": time_text(at)}
        self.database.write(lambda transaction: transaction.execute(_SET, **_named(place), **values))

    def move_queue(self, place: QueuePlace, flow: str, binding: str, who: str, at: datetime) -> None:
        """Another flow or binding takes from it from now on, with the batch under way."""

        def move(transaction: Transaction) -> None:
            row = _there(transaction, place, at)
            transaction.execute(_OWN, **_named(place), f=flow, b=binding)
            details = {"connection": place.connection, "resource": place.resource, "before": row.flow}
            note(transaction, "queue moved", who, at, flow=flow, binding=binding, details=details)

        self.database.write(move)

    def free_queues(self, flow: str, binding: str) -> None:
        """What this binding took from belongs to nobody: whoever runs next takes from it."""
        self.database.write(lambda transaction: transaction.execute(_FREE, f=flow, b=binding))


def batch_stored(transaction: Transaction, place: QueuePlace, number: str) -> None:
    """The records of this batch are stored by the same transaction."""
    transaction.execute(_STORED, **_named(place), number=number)


def doubt_batches(transaction: Transaction) -> None:
    """The ledger is an older copy: what it takes for stored is asked for again before it is acknowledged."""
    transaction.execute(_DOUBTED)


def _named(place: QueuePlace) -> dict[str, Any]:
    return {"c": place.connection, "r": place.resource}


def _there(transaction: Transaction, place: QueuePlace, at: datetime) -> Row[Any]:
    """The queue's row, made if it is not there."""
    empty = {"flow": "", "binding": "", "number": "", "state": "", "at": time_text(at)}
    transaction.execute(_MAKE, connection=place.connection, resource=place.resource, **empty).fetchone()
    return transaction.run(_ONE, **_named(place)).one()


def _queue(row: Row[Any]) -> StoredQueue:
    owner = (row.flow, row.binding) if row.flow else None
    return StoredQueue(QueuePlace(row.connection, row.resource), owner, row.number, row.state == STORED)
